import type { Tracing } from './open-telemetry';

let running: Tracing | undefined;

/**
 * Starts traces when `OTEL_EXPORTER_OTLP_ENDPOINT` is set, and loads nothing of OpenTelemetry otherwise. To be called before anything else
 * is loaded: what is loaded earlier is not seen.
 * @param app the process, such as `worker`
 */
export function startTracing(app: string, env: Readonly<Record<string, string | undefined>> = process.env): void {
  const endpoint = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (!endpoint || running) return;
  const { traceTo }: typeof import('./open-telemetry') = require('./open-telemetry');
  running = traceTo(endpoint, `trao-${app}`, env['TRAO_NODE']);
}

/** For the queue: `Telemetry` of BullMQ; undefined when nothing is traced. */
export const jobTraces = (): unknown => running?.jobs;

/** Runs work in a span of its own where there are traces: what did not come by a request or a job has none. */
export const inSpan = <T>(name: string, work: () => Promise<T>): Promise<T> =>
  running ? running.span(name, work) : work();

/** A process whose traces are sent before it ends. */
export async function withTraces<R extends { close(): Promise<void> }>(
  start: () => Promise<R>,
): Promise<{ close(): Promise<void> }> {
  const started = await start();
  return {
    async close() {
      await started.close();
      await running?.end();
    },
  };
}
