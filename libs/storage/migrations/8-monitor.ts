import type { MigrationInterface, QueryRunner } from 'typeorm';
import { RESENDING, WRITTEN_DOWN } from './8-monitor-functions';

/** What operators see and do: facts of processes and connections, alerts, holds, tests, recoveries, and a log of every act. */
export class Monitor8 implements MigrationInterface {
  name = 'Monitor1820000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FACTS);
    await runner.query(LISTS);
    await runner.query(HOLDS);
    await runner.query(ALERTS);
    await runner.query(OPERATORS);
    await runner.query(RECOVERY);
    await runner.query(WRITTEN_DOWN);
    await runner.query(RESENDING);
  }

  async down(): Promise<void> {
    throw new Error('The log of what operators did is never dropped: restore a backup instead.');
  }
}

/** `process_beat`: one row per process that runs; `partner_link`: certificates that partners have shown, `out` when we called them. */
const FACTS = `
CREATE TABLE process_beat (
  id uuid PRIMARY KEY,
  app text NOT NULL,
  host text NOT NULL,
  version text NOT NULL,
  started_at timestamptz NOT NULL,
  beat_at timestamptz NOT NULL DEFAULT now(),
  facts jsonb NOT NULL
);
CREATE TABLE partner_link (
  partner text NOT NULL,
  side text NOT NULL,
  fingerprint text NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz NOT NULL,
  first_seen timestamptz NOT NULL DEFAULT now(),
  last_seen timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (partner, side, fingerprint)
);
CREATE TABLE depth_sample (
  at timestamptz NOT NULL,
  lane text NOT NULL,
  waiting int NOT NULL,
  oldest_s int NOT NULL,
  PRIMARY KEY (at, lane)
);
ALTER TABLE attempt ADD COLUMN host text, ADD COLUMN tls text, ADD COLUMN http_status int, ADD COLUMN worker text;
`;

/**
 * Lists are read from the newest on, filtered by what an index holds besides, so that a filter that finds little reads no rows of
 * messages. That holds for rows that a vacuum has seen: with a million messages, those of the last fifth, which the usual settings leave
 * for later, would cost more than all others. Sizes outlive the bytes.
 */
const LISTS = `
ALTER TABLE outbox ADD COLUMN size_bytes int NOT NULL DEFAULT 0;
ALTER TABLE inbox ADD COLUMN size_bytes int NOT NULL DEFAULT 0;
UPDATE outbox SET size_bytes = octet_length(sealed);
UPDATE inbox SET size_bytes = octet_length(sealed);
DROP INDEX outbox_created;
CREATE INDEX outbox_created ON outbox (created_at DESC, id DESC) INCLUDE (state, recipient_node, lane, code);
DROP INDEX outbox_unsettled;
CREATE INDEX outbox_unsettled ON outbox (state, created_at DESC, id DESC) INCLUDE (recipient_node, lane, code)
  WHERE state NOT IN ('delivered', 'opened');
CREATE INDEX inbox_received ON inbox (received_at DESC, id DESC) INCLUDE (state, sender_node, lane);
CREATE INDEX inbox_id ON inbox (id);
CREATE INDEX receipt_returned ON receipt (sender_node, code, stored_at) WHERE state = 'refused';
CREATE INDEX delivery_event_at ON delivery_event (at);
CREATE INDEX attempt_failed ON attempt (at) WHERE code IS NOT NULL;
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02,
  autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE inbox SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02,
  autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE alarm ADD COLUMN folded boolean NOT NULL DEFAULT false;
CREATE INDEX alarm_unfolded ON alarm (id) WHERE NOT folded;
`;

