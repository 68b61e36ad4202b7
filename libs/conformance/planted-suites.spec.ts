import { createPrivateKey } from 'node:crypto';
import { encryptCompact, generateKeyPair, importEncryptionKey, type Jwk } from '../envelope';
import {
  makeAuthority,
  makeCertificate,
  makeIntermediate,
  makeKey,
  days,
  leafExtensions,
  issuedWith,
  type Certificate,
} from '../../test/integration/certificates-fixture';
import { CLIENT_AUTH, SERVER_AUTH, subjectAltName } from '../../test/integration/certificates-extensions';
import { checked, counted } from './fixtures/folder';

describe('sealed messages with their keys', () => {
  let token: string;
  let jwk: Jwk & { readonly kid: string };

  beforeAll(async () => {
    const { publicJwk, privateJwk } = await generateKeyPair('hybrid');
    jwk = { ...privateJwk, kid: 'k' };
    token = await encryptCompact(
      { alg: 'HPKE-10', kid: 'k' },
      Buffer.from('content'),
      await importEncryptionKey('k', publicJwk),
    );
  });

  const run = async (files: Readonly<Record<string, object | string>>) =>
    (await checked(files)).map((suite) => [suite.name, counted(suite)]);

  it('open, compact and flattened, and with one bit changed they do not', async () => {
    const [head, key, , ciphertext] = token.split('.');
    const flat = { protected: head, encrypted_key: key, ciphertext };
    expect(await run({ 'a/message.txt': token, 'b/message.json': flat, 'keys/any.json': jwk })).toEqual([
      ['jose-hpke-pq-examples', { cases: 2, passed: 2 }],
      ['jose-hpke-pq-examples, one bit flipped', { cases: 6, passed: 6 }],
    ]);
  });

  it('do not open with another key, cut off, or in another spelling', async () => {
    const { privateJwk } = await generateKeyPair('hybrid');
    const rejected = [['jose-hpke-pq-examples', { cases: 1, wronglyRejected: 1 }]];
    expect(await run({ 'a.txt': token, 'k.json': { ...privateJwk, kid: 'k' } })).toEqual(rejected);
    const parts = token.split('.');
    expect(await run({ 'a.txt': parts.with(3, parts[3]!.slice(0, -4)).join('.'), 'k.json': jwk })).toEqual(rejected);
    expect(await run({ 'a.txt': `${token}AAAA`, 'k.json': jwk })).toEqual(rejected);
  });

  it('are not run without their key, and refused by policy with an algorithm that is not in use', async () => {
    expect(await run({ 'a.txt': token })).toEqual([['jose-hpke-pq-examples', { cases: 1, notRun: 1 }]]);
    const other = `${Buffer.from('{"alg":"RSA-OAEP","enc":"A256GCM","kid":"k"}').toString('base64url')}.AA.AA.AA.AA`;
    expect(await run({ 'a.txt': other, 'k.json': jwk })).toEqual([
      ['jose-hpke-pq-examples', { cases: 1, refusedByPolicy: 1 }],
    ]);
  });
});

describe('tests for JSON Schema', () => {
  const run = async (schema: unknown, tests: readonly object[], more: Readonly<Record<string, object>> = {}) =>
    counted((await checked({ 'a.json': [{ description: 'a', schema, tests }], ...more }))[0]!);
  const schema = { type: 'object', properties: { n: { maximum: 3 } } };
  const right = { description: 'right', data: { n: 3 }, valid: true };
  const wrong = { description: 'wrong', data: { n: 4 }, valid: false };

  it('are counted by their labels', async () => {
    expect(await run(schema, [right, wrong])).toEqual({ cases: 2, passed: 2 });
    expect(await run(schema, [{ ...right, valid: false }])).toEqual({ cases: 1, wronglyAccepted: 1 });
    expect(await run(schema, [{ ...wrong, valid: true }])).toEqual({ cases: 1, wronglyRejected: 1 });
  });

  it('are refused by policy for what our schemas do not have, at any depth', async () => {
    const foreign = [
      { not: {} },
      { items: { properties: { a: { oneOf: [] } } } },
      { format: 'uri' },
      { $schema: 'http://json-schema.org/draft-07/schema#' },
      { enum: [] },
      { $ref: 'https://example.org/elsewhere' },
      { properties: { a: { $id: 'https://example.org/inside' } } },
    ];
    for (const each of foreign) expect(await run(each, [right, wrong])).toEqual({ cases: 2, refusedByPolicy: 2 });
  });

  it('may refer to a schema that lies beside them', async () => {
    const beside = { 'remotes/n.json': { maximum: 3 } };
    const refers = { properties: { n: { $ref: 'http://localhost:1234/n.json' } } };
    expect(await run(refers, [right, wrong], beside)).toEqual({ cases: 2, passed: 2 });
    expect(await run(refers, [{ ...wrong, valid: true }], beside)).toEqual({ cases: 1, wronglyRejected: 1 });
    const foreign = { 'remotes/n.json': { exclusiveMaximum: 4 } };
    expect(await run(refers, [right], foreign)).toEqual({ cases: 1, refusedByPolicy: 1 });
  });

  it('go through the strict parser first', async () => {
    const number = { description: 'beyond 2^53', data: 1e300 };
    expect(await run({ type: 'number' }, [{ ...number, valid: true }])).toEqual({ cases: 1, refusedByPolicy: 1 });
    expect(await run({ type: 'number' }, [{ ...number, valid: false }])).toEqual({ cases: 1, passed: 1 });
  });

  it('show a schema of ours that does not compile, and tests that cannot be read', async () => {
    expect(await run({ type: 'any' }, [right])).toEqual({ cases: 1, wronglyRejected: 1 });
    expect(await run(schema, [{ description: 'no label', data: 1 }])).toEqual({ cases: 1, unreadable: 1 });
    expect(await run(7, [right])).toEqual({ cases: 1, unreadable: 1 });
  });
});

