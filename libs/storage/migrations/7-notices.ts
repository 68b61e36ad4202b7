import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What officers have chosen, and the mails that they are to get. */
export class Notices7 implements MigrationInterface {
  name = 'Notices1811000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SETTINGS);
    await runner.query(NOTICES);
  }

  async down(): Promise<void> {
    throw new Error('Nobody would be told of what happens: restore a backup instead.');
  }
}

const SETTINGS = `
CREATE TABLE officer_setting (
  unit text NOT NULL,
  officer text NOT NULL,
  email text,
  language text NOT NULL,
  time_zone text NOT NULL,
  muted text[] NOT NULL,
  quiet_from text,
  quiet_to text,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (unit, officer)
);
ALTER TABLE officer_setting ENABLE ROW LEVEL SECURITY;
`;

/**
 * One row of \`notice\` per officer: mails say nothing, so that one is as good as ten. \`due_at\`: when one is to go; \`claimed_until\`: a
 * process is sending it. \`notice_seen\` holds digests of what was told, which name no case; \`notice_look\` when a unit was looked at.
 */
const NOTICES = `
CREATE TABLE notice (
  unit text NOT NULL,
  officer text NOT NULL,
  due_at timestamptz,
  urgent boolean NOT NULL DEFAULT false,
  wanted_at timestamptz,
  claimed_until timestamptz,
  claimed_urgent boolean NOT NULL DEFAULT false,
  attempts int NOT NULL DEFAULT 0,
  sent_at timestamptz,
  PRIMARY KEY (unit, officer)
);
CREATE TABLE notice_seen (
  unit text NOT NULL,
  event text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (unit, event)
);
CREATE INDEX notice_seen_at ON notice_seen (unit, at);
CREATE TABLE notice_look (
  unit text PRIMARY KEY,
  at timestamptz NOT NULL
);
ALTER TABLE notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_seen ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_look ENABLE ROW LEVEL SECURITY;
`;
