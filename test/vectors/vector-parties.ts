import { readFileSync } from 'node:fs';
import path from 'node:path';
import { generateKeyPair, importEncryptionKey, importSigningKey, type SealInput } from '../../libs/envelope';
import { assertMessage, type DirectoryKey, type Message } from '../../libs/schema';
import { type KeyPair, type MessageVectors } from './vector-format';

const EXAMPLES = path.join(__dirname, '../../schemas/referral/v1/examples/valid');
const ISSUED_AT = new Date('2026-11-22T06:00:00Z');
export const EXPIRES_AT = new Date('2026-12-02T06:00:00Z');

/** How long the keys of all vectors are valid. */
const VALID = { notBefore: '2026-11-01T00:00:00Z', notAfter: '2027-11-01T00:00:00Z', status: 'active' } as const;

/** A new key pair under an id. */
export async function pairOf(kid: string, kind: Parameters<typeof generateKeyPair>[0]): Promise<KeyPair> {
  return { kid, ...(await generateKeyPair(kind)) };
}

/** The entry of a key in the directory. */
export function entryOf({ kid, publicJwk }: KeyPair): DirectoryKey {
  return { kid, jwk: publicJwk as DirectoryKey['jwk'], ...VALID };
}

/** What it takes to seal `message` with the keys of the vectors. */
export async function inputOf(vectors: Pick<MessageVectors, 'keys'>, message: Message, signer = 0): Promise<SealInput> {
  const signing = vectors.keys.signing[signer]!;
  const encryption = vectors.keys.encryption[0]!;
  return {
    message,
    senderNode: 'vn',
    recipientNode: 'gb',
    trustDomain: 'test',
    issuedAt: ISSUED_AT,
    expiresAt: EXPIRES_AT,
    priority: message.header.priority,
    signingKey: await importSigningKey(signing.kid, signing.privateJwk),
    recipientKey: await importEncryptionKey(encryption.kid, encryption.publicJwk),
  };
}

/** A valid example message of the contract. */
export function example(name: string): Message {
  const message: unknown = JSON.parse(readFileSync(path.join(EXAMPLES, name), 'utf8'));
  assertMessage(message);
  return message;
}
