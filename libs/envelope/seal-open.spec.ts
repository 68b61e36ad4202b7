import { createHash } from 'node:crypto';
import { digestOf, maxTokenLength, open, readEnvelope, seal } from '.';
import { craft } from '../../test/fakes/craft';
import { example, EXAMPLES } from '../../test/fakes/example-messages';
import { EXPIRES_AT, ISSUED_AT, makeParties, signaturePair } from '../../test/fakes/parties';

const SUITES = ['hybrid', 'classic'] as const;
const cases = SUITES.flatMap((suite) => EXAMPLES.map((name) => [suite, name] as const));

describe('seal and open', () => {
  it('meet every valid example of the contract', () => {
    expect(EXAMPLES.length).toBeGreaterThan(20);
  });

  it.each(cases)('%s: %s arrives as it was sent', async (suite, name) => {
    const message = example(name);
    const { input, context } = await makeParties(suite, message);
    const sealed = await seal(input);
    const opened = await open(sealed.token, context);

    expect(opened.message).toEqual(message);
    expect(opened.original).toBe(sealed.original);
    const { messageId: jti, senderUnit, recipientUnit, priority: pri } = message.header;
    const times = { iat: ISSUED_AT.getTime() / 1000, exp: EXPIRES_AT.getTime() / 1000 };
    expect(opened.outer).toEqual({
      kid: 'enc1',
      jti,
      iss: input.senderNode,
      aud: input.recipientNode,
      ...times,
      pri,
      suite,
    });
    expect(opened.inner).toEqual({
      alg: 'ES256',
      kid: 'sig1',
      jti,
      iss: senderUnit,
      aud: recipientUnit,
      ...times,
      dom: 'test',
      suite,
    });
  });

  it.each(SUITES)('%s: signs with Ed25519 as well', async (suite) => {
    const { input, context } = await makeParties(suite);
    const pair = await signaturePair('sig1', 'Ed25519');
    const { token } = await seal({ ...input, signingKey: pair.private });
    const { inner } = await open(token, { ...context, verificationKey: () => Promise.resolve(pair.public) });
    expect(inner.alg).toBe('Ed25519');
  });

  it('names the sealed bytes by their SHA-256', async () => {
    const { input } = await makeParties('classic');
    const { token, digest } = await seal(input);
    expect(digest).toBe(createHash('sha256').update(token).digest('base64url'));
    expect(digestOf(Buffer.from(token))).toBe(digest);
  });

  it('signs the payload as written: nothing is serialised anew before verifying', async () => {
    const parties = await makeParties('classic');
    const spaced = (json: string) => JSON.stringify(JSON.parse(json), null, 3);
    const { original, message } = await open(await craft(parties, { payload: spaced }), parties.context);
    expect(message).toEqual(parties.message);
    expect(Buffer.from(original.split('.')[1]!, 'base64url').toString()).toContain('\n   ');
  });

  it.each(SUITES)('%s: shows outside nothing of unit, type, referral or content', async (suite) => {
    const message = example('referral-protect-adult.json');
    const { input } = await makeParties(suite, message);
    const { token } = await seal(input);
    const header = Buffer.from(token.split('.')[0]!, 'base64url').toString();
    for (const inside of ['mps-criminal', 'ho-sca', 'referral', message.header.referralId, 'protect']) {
      expect(header).not.toContain(inside);
    }
  });

  it.each(SUITES)('%s: an acknowledgement, a ping and a decline have one size', async (suite) => {
    const names = ['ack-protect-adult.json', 'ping-vn-to-gb.json', 'decline-protect-adult.json'];
    const lengths = await Promise.all(
      names.map(async (name) => {
        const { token } = await seal((await makeParties(suite, example(name))).input);
        return token.slice(token.indexOf('.')).length;
      }),
    );
    expect(new Set(lengths).size).toBe(1);
  });
});

describe('the length of a token', () => {
  it.each(SUITES)('%s: the largest payload allowed has room', async (suite) => {
    for (const maxBytes of [1024, 4096, 1_048_576]) {
      const parties = await makeParties(suite);
      const token = await craft(parties, { payload: (json) => json.padEnd(maxBytes) });
      expect(token.length).toBeLessThanOrEqual(maxTokenLength(maxBytes));
      await expect(open(token, { ...parties.context, maxBytes })).resolves.toBeDefined();
    }
  });

  it('is bounded before anything is decoded', async () => {
    const { context } = await makeParties('classic');
    await expect(open('A'.repeat(maxTokenLength(1024) + 1), { ...context, maxBytes: 1024 })).rejects.toMatchObject({
      code: 'too_large',
    });
  });
});

describe('readEnvelope', () => {
  it.each(SUITES)('%s: shows a gateway what it may know, and no more', async (suite) => {
    const { input } = await makeParties(suite);
    const { outer } = readEnvelope((await seal(input)).token, 1_048_576);
    expect(Object.keys(outer).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'kid', 'pri', 'suite']);
  });
});
