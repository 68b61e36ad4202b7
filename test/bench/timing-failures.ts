import { generateKeyPairSync } from 'node:crypto';
import {
  encodeBase64url,
  generateKeyPair,
  importEncryptionKey,
  importSigningKey,
  importVerificationKey,
  seal,
  type OpenContext,
  type SealInput,
  type Suite,
} from '../../libs/envelope';
import { documentOf, RECIPIENT_UNIT, renewed, SENDER_UNIT } from './document';

/** One way in which opening fails: messages that fail so, and the recipient who opens them. */
export interface FailureClass {
  readonly failure: string;
  readonly tokens: readonly string[];
  readonly context: OpenContext;
}

/** Failures that must not be told apart by their time. The first one is what the others are compared with. */
export interface FailureGroup {
  readonly group: string;
  readonly classes: readonly FailureClass[];
}

/** Different messages of each class: none shall be fast because of its own bytes. */
const MESSAGES = 16;
const SIZE_BYTES = 2_048;
const LIFETIME_MS = 86_400_000;

interface Change {
  readonly token?: (token: string) => string;
  readonly context?: Partial<OpenContext>;
  readonly input?: Partial<SealInput>;
}

/** The failures to decrypt in each suite, and those to find or believe a signer. */
export async function failureGroups(): Promise<FailureGroup[]> {
  const groups: FailureGroup[] = [];
  for (const suite of ['hybrid', 'classic'] as const) {
    const sides = await makeSides(suite);
    const classes: FailureClass[] = [];
    for (const [failure, change] of Object.entries(await decryptFailures(suite))) {
      classes.push(await classOf(failure, sides, change));
    }
    groups.push({ group: `decrypt, ${suite}`, classes });
  }
  const sides = await makeSides('classic');
  const classes: FailureClass[] = [];
  for (const [failure, change] of Object.entries(await signerFailures()))
    classes.push(await classOf(failure, sides, change));
  return [...groups, { group: 'signer', classes }];
}

async function classOf(failure: string, sides: Sides, change: Change): Promise<FailureClass> {
  const tokens: string[] = [];
  while (tokens.length < MESSAGES) {
    const { token } = await seal({ ...sides.input, message: renewed(sides.input.message), ...change.input });
    tokens.push(change.token?.(token) ?? token);
  }
  return { failure, tokens, context: { ...sides.context, ...change.context } };
}

interface Sides {
  readonly input: SealInput;
  readonly context: OpenContext;
}

async function makeSides(suite: Suite): Promise<Sides> {
  const signing = await generateKeyPair('ES256');
  const encryption = await generateKeyPair(suite);
  const key = await importEncryptionKey('enc1', encryption.privateJwk);
  const verifying = await importVerificationKey('sig1', signing.publicJwk);
  const now = new Date();
  const nodeOf = (unit: string) => unit.split('.')[0];
  const input: SealInput = {
    message: documentOf(SIZE_BYTES),
    senderNode: 'vn',
    recipientNode: 'gb',
    trustDomain: 'test',
    issuedAt: now,
    expiresAt: new Date(now.getTime() + LIFETIME_MS),
    priority: 'normal',
    signingKey: await importSigningKey('sig1', signing.privateJwk),
    recipientKey: await importEncryptionKey('enc1', encryption.publicJwk),
  };
  const context: OpenContext = {
    node: 'gb',
    peer: 'vn',
    trustDomain: 'test',
    now,
    maxBytes: 1_048_576,
    suites: [suite],
    decryptionKey: (kid) => Promise.resolve(kid === 'enc1' ? { unit: RECIPIENT_UNIT, key } : undefined),
    nodeOf,
    verificationKey: (unit, kid) => Promise.resolve(unit === SENDER_UNIT && kid === 'sig1' ? verifying : undefined),
  };
  return { input, context };
}

async function decryptFailures(suite: Suite): Promise<Record<string, Change>> {
  const { privateJwk } = await generateKeyPair(suite);
  const other = await importEncryptionKey('enc1', privateJwk);
  return {
    'wrong tag': { token: changed(suite === 'hybrid' ? 3 : 4, flipped(-1)) },
    'unknown key id': { context: { decryptionKey: () => Promise.resolve(undefined) } },
    'other key': { context: { decryptionKey: () => Promise.resolve({ unit: RECIPIENT_UNIT, key: other }) } },
    'changed ciphertext': { token: changed(3, flipped(0)) },
    'changed header': { token: withHeader((header) => ({ ...header, pri: 'emergency' })) },
    ...(suite === 'hybrid' ? hybridFailures() : classicFailures()),
  };
}

const hybridFailures = (): Record<string, Change> => ({
  'changed ML-KEM ciphertext': { token: changed(1, flipped(5)) },
  'short encapsulated key': { token: changed(1, (bytes) => bytes.subarray(0, -1)) },
  'share of low order': { token: changed(1, (bytes) => Buffer.concat([bytes.subarray(0, -32), Buffer.alloc(32)])) },
});

function classicFailures(): Record<string, Change> {
  const { x } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const point = (epk: object) => ({ token: withHeader((header) => ({ ...header, epk })) });
  return {
    'short tag': { token: changed(4, (bytes) => bytes.subarray(0, 12)) },
    'short vector': { token: changed(2, (bytes) => bytes.subarray(0, 8)) },
    'point off the curve': point({ kty: 'EC', crv: 'P-256', x, y: x }),
    'point of another curve': point({ kty: 'OKP', crv: 'X25519', x }),
  };
}

async function signerFailures(): Promise<Record<string, Change>> {
  const { privateJwk } = await generateKeyPair('ES256');
  const signingKey = await importSigningKey('sig1', privateJwk);
  return {
    'other signature': { input: { signingKey } },
    'unknown key id': { input: { signingKey: { ...signingKey, kid: 'sig9' } } },
    'unit without keys': { context: { verificationKey: () => Promise.resolve(undefined) } },
  };
}

const flipped = (at: number) => (bytes: Buffer) => {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at]! ^= 1;
  return copy;
};

const changed = (segment: number, change: (bytes: Buffer) => Buffer) => (token: string) => {
  const segments = token.split('.');
  return segments.with(segment, encodeBase64url(change(Buffer.from(segments[segment]!, 'base64url')))).join('.');
};

const withHeader = (change: (header: object) => object) =>
  changed(0, (bytes) => Buffer.from(JSON.stringify(change(JSON.parse(bytes.toString()) as object))));
