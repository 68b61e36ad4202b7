/**
 * The one catalogue of log events: whatever a process writes to its log is one of these lines, with these fields and no others. Nothing
 * that a case holds has a kind here, so it can stand in no line. Events may be added; they are never renamed.
 */

/** What a field may hold. A value of another shape is left out. */
export const KINDS = {
  /** An id of ours: of a message, a batch, a receipt, a key. */
  id: { text: 'an id of a message, batch, receipt or key', shape: /^[\w.:-]{1,128}$/ },
  /** A code of a closed list: ours, of Node.js or of OpenSSL. */
  code: { text: 'a code of a closed list', shape: /^\w{1,64}$/ },
  /** The id of a node, as the directory has it. */
  node: { text: 'the id of a node', shape: /^[a-z]{2}(?:-[a-z]{2})?$/ },
  /** The name of a thing of ours: a job, a lane, a route template, a unit, a class of the framework. */
  name: { text: 'the name of a thing of Trao', shape: /^[\w.:/@*{} -]{1,128}$/ },
  address: { text: 'an IP address', shape: /^[0-9a-fA-F.:]{2,45}(?:%\w+)?$/ },
  count: { text: 'a number', shape: undefined },
  ms: { text: 'milliseconds', shape: undefined },
  error: {
    text: 'an error: its code, its `detail` and the name and code of its cause, no text of libraries',
    shape: undefined,
  },
} as const;
export type Kind = keyof typeof KINDS;

type Level = 'debug' | 'info' | 'warn' | 'error';
type Fields = Readonly<Record<string, Kind>>;

/** One event: how grave it is, what it means (the line says so as `msg`) and what it may carry. */
interface LogEvent<F extends Fields = Fields> {
  readonly level: Level;
  readonly meaning: string;
  readonly fields: F;
}

const at =
  (level: Level) =>
  <const F extends Fields>(meaning: string, fields: F): LogEvent<F> => ({ level, meaning, fields });
const [debug, info, warn, error] = [at('debug'), at('info'), at('warn'), at('error')];

/** Of one message in the hands of a worker; the batch stands in each line of a job. */
const MESSAGE = { messageId: 'id', partner: 'node' } as const;
const FAULT = { err: 'error' } as const;

