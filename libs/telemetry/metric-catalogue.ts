/**
 * The one catalogue of metrics. A label holds the id of a node, a name of a closed list, a code, a state or a route template: nothing
 * else is taken, so that no metric can say more than an operator may see, and none can grow without end.
 */

const CODE = /^[a-z][a-z0-9_]{0,63}$/;

/** What a label may hold; any other value is written as `other`. */
export const LABELS = {
  partner: { text: 'id of a node', allows: /^[a-z]{2}(?:-[a-z]{2})?$/ },
  lane: { text: 'lane of the message', allows: /^(?:emergency|urgent|normal)$/ },
  state: { text: 'state of a message, a connection or an alert', allows: CODE },
  code: { text: '[code](error-codes.md) of the failure', allows: CODE },
  outcome: { text: '`received`, `delivered` or the [code](error-codes.md) of the failure', allows: CODE },
  event: { text: 'event of a receipt', allows: /^(?:received|delivered|opened|refused)$/ },
  app: { text: 'process', allows: /^(?:gateway|worker|office|monitor)$/ },
  side: { text: '`own`, `in` (they call us) or `out` (we call them)', allows: /^(?:own|in|out)$/ },
  use: { text: 'what the key is for', allows: CODE },
  kind: { text: 'kind of the alert: its runbook is called so', allows: CODE },
  level: { text: 'level of the alert', allows: /^(?:warn|high|critical)$/ },
  method: { text: 'HTTP method', allows: /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/ },
  route: { text: 'template of the route, never a path', allows: /^(?:none|\/[\w/:.*{}-]{0,127})$/ },
  status: { text: 'HTTP status', allows: /^[1-5]\d\d$/ },
} as const;
export type Label = keyof typeof LABELS;

type App = 'gateway' | 'worker' | 'office' | 'monitor';
const ALL: readonly App[] = ['gateway', 'worker', 'office', 'monitor'];
const SERVERS: readonly App[] = ['gateway', 'office', 'monitor'];

interface Metric<T extends string, L extends readonly Label[]> {
  readonly type: T;
  readonly help: string;
  readonly labels: L;
  /** The processes that export it. */
  readonly apps: readonly App[];
  /** Upper bounds of a histogram, in its unit. */
  readonly buckets?: readonly number[];
}
const of =
  <const T extends string>(type: T) =>
  <const L extends readonly Label[]>(
    help: string,
    labels: L,
    apps: readonly App[],
    buckets?: readonly number[],
  ): Metric<T, L> => ({ type, help, labels, apps, ...(buckets && { buckets }) });
const [counter, gauge, histogram] = [of('counter'), of('gauge'), of('histogram')];

/** From a quarter of a second to a day: a message of an emergency and one that waited for a partner to come back. */
const DELIVERY_S = [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 7_200, 14_400, 43_200, 86_400];
const REQUEST_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export const METRICS = {
  trao_outbox_messages: gauge('Messages to partners that are not delivered', ['partner', 'lane', 'state'], ['monitor']),
  trao_outbox_oldest_seconds: gauge(
    'Age of the oldest message that the partner has not received',
    ['partner', 'lane'],
    ['monitor'],
  ),
  trao_inbox_waiting: gauge('Messages of partners that are not filed yet', ['partner', 'lane'], ['monitor']),
  trao_receipts_waiting: gauge('Receipts that a partner has not taken yet', ['partner'], ['monitor']),
  trao_receipt_lag_seconds: gauge(
    'Age of the oldest message that the partner has received and not judged',
    ['partner'],
    ['monitor'],
  ),
  trao_circuit_open: gauge('1 while nothing is sent because the partner did not answer', ['partner'], ['monitor']),
  trao_partner_clock_offset_seconds: gauge("How far the partner's clock is ahead of ours", ['partner'], ['monitor']),
  trao_certificate_days: gauge('Days until the first TLS certificate ends', ['partner', 'side'], ['monitor']),
  trao_key_days: gauge('Days until the first of the keys in use ends', ['use'], ['monitor']),
  trao_processes_up: gauge('Processes that have said within a minute that they live', ['app'], ['monitor']),
  trao_disk_free_ratio: gauge('Part of the disk that is free, where least is', ['app'], ['monitor']),
  trao_alerts_open: gauge('Alerts that are not resolved', ['kind', 'level', 'state'], ['monitor']),
  trao_facts_fresh: gauge('1 while the numbers of the database can be read', [], ['monitor']),

  trao_attempts_total: counter('Attempts to hand a message over', ['partner', 'outcome'], ['worker']),
  trao_attempt_seconds: histogram('How long an attempt took', ['partner'], ['worker'], REQUEST_S),
  trao_failures_total: counter(
    'Messages that were given up, refused or expired',
    ['partner', 'code'],
    ['worker', 'gateway'],
  ),
  trao_delivery_seconds: histogram(
    'From the creation of a message to the receipt of the partner',
    ['partner', 'event'],
    ['worker', 'gateway'],
    DELIVERY_S,
  ),
  trao_filed_total: counter('Messages of partners that were judged', ['partner', 'outcome'], ['worker']),
  trao_accepted_total: counter('Messages of partners that were stored', ['partner', 'lane'], ['gateway']),

  trao_directory_days: gauge('Days until the directory in force ends', [], ALL),
  trao_directory_version: gauge('Version of the directory in force', [], ALL),
  trao_database_pool_connections: gauge('Connections to the database', ['state'], ALL),
  trao_http_requests_total: counter('Requests that were answered', ['method', 'route', 'status'], SERVERS),
  trao_http_request_seconds: histogram('How long an answer took', ['method', 'route'], SERVERS, REQUEST_S),
  trao_labels_refused_total: counter('Values that were no label; a fault of ours', [], ALL),
} as const;

export type MetricName = keyof typeof METRICS;
type OfType<T extends string> = {
  [N in MetricName]: (typeof METRICS)[N]['type'] extends T ? N : never;
}[MetricName];
export type CounterName = OfType<'counter'>;
export type GaugeName = OfType<'gauge'>;
export type HistogramName = OfType<'histogram'>;

/** The labels of a metric, all of them. */
export type LabelsOf<N extends MetricName> = Readonly<Record<(typeof METRICS)[N]['labels'][number], string>>;
