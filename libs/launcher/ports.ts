import { createServer } from 'node:net';
import { TraoError } from '../errors';

export interface PortClaim {
  readonly port: number;
  readonly host: string;
  /** What the port is for, in words of the person who starts the node: "office of Viet Nam". */
  readonly purpose: string;
}

/**
 * Checks all ports at once, so that one run names every clash.
 * A port can still be lost between this check and the real bind: the process then reports `port_taken` itself.
 * @throws TraoError port_taken
 */
export async function assertPortsFree(ports: readonly PortClaim[]): Promise<void> {
  const faults = await Promise.all(ports.map(bindFault));
  const taken = ports.flatMap((claim, i) => {
    const fault = faults[i];
    return fault === undefined ? [] : [`${claim.host}:${claim.port} for the ${claim.purpose} (${fault})`];
  });
  if (taken.length === 0) return;
  throw new TraoError('port_taken', { detail: `${taken.join(', ')}. Choose other ports with --port-base N.` });
}

/** Undefined when the port can be bound now, else why not. */
function bindFault({ port, host }: PortClaim): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRINUSE' ? 'in use' : (error.code ?? error.message)),
    );
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}
