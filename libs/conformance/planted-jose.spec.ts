import { createHmac } from 'node:crypto';
import {
  encodeBase64url,
  encryptCompact,
  generateKeyPair,
  importEncryptionKey,
  importSigningKey,
  type Jwk,
} from '../envelope';
import { checked, counted, wycheproof } from './fixtures/folder';

/** Planted faults: a runner that cannot see them proves nothing. */

const text = (value: string | object) =>
  encodeBase64url(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));

async function signed(header: object, payload: string, privateJwk: Jwk): Promise<string> {
  const input = `${text(header)}.${text(payload)}`;
  const key = await importSigningKey('k', privateJwk);
  return `${input}.${encodeBase64url(await key.sign(Buffer.from(input)))}`;
}

describe.each(['ES256', 'Ed25519'] as const)('a JWS with %s', (alg) => {
  let keys: { readonly public: object; readonly private: object };
  let good: string;
  let bad: string;
  let pair: Awaited<ReturnType<typeof generateKeyPair>>;

  beforeAll(async () => {
    pair = await generateKeyPair(alg);
    keys = { public: { ...pair.publicJwk, kid: 'k' }, private: { ...pair.privateJwk, kid: 'k' } };
    good = await signed({ alg, kid: 'k' }, 'content', pair.privateJwk);
    bad = `${good.slice(0, -10)}AAAAAAAAAA`;
  });

  const run = async (...tests: readonly object[]) =>
    counted((await checked({ 'a.json': wycheproof(undefined, { type: 'JsonWebSignature', ...keys }, tests) }))[0]!);

  it('is counted by its label: right, wrongly accepted, wrongly rejected', async () => {
    expect(await run({ jws: good, result: 'valid' }, { jws: bad, result: 'invalid' })).toEqual({ cases: 2, passed: 2 });
    expect(await run({ jws: good, result: 'invalid' })).toEqual({ cases: 1, wronglyAccepted: 1 });
    expect(await run({ jws: bad, result: 'valid' })).toEqual({ cases: 1, wronglyRejected: 1 });
  });

  it('is refused in any other spelling, by label wrongly where that says valid', async () => {
    const [header, payload, signature] = good.split('.');
    const spellings = [`${good}=`, ` ${good}`, `${good}.`, `${header}\n.${payload}.${signature}`];
    const bom = `${text(`\ufeff${JSON.stringify({ alg, kid: 'k' })}`)}.${payload}.${signature}`;
    for (const jws of [...spellings, bom])
      expect(await run({ jws, result: 'valid' })).toEqual({ cases: 1, wronglyRejected: 1 });
  });

  it('is refused by policy for what Trao takes from nobody, and rightly refused where the label says invalid', async () => {
    const others = [
      await signed({ alg, kid: 'k', typ: 'JWT' }, 'content', pair.privateJwk),
      { payload: text('content'), protected: text({ alg }), signature: good.split('.')[2] },
      await signed({ alg: 'HS256', kid: 'k' }, 'content', pair.privateJwk),
    ];
    const twice = `${text(`{"alg":"${alg}","alg":"${alg}"}`)}.${good.split('.').slice(1).join('.')}`;
    for (const jws of [...others, twice]) {
      expect(await run({ jws, result: 'valid' })).toEqual({ cases: 1, refusedByPolicy: 1 });
      expect(await run({ jws, result: 'invalid' })).toEqual({ cases: 1, passed: 1 });
    }
  });

  it('is refused for the key of another, for a set with a key that is not admitted, and for a name that is there twice', async () => {
    const key = keys.public;
    const set = (...members: readonly object[]) =>
      wycheproof(undefined, { type: 'JsonWebKey', public: { keys: members } }, [{ jws: good, result: 'valid' }]);
    const oct = { kty: 'oct', k: text('secret'), kid: 'other' };
    const sets = {
      'a.json': set(key),
      'b.json': set({ ...key, kid: 'x' }),
      'c.json': set(key, oct),
      'd.json': set(key, key),
    };
    expect((await checked(sets)).map(counted)).toEqual([
      { cases: 1, passed: 1 },
      { cases: 1, wronglyRejected: 1 },
      { cases: 1, refusedByPolicy: 1 },
      { cases: 1, wronglyRejected: 1 },
    ]);
  });
});