const HOLDS = `
CREATE TABLE partner_hold (
  partner text PRIMARY KEY,
  reason text NOT NULL,
  held_by text NOT NULL,
  since timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE queue_hold (
  queue text PRIMARY KEY CHECK (queue IN ('emergency', 'partner', 'ingest')),
  reason text NOT NULL,
  held_by text NOT NULL,
  since timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE partner_test (
  id uuid PRIMARY KEY,
  partner text NOT NULL,
  requested_by text NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  ok boolean,
  steps jsonb
);
CREATE INDEX partner_test_newest ON partner_test (partner, requested_at DESC);
CREATE INDEX partner_test_open ON partner_test (requested_at) WHERE finished_at IS NULL;
CREATE TABLE partner_ping (
  id uuid PRIMARY KEY,
  partner text NOT NULL,
  scheduled boolean NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT now(),
  message_id uuid,
  sent_at timestamptz,
  ended_at timestamptz,
  outcome text,
  code text
);
CREATE INDEX partner_ping_newest ON partner_ping (partner, requested_at DESC);
CREATE INDEX partner_ping_open ON partner_ping (requested_at) WHERE ended_at IS NULL;
`;

const ALERTS = `
CREATE TABLE alert (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  subject text NOT NULL,
  level text NOT NULL,
  state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'acknowledged', 'resolved')),
  first_at timestamptz NOT NULL DEFAULT now(),
  last_at timestamptz NOT NULL DEFAULT now(),
  count int NOT NULL DEFAULT 1,
  code text,
  detail text,
  acknowledged_by text,
  acknowledged_at timestamptz,
  silenced_until timestamptz,
  resolved_at timestamptz,
  told_at timestamptz,
  next_tell_at timestamptz,
  tells int NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX alert_open ON alert (kind, subject) WHERE state <> 'resolved';
CREATE INDEX alert_newest ON alert (last_at DESC, id DESC);
CREATE TABLE alert_tell (
  id uuid PRIMARY KEY,
  alert_id uuid NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
  event text NOT NULL,
  channel text NOT NULL,
  target text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  code text
);
CREATE INDEX alert_tell_alert ON alert_tell (alert_id);
CREATE INDEX alert_tell_open ON alert_tell (next_attempt_at) WHERE sent_at IS NULL;
`;

/** `monitor_session` has the columns that connect-pg-simple asks for. */
const OPERATORS = `
CREATE TABLE monitor_session (
  sid varchar NOT NULL PRIMARY KEY,
  sess json NOT NULL,
  expire timestamp(6) NOT NULL
);
CREATE INDEX monitor_session_expire ON monitor_session (expire);
CREATE TABLE saved_view (
  operator text NOT NULL,
  name text NOT NULL,
  query text NOT NULL,
  PRIMARY KEY (operator, name)
);
CREATE TABLE setting (
  name text PRIMARY KEY,
  value jsonb NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE setting_change (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  value jsonb NOT NULL,
  proposed_by text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT now(),
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'applied', 'withdrawn')),
  decided_by text,
  decided_at timestamptz,
  CHECK (state <> 'applied' OR decided_by <> proposed_by)
);
CREATE UNIQUE INDEX setting_change_open ON setting_change (name) WHERE state = 'open';
CREATE TABLE operator_log (
  seq bigint PRIMARY KEY,
  at timestamptz(3) NOT NULL,
  operator text NOT NULL,
  roles text[] NOT NULL,
  act text NOT NULL,
  object text NOT NULL,
  before jsonb,
  after jsonb,
  previous bytea NOT NULL,
  digest bytea NOT NULL
);
`;

const RECOVERY = `
CREATE TABLE recovery (
  id uuid PRIMARY KEY,
  partner text NOT NULL,
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  states text[] NOT NULL,
  per_minute int NOT NULL,
  requested_by text NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT now(),
  stopped_at timestamptz,
  stopped_by text,
  total int NOT NULL DEFAULT 0
);
CREATE INDEX recovery_newest ON recovery (requested_at DESC);
CREATE TABLE recovery_item (
  recovery_id uuid NOT NULL REFERENCES recovery (id),
  message_id uuid NOT NULL,
  ordinal int NOT NULL,
  former_state text NOT NULL,
  former_code text,
  PRIMARY KEY (recovery_id, message_id)
);
`;
