import { existsSync } from 'node:fs';
import path from 'node:path';
import { checkVectors, isClean, readFolder, type SuiteResult } from '../../libs/conformance';
import { decryptCompact, importEncryptionKey, splitCompact, type EncryptionKey, type Jwk } from '../../libs/envelope';
import { tableOf, TOTALS, totalsOf } from './external-totals';

/** Vectors of others stay outside of the project, each with its own licence; see README.md. */
const FOLDER = process.env['VECTORS_DIR'] ?? path.join(__dirname, '../../../shared/vectors');
const FILES = [
  'wycheproof-subset.tgz',
  'jose-hpke-pq-examples.tar.gz',
  'jose-cookbook.tar.gz',
  'jsonschema-2020-12.tar.gz',
  'limbo-own-207.json.gz',
];
const missing = FILES.filter((name) => !existsSync(path.join(FOLDER, name)));
const describeWhenPresent = missing.length === 0 ? describe : describe.skip;

if (missing.length > 0)
  process.stderr.write(`external vectors are not checked: ${FOLDER} lacks ${missing.join(', ')} (set VECTORS_DIR)\n`);

describe('vectors of others', () => {
  it('are there when it counts: in CI', () => {
    expect({ missing: process.env['CI'] === undefined ? [] : missing }).toEqual({ missing: [] });
  });
});

describeWhenPresent('all suites of vectors of others', () => {
  let suites: readonly SuiteResult[] = [];
  const named = (name: string) => suites.find((suite) => suite.name === name)!;

  beforeAll(async () => {
    ({ suites } = await checkVectors(FOLDER));
    process.stderr.write(`${tableOf(suites)}\n`);
  }, 120_000);

  it('accept and reject nothing wrongly, and all files can be read', () => {
    expect(suites.filter((suite) => !isClean(suite)).map(({ name, wrong }) => ({ name, wrong }))).toEqual([]);
  });

  it('are those that are known, each with its totals', () => {
    const totals = Object.fromEntries(suites.map((suite) => [suite.name, totalsOf(suite)]));
    expect(totals).toEqual(TOTALS);
  });

  it('have 649 cases for JOSE, with the eight disputed ones pinned by number', () => {
    const jose = suites.filter(({ name }) => name.startsWith('wycheproof json_web_'));
    expect(jose.reduce((sum, { cases }) => sum + cases, 0)).toBe(649);
    expect(jose.flatMap(({ disputes }) => disputes.map(({ id }) => id))).toEqual(
      [346, 347, 350, 351, 367, 370, 372, 373].map((number) => `tcId ${number}`),
    );
  });

  it('stop JOSE tokens at every one of our gates, and not by policy alone', () => {
    const refusals = suites
      .filter(({ name }) => name.startsWith('wycheproof json_web_'))
      .map((suite) => suite.refusals);
    const codes = new Set(refusals.flatMap((counts) => Object.keys(counts)));
    expect([...codes].toSorted()).toEqual(
      ['bad_algorithm', 'bad_header', 'bad_key', 'bad_signature', 'not_canonical', 'unknown_sender'].toSorted(),
    );
  });

  it('have a reason for each form of the cookbook that is not opened', () => {
    expect(Object.entries(named('jose-cookbook').reasons).map(([why, count]) => [why.split(':')[0], count])).toEqual([
      ['RSA1_5', 3],
      ['PBES2', 3],
      ['zip', 3],
      ['b64 without crit', 2],
    ]);
  });

  it('count each chain of x509-limbo that cannot be presented with its reason', () => {
    const { cases, reasons } = named('x509-limbo');
    expect(cases).toBe(207);
    expect(Object.entries(reasons).map(([why, count]) => [why.split(':')[0], count])).toEqual([
      ['depends on a revocation list', 8],
      ['authority not_anchored', 2],
      ['leaf_is_authority', 2],
      ['of several paths one is tried', 2],
      ['the file has no private key for the peer', 19],
      ['judged at another time than now', 11],
    ]);
  });
});

describeWhenPresent('the example of HPKE-10 in draft-skokan-jose-hpke-pq-pqt', () => {
  let token: string;
  let key: EncryptionKey;

  beforeAll(async () => {
    const { files } = await readFolder(FOLDER);
    const read = (end: string) =>
      files
        .find(({ path: name }) => name.endsWith(end))!
        .bytes.toString()
        .trim();
    token = read('/jwe/HPKE-10-compact.txt');
    const jwk = JSON.parse(read('/jwks/HPKE-10.json')) as Jwk & { kid: string };
    key = await importEncryptionKey(jwk.kid, jwk);
  });

  /** Segments 2 and 4 are empty: integrated encryption has neither IV nor tag of its own. */
  const decrypt = async (text: string) => decryptCompact(splitCompact(text, 5, [2, 4]), key);

  it('opens with the suite hybrid', async () => {
    expect(key.suite).toBe('hybrid');
    expect(Buffer.from(await decrypt(token)).toString()).toMatch(/^You can trust us to stick with you/);
  });

  it.each([0, 1, 3])('does not open with one bit flipped in segment %d', async (segment) => {
    const segments = token.split('.');
    const bytes = Buffer.from(segments[segment]!, 'base64url');
    const middle = bytes.length >> 1;
    bytes[middle] = bytes[middle]! ^ 1;
    const flipped = segments.with(segment, bytes.toString('base64url')).join('.');
    await expect(decrypt(flipped)).rejects.toMatchObject({ code: 'undecryptable' });
  });

  it.each([2, 4])('does not open with something in segment %d, which is empty', async (segment) => {
    await expect(decrypt(token.split('.').with(segment, 'AA').join('.'))).rejects.toMatchObject({
      code: 'not_canonical',
    });
  });
});
