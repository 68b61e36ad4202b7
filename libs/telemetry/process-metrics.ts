import { expiries, type Ending } from '../trust';
import type { SeenRequest } from '../http';
import type { OperationsConfig } from '../platform';
import { answers, directoryFresh, keysValid, outboxWaits, type Check } from './checks';
import { Metrics, type Sample } from './metrics';
import { startOperations } from './operations';
import type { Watch } from './watch-outgoing';

type Directory = NonNullable<Ending['directory']>;

/** What a process lets its metrics and its health see. */
export interface ObservedProcess {
  readonly app: 'gateway' | 'worker' | 'office' | 'monitor';
  readonly node: string;
  readonly database: {
    pooled(): { readonly total: number; readonly idle: number; readonly waiting: number };
    query(sql: string): Promise<unknown>;
  };
  /** The directory in force. */
  readonly directory: () => Directory;
  /** Our TLS certificate as PEM; undefined for a process without one. */
  readonly certificate?: () => Promise<string | undefined>;
  /** How long messages wait; undefined where the process may not see it. */
  readonly outbox?: () => Promise<{ readonly waiting: number; readonly oldestS: number }>;
  /** Throws when the queue does not answer; undefined for a process without one. */
  readonly queue?: () => Promise<unknown>;
}

const DAY_MS = 86_400_000;

/** The metrics of a process, with what every process has: its directory, its connections and what Node.js says of itself. */
export function processMetrics({ app, database, directory }: ObservedProcess): Metrics {
  const metrics = new Metrics(app);
  metrics.follow({
    gauges: ['trao_directory_days', 'trao_directory_version', 'trao_database_pool_connections'],
    read(): Sample[] {
      const { version, expiresAt } = directory();
      const days = (Date.parse(expiresAt) - Date.now()) / DAY_MS;
      return [
        { name: 'trao_directory_days', labels: {}, value: days },
        { name: 'trao_directory_version', labels: {}, value: version },
        ...Object.entries(database.pooled()).map(([state, value]): Sample => ({
          name: 'trao_database_pool_connections',
          labels: { state },
          value,
        })),
      ];
    },
  });
  return metrics;
}

/** Counts the requests of a process by route and status. */
export function countRequests(metrics: Metrics): (request: SeenRequest) => void {
  return ({ method, route, http, ms }) => {
    metrics.count('trao_http_requests_total', { method, route, status: String(http) });
    metrics.observe('trao_http_request_seconds', { method, route }, ms / 1000);
  };
}

/** What must hold for a process to work. */
function processChecks(observed: ObservedProcess): Readonly<Record<string, Check>> {
  const { node, database, directory, certificate, outbox, queue } = observed;
  const ending = async () => {
    const pem = await certificate?.();
    return expiries({ directory: directory(), node, ...(pem && { certificates: { tls: pem } }) }, new Date());
  };
  return {
    database: answers(() => database.query('SELECT 1')),
    directory: directoryFresh(directory),
    keys: keysValid(ending),
    ...(outbox && { outbox: outboxWaits(outbox) }),
    ...(queue && { queue: answers(queue) }),
  };
}

/** Serves metrics and health at the port that the process was given; nowhere when it was given none. @returns ends it */
export async function serveObserved(
  observed: ObservedProcess,
  place: OperationsConfig | undefined,
  watch: Watch,
): Promise<() => Promise<void>> {
  if (!place) return async () => undefined;
  const { host, port } = place;
  const operations = await startOperations({ host, port, checks: processChecks(observed), ...watch });
  return () => operations.close();
}
