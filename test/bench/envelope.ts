import { setImmediate } from 'node:timers/promises';
import * as HPKE from 'hpke';
import { CompactEncrypt, compactDecrypt, CompactSign, compactVerify, importJWK, type CryptoKey, type JWK } from 'jose';
import {
  generateKeyPair,
  importEncryptionKey,
  importSigningKey,
  importVerificationKey,
  open,
  seal,
  SUITE_NAMES,
  type EncryptionKey,
  type OpenContext,
  type Suite,
} from '../../libs/envelope';
import { documentOf } from './document';
import { rounded } from './percentiles';
import { SMALL_BYTES } from './settings';

/** What sealing and opening cost, in milliseconds of CPU of all threads, beside the bare calls of the libraries. */
export interface EnvelopeFigures {
  readonly suite: Suite;
  readonly sizeBytes: number;
  readonly sealMs: number;
  readonly openMs: number;
  readonly bareSealMs: number;
  readonly bareOpenMs: number;
  /** Seal and open together, as a multiple of the bare calls. */
  readonly ratio: number;
}

const TURNS_IN_SLICE = 25;
const WARM_UP_SLICES = 8;
const DAY_MS = 86_400_000;
const SENDER = 'vn.mps-criminal';

/**
 * Measures the strict envelope against `jose` and `hpke` called by themselves: signed, encrypted, decrypted, verified and parsed, with
 * nothing padded, checked or admitted. The four kinds of work take turns in short slices, so that none has the quieter machine.
 */
export async function measureEnvelope(seconds: number): Promise<EnvelopeFigures[]> {
  const figures: EnvelopeFigures[] = [];
  for (const suite of SUITE_NAMES) figures.push(await measureSuite(suite, seconds));
  return figures;
}

async function measureSuite(suite: Suite, seconds: number): Promise<EnvelopeFigures> {
  const signing = await generateKeyPair('ES256');
  const encryption = await generateKeyPair(suite);
  const ours = await ourWork(suite, signing, encryption);
  const bare = await bareWork(suite, signing, encryption);
  const works = [ours.seal, ours.open, bare.seal, bare.open];
  await inSlices(works, WARM_UP_SLICES);
  const [sealMs, openMs, bareSealMs, bareOpenMs] = (await inSlices(works, Math.ceil(seconds * 20))) as [
    number,
    number,
    number,
    number,
  ];
  return {
    suite,
    sizeBytes: SMALL_BYTES,
    sealMs: rounded(sealMs),
    openMs: rounded(openMs),
    bareSealMs: rounded(bareSealMs),
    bareOpenMs: rounded(bareOpenMs),
    ratio: rounded((sealMs + openMs) / (bareSealMs + bareOpenMs), 2),
  };
}

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

/** `seal` and `open` as the processes call them. */
async function ourWork(suite: Suite, signing: Pair, encryption: Pair) {
  const message = documentOf(SMALL_BYTES);
  const { recipientUnit, priority } = message.header;
  const now = new Date();
  const key = await importEncryptionKey('enc', encryption.privateJwk);
  const verifying = await importVerificationKey('sig', signing.publicJwk);
  const input = {
    message,
    senderNode: 'vn',
    recipientNode: 'gb',
    trustDomain: 'test',
    issuedAt: now,
    expiresAt: new Date(now.getTime() + DAY_MS),
    priority,
    signingKey: await importSigningKey('sig', signing.privateJwk),
    recipientKey: await importEncryptionKey('enc', encryption.publicJwk),
  };
  const context: OpenContext = {
    node: 'gb',
    peer: 'vn',
    trustDomain: 'test',
    now,
    maxBytes: 1_048_576,
    suites: [suite],
    decryptionKey: () => Promise.resolve({ unit: recipientUnit, key }),
    nodeOf: (unit) => (unit === SENDER ? 'vn' : 'gb'),
    verificationKey: () => Promise.resolve(verifying),
  };
  const { token } = await seal(input);
  return { seal: () => seal(input), open: () => open(token, context) };
}

/** The same cryptography by the libraries alone, on the same payload. */
async function bareWork(suite: Suite, signing: Pair, encryption: Pair) {
  const payload = Buffer.from(JSON.stringify(documentOf(SMALL_BYTES)));
  const importKey = async (jwk: object, alg: string) => (await importJWK(jwk as JWK, alg)) as CryptoKey;
  const signingKey = await importKey(signing.privateJwk, 'ES256');
  const verifying = await importKey(signing.publicJwk, 'ES256');
  const { encrypt, decrypt } = await (suite === 'hybrid' ? bareHybrid(encryption) : bareClassic(encryption, importKey));
  const sealBare = async () =>
    encrypt(Buffer.from(await new CompactSign(payload).setProtectedHeader({ alg: 'ES256' }).sign(signingKey)));
  const token = await sealBare();
  const openBare = async () => {
    const verified = await compactVerify(await decrypt(token), verifying);
    return JSON.parse(Buffer.from(verified.payload).toString()) as unknown;
  };
  return { seal: sealBare, open: openBare };
}

async function bareHybrid({ publicJwk, privateJwk }: Pair) {
  const suite = new HPKE.CipherSuite(HPKE.KEM_MLKEM768_X25519, HPKE.KDF_SHAKE256, HPKE.AEAD_AES_256_GCM);
  const keyOf = ({ key }: EncryptionKey): HPKE.Key => key;
  const publicKey = keyOf(await importEncryptionKey('enc', publicJwk));
  const privateKey = keyOf(await importEncryptionKey('enc', privateJwk));
  const header = Buffer.from('{"alg":"HPKE-10","kid":"enc"}').toString('base64url');
  const aad = Buffer.from(header);
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
  return {
    async encrypt(content: Uint8Array) {
      const { encapsulatedSecret, ciphertext } = await suite.Seal(publicKey, content, { aad });
      return `${header}.${text(encapsulatedSecret)}..${text(ciphertext)}.`;
    },
    decrypt(token: string) {
      const [, secret, , ciphertext] = token.split('.') as [string, string, string, string];
      return suite.Open(privateKey, Buffer.from(secret, 'base64url'), Buffer.from(ciphertext, 'base64url'), { aad });
    },
  };
}

async function bareClassic(
  { publicJwk, privateJwk }: Pair,
  importKey: (jwk: object, alg: string) => Promise<CryptoKey>,
) {
  const publicKey = await importKey(publicJwk, 'ECDH-ES');
  const privateKey = await importKey(privateJwk, 'ECDH-ES');
  return {
    encrypt: (content: Uint8Array) =>
      new CompactEncrypt(content).setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' }).encrypt(publicKey),
    decrypt: async (token: string) => (await compactDecrypt(token, privateKey)).plaintext,
  };
}

/** Milliseconds of CPU of one turn of each kind of work: the median of its slices, which other processes disturb least. */
async function inSlices(works: readonly (() => Promise<unknown>)[], slices: number): Promise<number[]> {
  const spent: number[][] = works.map(() => []);
  for (let slice = 0; slice < slices; slice += 1) {
    for (const [index, work] of works.entries()) {
      const cpu = process.cpuUsage();
      for (let turn = 0; turn < TURNS_IN_SLICE; turn += 1) await work();
      const { user, system } = process.cpuUsage(cpu);
      spent[index]!.push((user + system) / 1000 / TURNS_IN_SLICE);
    }
    // Ctrl-C is heard here.
    await setImmediate();
  }
  return spent.map((times) => times.toSorted((a, b) => a - b)[times.length >> 1]!);
}
