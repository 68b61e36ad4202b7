import { createPublicKey, randomUUID, type JsonWebKey } from 'node:crypto';
import { digestOf, readReceipt } from '../../libs/envelope';
import { asTraoError } from '../../libs/errors';
import { pingDraft } from '../fakes/documents';
import { receiptBy, sealByHand } from '../fakes/hand-made';
import { ManualClock } from '../fakes/manual-clock';
import { MemoryNode } from '../fakes/memory-node';
import { seededRandom } from '../fakes/seeded-random';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { flipped } from './flipped';
import { interopWorld, SENDER, type InteropWorld } from './interop-world';
import { ask, describeWithTools, filesIn, run } from './tools';

/** Receipts: what a third party needs to believe ours, and what we believe of others. */
interface CheckedThere {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
}

describeWithTools('a receipt', () => {
  let world: InteropWorld;
  let vn: MemoryNode;
  let gb: MemoryNode;
  const folder = makeTempFolder('interop-receipts');
  const put = filesIn(folder);
  afterAll(() => removeTempFolder(folder));
  beforeEach(async () => {
    world = await interopWorld();
    const clock = new ManualClock();
    const random = seededRandom(2);
    [vn, gb] = [new MemoryNode('vn', world, clock, random), new MemoryNode('gb', world, clock, random)];
  });
  const checkThere = (token: string) => ask<CheckedThere>('check', { token, key: world.receipt.publicJwk });

  /** A message that the gateway of the United Kingdom has taken in, and the receipt that it gave. */
  async function received() {
    const message = await sealByHand(vn, pingDraft({ senderUnit: SENDER }));
    const [answer] = await gb.accept([message.token], 'vn');
    return { message, token: (answer as { receipt: string }).receipt };
  }

  describe('that we have issued', () => {
    it('is verified by jwcrypto, and names the digest of the sealed bytes', async () => {
      const { message, token } = await received();
      const at = gb.clock.now();
      expect(checkThere(token)).toEqual({
        header: { typ: 'secevent+jwt', alg: 'ES256', kid: world.receipt.kid },
        claims: {
          iss: 'gb',
          aud: 'vn',
          iat: Math.floor(at.getTime() / 1000),
          jti: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
          txn: message.id,
          events: {
            'https://trao.example/events/received': { digest: message.digest, seq: 1, at: at.toISOString() },
          },
        },
      });
      const digest = run('openssl', ['dgst', '-sha256', '-binary'], message.token)!;
      expect(digest.toString('base64url')).toBe(message.digest);
    });

    it('is verified by Debian’s jose, and by openssl alone from the key in the directory', async () => {
      const { token } = await received();
      const jwk = put('receipt.jwk', JSON.stringify(world.receipt.publicJwk));
      const claims = run('jose', ['jws', 'ver', '-i', put('receipt.jws', token), '-k', jwk, '-O', '-'])!;
      expect(JSON.parse(claims.toString('utf8'))).toMatchObject({ iss: 'gb', aud: 'vn' });
      expect(verifiedByOpenssl(token)).toBe(true);
      expect(verifiedByOpenssl(flipped(token, 1))).toBe(false);
    });

    it('of every kind is verified by jwcrypto', async () => {
      const message = await sealByHand(vn, pingDraft({ senderUnit: SENDER }));
      for (const event of ['received', 'delivered', 'opened', 'not_received', 'not_delivered', 'not_opened'] as const) {
        const checked = checkThere(await receiptBy(gb, 'vn', message, { event })) as CheckedThere;
        expect(Object.keys(checked.claims['events'] as object)).toEqual([`https://trao.example/events/${event}`]);
      }
      const refused = checkThere(await receiptBy(gb, 'vn', message, { event: 'refused', seq: 2, code: 'stale_key' }));
      expect(JSON.stringify(refused)).toContain('"code":"stale_key"');
    });

    it('is refused by both with one bit changed, and by jwcrypto under another key', async () => {
      const { token } = await received();
      const jwk = put('receipt.jwk', JSON.stringify(world.receipt.publicJwk));
      for (const segment of [0, 1, 2]) {
        const changed = flipped(token, segment);
        expect(checkThere(changed)).toHaveProperty('refused');
        expect(run('jose', ['jws', 'ver', '-i', put('changed.jws', changed), '-k', jwk])).toBeUndefined();
      }
      expect(ask('check', { token, key: world.signing.publicJwk })).toHaveProperty('refused');
    });
  });

  describe('that they have issued', () => {
    /** A receipt of the United Kingdom about a message, signed by jwcrypto. */
    function issueThere(message: { readonly id: string; readonly digest: string }, change: object = {}): string {
      const at = vn.clock.now();
      const claims = {
        iss: 'gb',
        aud: 'vn',
        iat: Math.floor(at.getTime() / 1000),
        jti: randomUUID(),
        txn: message.id,
        events: {
          'https://trao.example/events/delivered': { digest: message.digest, seq: 2, at: at.toISOString() },
        },
        ...change,
      };
      const { kid, privateJwk: key } = world.receipt;
      return (ask<{ token: string }>('issue', { claims, kid, key }) as { token: string }).token;
    }

    const judgedHere = (token: string) =>
      readReceipt(token, (node, kid, at) => world.partners.receiptKey(node, kid, at)).then(
        ({ event, digest }) => ({ event, digest }),
        (error: unknown) => asTraoError(error).code,
      );

    it('settles the message that it is about', async () => {
      const message = await vn.sent(pingDraft(), SENDER);
      const token = issueThere(message);
      expect(await judgedHere(token)).toEqual({ event: 'delivered', digest: message.digest });
      expect(await vn.settle([token], 'gb')).toEqual([{ status: 'stored' }]);
      expect(vn.tables.outbox.get(message.id)!.state).toBe('delivered');
      expect(await vn.settle([issueThere({ ...message, digest: digestOf('other') })], 'gb')).toEqual([
        { status: 'refused', code: 'receipt_wrong_digest' },
      ]);
    });

    it('is refused with one bit changed, a claim too many or too few, or from another issuer', async () => {
      const message = { id: vn.newId(), digest: digestOf('sealed') };
      const token = issueThere(message);
      expect(await judgedHere(token)).toEqual({ event: 'delivered', digest: message.digest });
      expect(await judgedHere(flipped(token, 0))).toBe('receipt_malformed');
      expect(await judgedHere(flipped(token, 2))).toBe('bad_signature');
      expect(await judgedHere(issueThere(message, { exp: 1 }))).toBe('receipt_malformed');
      expect(await judgedHere(issueThere(message, { txn: undefined }))).toBe('receipt_malformed');
      expect(await judgedHere(issueThere(message, { iss: 'kh' }))).toBe('unknown_sender');
    });
  });

  /** ES256 as openssl knows it: the two numbers of the signature as DER, over the first two segments. */
  function verifiedByOpenssl(token: string): boolean {
    const [header, claims, signature] = token.split('.');
    const bytes = Buffer.from(signature!, 'base64url');
    const numbers = [bytes.subarray(0, 32), bytes.subarray(32)].map((half) => {
      const short = half.subarray(half.findIndex((byte) => byte !== 0));
      const positive = short[0]! > 0x7f ? Buffer.concat([Buffer.from([0]), short]) : short;
      return Buffer.concat([Buffer.from([2, positive.length]), positive]);
    });
    const body = Buffer.concat(numbers);
    const der = put('signature.der', Buffer.concat([Buffer.from([0x30, body.length]), body]));
    const key = createPublicKey({ key: world.receipt.publicJwk as JsonWebKey, format: 'jwk' });
    const pem = put('receipt.pem', key.export({ type: 'spki', format: 'pem' }));
    return run('openssl', ['dgst', '-sha256', '-verify', pem, '-signature', der], `${header}.${claims}`) !== undefined;
  }
});
