import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tables of the main job. `outbox`, `inbox`, `receipt`, `delivery_event`, `attempt`, `alarm` hold S0 metadata and sealed bytes only;
 * `unit_case` and `case_event` hold ciphertext under the key of the case and are isolated by unit.
 * Sealed bytes are base64 and do not compress: EXTERNAL storage spares the attempt.
 * It is set by a statement of its own, which PostgreSQL 15 knows too.
 */
export class MainJob1 implements MigrationInterface {
  name = 'MainJob1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SENDING);
    await runner.query(RECEIVING);
    await runner.query(EVIDENCE);
    await runner.query(CASES);
    await runner.query(NODE);
  }

  async down(): Promise<void> {
    throw new Error('Evidence is never dropped: restore a backup instead.');
  }
}

const SENDING = `
CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  recipient_node text NOT NULL,
  recipient_kid text NOT NULL,
  lane text NOT NULL,
  sealed text NOT NULL,
  digest text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'queued',
  code text,
  attempts int NOT NULL DEFAULT 0,
  strikes int NOT NULL DEFAULT 0,
  batch uuid,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);
ALTER TABLE outbox ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX outbox_due ON outbox (recipient_node, lane, next_attempt_at) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_created ON outbox (created_at DESC, id DESC);
CREATE INDEX outbox_expiry ON outbox (expires_at) WHERE state IN ('queued', 'sending');
CREATE TABLE attempt (
  message_id uuid NOT NULL REFERENCES outbox (id),
  at timestamptz NOT NULL,
  duration_ms int NOT NULL,
  code text
);
CREATE INDEX attempt_message ON attempt (message_id);
CREATE TABLE idempotency (
  client_id text NOT NULL,
  key text NOT NULL,
  request_digest text NOT NULL,
  message_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (client_id, key)
);
CREATE TABLE circuit (
  partner text PRIMARY KEY,
  failures int NOT NULL,
  retry_at timestamptz
);
`;

const RECEIVING = `
CREATE TABLE inbox (
  sender_node text NOT NULL,
  id uuid NOT NULL,
  recipient_kid text NOT NULL,
  lane text NOT NULL,
  sealed text NOT NULL,
  digest text NOT NULL,
  received_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'stored',
  attempts int NOT NULL DEFAULT 0,
  thread text,
  batch uuid,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (sender_node, id)
) WITH (fillfactor = 80);
ALTER TABLE inbox ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX inbox_held ON inbox (thread) WHERE state = 'held';
CREATE INDEX inbox_due ON inbox (lane, next_attempt_at) WHERE state IN ('stored', 'held');
CREATE TABLE inbox_conflict (
  sender_node text NOT NULL,
  id uuid NOT NULL,
  digest text NOT NULL,
  sealed text NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (sender_node, id, digest)
);
ALTER TABLE inbox_conflict ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE TABLE work_batch (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  lane text NOT NULL,
  partner text NOT NULL,
  ids uuid[] NOT NULL,
  until timestamptz NOT NULL
);
`;

const EVIDENCE = `
CREATE TABLE receipt (
  id uuid NOT NULL,
  issuer text NOT NULL,
  message_id uuid NOT NULL,
  sender_node text NOT NULL,
  event text NOT NULL,
  code text,
  digest text NOT NULL,
  token text NOT NULL,
  issued_at timestamptz NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT now(),
  lane text,
  state text NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  batch uuid,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (issuer, id)
);
ALTER TABLE receipt ALTER COLUMN token SET STORAGE EXTERNAL;
CREATE INDEX receipt_message ON receipt (message_id);
CREATE INDEX receipt_due ON receipt (sender_node, lane, next_attempt_at) WHERE state = 'waiting';
CREATE TABLE delivery_event (
  message_id uuid NOT NULL,
  state text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX delivery_event_message ON delivery_event (message_id);
CREATE TABLE alarm (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  subject text NOT NULL,
  code text,
  at timestamptz NOT NULL DEFAULT now()
);
`;

const CASES = `
CREATE TABLE unit_case (
  unit text NOT NULL,
  referral_id uuid NOT NULL,
  wrapped_key bytea NOT NULL,
  summary bytea NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (unit, referral_id)
);
CREATE INDEX unit_case_changed ON unit_case (unit, changed_at DESC, referral_id DESC);
CREATE TABLE case_event (
  unit text NOT NULL,
  referral_id uuid NOT NULL,
  message_id uuid NOT NULL,
  direction text NOT NULL,
  at timestamptz NOT NULL,
  original bytea NOT NULL,
  PRIMARY KEY (unit, message_id, referral_id, direction),
  FOREIGN KEY (unit, referral_id) REFERENCES unit_case (unit, referral_id)
);
ALTER TABLE case_event ALTER COLUMN original SET STORAGE EXTERNAL;
CREATE INDEX case_event_referral ON case_event (unit, referral_id, at);
ALTER TABLE unit_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_event ENABLE ROW LEVEL SECURITY;
`;

const NODE = `
CREATE TABLE directory_document (
  version bigint PRIMARY KEY,
  signed bytea NOT NULL,
  adopted_at timestamptz NOT NULL DEFAULT now()
);
`;
