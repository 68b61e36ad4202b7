import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  digestOf,
  encodeBase64url,
  importSigningKey,
  issueReceipt,
  type Jwk,
  type Receipt,
  type SigningKey,
} from '../../libs/envelope';
import { deliver, settle } from '../../libs/exchange';
import { Partners } from '../../libs/trust';
import { withHeader, withSegment } from '../fakes/craft';
import { pingDraft } from '../fakes/documents';
import { receiptBy } from '../fakes/hand-made';
import { signaturePair } from '../fakes/parties';
import { RECIPIENT, SENDER, threeCountries } from './countries';
import { signers } from './directories';

/** Receipts that prove nothing: each is refused, nothing of it is kept, and its message stays where it was. */
type World = Awaited<ReturnType<typeof sentMessage>>;

/** A message to the United Kingdom that waits for its evidence. */
async function sentMessage() {
  const countries = await threeCountries();
  const message = await countries.vn.sent(pingDraft(), SENDER);
  const { vn, gb } = countries;
  const honest = (claims: Partial<Receipt> = {}) => receiptBy(gb, 'vn', message, claims);
  const state = () => vn.tables.outbox.get(message.id)!.state;
  /** A receipt that says what an honest one would, signed with any key. */
  const signedBy = (key: SigningKey, claims: Partial<Receipt> = {}) =>
    issueReceipt(
      {
        id: gb.newId(),
        issuer: 'gb',
        audience: 'vn',
        messageId: message.id,
        event: 'delivered',
        digest: message.digest,
        seq: 2,
        at: countries.clock.now(),
        ...claims,
      },
      key,
    );
  return { ...countries, message, honest, state, signedBy };
}

let world: World;
beforeEach(async () => {
  world = await sentMessage();
});

/** How receipts end that a peer hands over; each of them must have left nothing. */
async function ends(tokens: readonly string[], peer = 'gb'): Promise<string[]> {
  const results = await world.vn.settle(tokens, peer);
  expect(world.state()).toBe('queued');
  expect([...world.vn.tables.receipts.values()]).toEqual([]);
  return [...new Set(results.map((result) => (result.status === 'refused' ? result.code : result.status)))].toSorted();
}

it('without an attack a receipt is stored and moves its message', async () => {
  expect(await world.vn.settle([await world.honest({ event: 'delivered' })], 'gb')).toEqual([{ status: 'stored' }]);
  expect(world.state()).toBe('delivered');
});

describe('G-01 a forged receipt', () => {
  it('G-01 signed with a key of one’s own under the id of the right one', async () => {
    const { kid } = await world.gb.keys.receiptKey();
    const forged = await Promise.all(
      (['Ed25519', 'ES256'] as const).map(async (kind) => world.signedBy((await signaturePair(kid, kind)).private)),
    );
    expect(await ends(forged)).toEqual(['bad_signature']);
  });

  it('G-01 changed after it was signed, unsigned, or with its own key in it', async () => {
    const honest = await world.honest({ event: 'received' });
    const claims = (change: (json: string) => string) =>
      withSegment(honest, 1, (text) => encodeBase64url(Buffer.from(change(Buffer.from(text, 'base64url').toString()))));
    expect(
      await ends([
        claims((json) => json.replace('/received', '/delivered')),
        claims((json) => json.replace('"seq":1', '"seq":2')),
      ]),
    ).toEqual(['bad_signature']);
    const { publicKey } = generateKeyPairSync('ed25519');
    const headers = [
      { alg: 'none' },
      { alg: 'HS256' },
      { alg: 'EdDSA' },
      { jwk: publicKey.export({ format: 'jwk' }) },
      { jku: 'https://attacker.example' },
      { crit: [] },
      { typ: 'JWT' },
    ];
    const forms = [
      ...headers.map((header) => withHeader(honest, header)),
      withSegment(honest, 2, () => ''),
      `${honest}.AA`,
      ` ${honest}`,
      `${honest}=`,
      '',
    ];
    expect(await ends(forms)).toEqual(['receipt_malformed']);
    expect(await ends([withSegment(honest, 2, () => 'AAAA'), withHeader(honest, { alg: 'ES256' })])).toEqual([
      'bad_signature',
    ]);
  });
});

describe('G-02 a receipt for another message', () => {
  it('G-02 that was never sent, or sent to somebody else', async () => {
    const foreign = await world.vn.sent(pingDraft({ recipientUnit: 'kh.mosvy' }), SENDER);
    const tokens = [
      await world.honest({ messageId: world.gb.newId() }),
      await world.honest({ messageId: foreign.id, digest: foreign.digest }),
    ];
    expect(await ends(tokens)).toEqual(['receipt_unknown_message']);
  });

  it('G-02 in the answer to this one: it is no delivery', async () => {
    const { vn } = world;
    const other = await vn.sent(pingDraft(), SENDER);
    const token = await receiptBy(world.gb, 'vn', other);
    const batch = await vn.claim('deliver');
    const post = (_: string, tokens: readonly string[]) =>
      Promise.resolve(tokens.map(() => ({ jti: world.message.id, receipt: token })));
    await deliver(batch.id, { ...vn.ports.deliver, post });
    expect([...vn.tables.outbox.values()].map(({ state }) => state)).toEqual(['sending', 'sending']);
    expect(vn.tables.receipts.size).toBe(0);
    expect(new Set(vn.tables.attempts.map(({ code }) => code))).toEqual(new Set(['bad_answer']));
  });
});

