import { seal, type SealInput } from '../../libs/envelope';
import { ManualClock } from '../fakes/manual-clock';
import { referralDraft } from '../fakes/documents';
import { sealingBy } from '../fakes/hand-made';
import { MemoryNode } from '../fakes/memory-node';
import { seededRandom } from '../fakes/seeded-random';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { verdictOf } from '../attacks/countries';
import { flipped } from './flipped';
import { interopWorld, SENDER, type InteropWorld } from './interop-world';
import { ask, describeWithTools, filesIn, missingInCi, run, type Answer } from './tools';

/** Our messages opened, and messages for us made, by software that shares no code with ours. */
it('has its tools when it counts: in CI', () => {
  expect(missingInCi()).toEqual([]);
});

interface OpenedThere {
  readonly outer: Record<string, unknown>;
  readonly inner: Record<string, unknown>;
  readonly payload: string;
  readonly original: string;
  readonly block: number;
}
interface SealedThere {
  readonly token: string;
  readonly original: string;
  readonly block: number;
}

describeWithTools('a message of the classic suite', () => {
  let world: InteropWorld;
  let vn: MemoryNode;
  let gb: MemoryNode;
  const folder = makeTempFolder('interop');
  const put = filesIn(folder);
  afterAll(() => removeTempFolder(folder));
  beforeEach(async () => {
    world = await interopWorld();
    const clock = new ManualClock();
    const random = seededRandom(1);
    [vn, gb] = [new MemoryNode('vn', world, clock, random), new MemoryNode('gb', world, clock, random)];
  });

  const sealing = () => sealingBy(vn, referralDraft({ senderUnit: SENDER }));
  const payloadOf = ({ message }: SealInput) => Buffer.from(JSON.stringify(message));
  const openThere = (token: string) =>
    ask<OpenedThere>('open', {
      token,
      recipientKey: world.encryption.privateJwk,
      senderKey: world.signing.publicJwk,
    });

  describe('that we have sealed', () => {
    it('is opened by jwcrypto to the exact payload, with all headers of the protocol', async () => {
      const input = await sealing();
      const { token, original } = await seal(input);
      const { messageId, priority, recipientUnit } = input.message.header;
      const [iat, exp] = [input.issuedAt, input.expiresAt].map((time) => Math.floor(time.getTime() / 1000));
      const opened = openThere(token) as OpenedThere;
      expect(Buffer.from(opened.payload, 'base64url')).toEqual(payloadOf(input));
      expect(opened.original).toBe(original);
      expect(opened.outer).toEqual({
        alg: 'ECDH-ES',
        enc: 'A256GCM',
        epk: { kty: 'EC', crv: 'P-256', x: expect.any(String) as string, y: expect.any(String) as string },
        typ: 'trao-envelope+jwe',
        cty: 'trao-message+jws',
        kid: world.encryption.kid,
        jti: messageId,
        iss: 'vn',
        aud: 'gb',
        iat,
        exp,
        pri: priority,
      });
      expect(opened.inner).toEqual({
        typ: 'trao-message+jws',
        iss: SENDER,
        aud: recipientUnit,
        jti: messageId,
        iat,
        exp,
        dom: 'test',
        suite: 'classic',
        crit: ['iss', 'aud', 'jti', 'iat', 'exp', 'dom', 'suite'],
        alg: 'ES256',
        kid: world.signing.kid,
      });
    });

    it('is opened by Debian’s jose, step by step, to the same', async () => {
      const input = await sealing();
      const { token, original } = await seal(input);
      const [recipient, sender] = [
        put('recipient.jwk', JSON.stringify(world.encryption.privateJwk)),
        put('sender.jwk', JSON.stringify(world.signing.publicJwk)),
      ];
      const block = run('jose', ['jwe', 'dec', '-i', put('message.jwe', token), '-k', recipient])!;
      expect(block.subarray(4, 4 + block.readUInt32BE(0)).toString('ascii')).toBe(original);
      expect(block.subarray(4 + block.readUInt32BE(0)).every((byte) => byte === 0)).toBe(true);
      const payload = run('jose', ['jws', 'ver', '-i', put('message.jws', original), '-k', sender, '-O', '-']);
      expect(payload).toEqual(payloadOf(input));
    });

    it('is refused by both with one bit changed in any segment', async () => {
      const { token, original } = await seal(await sealing());
      const recipient = put('recipient.jwk', JSON.stringify(world.encryption.privateJwk));
      for (const segment of [0, 2, 3, 4]) {
        const changed = flipped(token, segment);
        expect(openThere(changed)).toHaveProperty('refused');
        expect(run('jose', ['jwe', 'dec', '-i', put('changed.jwe', changed), '-k', recipient])).toBeUndefined();
      }
      const sender = put('sender.jwk', JSON.stringify(world.signing.publicJwk));
      for (const segment of [0, 1, 2]) {
        const changed = put('changed.jws', flipped(original, segment));
        expect(run('jose', ['jws', 'ver', '-i', changed, '-k', sender])).toBeUndefined();
      }
    });
  });

  describe('that they have sealed', () => {
    /** What jwcrypto is told to seal: right, unless `change` says otherwise. */
    async function sealThere(change: Partial<Record<'inner' | 'outer', object>> & { readonly block?: string } = {}) {
      const input = await sealing();
      const { messageId: jti, priority: pri, recipientUnit: aud } = input.message.header;
      const [iat, exp] = [input.issuedAt, input.expiresAt].map((time) => Math.floor(time.getTime() / 1000));
      const inner = {
        alg: 'ES256',
        kid: world.signing.kid,
        typ: 'trao-message+jws',
        iss: SENDER,
        aud,
        jti,
        iat,
        exp,
        dom: 'test',
        suite: 'classic',
        crit: ['iss', 'aud', 'jti', 'iat', 'exp', 'dom', 'suite'],
        ...change.inner,
      };
      const outer = {
        alg: 'ECDH-ES',
        enc: 'A256GCM',
        typ: 'trao-envelope+jwe',
        cty: 'trao-message+jws',
        kid: world.encryption.kid,
        jti,
        iss: 'vn',
        aud: 'gb',
        iat,
        exp,
        pri,
        ...change.outer,
      };
      const sealed: Answer<SealedThere> = ask<SealedThere>('seal', {
        payload: payloadOf(input).toString('base64url'),
        inner,
        outer,
        signingKey: world.signing.privateJwk,
        recipientKey: world.encryption.publicJwk,
        ...(change.block !== undefined && { block: change.block }),
      });
      return { ...(sealed as SealedThere), input, outer };
    }

    it('is taken in, opened and filed', async () => {
      const { token, block } = await sealThere();
      expect(block).toBeGreaterThan(2048); // Padmé, and not the floor alone
      expect(await verdictOf(gb, token, 'vn')).toBe('filed');
    });

    it('is filed too when Debian’s jose has made the outer layer', async () => {
      const { original, outer, block } = await sealThere();
      const content = Buffer.alloc(block);
      content.writeUInt32BE(original.length);
      content.write(original, 4, 'ascii');
      const key = put('public.jwk', JSON.stringify(world.encryption.publicJwk));
      const template = JSON.stringify({ protected: outer });
      const token = run('jose', ['jwe', 'enc', '-c', '-i', template, '-I', put('block', content), '-k', key])!;
      expect(await verdictOf(gb, token.toString('ascii').trim(), 'vn')).toBe('filed');
    });

    it.each<[string, Parameters<typeof sealThere>[0], string]>([
      ['another algorithm of the same tools', { outer: { enc: 'A128GCM' } }, 'gateway: bad_request'],
      ['a member too many outside', { outer: { x5u: 'https://example.org' } }, 'gateway: bad_request'],
      ['another sender outside', { outer: { iss: 'kh' } }, 'gateway: identity_mismatch'],
      ['a member too many inside', { inner: { nonce: 'x' } }, 'bad_header'],
      ['another domain inside', { inner: { dom: 'production' } }, 'wrong_domain'],
      ['another suite inside', { inner: { suite: 'hybrid' } }, 'suite_mismatch'],
      ['another recipient inside', { inner: { aud: 'gb.nca' } }, 'wrong_recipient'],
      ['a padding of their own', { block: Buffer.alloc(2048, 1).toString('base64url') }, 'bad_padding'],
    ])('is refused with %s', async (_, change, verdict) => {
      const { token } = await sealThere(change);
      expect(await verdictOf(gb, token, 'vn')).toBe(verdict);
    });

    it('is refused with one bit changed in any segment', async () => {
      for (const segment of [0, 2, 3, 4]) {
        const { token } = await sealThere();
        expect(await verdictOf(gb, flipped(token, segment), 'vn')).toMatch(/^(undecryptable|gateway: bad_request)$/);
      }
    });
  });
});