describe('a JWE', () => {
  const header = { kid: 'k' };
  let keys: { readonly private: object };
  let good: string;

  beforeAll(async () => {
    const { publicJwk, privateJwk } = await generateKeyPair('classic');
    keys = { private: { ...privateJwk, kid: 'k' } };
    good = await encryptCompact(header, Buffer.from('foo'), await importEncryptionKey('k', publicJwk));
  });

  const run = async (...tests: readonly object[]) =>
    counted((await checked({ 'a.json': wycheproof(undefined, { type: 'JsonWebEncryption', ...keys }, tests) }))[0]!);

  it('is counted by its label and by what comes out', async () => {
    expect(await run({ jwe: good, result: 'valid', pt: '666f6f' })).toEqual({ cases: 1, passed: 1 });
    expect(await run({ jwe: good, result: 'invalid' })).toEqual({ cases: 1, wronglyAccepted: 1 });
    expect(await run({ jwe: good, result: 'valid', pt: '666f6e' })).toEqual({ cases: 1, wronglyRejected: 1 });
    const cut = good.slice(0, -4);
    expect(await run({ jwe: cut, result: 'valid' })).toEqual({ cases: 1, wronglyRejected: 1 });
    expect(await run({ jwe: cut, result: 'invalid' })).toEqual({ cases: 1, passed: 1 });
  });

  it('is refused by policy with anything in its header that Trao does not take', async () => {
    const epk = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' };
    const headers = [
      { alg: 'ECDH-ES', enc: 'A256GCM', epk, zip: 'DEF' },
      { alg: 'ECDH-ES', enc: 'A128GCM', epk },
      { alg: 'ECDH-ES', enc: 'A256GCM', epk: { ...epk, d: 'AA' } },
      { alg: 'dir', enc: 'A256GCM' },
    ];
    for (const each of headers) {
      const jwe = `${text(each)}..AAAA.AAAA.AAAA`;
      expect(await run({ jwe, result: 'valid' })).toEqual({ cases: 1, refusedByPolicy: 1 });
    }
  });
});

describe('a case that is disputed in the public suite', () => {
  it('is another one in another file: there it counts', async () => {
    // Number and comment of a pinned case, with another token.
    const pinned = { tcId: 367, comment: 'invalidBase64Padding', jws: 'a.b.c', result: 'invalid' };
    const key = { kty: 'oct', k: 'AAAA' };
    const [suite] = await checked({
      'a.json': wycheproof(undefined, { type: 'JsonWebSignature', private: key }, [pinned]),
    });
    expect(counted(suite!)).toEqual({ cases: 1, passed: 1 });
  });
});

describe('a file in the form of the cookbook', () => {
  const key = { kty: 'oct', alg: 'HS256', k: text('a secret of thirty-two bytes, x!') };
  const sign = (header: object, content: string) => {
    const input = `${text(header)}.${text(content)}`;
    const signature = createHmac('sha256', Buffer.from(key.k, 'base64url')).update(input).digest('base64url');
    return `${input}.${signature}`;
  };
  const operation = (payload: string, output: object) => ({
    title: 'x',
    input: { payload, key, alg: 'HS256' },
    output,
  });

  it('passes when all forms give its content, and none opens with one bit changed', async () => {
    const compact = sign({ alg: 'HS256' }, 'content');
    const [header, payload, signature] = compact.split('.');
    const forms = {
      compact,
      json: { payload, signatures: [{ protected: header, signature }] },
      json_flat: { payload, protected: header, signature },
    };
    expect(
      (await checked({ 'a.json': operation('content', forms) })).map((suite) => [suite.name, counted(suite)]),
    ).toEqual([
      ['jose-cookbook', { cases: 3, passed: 3 }],
      ['jose-cookbook, one bit flipped', { cases: 9, passed: 9 }],
    ]);
  });

  it('fails when a form gives other content, or nothing', async () => {
    const compact = sign({ alg: 'HS256' }, 'content');
    const [other] = await checked({ 'a.json': operation('other content', { compact }) });
    expect(counted(other!)).toEqual({ cases: 1, wronglyRejected: 1 });
    const [damaged] = await checked({ 'a.json': operation('content', { compact: `${compact.slice(0, -6)}AAAAAA` }) });
    expect(counted(damaged!)).toEqual({ cases: 1, wronglyRejected: 1 });
  });

  it('is refused by policy with compression, whatever else it is', async () => {
    const [suite] = await checked({
      'a.json': operation('content', { compact: sign({ alg: 'HS256', zip: 'DEF' }, 'content') }),
    });
    expect(counted(suite!)).toEqual({ cases: 1, refusedByPolicy: 1 });
  });

  it('goes the strict way where its algorithm is ours', async () => {
    const { privateJwk } = await generateKeyPair('ES256');
    const compact = await signed({ alg: 'ES256' }, 'content', privateJwk);
    const file = { title: 'x', input: { payload: 'content', key: privateJwk, alg: 'ES256' } };
    const run = async (token: string) =>
      counted((await checked({ 'a.json': { ...file, output: { compact: token } } }))[0]!);
    expect(await run(compact)).toEqual({ cases: 1, passed: 1 });
    expect(await run(`${compact}=`)).toEqual({ cases: 1, wronglyRejected: 1 });
  });
});
