import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Drafts, search, deadlines, `opened` and erasure. What is there stays as it is: of messages and cases of before, no deadline runs
 * until something happens to them.
 */
export class Domain2 implements MigrationInterface {
  name = 'Domain1795000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(DRAFTS);
    await runner.query(SEARCH);
    await runner.query(DEADLINES);
    await runner.query(OPENED);
    await runner.query(ERASURE);
  }

  async down(): Promise<void> {
    throw new Error('Evidence is never dropped: restore a backup instead.');
  }
}

const DRAFTS = `
CREATE TABLE draft (
  unit text NOT NULL,
  id uuid NOT NULL,
  wrapped_key bytea NOT NULL,
  body bytea NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (unit, id)
);
ALTER TABLE draft ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX draft_changed ON draft (unit, changed_at DESC, id DESC);
CREATE INDEX draft_expiry ON draft (expires_at);
ALTER TABLE draft ENABLE ROW LEVEL SECURITY;
`;

// No foreign key: a referral writes many tokens, always in the commit that writes its case, and a check of each would cost more.
const SEARCH = `
CREATE TABLE search_token (
  unit text NOT NULL,
  referral_id uuid NOT NULL,
  token bytea NOT NULL,
  PRIMARY KEY (unit, referral_id, token)
);
CREATE INDEX search_token_word ON search_token (unit, token);
ALTER TABLE search_token ENABLE ROW LEVEL SECURITY;
`;

const DEADLINES = `
ALTER TABLE unit_case ADD COLUMN next_mark_at timestamptz;
CREATE INDEX unit_case_mark ON unit_case (next_mark_at) WHERE next_mark_at IS NOT NULL;
ALTER TABLE outbox ADD COLUMN next_look_at timestamptz;
CREATE INDEX outbox_look ON outbox (next_look_at)
  WHERE next_look_at IS NOT NULL AND state IN ('queued', 'sending', 'received', 'delivered');
`;

const OPENED = `
ALTER TABLE inbox ADD COLUMN opened_at timestamptz, ADD COLUMN opened_told boolean NOT NULL DEFAULT false;
CREATE INDEX inbox_refused ON inbox (thread) WHERE state = 'refused';
CREATE INDEX inbox_to_tell ON inbox (opened_at) WHERE opened_at IS NOT NULL AND NOT opened_told;
`;

/** A message that still travels needs its sealed bytes; `forget` says that they go once it has arrived. */
const ERASURE = `
ALTER TABLE outbox ADD COLUMN forget boolean NOT NULL DEFAULT false;
CREATE INDEX outbox_forget ON outbox (id) WHERE forget;
`;
