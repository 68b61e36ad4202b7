import { X509Certificate } from 'node:crypto';
import { digestOf, keyThumbprint, suiteOf } from '../../../libs/envelope';
import { TraoError } from '../../../libs/errors';
import { exceptionOf, type KeyMetadata } from '../../../libs/keystore';
import type { Directory, DirectoryEncryptionKey, DirectoryKey } from '../../../libs/schema';
import { listedKeys } from '../../../libs/trust';
import { readBytes } from '../directory/directory-files';
import { openKeys, type KeyOptions } from './options';
import { spkiOf } from './public-keys';

export interface ExportOptions extends KeyOptions {
  readonly node?: string;
  readonly ca?: readonly string[];
}

/** What goes to the ceremony: `trao directory propose --add-keys` reads it. */
export interface PublicKeys {
  readonly node: string;
  readonly keys: readonly PublicKey[];
}

export type PublicKey =
  | {
      readonly use: 'signing' | 'encryption';
      readonly unit: string;
      readonly key: DirectoryKey | DirectoryEncryptionKey;
    }
  | { readonly use: 'receipt' | 'governance'; readonly key: DirectoryKey }
  | { readonly use: 'tls'; readonly key: { readonly ca?: readonly string[]; readonly spki: readonly string[] } };

/**
 * The public keys of a folder that are in use or ahead, as they stand in the directory; with a directory only those that it lacks or
 * lists otherwise. Never anything private: the entries are put together from public halves.
 * @throws TraoError `bad_request` when the node cannot be told, `key_missing` when there is nothing to publish
 */
export async function exportPublic(options: ExportOptions, now: Date): Promise<PublicKeys> {
  const { admin, directory } = await openKeys(options);
  const held = (await admin.list()).filter(({ notAfter }) => new Date(notAfter) > now);
  const node = options.node ?? nodeOfKeys(held);
  if (node === undefined)
    throw new TraoError('bad_request', {
      detail: 'The keys do not tell which node they are of. Say it with --node ID.',
    });
  const keys: PublicKey[] = [];
  for (const key of held) {
    const entry = entryOf(key);
    if (entry && !(directory && (await isListed(key, entry, directory)))) keys.push(entry);
  }
  const spki = held
    .filter(({ use, retiredAt }) => use === 'tls' && !retiredAt)
    .map(({ public: jwk }) => digestOf(spkiOf(jwk!)));
  const unpinned = spki.filter((pin) => !directory?.nodes.some(({ tls }) => tls.spki.includes(pin)));
  const ca = await Promise.all((options.ca ?? []).map(certificateIn));
  if (unpinned.length > 0) keys.push({ use: 'tls', key: { ...(ca.length > 0 && { ca }), spki: unpinned } });
  if (keys.length === 0) throw new TraoError('key_missing', { detail: 'There is nothing that the directory lacks.' });
  return { node, keys };
}

/** How a key stands in the directory; undefined for those that do not. */
export function entryOf(held: KeyMetadata): PublicKey | undefined {
  const { kid, use, unit, public: jwk, notBefore, notAfter, retiredAt } = held;
  if (!jwk || use === 'storage' || use === 'tls') return undefined;
  const exception = exceptionOf(held);
  const key: DirectoryKey = {
    kid,
    // Named one by one: no other member of a key can come along.
    jwk: publicMembers(jwk) as DirectoryKey['jwk'],
    notBefore,
    notAfter,
    status: retiredAt === undefined ? 'active' : 'retired',
    ...(exception && { exception }),
  };
  if (use === 'encryption') return { use, unit: unit!, key: { ...key, suite: suiteOf(jwk)! } };
  return use === 'signing' ? { use, unit: unit!, key } : { use, key };
}

const PUBLIC_MEMBERS = ['kty', 'crv', 'alg', 'x', 'y', 'n', 'e', 'pub'] as const;

function publicMembers(jwk: NonNullable<KeyMetadata['public']>): object {
  return Object.fromEntries(PUBLIC_MEMBERS.flatMap((name) => (jwk[name] === undefined ? [] : [[name, jwk[name]]])));
}

/** The node that the units of the keys belong to; undefined where there are none, or several. */
export function nodeOfKeys(held: readonly KeyMetadata[]): string | undefined {
  const nodes = new Set(held.flatMap(({ unit }) => (unit === undefined ? [] : [unit.split('.')[0]!])));
  return nodes.size === 1 ? [...nodes][0] : undefined;
}

async function isListed(held: KeyMetadata, entry: PublicKey, directory: Directory): Promise<boolean> {
  if (entry.use === 'tls') return false;
  const listed = listedKeys(directory).find(({ key, use }) => use === entry.use && key.kid === held.kid);
  if (!listed || listed.key.status !== entry.key.status) return false;
  return (await keyThumbprint(listed.key.jwk)) === (await keyThumbprint(entry.key.jwk));
}

async function certificateIn(file: string): Promise<string> {
  const bytes = await readBytes(file);
  try {
    return new X509Certificate(bytes).toString();
  } catch (cause) {
    throw new TraoError('bad_request', { detail: `${file} is no certificate.`, cause });
  }
}
