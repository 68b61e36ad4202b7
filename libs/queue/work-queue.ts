import {
  createPostgresBackend,
  createRedisBackend,
  Queue,
  Worker,
  type BackendFactory,
  type ConnectionOptions,
  type IQueueBackend,
  type Job,
  type Telemetry,
} from 'bullmq';
import type { Cluster, Redis } from 'ioredis';
import { TraoError } from '../errors';
import { WORK_KINDS, type Batch, type WorkKind } from '../exchange';
import { connectRedis, type RedisPlace } from './redis-connection';

/**
 * Emergencies have workers of their own; so has filing, which waits for nobody. Jobs to partners mostly wait for an answer and then cost
 * nothing, and a partner that answers to nothing holds all it can have until its circuit opens: two batches of two kinds in each lane
 * (`relay`), 4 of emergencies and 8 others. So there is room for 64 such partners at a time before anybody waits for one of them.
 */
const CONCURRENCY = { emergency: 256, partner: 512, ingest: 4 } as const;
type QueueName = keyof typeof CONCURRENCY;
const NAMES = Object.keys(CONCURRENCY) as QueueName[];

/** Redis Cluster keeps all keys of a queue in one slot through the braces. */
const REDIS_PREFIX = '{trao}';
export const QUEUE_SCHEMA = 'bullmq';
/** A job that loses its worker is handed out again after this. */
const LOCK_MS = 30_000;
/** What is not taken by then is not lost: its rows become due again. */
const ENQUEUE_LIMIT_MS = 5_000;

/** Where the queue lives: PostgreSQL by default; Redis or Valkey for scale, a single one, a cluster, or servers with sentinels. */
export type QueueBackend =
  | {
      readonly kind: 'postgres';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly database: string;
      readonly ssl: boolean;
    }
  | ({ readonly kind: 'redis' } & RedisPlace);

type AnyQueue = Queue<unknown, unknown, string, unknown, unknown, string, IQueueBackend>;
type AnyWorker = Worker<{ batchId: string }, void, string, IQueueBackend>;

export type Handler = (batchId: string) => Promise<void>;

export interface WorkQueue {
  readonly enqueue: (batches: readonly Batch[]) => Promise<void>;
  /** Starts one handler per kind. Handlers are idempotent: a batch may be handed out twice. */
  work(handlers: Record<WorkKind, Handler>): Promise<void>;
  /** @throws TraoError `queue_unavailable` when it does not answer */
  ping(): Promise<void>;
  /** Finishes the jobs in hand, then closes. */
  close(): Promise<void>;
}

/**
 * The queue holds ids only and may be lost at any time: the database knows what is due (see `relay`). So jobs are never retried here;
 * a failed one is forgotten and its rows become due again when their claim ends.
 * @param onError gets faults of the queue's own connection and of handlers
 * @param traces `Telemetry` of BullMQ: follows jobs from whoever adds them to whoever does them
 */
export function openQueue(backend: QueueBackend, onError: (error: Error) => void, traces?: unknown): WorkQueue {
  const telemetry = traces as Telemetry | undefined;
  const connections: (Redis | Cluster)[] = [];
  const queues = new Map(NAMES.map((name) => [name, newQueue(name, backend, connections, telemetry)]));
  const workers: AnyWorker[] = [];
  for (const queue of queues.values()) queue.on('error', onError);

  return {
    async enqueue(batches) {
      // One by one: a bulk insert on PostgreSQL makes temporary tables at every call and costs forty times a single one.
      const adding = batches.map((batch) =>
        queues.get(queueOf(batch))!.add(batch.kind, { batchId: batch.id }, JOB_OPTIONS),
      );
      await withinLimit(Promise.all(adding)).catch((cause: unknown) => {
        throw new TraoError('queue_unavailable', { cause });
      });
    },

    async work(handlers) {
      assertComplete(handlers);
      for (const name of NAMES) workers.push(newWorker(name, backend, handlers, connections, onError, telemetry));
      await Promise.all(workers.map((worker) => worker.waitUntilReady()));
    },

    async ping() {
      await withinLimit(queues.get('ingest')!.getWaitingCount()).catch((cause: unknown) => {
        throw new TraoError('queue_unavailable', { cause });
      });
    },

    async close() {
      await Promise.allSettled(workers.map((worker) => worker.close()));
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
      for (const connection of connections) connection.disconnect();
    },
  };
}

/** Redis' client holds commands back for as long as Redis is away: without a limit the relay would wait there and say nothing. */
async function withinLimit(adding: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), ENQUEUE_LIMIT_MS);
  });
  await Promise.race([adding, limit]).finally(() => clearTimeout(timer));
}

/** Creates the queue's own tables. Run by the owner of the database; Redis needs none. */
export async function migrateQueue(backend: QueueBackend): Promise<void> {
  if (backend.kind !== 'postgres') return;
  const { kind: _kind, ...connection } = backend;
  const settings = { connection: { ...connection, schema: QUEUE_SCHEMA, migrate: true, max: 2 } as ConnectionOptions };
  const queue = new Queue('ingest', settings, BACKENDS.postgres);
  await queue.waitUntilReady();
  await queue.close();
}

const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

const BACKENDS = {
  postgres: createPostgresBackend as unknown as BackendFactory,
  redis: createRedisBackend as BackendFactory,
};

function queueOf({ lane, kind }: Batch): QueueName {
  if (lane === 'emergency') return 'emergency';
  return kind === 'ingest' ? 'ingest' : 'partner';
}

function newQueue(
  name: QueueName,
  backend: QueueBackend,
  connections: (Redis | Cluster)[],
  telemetry: Telemetry | undefined,
): AnyQueue {
  const settings = { ...settingsOf(backend, connections), ...(telemetry && { telemetry }) };
  return new Queue(name, settings, BACKENDS[backend.kind]);
}

function newWorker(
  name: QueueName,
  backend: QueueBackend,
  handlers: Record<WorkKind, Handler>,
  connections: (Redis | Cluster)[],
  onError: (error: Error) => void,
  telemetry: Telemetry | undefined,
): AnyWorker {
  const run = (job: Job<{ batchId: string }>) => handlers[job.name as WorkKind](job.data.batchId);
  const settings = {
    ...settingsOf(backend, connections),
    ...(telemetry && { telemetry }),
    concurrency: CONCURRENCY[name],
    lockDuration: LOCK_MS,
    maxStalledCount: 0,
  };
  const worker = new Worker(name, run, settings, BACKENDS[backend.kind]);
  worker.on('error', onError);
  worker.on('failed', (_job, error) => onError(error));
  return worker;
}

function settingsOf(
  backend: QueueBackend,
  connections: (Redis | Cluster)[],
): { connection: ConnectionOptions; prefix?: string } {
  if (backend.kind === 'postgres') {
    const { kind: _kind, ...connection } = backend;
    return { connection: { ...connection, schema: QUEUE_SCHEMA, max: 3 } };
  }
  const connection = connectRedis(backend);
  connection.on('error', () => undefined); // reported through the queue and the worker
  connections.push(connection);
  return { connection, prefix: REDIS_PREFIX };
}

function assertComplete(handlers: Record<WorkKind, Handler>): void {
  const missing = WORK_KINDS.filter((kind) => typeof handlers[kind] !== 'function');
  if (missing.length > 0) throw new TraoError('config_invalid', { detail: `no handler for ${missing.join(', ')}` });
}
