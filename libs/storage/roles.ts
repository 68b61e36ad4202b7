import { TraoError } from '../errors';
import type { Query } from './database';

/** One database role per process, each with the least that its job needs (architecture: one per security context). */
export const PROCESS_ROLES = ['gateway', 'worker', 'office', 'monitor'] as const;
export type ProcessRole = (typeof PROCESS_ROLES)[number];

const GRANTS: Record<ProcessRole, string> = {
  // Stores sealed bytes and evidence; sees no case table.
  gateway: `
    GRANT SELECT, INSERT ON inbox, inbox_conflict, receipt, directory_document TO %I;
    GRANT SELECT (id, recipient_node, digest, state, next_look_at), UPDATE (state, code, changed_at, next_look_at) ON outbox TO %I;
    GRANT SELECT ON superseded TO %I;
    GRANT INSERT ON delivery_event, alarm TO %I;
    GRANT SELECT, INSERT, UPDATE (held, state, digest, receipt, changed_at) ON incoming_file TO %I;
    GRANT SELECT, INSERT ON incoming_piece TO %I;
    GRANT SELECT, INSERT, UPDATE, DELETE ON process_beat TO %I;
    GRANT SELECT, INSERT, UPDATE ON partner_link TO %I;
    GRANT SELECT ON manifest_day TO %I;
    GRANT SELECT, INSERT, UPDATE (token, at) ON manifest TO %I;
    GRANT SELECT, INSERT, UPDATE (since, until) ON manifest_round TO %I;`,
  // Files for all units of the node: it neither ends a case key nor reads a word of a search. Of drafts it sees the expired ones.
  worker: `
    GRANT SELECT, UPDATE ON outbox TO %I;
    GRANT SELECT, UPDATE, DELETE ON inbox TO %I;
    GRANT SELECT (sender_node, id, digest), INSERT, UPDATE (sealed) ON inbox_conflict TO %I;
    GRANT SELECT, INSERT ON superseded TO %I;
    GRANT SELECT, INSERT, UPDATE ON receipt, circuit TO %I;
    GRANT SELECT, INSERT, UPDATE (summary, next_mark_at, changed_at) ON unit_case TO %I;
    GRANT SELECT, INSERT, UPDATE (original) ON case_event TO %I;
    GRANT INSERT ON search_token TO %I;
    GRANT SELECT (expires_at), DELETE ON draft TO %I;
    GRANT SELECT, INSERT, UPDATE, DELETE ON work_batch TO %I;
    GRANT SELECT, INSERT ON directory_document TO %I;
    GRANT SELECT, INSERT, UPDATE ON partner_watch TO %I;
    GRANT INSERT ON attempt, delivery_event, alarm TO %I;
    GRANT SELECT (received_at) ON inbox_conflict TO %I;
    GRANT SELECT (id, state, resolved_at), DELETE ON alert TO %I;
    GRANT SELECT (id, at, folded), DELETE ON alarm TO %I;
    GRANT SELECT (client_id, key, at), DELETE ON idempotency TO %I;
    GRANT SELECT (at, lane), DELETE ON depth_sample TO %I;
    GRANT SELECT (expire), DELETE ON office_session, monitor_session TO %I;
    GRANT EXECUTE ON FUNCTION prepare_partitions(), forget_attempts(timestamptz) TO %I;
    GRANT SELECT, INSERT, UPDATE, DELETE ON process_beat TO %I;
    GRANT SELECT, INSERT, UPDATE ON partner_link TO %I;
    GRANT SELECT ON partner_hold, queue_hold TO %I;
    GRANT SELECT, UPDATE (started_at, finished_at, ok, steps), DELETE ON partner_test TO %I;
    GRANT SELECT (id, requested_at), DELETE ON partner_ping TO %I;
    GRANT SELECT, INSERT, UPDATE ON manifest_day TO %I;
    GRANT SELECT, INSERT, UPDATE, DELETE ON manifest, manifest_finding, manifest_round TO %I;
    GRANT SELECT, INSERT, UPDATE (state, delivery, attempts, next_attempt_at, changed_at, sealed_bytes) ON attachment TO %I;
    GRANT SELECT, INSERT, DELETE ON attachment_piece TO %I;
    GRANT SELECT, UPDATE (state, changed_at), DELETE ON incoming_file TO %I;
    GRANT SELECT, DELETE ON incoming_piece TO %I;
    DROP POLICY IF EXISTS worker_files ON attachment;
    DROP POLICY IF EXISTS worker_pieces ON attachment_piece;
    CREATE POLICY worker_files ON attachment TO %I USING (true);
    CREATE POLICY worker_pieces ON attachment_piece TO %I USING (true);
    DROP POLICY IF EXISTS worker_cases ON unit_case;
    DROP POLICY IF EXISTS worker_events ON case_event;
    DROP POLICY IF EXISTS worker_tokens ON search_token;
    DROP POLICY IF EXISTS worker_drafts ON draft;
    CREATE POLICY worker_cases ON unit_case TO %I USING (true);
    CREATE POLICY worker_events ON case_event TO %I USING (true);
    CREATE POLICY worker_tokens ON search_token FOR INSERT TO %I WITH CHECK (true);
    CREATE POLICY worker_drafts ON draft TO %I USING (expires_at <= now());`,
  // Officers' process: cases and drafts of the unit that the transaction names, deliveries without content. What it may blank in
  // outbox and inbox it needs for erasure; it opens no sealed message.
  office: `
    GRANT SELECT, INSERT, UPDATE (sealed, forget) ON outbox TO %I;
    GRANT SELECT (sender_node, id, state, thread, opened_at), UPDATE (sealed, opened_at) ON inbox TO %I;
    GRANT SELECT (sender_node, id), UPDATE (sealed) ON inbox_conflict TO %I;
    GRANT SELECT, INSERT ON idempotency, delivery_event, directory_document TO %I;
    GRANT SELECT ON attempt, receipt, alarm, partner_watch TO %I;
    GRANT SELECT (partner) ON partner_hold TO %I;
    GRANT INSERT ON alarm TO %I;
    GRANT SELECT, INSERT, UPDATE (wrapped_key, summary, next_mark_at, changed_at) ON unit_case TO %I;
    GRANT SELECT, INSERT, DELETE ON case_event, search_token TO %I;
    GRANT SELECT, INSERT, DELETE, UPDATE (wrapped_key, body, changed_at, expires_at) ON draft TO %I;
    GRANT SELECT, INSERT, UPDATE, DELETE ON office_session TO %I;
    GRANT SELECT, INSERT ON access_log TO %I;
    GRANT SELECT, INSERT, UPDATE ON officer_setting, notice, notice_look TO %I;
    GRANT SELECT, INSERT, DELETE ON notice_seen TO %I;
    GRANT SELECT, INSERT, UPDATE, DELETE ON process_beat TO %I;
    GRANT SELECT, UPDATE (message_id, sent_at, ended_at, outcome, code) ON partner_ping TO %I;
    GRANT SELECT, INSERT, DELETE, UPDATE (state, delivery, draft_id, referral_id, message_id, recipient_node, facts, tail, offset_bytes,
      sealed_bytes, sealed_digest, next_attempt_at, changed_at) ON attachment TO %I;
    GRANT SELECT, INSERT ON attachment_piece TO %I;
    DROP POLICY IF EXISTS office_files ON attachment;
    DROP POLICY IF EXISTS office_pieces ON attachment_piece;
    CREATE POLICY office_files ON attachment TO %I USING (unit = current_setting('trao.unit', true));
    CREATE POLICY office_pieces ON attachment_piece TO %I USING (unit = current_setting('trao.unit', true));
    DROP POLICY IF EXISTS office_settings ON officer_setting;
    CREATE POLICY office_settings ON officer_setting TO %I USING (unit = current_setting('trao.unit', true));
    DROP POLICY IF EXISTS office_notices ON notice;
    CREATE POLICY office_notices ON notice TO %I USING (unit = current_setting('trao.unit', true));
    DROP POLICY IF EXISTS office_seen ON notice_seen;
    CREATE POLICY office_seen ON notice_seen TO %I USING (unit = current_setting('trao.unit', true));
    DROP POLICY IF EXISTS office_looks ON notice_look;
    CREATE POLICY office_looks ON notice_look TO %I USING (unit = current_setting('trao.unit', true));
    DROP POLICY IF EXISTS office_cases ON unit_case;
    DROP POLICY IF EXISTS office_events ON case_event;
    DROP POLICY IF EXISTS office_tokens ON search_token;
    DROP POLICY IF EXISTS office_drafts ON draft;
    DROP POLICY IF EXISTS office_accesses ON access_log;
    CREATE POLICY office_cases ON unit_case TO %I USING (unit = current_setting('trao.unit', true));
    CREATE POLICY office_events ON case_event TO %I USING (unit = current_setting('trao.unit', true));
    CREATE POLICY office_tokens ON search_token TO %I USING (unit = current_setting('trao.unit', true));
    CREATE POLICY office_drafts ON draft TO %I USING (unit = current_setting('trao.unit', true));
    CREATE POLICY office_accesses ON access_log TO %I USING (unit = current_setting('trao.unit', true));`,
  // Operators: S0 of every message and no table of cases. What is sealed, who a message is for within a node, and what a case is made of
  // are no columns of theirs. What they do to messages goes through functions of the owner.
  monitor: `
    GRANT SELECT (id, recipient_node, lane, digest, created_at, expires_at, state, code, attempts, strikes, next_attempt_at, changed_at,
      size_bytes) ON outbox TO %I;
    GRANT SELECT (sender_node, id, lane, digest, received_at, expires_at, state, attempts, next_attempt_at, changed_at, size_bytes)
      ON inbox TO %I;
    GRANT SELECT (sender_node, id, digest, received_at) ON inbox_conflict TO %I;
    GRANT SELECT (id, issuer, message_id, sender_node, event, code, digest, token, issued_at, stored_at, lane, state, attempts,
      next_attempt_at) ON receipt TO %I;
    GRANT SELECT (message_id, digest, at) ON superseded TO %I;
    GRANT SELECT (id, sender_node, recipient_node, state, delivery, attempts, next_attempt_at, created_at, changed_at, sealed_bytes)
      ON attachment TO %I;
    GRANT SELECT (sender_node, id, total, held, state, received_at, changed_at) ON incoming_file TO %I;
    GRANT SELECT (id, kind, lane, partner, until) ON work_batch TO %I;
    GRANT SELECT ON attempt, delivery_event, circuit, partner_watch, partner_link, directory_document TO %I;
    GRANT SELECT, UPDATE (folded) ON alarm TO %I;
    GRANT SELECT, INSERT, UPDATE, DELETE ON process_beat, depth_sample, monitor_session, saved_view TO %I;
    GRANT SELECT, INSERT, DELETE ON partner_hold, queue_hold TO %I;
    GRANT SELECT, INSERT ON partner_test TO %I;
    GRANT SELECT, INSERT, UPDATE (ended_at, outcome, code) ON partner_ping TO %I;
    GRANT SELECT, INSERT, UPDATE ON alert, alert_tell, setting, setting_change, recovery TO %I;
    GRANT SELECT ON manifest_finding TO %I;
    GRANT SELECT, INSERT ON manifest_round TO %I;
    GRANT SELECT ON recovery_item, operator_log, backup_run, trao_migration TO %I;
    GRANT EXECUTE ON FUNCTION operator_note(text, text[], text, text, jsonb, jsonb), resend_messages(uuid, uuid[], int),
      stop_recovery(uuid) TO %I;
    DROP POLICY IF EXISTS monitor_files ON attachment;
    CREATE POLICY monitor_files ON attachment FOR SELECT TO %I USING (true);`,
};

