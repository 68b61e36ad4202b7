import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is counted of each day with each partner, the manifests that were exchanged, what comparisons found, and the comparisons themselves. */
export class Manifests10 implements MigrationInterface {
  name = 'Manifests1833000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COUNTED);
    await runner.query(FOUND);
    await runner.query(ROUNDS);
  }

  async down(): Promise<void> {
    throw new Error('Evidence is never dropped: restore a backup instead.');
  }
}

/**
 * `manifest_day`: the sums of a day as they were counted last, one row for each partner and day for good: the running counts are sums of
 * these. `manifest`: the newest that each side has signed of a day.
 */
const COUNTED = `
CREATE TABLE manifest_day (
  partner text NOT NULL,
  day date NOT NULL,
  sent bigint NOT NULL,
  received bigint NOT NULL,
  counted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (partner, day)
);
CREATE TABLE manifest (
  partner text NOT NULL,
  day date NOT NULL,
  issuer text NOT NULL,
  token text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (partner, day, issuer)
);
CREATE INDEX manifest_at ON manifest (at);
`;

/** One row for each message and kind; what was found again is the same row. Ids, digests and receipts; never content. */
const FOUND = `
CREATE TABLE manifest_finding (
  partner text NOT NULL,
  message_id uuid NOT NULL,
  kind text NOT NULL,
  day date NOT NULL,
  way text NOT NULL,
  code text,
  mine text,
  theirs text,
  evidence text[] NOT NULL DEFAULT '{}',
  found_at timestamptz NOT NULL DEFAULT now(),
  times int NOT NULL DEFAULT 1,
  healed_at timestamptz,
  PRIMARY KEY (partner, message_id, kind)
);
CREATE INDEX manifest_finding_open ON manifest_finding (partner, day) WHERE healed_at IS NULL;
CREATE INDEX manifest_finding_healed ON manifest_finding (healed_at) WHERE healed_at IS NOT NULL;
`;

/**
 * A comparison that is to be made or was made. `reason`: daily, start, failover, operator or partner; `mark`: of those that the node makes
 * by itself, the day and the timeline of the database, so that each is made once. `taken_until`: a worker is at it.
 */
const ROUNDS = `
CREATE TABLE manifest_round (
  id uuid PRIMARY KEY,
  partner text NOT NULL,
  since date NOT NULL,
  until date NOT NULL,
  reason text NOT NULL,
  mark text,
  requested_by text,
  requested_at timestamptz NOT NULL DEFAULT now(),
  due_at timestamptz NOT NULL DEFAULT now(),
  taken_until timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  ok boolean,
  code text,
  days jsonb NOT NULL DEFAULT '[]'
);
CREATE UNIQUE INDEX manifest_round_mark ON manifest_round (partner, mark);
CREATE INDEX manifest_round_due ON manifest_round (due_at) WHERE finished_at IS NULL;
CREATE INDEX manifest_round_partner ON manifest_round (partner, requested_at DESC);
`;