it('G-03 a receipt for this message and other bytes', async () => {
  const digests = [digestOf('other'), digestOf(''), digestOf(`${world.message.token} `)];
  const tokens = await Promise.all(digests.map((digest) => world.honest({ digest, event: 'delivered' })));
  expect(await ends(tokens)).toEqual(['receipt_wrong_digest']);
  const short = await world.honest().then((token) =>
    withSegment(token, 1, (text) => {
      const claims = Buffer.from(text, 'base64url').toString();
      return encodeBase64url(Buffer.from(claims.replace(world.message.digest, world.message.digest.slice(0, 20))));
    }),
  );
  expect(await ends([short])).toEqual(['receipt_malformed']);
});

describe('G-04 a receipt signed by another partner', () => {
  it('G-04 in its own name, handed over by either', async () => {
    const token = await receiptBy(world.kh, 'vn', world.message, { event: 'delivered' });
    expect(await ends([token], 'gb')).toEqual(['identity_mismatch']);
    expect(await ends([token], 'kh')).toEqual(['receipt_unknown_message']);
  });

  it('G-04 in the name of the recipient, under either key id', async () => {
    const key = await world.kh.keys.receiptKey();
    const { kid } = await world.gb.keys.receiptKey();
    expect(await ends([await world.signedBy(key)])).toEqual(['unknown_sender']);
    expect(await ends([await world.signedBy({ ...key, kid })])).toEqual(['bad_signature']);
  });

  it('G-04 for another partner, or handed over by another', async () => {
    expect(await ends([await world.honest({ audience: 'kh' })])).toEqual(['identity_mismatch']);
    expect(await ends([await world.honest()], 'kh')).toEqual(['identity_mismatch']);
    expect(await ends([await world.honest()], 'vn')).toEqual(['identity_mismatch']);
  });
});

it('G-05 a receipt of a key that was revoked, has ended or is not yet valid', async () => {
  const { vn, clock } = world;
  const day = (days: number) => new Date(clock.now().getTime() + days * 86_400_000).toISOString();
  const changes = [{ status: 'revoked' }, { notAfter: day(0) }, { notBefore: day(1) }];
  for (const change of changes) {
    const directory = structuredClone(vn.world.directory);
    Object.assign(directory.nodes.find(({ id }) => id === 'gb')!.receiptKeys[0]!, change);
    const partners = new Partners(directory);
    const ports = { ...vn.ports.settle, self: { node: 'vn', partners: () => partners } };
    expect(await settle([await world.honest()], 'gb', ports)).toEqual([{ status: 'refused', code: 'unknown_sender' }]);
    // Dated back to when the key was good: only a key that is revoked no longer speaks for it.
    const at = new Date(clock.now().getTime() - 1000);
    const [dated] = await settle([await world.honest({ at })], 'gb', ports);
    expect(dated).toEqual(change.notAfter ? { status: 'stored' } : { status: 'refused', code: 'unknown_sender' });
  }
});

describe('G-06 a receipt signed with a key of another use', () => {
  const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' }) as unknown as Jwk;

  it('G-06 the TLS key of the node', async () => {
    const { kid } = await world.gb.keys.receiptKey();
    for (const pair of [
      generateKeyPairSync('rsa', { modulusLength: 3072 }),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ]) {
      expect(await ends([await world.signedBy(await importSigningKey(kid, jwkOf(pair.privateKey)))])).toEqual([
        'bad_signature',
      ]);
      expect(await ends([await world.signedBy(await importSigningKey('gb.tls1', jwkOf(pair.privateKey)))])).toEqual([
        'unknown_sender',
      ]);
    }
  });

  it('G-06 the signing key of a unit, under its own id and under that of the receipt key', async () => {
    const key = await world.gb.keys.signingKey(RECIPIENT);
    const { kid } = await world.gb.keys.receiptKey();
    expect(await ends([await world.signedBy(key)])).toEqual(['unknown_sender']);
    expect(await ends([await world.signedBy({ ...key, kid })])).toEqual(['bad_signature']);
  });

  it('G-06 no directory can give one key both uses', async () => {
    const { edited, signAny, adopt } = await signers();
    const both = edited((_, [node], [unit]) => (node!.receiptKeys[0]!.jwk = unit!.signingKeys[0]!.jwk));
    expect(await adopt(await signAny(both))).toBe('directory_key_reused');
  });
});