export interface RoleLogin {
  readonly process: ProcessRole;
  readonly role: string;
  /** Undefined leaves a role that is there with the password that it has. */
  readonly password: string | undefined;
}

/** Creates the login roles of a node and gives each its grants. Run by the owner; running it again sets everything anew. */
export async function createRoles(query: Query, database: string, logins: readonly RoleLogin[]): Promise<void> {
  const base = identifier(database);
  await query(`REVOKE ALL ON DATABASE ${base} FROM PUBLIC`);
  for (const { process, role, password } of logins) {
    const name = identifier(role);
    const known = await query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
    if (password !== undefined)
      await query(`${known.length > 0 ? 'ALTER' : 'CREATE'} ROLE ${name} LOGIN PASSWORD ${literal(password)}`);
    else if (known.length === 0)
      throw new TraoError('config_invalid', { detail: `no password for the new role ${role}` });
    await query(`GRANT CONNECT ON DATABASE ${base} TO ${name}; REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${name}`);
    await query(GRANTS[process].replaceAll('%I', name));
  }
}

/** Lets the worker use the queue's own schema, once its migrations have run. BullMQ makes a sequence per queue and temporary tables. */
export async function grantQueue(query: Query, database: string, schema: string, role: string): Promise<void> {
  const [to, from] = [identifier(role), identifier(schema)];
  await query(`
    GRANT TEMPORARY ON DATABASE ${identifier(database)} TO ${to};
    GRANT USAGE, CREATE ON SCHEMA ${from} TO ${to};
    GRANT ALL ON ALL TABLES IN SCHEMA ${from} TO ${to};
    GRANT ALL ON ALL SEQUENCES IN SCHEMA ${from} TO ${to};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${from} TO ${to};`);
}

/** Statements that define roles take no parameters, so names and secrets are checked and quoted here. */
function identifier(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new TraoError('config_invalid', { detail: `database name ${name}` });
  return `"${name}"`;
}

function literal(text: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new TraoError('config_invalid', { detail: 'database password' });
  return `'${text}'`;
}
