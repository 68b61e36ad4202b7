import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages that are sealed anew because the partner has retired the key that they were sealed to. */
export class Resealing3 implements MigrationInterface {
  name = 'Resealing1796000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RESEALING);
  }

  async down(): Promise<void> {
    throw new Error('Evidence is never dropped: restore a backup instead.');
  }
}

/**
 * `kept`: the signed original of a message that no case keeps, encrypted to its unit, until it has arrived. `reseal_at`: when a refused
 * message is looked at again.
 */
const RESEALING = `
ALTER TABLE outbox ADD COLUMN kept bytea, ADD COLUMN reseal_at timestamptz NOT NULL DEFAULT '-infinity';
CREATE INDEX outbox_stale ON outbox (reseal_at) WHERE state = 'refused' AND code = 'stale_key';
CREATE INDEX outbox_kept ON outbox (id) WHERE kept IS NOT NULL;
CREATE TABLE superseded (
  message_id uuid NOT NULL,
  digest text NOT NULL,
  recipient_kid text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (message_id, digest)
);
`;
