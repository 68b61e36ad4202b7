import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files of drafts and cases, and sealed pieces of files that partners send. */
export class Attachments5 implements MigrationInterface {
  name = 'Attachments1798000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FILES);
    await runner.query(INCOMING);
  }

  async down(): Promise<void> {
    throw new Error('Evidence is never dropped: restore a backup instead.');
  }
}

/**
 * A file belongs to a draft, with which it goes, or to a case. Key and facts are encrypted to the unit, pieces to the file.
 * `delivery`: how far a sent file has come.
 */
const FILES = `
CREATE TABLE attachment (
  unit text NOT NULL,
  id uuid NOT NULL,
  use text NOT NULL,
  state text NOT NULL,
  delivery text NOT NULL,
  draft_id uuid,
  referral_id uuid,
  message_id uuid,
  sender_node text,
  recipient_node text,
  wrapped_key bytea NOT NULL,
  facts bytea NOT NULL,
  tail bytea,
  offset_bytes int NOT NULL,
  sealed_bytes int NOT NULL,
  sealed_digest text,
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (unit, id),
  FOREIGN KEY (unit, draft_id) REFERENCES draft (unit, id) ON DELETE CASCADE,
  CHECK ((draft_id IS NULL) <> (referral_id IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX attachment_draft ON attachment (unit, draft_id) WHERE draft_id IS NOT NULL;
CREATE INDEX attachment_case ON attachment (unit, referral_id) WHERE referral_id IS NOT NULL;
CREATE INDEX attachment_to_send ON attachment (recipient_node, next_attempt_at) WHERE delivery IN ('waiting', 'withheld');
CREATE INDEX attachment_to_judge ON attachment (next_attempt_at) WHERE state IN ('awaiting', 'quarantined');
CREATE TABLE attachment_piece (
  unit text NOT NULL,
  id uuid NOT NULL,
  start int NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (unit, id, start),
  FOREIGN KEY (unit, id) REFERENCES attachment (unit, id) ON DELETE CASCADE
);
ALTER TABLE attachment_piece ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE attachment ENABLE ROW LEVEL SECURITY;
ALTER TABLE attachment_piece ENABLE ROW LEVEL SECURITY;
`;

/** The row stays when the pieces are gone, so that a file that comes again is known and gets its first receipt. */
const INCOMING = `
CREATE TABLE incoming_file (
  sender_node text NOT NULL,
  id uuid NOT NULL,
  total int NOT NULL,
  held int NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'open',
  digest text,
  receipt text,
  received_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (sender_node, id)
);
CREATE INDEX incoming_file_waiting ON incoming_file (changed_at) WHERE state IN ('open', 'complete');
CREATE TABLE incoming_piece (
  sender_node text NOT NULL,
  id uuid NOT NULL,
  start int NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (sender_node, id, start),
  FOREIGN KEY (sender_node, id) REFERENCES incoming_file (sender_node, id) ON DELETE CASCADE
);
ALTER TABLE incoming_piece ALTER COLUMN sealed SET STORAGE EXTERNAL;
`;
