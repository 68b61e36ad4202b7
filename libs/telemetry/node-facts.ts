import type { Sample } from './metrics';

/** What the database knows of a node's deliveries, in numbers. libs/storage reads it with the rights of the monitor. */
export interface NodeFacts {
  readonly outbox: readonly {
    readonly partner: string;
    readonly lane: string;
    readonly state: string;
    readonly count: number;
    /** Age in seconds of the oldest one. */
    readonly oldestS: number;
  }[];
  readonly inbox: readonly { readonly partner: string; readonly lane: string; readonly count: number }[];
  readonly receipts: readonly { readonly partner: string; readonly count: number }[];
  readonly circuits: readonly { readonly partner: string; readonly open: boolean }[];
  readonly clocks: readonly { readonly partner: string; readonly offsetMs: number }[];
  /** Certificates that partners have shown within days, and our own: for each the end of the first one. */
  readonly certificates: readonly { readonly partner: string; readonly side: string; readonly validTo: Date }[];
  readonly keys: readonly { readonly use: string; readonly validTo: Date }[];
  readonly processes: readonly { readonly app: string; readonly up: number; readonly diskFree: number | undefined }[];
  readonly alerts: readonly {
    readonly kind: string;
    readonly level: string;
    readonly state: string;
    readonly count: number;
  }[];
}

/** How long numbers are good for: several may ask at the same time, and counting costs. */
const FRESH_MS = 5_000;
const DAY_MS = 86_400_000;
/** States of messages that no partner has received yet. */
const UNSENT = ['queued', 'sending'];

const GAUGES = [
  'trao_outbox_messages',
  'trao_outbox_oldest_seconds',
  'trao_inbox_waiting',
  'trao_receipts_waiting',
  'trao_receipt_lag_seconds',
  'trao_circuit_open',
  'trao_partner_clock_offset_seconds',
  'trao_certificate_days',
  'trao_key_days',
  'trao_processes_up',
  'trao_disk_free_ratio',
  'trao_alerts_open',
  'trao_facts_fresh',
] as const;

/**
 * The gauges about a node, read from its database when somebody asks. While it cannot be read there are none of them, and
 * `trao_facts_fresh` is 0.
 */
export function nodeGauges(facts: () => Promise<NodeFacts>, now: () => Date = () => new Date()) {
  let kept: { readonly at: number; readonly samples: Promise<readonly Sample[]> } | undefined;
  const read = async (): Promise<readonly Sample[]> => {
    try {
      return [...samplesOf(await facts(), now()), { name: 'trao_facts_fresh', labels: {}, value: 1 }];
    } catch {
      return [{ name: 'trao_facts_fresh', labels: {}, value: 0 }];
    }
  };
  return {
    gauges: GAUGES,
    read(): Promise<readonly Sample[]> {
      const at = now().getTime();
      if (!kept || at - kept.at >= FRESH_MS) kept = { at, samples: read() };
      return kept.samples;
    },
  };
}

function samplesOf(facts: NodeFacts, now: Date): Sample[] {
  const days = (end: Date) => (end.getTime() - now.getTime()) / DAY_MS;
  const unsent = facts.outbox.filter(({ state }) => UNSENT.includes(state));
  const received = facts.outbox.filter(({ state }) => state === 'received');
  const oldest = greatest(unsent.map(({ partner, lane, oldestS }) => [`${partner} ${lane}`, oldestS]));
  const lag = greatest(received.map(({ partner, oldestS }) => [partner, oldestS]));
  return [
    ...facts.outbox.map(({ partner, lane, state, count }) =>
      sample('trao_outbox_messages', { partner, lane, state }, count),
    ),
    ...[...oldest].map(([name, value]) => {
      const [partner = '', lane = ''] = name.split(' ');
      return sample('trao_outbox_oldest_seconds', { partner, lane }, value);
    }),
    ...facts.inbox.map(({ partner, lane, count }) => sample('trao_inbox_waiting', { partner, lane }, count)),
    ...facts.receipts.map(({ partner, count }) => sample('trao_receipts_waiting', { partner }, count)),
    ...[...lag].map(([partner, value]) => sample('trao_receipt_lag_seconds', { partner }, value)),
    ...facts.circuits.map(({ partner, open }) => sample('trao_circuit_open', { partner }, open ? 1 : 0)),
    ...facts.clocks.map(({ partner, offsetMs }) =>
      sample('trao_partner_clock_offset_seconds', { partner }, offsetMs / 1000),
    ),
    ...facts.certificates.map(({ partner, side, validTo }) =>
      sample('trao_certificate_days', { partner, side }, days(validTo)),
    ),
    ...facts.keys.map(({ use, validTo }) => sample('trao_key_days', { use }, days(validTo))),
    ...facts.processes.map(({ app, up }) => sample('trao_processes_up', { app }, up)),
    ...facts.processes.flatMap(({ app, diskFree }) =>
      diskFree === undefined ? [] : [sample('trao_disk_free_ratio', { app }, diskFree)],
    ),
    ...facts.alerts.map(({ kind, level, state, count }) => sample('trao_alerts_open', { kind, level, state }, count)),
  ];
}

/** A sample whose labels are those of its gauge. */
const sample = <N extends Sample['name']>(
  name: N,
  labels: Extract<Sample, { name: N }>['labels'],
  value: number,
): Sample => ({ name, labels, value }) as Sample;

/** The greatest value of each name. */
function greatest(entries: readonly (readonly [string, number])[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const [name, value] of entries) found.set(name, Math.max(value, found.get(name) ?? 0));
  return found;
}
