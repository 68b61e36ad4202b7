/**
 * What keeps each table of a node from growing without end. `months`: partitions that go by the month; a job of the worker's
 * housekeeping; what ends a row in the course of things; or that the table is the record, kept on purpose, with what it grows by.
 */
export type Bound =
  | { readonly job: string }
  | { readonly months: 'dropped' | 'kept' }
  | { readonly ends: string }
  | { readonly oneFor: string }
  | { readonly record: string };

export const BOUNDS: Readonly<Record<string, Bound>> = {
  access_log: { record: 'a line of 100 bytes for each message that a unit reads first' },
  alarm: { job: 'alarms' },
  alert: { job: 'alerts' },
  alert_tell: { job: 'alerts' },
  attachment: { record: 'a row for each file of a case, until the case is erased' },
  attachment_piece: { job: 'files' },
  attempt: { months: 'dropped' },
  backup_run: { record: 'a row for each backup' },
  case_event: { record: 'a row for each message of a case, until the case is erased' },
  circuit: { oneFor: 'partner' },
  delivery_event: { months: 'kept' },
  depth_sample: { job: 'samples' },
  directory_document: { record: 'a row for each version of the directory' },
  draft: { job: 'drafts' },
  idempotency: { job: 'requests' },
  inbox: { record: 'a row for each message; its sealed bytes go (job filed_bytes)' },
  inbox_conflict: {
    record: 'at most eight rows for each message, within the rate of the partner; bytes go with its own',
  },
  incoming_file: { record: 'a row for each file that came whole; others go (job files)' },
  incoming_piece: { job: 'files' },
  manifest: { job: 'manifests' },
  manifest_day: { record: 'a row for each day and partner' },
  manifest_finding: { job: 'manifests' },
  manifest_round: { job: 'manifests' },
  monitor_session: { job: 'sessions' },
  notice: { oneFor: 'unit and officer' },
  notice_look: { oneFor: 'unit' },
  notice_seen: { ends: 'removed when the unit is next looked at, after its time' },
  office_session: { job: 'sessions' },
  officer_setting: { oneFor: 'unit and officer' },
  operator_log: { record: 'a line for each act of an operator' },
  outbox: { record: 'a row for each message; its sealed bytes go (job sent_bytes)' },
  partner_hold: { oneFor: 'partner' },
  partner_link: { oneFor: 'partner, direction and certificate' },
  partner_ping: { job: 'probes' },
  partner_test: { job: 'probes' },
  partner_watch: { oneFor: 'partner' },
  process_beat: { job: 'processes' },
  queue_hold: { oneFor: 'queue' },
  receipt: { record: 'four rows or fewer for each message' },
  recovery: { record: 'a row for each act of an operator' },
  recovery_item: { record: 'a row for each message that an operator sent again' },
  saved_view: { oneFor: 'operator and name' },
  search_token: { record: 'at most 200 rows for each message, until the case is erased' },
  setting: { oneFor: 'setting' },
  setting_change: { record: 'a row for each act of an operator' },
  superseded: { record: 'a row for each message that was sealed anew' },
  trao_migration: { record: 'a row for each migration' },
  unit_case: { record: 'a row for each case; its content goes when it is erased' },
  work_batch: { ends: 'removed when the batch ends, or a minute after its claim' },
};
