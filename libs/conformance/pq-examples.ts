import { decodeBase64url } from '../envelope';
import { flips, type Serialised } from './flip';
import { hpkeAlgorithmOf, type HpkeAlgorithm } from './hpke-algorithms';
import { textOf } from './members';
import { isMembers, type Members, type Recognised } from './recognise';
import { declining, decryptStrictly } from './strict-jose';
import { Tally, type SuiteResult } from './suite';
import { ACCEPT, judge, outcomeOf, passOver, refuse, UnreadableCase, type Outcome } from './verdict';

const NAME = 'jose-hpke-pq-examples';

/**
 * Sealed messages whose keys lie beside them, as in the examples of draft-skokan-jose-hpke-pq-pqt: each opens, and none does with
 * one bit changed in any of its parts.
 */
export async function runExamples(
  sealed: readonly (Recognised & { format: 'jwe' })[],
  keys: readonly Members[],
): Promise<SuiteResult[]> {
  const source = commonFolder(sealed.map(({ path }) => path));
  const [opened, damaged] = [new Tally(NAME, source), new Tally(`${NAME}, one bit flipped`, source)];
  for (const { path, jwe } of sealed) {
    const outcome = await outcomeOf(() => open(jwe, keys));
    opened.add(path, judge('valid', outcome));
    if (outcome.did !== 'accept') continue;
    for (const { where, token } of flips(jwe)) {
      damaged.add(`${path} ${where}`, judge('invalid', await outcomeOf(() => open(token, keys, headerOf(jwe)))));
    }
  }
  return [opened.result(), damaged.result()].filter(({ cases }) => cases > 0);
}

/** @param known the header as it was, so that a damaged one still finds the key that could open it */
async function open(jwe: Serialised, keys: readonly Members[], known = headerOf(jwe)): Promise<Outcome> {
  const { kid, alg } = known;
  const named = keys.filter((key) => (kid === undefined ? key['alg'] === alg : key['kid'] === kid) && isPrivate(key));
  if (named.length === 0) return { did: 'not_run', why: 'no private key for it in the folder' };
  const outcome = await outcomeOf(() => declining(async () => (await decryptStrictly(jwe, named), ACCEPT)));
  const algorithm = hpkeAlgorithmOf(alg);
  if (outcome.did !== 'decline') return outcome;
  if (!algorithm) return passOver(alg, 'is not in use');
  const { priv } = named[0]!;
  if (typeof priv !== 'string') throw new UnreadableCase('a key without priv');
  const parts = partsOf(jwe);
  // The header of the message decides no more than the key does.
  if (headerOf(jwe)['alg'] !== alg) return refuse('bad_algorithm');
  await decrypt(algorithm, await algorithm.suite.DeserializePrivateKey(decodeBase64url(priv), false), parts);
  return ACCEPT;
}

const isPrivate = (key: Members) => 'priv' in key || 'd' in key;

interface Parts {
  readonly protected: string;
  readonly aad: string | undefined;
  readonly encryptedKey: Uint8Array;
  readonly iv: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

/** The parts of a compact or flattened JWE, each canonical base64url. */
function partsOf(jwe: Serialised): Parts {
  const [head, key, iv, ciphertext, tag] =
    typeof jwe === 'string'
      ? jwe.split('.')
      : ['protected', 'encrypted_key', 'iv', 'ciphertext', 'tag'].map((name) => textIn(jwe, name));
  const bytes = (text = '') => (text === '' ? new Uint8Array() : decodeBase64url(text));
  return {
    protected: head ?? '',
    aad: typeof jwe === 'string' ? undefined : textIn(jwe, 'aad'),
    encryptedKey: bytes(key),
    iv: bytes(iv),
    ciphertext: bytes(ciphertext),
    tag: bytes(tag),
  };
}

const textIn = (jwe: Members, name: string) => (name in jwe ? textOf(jwe, name) : undefined);

function headerOf(jwe: Serialised): Members {
  const text = typeof jwe === 'string' ? jwe.split('.')[0] : jwe['protected'];
  if (typeof text !== 'string') throw new UnreadableCase('no protected header');
  const header: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
  if (!isMembers(header)) throw new UnreadableCase('no protected header');
  return header;
}

/** draft-ietf-jose-hpke-encrypt: §5 for integrated encryption, §6 for key encryption. */
async function decrypt(
  { suite, mode }: HpkeAlgorithm,
  key: Awaited<ReturnType<HpkeAlgorithm['suite']['DeserializePrivateKey']>>,
  parts: Parts,
) {
  const aad = Buffer.from(parts.aad === undefined ? parts.protected : `${parts.protected}.${parts.aad}`, 'ascii');
  if (mode === 'integrated') return suite.Open(key, parts.encryptedKey, parts.ciphertext, { aad });
  const { ek, enc } = headerOf(`${parts.protected}....`);
  if (typeof ek !== 'string' || enc !== 'A256GCM') throw new UnreadableCase('no ek, or an enc other than A256GCM');
  const info = Buffer.concat([Buffer.from('JOSE-HPKE rcpt'), Buffer.of(0xff), Buffer.from(enc), Buffer.of(0xff)]);
  const content = await suite.Open(key, decodeBase64url(ek), parts.encryptedKey, { info });
  const imported = await crypto.subtle.importKey('raw', new Uint8Array(content), 'AES-GCM', false, ['decrypt']);
  const sealed = Buffer.concat([parts.ciphertext, parts.tag]);
  const params = { name: 'AES-GCM', iv: new Uint8Array(parts.iv), additionalData: new Uint8Array(aad), tagLength: 128 };
  return crypto.subtle.decrypt(params, imported, sealed);
}

/** The folder that all files are in. */
function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split('/').slice(0, -1));
  const shared = first.findIndex((part, at) => others.some((parts) => parts[at] !== part));
  return first.slice(0, shared === -1 ? undefined : shared).join('/');
}
