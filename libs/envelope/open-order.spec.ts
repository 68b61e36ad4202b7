import { type Code } from '../errors';
import { maxTokenLength, open, type OpenContext } from '.';
import { craft, withSegment, type Craft } from '../../test/fakes/craft';
import { endOf } from '../../test/fakes/end-of';
import { encryptionPair, makeParties, signaturePair, type Parties } from '../../test/fakes/parties';

/** One thing that is wrong with a message or with what its receiver knows of the sender. */
interface Fault {
  readonly name: string;
  readonly code: Code;
  readonly craft?: Craft;
  readonly context?: (context: OpenContext) => Partial<OpenContext> | Promise<Partial<OpenContext>>;
}

/** A fault in each check of `open`, in the order of the protocol (§3). */
const FAULTS: readonly Fault[] = [
  {
    name: 'too long',
    code: 'too_large',
    craft: { token: (token) => token + 'A'.repeat(maxTokenLength(1_048_576)) },
  },
  { name: 'a member too many in the outer header', code: 'bad_header', craft: { outer: { x: 1 } } },
  { name: 'padding in a segment', code: 'not_canonical', craft: { token: (t) => withSegment(t, 3, (s) => `${s}=`) } },
  { name: 'a suite that is not pinned', code: 'suite_mismatch', context: () => ({ suites: [] }) },
  {
    name: 'a retired key',
    code: 'stale_key',
    context: () => ({ decryptionKey: () => Promise.resolve('stale' as const) }),
  },
  {
    name: 'a key never known',
    code: 'undecryptable',
    context: () => ({ decryptionKey: () => Promise.resolve(undefined) }),
  },
  {
    name: 'other bytes than were sealed',
    code: 'undecryptable',
    craft: { token: (t) => withSegment(t, 3, (s) => (s.startsWith('A') ? 'B' : 'A') + s.slice(1)) },
  },
  {
    name: 'a byte in the padding',
    code: 'bad_padding',
    craft: { plaintext: (padded) => Buffer.concat([padded.subarray(0, -1), Buffer.of(1)]) },
  },
  { name: 'a space in the JWS', code: 'not_canonical', craft: { original: (jws) => `${jws} ` } },
  { name: 'a member too many in the inner header', code: 'bad_header', craft: { inner: { x: 1 } } },
  {
    name: 'an unknown signer',
    code: 'unknown_sender',
    context: () => ({ verificationKey: () => Promise.resolve(undefined) }),
  },
  { name: 'another algorithm than the key is for', code: 'bad_algorithm', craft: { inner: { alg: 'Ed25519' } } },
  {
    name: 'another signature',
    code: 'bad_signature',
    context: async () => {
      const other = await signaturePair('sig1');
      return { verificationKey: () => Promise.resolve(other.public) };
    },
  },
  { name: 'another peer than the sender node', code: 'identity_mismatch', context: () => ({ peer: 'la' }) },
  {
    name: 'a unit of another node',
    code: 'identity_mismatch',
    context: () => ({ nodeOf: () => 'la' }),
  },
  { name: 'another id inside', code: 'identity_mismatch', craft: { inner: { jti: 'other' } } },
  { name: 'another time of issue inside', code: 'identity_mismatch', craft: { inner: { iat: 1 } } },
  { name: 'another time of expiry inside', code: 'identity_mismatch', craft: { inner: { exp: 1 } } },
  { name: 'another recipient node', code: 'wrong_recipient', craft: { outer: { aud: 'la' } } },
  { name: 'another recipient unit', code: 'wrong_recipient', craft: { inner: { aud: 'gb.nca' } } },
  { name: 'another trust domain', code: 'wrong_domain', craft: { inner: { dom: 'production' } } },
  {
    name: 'another suite inside',
    code: 'suite_mismatch',
    craft: { inner: { suite: 'hybrid' } },
  },
  {
    name: 'issued in the future',
    code: 'not_yet_valid',
    context: () => ({ now: new Date('2026-11-22T05:00:00Z') }),
  },
  { name: 'expired', code: 'expired', context: () => ({ now: new Date('2026-12-02T06:00:00Z') }) },
  { name: 'broken JSON', code: 'malformed_json', craft: { payload: (json) => `${json},` } },
  { name: 'another schema', code: 'schema_invalid', craft: { message: (message) => ({ ...message, extra: 1 }) } },
  { name: 'another message than the header says', code: 'identity_mismatch', craft: { message: swapReferral } },
];

function swapReferral(message: Record<string, unknown>) {
  const header = { ...(message['header'] as object), priority: 'urgent' };
  return { ...message, header };
}

/** What all faults together do to one message. `then` is applied after `first`. */
function both(first: Craft, then: Craft): Craft {
  const chain = <T>(a?: (value: T) => unknown, b?: (value: T) => unknown) =>
    a && b ? (value: T) => b(a(value) as T) : (a ?? b);
  return {
    outer: { ...then.outer, ...first.outer },
    inner: { ...then.inner, ...first.inner },
    message: chain(first.message, then.message),
    payload: chain(first.payload, then.payload),
    original: chain(first.original, then.original),
    plaintext: chain(first.plaintext, then.plaintext),
    token: chain(then.token, first.token),
  } as Craft;
}

async function codeOf(faults: readonly Fault[], parties: Parties): Promise<string> {
  const token = await craft(
    parties,
    faults.reduce((all, fault) => both(all, fault.craft ?? {}), {}),
  );
  let { context } = parties;
  for (const fault of faults.toReversed()) context = { ...context, ...(await fault.context?.(context)) };
  return endOf(token, context);
}

describe('open', () => {
  let parties: Parties;
  beforeAll(async () => {
    parties = await makeParties('classic');
  });

  it('opens a message without a fault', async () => {
    expect(await codeOf([], parties)).toBe('opened');
  });

  it.each(FAULTS.map((fault) => [fault.name, fault.code, fault] as const))('refuses %s: %s', async (_, code, fault) => {
    expect(await codeOf([fault], parties)).toBe(code);
  });

  it.each(FAULTS.map((fault, at) => [fault.name, at] as const))(
    'finds %s before everything that is checked later',
    async (_, at) => {
      expect(await codeOf(FAULTS.slice(at), parties)).toBe(FAULTS[at]!.code);
    },
  );

  it('refuses a message sealed to another key of ours', async () => {
    const other = await encryptionPair('enc1', 'classic');
    const token = await craft({ ...parties, input: { ...parties.input, recipientKey: other.public } });
    await expect(open(token, parties.context)).rejects.toMatchObject({ code: 'undecryptable' });
  });

  it('refuses a message that names a key of another suite', async () => {
    const hybrid = await encryptionPair('enc1', 'hybrid');
    const decryptionKey = () => Promise.resolve({ unit: parties.message.header.recipientUnit, key: hybrid.private });
    await expect(open(await craft(parties), { ...parties.context, decryptionKey })).rejects.toMatchObject({
      code: 'undecryptable',
    });
  });

  it('refuses with one wire code whatever went wrong in decrypting', async () => {
    const attempts = [1, 2, 3, 4].map(async (segment) => {
      const token = withSegment(await craft(parties), segment === 1 ? 2 : segment, (s) => s.slice(0, 4));
      return open(token, parties.context).catch((error: Error & { code: string }) => [error.code, error.message]);
    });
    const ends = await Promise.all(attempts);
    expect(new Set(ends.map(String)).size).toBe(1);
    expect(ends[0]).toEqual(['undecryptable', 'The message could not be decrypted.']);
  });
});
