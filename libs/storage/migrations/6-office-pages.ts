import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions of officers and the log of who opened what. */
export class OfficePages6 implements MigrationInterface {
  name = 'OfficePages1810000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SESSIONS);
    await runner.query(ACCESS);
    await runner.query(UNSETTLED);
  }

  async down(): Promise<void> {
    throw new Error('The log of who opened what is never dropped: restore a backup instead.');
  }
}

// The columns that connect-pg-simple asks for. A session names an officer; it holds nothing readable of a case.
const SESSIONS = `
CREATE TABLE office_session (
  sid varchar NOT NULL PRIMARY KEY,
  sess json NOT NULL,
  expire timestamp(6) NOT NULL
);
CREATE INDEX office_session_expire ON office_session (expire);
`;

// The reason is the officer's own words, which may be about the person: encrypted under the key of the case, and gone with it.
const ACCESS = `
CREATE TABLE access_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  unit text NOT NULL,
  referral_id uuid NOT NULL,
  subject uuid,
  officer text NOT NULL,
  action text NOT NULL,
  reason_code text,
  reason bytea,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX access_log_case ON access_log (unit, referral_id, id DESC);
CREATE INDEX access_log_unit ON access_log (unit, id DESC);
ALTER TABLE access_log ENABLE ROW LEVEL SECURITY;
`;

// Few at any time, whatever the outbox has carried: lists of cases ask for them again and again.
const UNSETTLED = `
CREATE INDEX outbox_unsettled ON outbox (id) WHERE state NOT IN ('delivered', 'opened');
`;
