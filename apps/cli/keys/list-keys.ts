import { keyThumbprint } from '../../../libs/envelope';
import type { KeyMetadata } from '../../../libs/keystore';
import type { Directory } from '../../../libs/schema';
import { expiries, listedKeys, type Expiry } from '../../../libs/trust';
import { nodeOfKeys } from './export-public';
import { openKeys, type KeyOptions } from './options';

export type KeyState = 'future' | 'active' | 'retired' | 'in grace' | 'destroyed';

/** A key for people and programs. */
export interface ListedPrivateKey extends Omit<KeyMetadata, 'public' | 'pkcs11' | 'kind' | 'where' | 'fingerprint'> {
  readonly kind?: string;
  readonly where?: string;
  readonly fingerprint?: string;
  readonly state: KeyState;
  readonly daysLeft: number;
  /** What the directory says of it, where there is one to compare with. */
  readonly published?: 'active' | 'retired' | 'revoked' | 'no';
}

export interface KeyList {
  readonly ok: boolean;
  readonly keys: readonly ListedPrivateKey[];
  /** Keys of ours in the directory that are in use and not in this folder. */
  readonly notHeld: readonly { readonly kid: string; readonly use: string; readonly holder: string }[];
  readonly faults: readonly { readonly code: string; readonly message: string }[];
  readonly expiries: readonly Expiry[];
}

const DAY_MS = 86_400_000;

/** What the folder holds, what became of it, and how it compares with the directory. @throws TraoError `config_invalid`, `key_*` */
export async function listKeys(options: KeyOptions, now: Date): Promise<KeyList> {
  const { admin, directory } = await openKeys(options);
  const [held, gone, faults] = [await admin.list(), await admin.destroyed(), await admin.faults()];
  const locked = faults.find(({ code }) => code === 'key_locked');
  if (locked && held.length === 0) throw locked;
  const keys: ListedPrivateKey[] = [];
  for (const key of held) keys.push(await shown(key, directory, now));
  const destroyed = gone
    .filter(({ kid }) => held.every((key) => key.kid !== kid))
    .map((key): ListedPrivateKey => ({
      ...key,
      use: key.use as KeyMetadata['use'],
      notBefore: '',
      state: 'destroyed',
      daysLeft: 0,
    }));
  const node = directory && nodeOfKeys(held);
  const notHeld = directory ? unheld(directory, held, node, now) : [];
  return {
    ok: faults.length === 0,
    keys: [...keys.toSorted(byUseAndTime), ...destroyed],
    notHeld,
    faults: faults.map(({ code, message }) => ({ code, message })),
    expiries: expiries({ keys: held, ...(directory && { directory }), ...(node !== undefined && { node }) }, now),
  };
}

async function shown(key: KeyMetadata, directory: Directory | undefined, now: Date): Promise<ListedPrivateKey> {
  const { public: publicJwk, pkcs11: _place, ...rest } = key;
  const state = stateOf(key, now);
  const daysLeft = Math.floor((Date.parse(key.notAfter) - now.getTime()) / DAY_MS);
  if (!directory || !publicJwk || key.use === 'tls') return { ...rest, state, daysLeft };
  const thumbprint = await keyThumbprint(publicJwk);
  for (const listed of listedKeys(directory)) {
    if (listed.key.kid === key.kid && (await keyThumbprint(listed.key.jwk)) === thumbprint)
      return { ...rest, state, daysLeft, published: listed.key.status };
  }
  return { ...rest, state, daysLeft, published: 'no' };
}

/** In grace: partners do not use the key any more, and it still opens what was on its way. */
export function stateOf({ use, notBefore, notAfter, retiredAt }: KeyMetadata, now: Date): KeyState {
  const ended = new Date(notAfter) <= now;
  if (use === 'encryption' && (ended || retiredAt !== undefined)) return 'in grace';
  if (ended || retiredAt !== undefined) return 'retired';
  return new Date(notBefore) > now ? 'future' : 'active';
}

/** Of the uses that this folder has: the office of a node holds no decryption keys, and that is no fault. */
function unheld(directory: Directory, held: readonly KeyMetadata[], node: string | undefined, now: Date) {
  const uses = new Set<string>(held.map(({ use }) => use));
  return listedKeys(directory)
    .filter(({ key, use, holder }) => {
      const ours = holder === node || holder.startsWith(`${node}.`);
      const inUse = key.status === 'active' && now < new Date(key.notAfter);
      return ours && inUse && uses.has(use) && held.every(({ kid }) => kid !== key.kid);
    })
    .map(({ key, use, holder }) => ({ kid: key.kid, use, holder }));
}

const byUseAndTime = (a: ListedPrivateKey, b: ListedPrivateKey) =>
  `${a.use} ${a.unit ?? ''} ${a.notBefore}`.localeCompare(`${b.use} ${b.unit ?? ''} ${b.notBefore}`, 'en');
