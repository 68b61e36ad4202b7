import type { SettingShape } from './settings-shapes';

/** A process as its last sign of life tells. */
export interface BeatingProcess {
  readonly app: string;
  readonly version: string;
  readonly startedAt: Date;
  readonly beatAt: Date;
  /** As it was written: rows of other versions may hold anything. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What is known of a partner's health. */
export interface PartnerHealth {
  readonly partner: string;
  readonly askedAt: Date | null;
  readonly answeredAt: Date | null;
  readonly directoryVersion: number | null;
  readonly clockOffsetMs: number | null;
  readonly code: string | null;
  /** Failed attempts in a row. */
  readonly failures: number;
  readonly retryAt: Date | null;
  readonly suspended: boolean;
  readonly waiting: number;
  readonly oldestAt: Date | null;
}

/** How many rows of a table are in each state. */
export interface StateCount {
  readonly table: 'outgoing' | 'incoming' | 'files' | 'receipts';
  readonly state: string;
  readonly count: number;
}

export interface DiagnosticsFacts {
  readonly node: string;
  readonly madeAt: Date;
  /** The version of Node.js. */
  readonly runtime: string;
  readonly processes: readonly BeatingProcess[];
  readonly settings: ReadonlyMap<string, unknown>;
  readonly counts: readonly StateCount[];
  readonly alerts: readonly {
    readonly kind: string;
    readonly level: string;
    readonly state: string;
    readonly count: number;
  }[];
  readonly partners: readonly PartnerHealth[];
  readonly migrations: { readonly applied: readonly string[]; readonly pending: readonly string[] };
  /** Queues that hand out nothing. */
  readonly heldQueues: readonly string[];
}

/** What a bundle has, in its order: the page names each before somebody downloads it. */
export const DIAGNOSTIC_PARTS = [
  'program',
  'processes',
  'settings',
  'counts',
  'alerts',
  'partners',
  'migrations',
  'queues',
] as const;

/** A process that was heard of so lately is up. */
const UP_MS = 60_000;
const HIDDEN = 'hidden';

/**
 * What somebody who helps needs to know of a node, and nothing that would help somebody else: no id of a message, no key, no address of
 * a machine or a person, no value of a security setting.
 */
export function diagnosticsBundle(facts: DiagnosticsFacts, settings: readonly SettingShape[]): object {
  const { node, madeAt, runtime, processes, counts, alerts, partners, migrations, heldQueues } = facts;
  const kinds = [...new Set(processes.flatMap(({ facts: { queue } }) => (isWord(queue) ? [queue] : [])))];
  return {
    program: {
      node,
      madeAt,
      versions: [...new Set(processes.map(({ version }) => version))],
      runtime,
    },
    processes: processes.map((one) => processOf(one, madeAt)),
    settings: settings.map((shape) => settingOf(shape, facts.settings)),
    counts: Object.groupBy(counts, ({ table }) => table),
    alerts,
    partners,
    migrations,
    queues: { kinds, held: heldQueues },
  } satisfies Record<(typeof DIAGNOSTIC_PARTS)[number], unknown>;
}

function processOf({ app, version, startedAt, beatAt, facts }: BeatingProcess, now: Date): object {
  const { eventLoopLagMs, rssMb, diskFree, pool, tls, keys, queue, signInFailures } = facts;
  return {
    app,
    version,
    startedAt,
    beatAt,
    up: now.getTime() - beatAt.getTime() <= UP_MS,
    ...numbers({ eventLoopLagMs, rssMb, diskFree, signInFailures }),
    ...(isRecord(pool) && { pool: numbers(pool) }),
    ...(isRecord(tls) && isInstant(tls['validTo']) && { tls: { validTo: tls['validTo'] } }),
    ...(Array.isArray(keys) && { keys: keys.filter(isRecord).map(keyOf) }),
    ...(isWord(queue) && { queue }),
  };
}

/** What a key is for and how long; which one it is, whoever has to know sees on the page of keys. */
function keyOf({ use, state, validTo }: Readonly<Record<string, unknown>>): object {
  return {
    ...(isWord(use) && { use }),
    ...(isWord(state) && { state }),
    ...(isInstant(validTo) && { validTo }),
  };
}

function settingOf({ name, security, default: otherwise }: SettingShape, values: ReadonlyMap<string, unknown>): object {
  const set = values.has(name);
  return { name, set, value: security ? HIDDEN : set ? values.get(name) : otherwise };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isWord = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{1,40}$/.test(value);
const isInstant = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]{5,12}Z$/.test(value);
const numbers = (facts: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => typeof value === 'number'));
