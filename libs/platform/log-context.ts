import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line of one request or one job carries, so that one search finds all of them. */
export interface LogContext {
  /** Of an HTTP request: the answer names it too. */
  readonly correlationId?: string;
  /** Of a job of the queue. */
  readonly batchId?: string;
}

/** Where a line stands in a trace, as OpenTelemetry writes it into logs. */
export interface TraceContext {
  readonly trace_id: string;
  readonly span_id: string;
}

/** Who follows the lines of this process in its traces. */
export interface TraceFollower {
  current(): TraceContext | undefined;
  /** Gets each line that is written: its event and the fields that it carries. */
  line(event: string, fields: Readonly<Record<string, unknown>>): void;
}

const contexts = new AsyncLocalStorage<LogContext>();
let follower: TraceFollower | undefined;

/** Runs something whose lines all carry `context`, besides what they carried before. */
export const inLogContext = <T>(context: LogContext, run: () => T): T =>
  contexts.run({ ...contexts.getStore(), ...context }, run);

export const logContext = (): LogContext => contexts.getStore() ?? {};

/** From now on each line says where it stands in a trace, and the trace what was written. */
export function followTrace(who: TraceFollower | undefined): void {
  follower = who;
}

/** For each line. */
export function contextOfLine(event: string, fields: Readonly<Record<string, unknown>>): object {
  follower?.line(event, fields);
  return { ...contexts.getStore(), ...follower?.current() };
}
