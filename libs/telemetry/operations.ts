import type { Operations } from './serve-operations';

export interface OperationsPort {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `/metrics`, `/health/live` and `/health/ready` at a port of its own. The web framework is loaded here and not before, so that a
 * process that serves nothing else starts fast.
 * @throws TraoError `port_taken`
 */
export async function startOperations(operations: Operations): Promise<OperationsPort> {
  const { serveOperations }: typeof import('./serve-operations') = require('./serve-operations');
  const { app, port } = await serveOperations(operations);
  operations.logger.log('operations_up', { port });
  return { port, close: () => app.close() };
}