describe('chains for TLS', () => {
  const ca = makeAuthority('ca');
  const other = makeAuthority('ca');
  const testcase = (leaf: Certificate, more: object = {}) => ({
    id: 'a',
    description: '',
    features: [],
    crls: [],
    validation_kind: 'SERVER',
    validation_time: null,
    expected_result: 'SUCCESS',
    expected_peer_name: null,
    max_chain_depth: null,
    trusted_certs: [ca.cert],
    untrusted_intermediates: [],
    peer_certificate: leaf.cert,
    peer_certificate_key: leaf.key,
    ...more,
  });
  const run = async (...testcases: readonly object[]) =>
    (await checked({ 'a.json': { version: 1, testcases } })).map((suite) => counted(suite));

  it.each(['SERVER', 'CLIENT'])('pass with the right label, of a %s', async (validation_kind) => {
    const [good, bad] = [makeCertificate('a', ca), makeCertificate('a', other)];
    const cases = [
      testcase(good, { validation_kind }),
      testcase(bad, { validation_kind, expected_result: 'FAILURE' }),
      testcase(makeCertificate('a', ca, days(-1)), { validation_kind, expected_result: 'FAILURE' }),
    ];
    // With another key pinned none of them is taken.
    expect(await run(...cases)).toEqual([
      { cases: 3, passed: 3 },
      { cases: 3, passed: 3 },
    ]);
  });

  it.each(['SERVER', 'CLIENT'])('are wrong with the label the wrong way round, of a %s', async (validation_kind) => {
    const [good, bad] = [makeCertificate('a', ca), makeCertificate('a', other)];
    const [taken] = await run(
      testcase(good, { validation_kind, expected_result: 'FAILURE' }),
      testcase(bad, { validation_kind, expected_result: 'SUCCESS' }),
    );
    expect(taken).toEqual({ cases: 2, wronglyAccepted: 1, wronglyRejected: 1 });
  });

  it('are presented with what leads to the authority, in order, whatever the order in the file', async () => {
    const upper = makeIntermediate('x', ca);
    const lower = makeIntermediate('y', upper);
    const leaf = makeCertificate('a', lower);
    expect(await run(testcase(leaf, { untrusted_intermediates: [upper.cert, lower.cert] }))).toEqual([
      { cases: 1, passed: 1 },
      { cases: 1, passed: 1 },
    ]);
    expect((await run(testcase(leaf)))[0]).toEqual({ cases: 1, wronglyRejected: 1 });
  });

  it('are not run where the verdict would not be ours: no key, another time, a revocation list', async () => {
    const leaf = makeCertificate('a', ca);
    const early = '2020-01-01T00:00:00+00:00';
    const cases = [
      { peer_certificate_key: null },
      { validation_time: early },
      { crls: ['x'] },
      { features: ['has-crl'] },
    ];
    expect(await run(...cases.map((more) => testcase(leaf, more)))).toEqual([{ cases: 4, notRun: 4 }]);
    const now = new Date().toISOString();
    expect((await run(testcase(leaf, { validation_time: now })))[0]).toEqual({ cases: 1, passed: 1 });
  });

  it('are disputed where only a name or a depth of the case is against them', async () => {
    const extensions = [...leafExtensions(SERVER_AUTH, CLIENT_AUTH), issuedWith(ca), subjectAltName('a.example')];
    const leaf = makeCertificate('a', ca, days(30), { extensions });
    const named = (value: string) =>
      testcase(leaf, { expected_result: 'FAILURE', expected_peer_name: { kind: 'DNS', value } });
    expect((await run(named('b.example')))[0]).toEqual({ cases: 1, disputed: 1 });
    expect((await run(named('a.example')))[0]).toEqual({ cases: 1, wronglyAccepted: 1 });
    const between = makeIntermediate('x', ca);
    const below = testcase(makeCertificate('a', between), {
      untrusted_intermediates: [between.cert],
      expected_result: 'FAILURE',
      max_chain_depth: 0,
    });
    expect((await run(below))[0]).toEqual({ cases: 1, disputed: 1 });
  });

  it('are refused by policy for what we ask beyond a valid chain', async () => {
    const weak = makeKey({ rsa: 1024 });
    const authority = makeAuthority('weak', weak);
    const leaf = makeCertificate('a', authority);
    expect((await run(testcase(leaf, { trusted_certs: [authority.cert] })))[0]).toEqual({
      cases: 1,
      refusedByPolicy: 1,
    });
    expect(createPrivateKey(authority.key).asymmetricKeyDetails?.modulusLength).toBe(1024);
  });

  it('cannot be read without their parts', async () => {
    const leaf = makeCertificate('a', ca);
    const broken = [
      { expected_result: 'MAYBE' },
      { validation_kind: 'PEER' },
      { peer_certificate: 1 },
      { trusted_certs: 'x' },
      { untrusted_intermediates: [1] },
    ];
    expect(await run(...broken.map((more) => testcase(leaf, more)))).toEqual([{ cases: 5, unreadable: 5 }]);
    expect(await run(7 as never)).toEqual([{ cases: 1, unreadable: 1 }]);
  });
});
