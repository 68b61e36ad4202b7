import { createServer } from 'node:net';

const HOST = '127.0.0.1';
/** Below the range that the kernel gives to outgoing connections, which would otherwise take a port between check and use. */
const LOWEST = 10_000;
const HIGHEST = 32_000;
/** A network of two nodes uses numbers up to its base plus this. */
const SPAN = 40;

let taken = 0;

/**
 * A base for the ports of two nodes. Jest's workers get ranges of their own, and within one worker no base comes twice; other runs on
 * the machine may still be in the way, so whoever starts something there tries again with the next.
 */
export function nextPortBase(): number {
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 1);
  const slots = Math.floor((HIGHEST - LOWEST) / SPAN);
  const first = (process.pid * 7 + worker * 131) % slots;
  const slot = (first + taken * 17) % slots;
  taken += 1;
  return LOWEST + slot * SPAN;
}

/** One port that is free now, and that no outgoing connection takes before it is used. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = nextPortBase();
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: HOST, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
