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

const contexts = new AsyncLocalStorage<LogContext>();
let trace: () => TraceContext | undefined = () => undefined;

/** Runs something whose lines all carry `context`, besides what they carried before. */
export const inLogContext = <T>(context: LogContext, run: () => T): T =>
  contexts.run({ ...contexts.getStore(), ...context }, run);

export const logContext = (): LogContext => contexts.getStore() ?? {};

/** From now on each line says where it stands in a trace. */
export function followTrace(current: () => TraceContext | undefined): void {
  trace = current;
}

/** For each line. */
export const contextOfLine = (): object => ({ ...contexts.getStore(), ...trace() });