export const LOG_EVENTS = {
  gateway_up: info('gateway is up', { port: 'count' }),
  office_up: info('office is up', { port: 'count' }),
  worker_up: info('worker is up', { queue: 'name' }),
  monitor_up: info('monitor is up', { port: 'count' }),
  operations_up: info('operations port is up', { port: 'count' }),

  request_answered: debug('request answered', { method: 'name', route: 'name', http: 'count', ms: 'ms' }),
  request_refused: info('request refused', { ...FAULT, http: 'count' }),
  request_failed: error('request failed', { ...FAULT, http: 'count' }),
  page_refused: info('page refused', { ...FAULT, http: 'count' }),
  page_failed: error('page failed', { ...FAULT, http: 'count' }),
  error_page_failed: error('error page failed', FAULT),
  framework_failed: error('the web framework reports a fault', { ...FAULT, source: 'name' }),
  framework_warned: warn('the web framework warns', { source: 'name' }),

  message_sent: info('message sealed and queued', { messageId: 'id', partner: 'node', lane: 'name' }),
  message_accepted: info('message stored for a partner, receipt signed', {
    messageId: 'id',
    partner: 'node',
    lane: 'name',
  }),
  message_conflicts: warn('other bytes came under the id of a message', { messageId: 'id', partner: 'node' }),
  batch_queued: debug('batch handed to the queue', { batchId: 'id', work: 'name', lane: 'name' }),
  message_delivered: info('partner has received the message', { ...MESSAGE, ms: 'ms' }),
  message_not_delivered: warn('partner has not received the message; it is tried again', {
    ...MESSAGE,
    code: 'code',
    ms: 'ms',
  }),
  message_given_up: error('message cannot be delivered', { ...MESSAGE, code: 'code' }),
  message_expired: error('message has expired', { messageId: 'id', partner: 'node' }),
  message_filed: info('message opened and filed', MESSAGE),
  message_refused: warn('message opened and refused', { ...MESSAGE, code: 'code' }),
  message_held: info('message waits for an earlier one or for the directory', MESSAGE),
  receipt_stored: info('receipt of a partner verified and stored', {
    messageId: 'id',
    receiptId: 'id',
    partner: 'node',
    kind: 'name',
    code: 'code',
  }),
  receipt_handed: info('partner has our receipt', { ...MESSAGE, receiptId: 'id' }),
  receipt_not_handed: warn('partner has not taken our receipt', { ...MESSAGE, receiptId: 'id' }),

  batch_failed: warn('a batch was not done; its rows become due again', { ...FAULT, work: 'name' }),
  step_failed: error('a step of the worker failed; it is made again', FAULT),
  queue_failed: error('the queue reports a fault', FAULT),
  claim_not_renewed: warn('claim of a batch not renewed', { ...FAULT, batchId: 'id' }),
  tidying_failed: warn('tidying failed; it is done again in an hour', { ...FAULT, job: 'name' }),
  tidied: info('what was kept long enough is gone, or what comes is made', { job: 'name', count: 'count' }),
  brought_forward: warn('what was written while the clock of the database ran ahead is due now', { count: 'count' }),
  key_destroyed: info('decryption key destroyed', { kid: 'id' }),
  alarm_not_raised: error('alarm not raised', { ...FAULT, subject: 'name' }),
  beat_failed: warn('this process could not say that it is alive', FAULT),

  tls_refused: warn('TLS handshake refused', { tls: 'code', from: 'address' }),
  connections_refused: warn('more connections were refused in the last minute', { from: 'address', count: 'count' }),
  address_refused: warn('an address holds too many connections; one more was closed', { from: 'address' }),
  peer_refused: warn('certificate of no partner', { fault: 'code', claimed: 'node', from: 'address' }),
  partner_distrusted: error('no trusted TLS with a partner', { partner: 'node' }),
  partner_tested: info('the connection to a partner was tested', { partner: 'node', code: 'code' }),
  manifests_compared: info('manifests of days were compared with a partner', {
    partner: 'node',
    count: 'count',
    agree: 'count',
    sentAgain: 'count',
    brought: 'count',
    open: 'count',
  }),
  manifests_not_compared: warn('manifests were not compared with a partner; it is tried again', {
    ...FAULT,
    partner: 'node',
  }),
  link_not_noted: warn('a certificate of a partner was not noted; the next connection tries again', FAULT),
  pings_not_sent: error('pings were not sent; they are tried again', FAULT),
  pings_not_followed: error('pings were not planned or followed; it is tried again', FAULT),
  tls_changed: info('TLS certificate changed', {}),
  tls_not_taken: error('TLS certificate not taken', FAULT),
  tls_not_trusted: error('TLS certificate in use is not trusted', FAULT),

  directory_in_force: info('directory in force', { version: 'count' }),
  directory_adopted: info('directory adopted', { version: 'count', from: 'name' }),
  directory_refused: error('directory refused', { ...FAULT, from: 'name' }),
  directory_file_unread: warn('directory file cannot be read or kept', FAULT),
  directory_rows_unread: warn('kept directories cannot be read', FAULT),
  partners_asked: debug('partners asked for their directory', {
    version: 'count',
    asked: 'count',
    answered: 'count',
  }),
  partners_not_asked: warn('partners were not asked; they are asked again later', FAULT),
  clock_off: warn('this clock is off', FAULT),
  clock_far_off: error('this clock is far off', FAULT),

  clients_read: info('clients read again', { count: 'count', left: 'count' }),
  clients_not_read: warn('clients not read again', FAULT),
  operators_read: info('operators read again', { count: 'count' }),
  operators_not_read: warn('operators not read again', FAULT),
  mail_not_sent: warn('a mail was not sent; it is tried again', FAULT),
  alerts_not_judged: error('alerts were not judged; they are judged again', FAULT),
  alert_raised: warn('operators are told of an alert', { alertId: 'id', kind: 'name', grave: 'name', tell: 'name' }),
  alert_recovered: info('an alert has ended', { alertId: 'id', kind: 'name', grave: 'name', tell: 'name' }),
  alert_not_told: warn('a mail or a webhook about an alert did not go; it is tried again', {
    ...FAULT,
    alertId: 'id',
    channel: 'name',
  }),
  officers_not_told: warn('officers were not told what is new; it is done again', { ...FAULT, unit: 'name' }),
} as const;

export type LogEventId = keyof typeof LOG_EVENTS;

interface Values {
  readonly id: string;
  readonly code: string;
  readonly node: string;
  readonly name: string;
  readonly address: string;
  readonly count: number;
  readonly ms: number;
  readonly error: unknown;
}
/** What may be said with an event; a field of another event does not compile. */
export type FieldsOf<E extends LogEventId> = {
  readonly [F in keyof (typeof LOG_EVENTS)[E]['fields']]?:
    | ((typeof LOG_EVENTS)[E]['fields'][F] extends Kind ? Values[(typeof LOG_EVENTS)[E]['fields'][F]] : never)
    | undefined;
};
