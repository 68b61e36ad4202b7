import { setTimeout as pause } from 'node:timers/promises';

export interface Patience {
  /** Default 30,000 ms. */
  readonly timeoutMs?: number;
  /** Default 50 ms. */
  readonly everyMs?: number;
}

/**
 * Waits until `look` answers something truthy and answers that. A look that throws counts as "not yet".
 * @param what what is waited for, as the end of "waited ... for"
 * @throws Error that names what was waited for and what the last look saw
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T> | T,
  patience: Patience = {},
): Promise<NonNullable<T>> {
  const { timeoutMs = 30_000, everyMs = 50 } = patience;
  const begun = Date.now();
  for (;;) {
    let seen: unknown;
    let cause: unknown;
    try {
      const found = await look();
      if (found) return found;
      seen = found;
    } catch (error) {
      cause = error;
      seen = error instanceof Error ? error.message : String(error);
    }
    const waited = Date.now() - begun;
    if (waited > timeoutMs)
      throw new Error(`Waited ${waited} ms in vain for ${what}; last seen: ${String(seen)}`, { cause });
    await pause(everyMs);
  }
}
