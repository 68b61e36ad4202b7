import { X509Certificate } from 'node:crypto';
import type { TlsIdentity } from '../trust';
import { presentedLeaf } from './tls-rehearsal';

/** What a process lets the monitor know of what it holds. */
export interface HeldThings {
  /** Its connections to the database. */
  readonly pooled?: () => object;
  /** Its private keys, without any secret. */
  readonly keys?: () => Promise<
    readonly {
      readonly kid: string;
      readonly use: string;
      readonly unit?: string;
      readonly fingerprint: string;
      readonly where: string;
      readonly notAfter: string;
      readonly retiredAt?: string;
    }[]
  >;
  /** Its TLS certificate in use. */
  readonly identity?: () => TlsIdentity;
  readonly queue?: string;
  /** Sign-ins that were refused lately. */
  readonly signInFailures?: () => number;
}

/** Key folders are read that often: keys come and go by the week. */
const KEYS_EVERY_MS = 60_000;

/** Facts of a process for its signs of life: ids, dates, numbers. */
export function processFacts({ pooled, keys, identity, queue, signInFailures }: HeldThings): () => Promise<object> {
  let known: object | undefined;
  let readAt = 0;
  let shown: TlsIdentity | undefined;
  let certificate: object | undefined;
  return async () => {
    if (identity && identity() !== shown) {
      shown = identity();
      certificate = await certificateFacts(shown);
    }
    if (keys && Date.now() - readAt > KEYS_EVERY_MS) {
      known = (await keys()).map(({ kid, use, unit, fingerprint, where, notAfter, retiredAt }) => ({
        kid,
        use,
        ...(unit !== undefined && { unit }),
        fingerprint,
        where: where.split(' ')[0],
        validTo: notAfter,
        state: retiredAt === undefined ? 'active' : 'retired',
      }));
      readAt = Date.now();
    }
    return {
      ...(pooled && { pool: pooled() }),
      ...(known && { keys: known }),
      ...(certificate && { tls: certificate }),
      ...(queue !== undefined && { queue }),
      ...(signInFailures && { signInFailures: signInFailures() }),
    };
  };
}

async function certificateFacts(identity: TlsIdentity): Promise<object | undefined> {
  const leaf = await presentedLeaf(identity);
  if (!leaf) return undefined;
  const { fingerprint256, validToDate } = new X509Certificate(leaf);
  return { fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(), validTo: validToDate.toISOString() };
}
