import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of partners' directories and clocks, and alarms that are raised once. */
export class PartnerWatch4 implements MigrationInterface {
  name = 'PartnerWatch1797000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WATCH);
  }

  async down(): Promise<void> {
    throw new Error('Evidence is never dropped: restore a backup instead.');
  }
}

/** `once`: whoever raises an alarm with a key that is there raises nothing. */
const WATCH = `
ALTER TABLE alarm ADD COLUMN detail text, ADD COLUMN once text;
CREATE UNIQUE INDEX alarm_once ON alarm (once);
CREATE TABLE partner_watch (
  partner text PRIMARY KEY,
  asked_at timestamptz NOT NULL,
  answered_at timestamptz,
  version bigint,
  behind_since timestamptz,
  clock_offset_ms bigint,
  clock_doubt_ms bigint,
  code text
);
`;
