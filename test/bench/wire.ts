import { execFileSync } from 'node:child_process';

/** What went over the connections that gateways took, as TCP carried it: TLS and HTTP included, headers of IP and TCP not. */
export interface WireCosts {
  readonly bytes: number;
  readonly connections: number;
}

/** Connections are looked at so often: of one that closes in between, the last bytes are not seen. */
const LOOK_MS = 2_000;

/** Counts from now; the returned function answers what was added. Null where there is no `ss` (iproute2). */
export function startWire(ports: readonly number[]): () => WireCosts | null {
  const before = look(ports);
  const last = new Map(before);
  const timer = setInterval(() => note(last, look(ports)), LOOK_MS);
  return () => {
    clearInterval(timer);
    const now = look(ports);
    if (!before || !now) return null;
    note(last, now);
    const added = [...last].map(([connection, bytes]) => bytes - (before.get(connection) ?? 0));
    return { bytes: added.reduce((total, value) => total + value, 0), connections: last.size };
  };
}

function note(last: Map<string, number>, now: ReadonlyMap<string, number> | undefined): void {
  for (const [connection, bytes] of now ?? []) last.set(connection, bytes);
}

function look(ports: readonly number[]): Map<string, number> | undefined {
  const filter = ports.map((port) => `sport = :${port}`).join(' or ');
  try {
    return parseSockets(execFileSync('ss', ['-tinHO', 'state', 'established', filter], { encoding: 'utf8' }));
  } catch {
    return undefined;
  }
}

/** Bytes in both directions by connection, from lines of `ss -tinHO`. */
export function parseSockets(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return new Map(
    lines.map((line) => {
      const [, , from = '', to = ''] = line.trim().split(/\s+/);
      const count = (name: string) => Number(new RegExp(` ${name}:(\\d+)`).exec(line)?.[1] ?? 0);
      return [`${from} ${to}`, count('bytes_sent') + count('bytes_received')] as const;
    }),
  );
}
