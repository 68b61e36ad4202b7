import { TraoError } from '../../../libs/errors';
import {
  generateKeyPair,
  importEncryptionKey,
  keyThumbprint,
  suiteOf,
  type EncryptionKey,
  type Jwk,
  type Suite,
} from '../../../libs/envelope';
import { readJsonFile, writeNew } from '../directory/directory-files';
import { writePrivate } from '../keys/private-output';

/** The key that backups are encrypted to, or its private part; `kid` is the thumbprint of the public key. */
export interface RecipientKey {
  readonly kid: string;
  readonly key: EncryptionKey;
}

/** Makes the pair of keys of whoever keeps the backups: FILE private, and the public one beside it. */
export async function makeRecipient(file: string, suite: Suite): Promise<{ kid: string; publicFile: string }> {
  const { privateJwk, publicJwk } = await generateKeyPair(suite);
  const kid = await keyThumbprint(publicJwk);
  const publicFile = file.replace(/(\.json)?$/, '.public.json');
  const text = (jwk: Jwk) => `${JSON.stringify({ ...jwk, kid }, null, 2)}\n`;
  await writePrivate(file, Buffer.from(text(privateJwk)));
  await writeNew(publicFile, text(publicJwk));
  return { kid, publicFile };
}

/**
 * The public key to encrypt to. A private key is refused: on the machine of the node it would open all backups.
 * @throws TraoError `bad_key`, `bad_request`
 */
export async function readRecipient(file: string): Promise<RecipientKey> {
  const jwk = await readJwk(file);
  if (jwk.d !== undefined || jwk.priv !== undefined)
    throw new TraoError('bad_key', {
      detail: `${file} is a private key: give the public one, and keep this elsewhere.`,
    });
  return keyOf(jwk, file);
}

/** The private key that opens backups. @throws TraoError `bad_key`, `bad_request` */
export async function readOpener(file: string): Promise<RecipientKey> {
  const jwk = await readJwk(file);
  if (jwk.d === undefined && jwk.priv === undefined)
    throw new TraoError('bad_key', { detail: `${file} is a public key: the private one opens backups.` });
  return keyOf(jwk, file);
}

async function keyOf(jwk: Jwk, file: string): Promise<RecipientKey> {
  const { d: _d, priv: _priv, ...publicJwk } = jwk;
  const kid = suiteOf(jwk) === undefined ? file : await keyThumbprint(publicJwk);
  return { kid, key: await importEncryptionKey(kid, jwk) };
}

/** The members that keys have; what else is in the file, such as its own idea of a kid, does not count. */
async function readJwk(file: string): Promise<Jwk> {
  const read = (await readJsonFile(file)) as Readonly<Record<string, unknown>>;
  const members = ['kty', 'crv', 'alg', 'x', 'y', 'pub', 'd', 'priv'].flatMap((name) => {
    const value = read?.[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return Object.fromEntries(members) as Jwk;
}
