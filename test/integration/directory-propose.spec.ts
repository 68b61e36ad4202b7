import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Directory } from '../../libs/schema';
import { readDirectory } from '../../libs/trust';
import { makePair } from '../fakes/fictional-keys';
import { directoryCli, openDesk, type Country, type Desk, type Proposal } from './directory-cli-fixture';

/** `trao directory propose`: what goes well, and what people get wrong. */
let desk: Desk;
let vn: Country;
let directory: Directory;
let base: string;

beforeAll(async () => {
  desk = await openDesk('directory-propose');
  ({ vn, directory, base } = desk);
});
afterAll(() => desk?.close());

const write: Desk['write'] = (...args) => desk.write(...args);
const fresh = () => desk.fresh();
const edited: Desk['edited'] = (edit) => desk.edited(edit);
const propose: Desk['propose'] = (...args) => desk.propose(...args);
const documentIn = async (file: string) => (await readDirectory(readFileSync(file))).directory;
const codesOf = ({ findings }: Proposal) => findings.map(({ code, place }) => `${code} ${place}`.trim());

describe('propose', () => {
  it('changes the base as it is told, and dates it', async () => {
    const pair = await makePair('vn.sig2', 'ES256');
    const more = await makePair('vn.enc3', 'hybrid');
    const { notBefore, notAfter } = vn.entry;
    const dates = { notBefore, notAfter, status: 'active' };
    const { tls } = directory.nodes[1]!;
    const exported = write('export.json', {
      node: 'vn',
      keys: [
        { use: 'signing', unit: 'vn.mps-criminal', key: { kid: pair.kid, jwk: pair.publicJwk, ...dates } },
        {
          use: 'encryption',
          unit: 'vn.mps-criminal',
          key: { kid: more.kid, jwk: more.publicJwk, suite: 'hybrid', ...dates },
        },
        { use: 'tls', key: { spki: ['A'.repeat(43)] } },
      ],
    });
    const kh = await propose('--base', base, '--remove-node', 'kh');
    const entry = write('kh.json', directory.nodes[2]!);
    const proposal = await propose(
      '--base',
      kh.file,
      '--add-node',
      entry,
      '--add-keys',
      exported,
      '--threshold',
      '1',
      '--expires-in-days',
      '100',
      '--retire',
      'vn.mps-criminal.sig1',
      '--revoke',
      'gb/gb.rcpt1',
    );
    const result = await documentIn(proposal.file);
    expect(result.version).toBe(9);
    expect(Date.parse(result.expiresAt) - Date.parse(result.issuedAt)).toBe(100 * 86_400_000);
    expect(result.governance.threshold).toBe(1);
    const [vnNode, gbNode, khNode] = result.nodes;
    expect(khNode).toEqual(directory.nodes[2]);
    expect(vnNode!.units[0]!.signingKeys.map(({ kid, status }) => `${kid} ${status}`)).toEqual([
      'vn.mps-criminal.sig1 retired',
      'vn.sig2 active',
    ]);
    expect(vnNode!.units[0]!.encryptionKeys.map(({ kid }) => kid)).toContain('vn.enc3');
    expect(vnNode!.tls.spki).toEqual([directory.nodes[0]!.tls.spki[0], 'A'.repeat(43)]);
    expect(gbNode).toMatchObject({ tls, receiptKeys: [{ status: 'revoked' }] });
    expect(codesOf(proposal).slice(0, 5)).toEqual([
      'threshold_lowered governance',
      'pin_added vn',
      'node_added kh',
      'key_revoked gb',
      'one_country_decides governance',
    ]);
    expect(proposal.findings.find(({ code }) => code === 'key_added')).toMatchObject({
      fingerprint: expect.stringMatching(/^(\d{4} ){7}\d{4}$/) as string,
    });
  });

  it('takes an edited document that was taken out with show', async () => {
    const { stdout } = await directoryCli('show', base, '--document');
    const document = JSON.parse(stdout) as Directory;
    document.nodes[1]!.endpoint = 'https://other.example';
    const { stdout: text, failure } = await directoryCli(
      'propose',
      write('edited.json', document),
      '--base',
      base,
      '--out',
      fresh(),
    );
    expect(failure).toBeUndefined();
    expect(text).toContain('!! DANGER gb: The address of the gateway changes.');
    expect(text).toContain('       before  https://gateway.gb.example:8443\n       after   https://other.example\n');
    expect(text).toMatch(/Fingerprint of the document.*\n\n {4}(\d{4} ){3}\d{4}\n {4}(\d{4} ){3}\d{4}\n/);
    expect(text).toContain('Signatures: 2 countries needed, signed: none; 2 more of: vn, gb');
  });

  it('says so when nothing changes', async () => {
    const { stdout } = await directoryCli('propose', '--base', base, '--out', fresh());
    expect(stdout).toContain(' - The directory ends later than the one before.');
    const same = await directoryCli('diff', base, base);
    expect(same.stdout).toBe('From version 7 to version 7\n\nNothing changes but version and dates.\n');
  });

  const bad = { code: 'bad_request' };
  const refusals: readonly (readonly [string, () => readonly string[], object])[] = [
    ['neither document nor base', () => [], bad],
    ['a file that is not there', () => [fresh(), '--base', base], bad],
    ['a base that is not there', () => ['--base', fresh()], bad],
    ['no JSON', () => [write('bad.json', '{'), '--base', base], { code: 'malformed_json' }],
    ['a list', () => [write('list.json', 'null'), '--base', base], bad],
    ['a signed directory as the document', () => [base, '--base', base], bad],
    ['a document as the base', () => ['--base', write('bare.json', directory)], { code: 'directory_malformed' }],
    ['no days', () => ['--base', base, '--expires-in-days', '0'], bad],
    ['half a day', () => ['--base', base, '--expires-in-days', '0.5'], bad],
    ['ten years', () => ['--base', base, '--expires-in-days', '3650'], bad],
    ['a threshold that is no number', () => ['--base', base, '--threshold', 'two'], bad],
    ['a key that is not there', () => ['--base', base, '--retire', 'nobody'], { code: 'not_found' }],
    ['a node that is not there', () => ['--base', base, '--remove-node', 'la'], { code: 'not_found' }],
    ['a node that is there', () => ['--base', base, '--add-node', write('vn.json', directory.nodes[0]!)], bad],
    [
      'keys of a node that is not there',
      () => ['--base', base, '--add-keys', exportOf('la', { use: 'receipt', key: {} })],
      { code: 'not_found' },
    ],
    [
      'keys of a unit that is not there',
      () => ['--base', base, '--add-keys', exportOf('vn', { use: 'signing', unit: 'vn.no', key: {} })],
      { code: 'not_found' },
    ],
    ['an export of another form', () => ['--base', base, '--add-keys', write('e1.json', [])], bad],
    ['an export of nobody', () => ['--base', base, '--add-keys', write('e2.json', { keys: [{}] })], bad],
    ['an export of nothing', () => ['--base', base, '--add-keys', write('e3.json', { node: 'vn', keys: [] })], bad],
    ['a key for another use', () => ['--base', base, '--add-keys', exportOf('vn', { use: 'storage', key: {} })], bad],
    [
      'a signing key of no unit',
      () => ['--base', base, '--add-keys', exportOf('vn', { use: 'signing', key: {} })],
      bad,
    ],
    [
      'a receipt key of a unit',
      () => ['--base', base, '--add-keys', exportOf('vn', { use: 'receipt', unit: 'vn.x', key: {} })],
      bad,
    ],
    ['a use without a key', () => ['--base', base, '--add-keys', exportOf('vn', { use: 'receipt' })], bad],
    [
      'a key with a private part',
      () => [
        '--base',
        base,
        '--add-keys',
        exportOf('vn', { use: 'receipt', key: { ...vn.entry, jwk: { ...vn.entry.jwk, d: 'A' } } }),
      ],
      { code: 'directory_malformed' },
    ],
    [
      'a key that is there already',
      () => [
        '--base',
        base,
        '--add-keys',
        exportOf('vn', { use: 'receipt', key: directory.nodes[1]!.receiptKeys[0]! }),
      ],
      { code: 'directory_key_reused' },
    ],
    [
      'another domain',
      () => [
        write(
          'd1.json',
          edited((d) => (d.trustDomain = 'demo')),
        ),
        '--base',
        base,
      ],
      { code: 'wrong_domain' },
    ],
  ];
  function exportOf(node: string, key: object): string {
    return write(path.basename(fresh()), { node, keys: [key] });
  }
  it.each(refusals)('refuses %s', async (_what, args, expected) => {
    const { failure } = await directoryCli('propose', ...args(), '--out', fresh());
    expect(failure).toMatchObject(expected);
  });

  it('names all faults of a document at once, and the file', async () => {
    const document = write(
      'faults.json',
      edited((d, node, unit) => {
        unit.id = 'gb.forest';
        node.units[1]!.encryptionKeys[0]!.suite = 'classic';
        d.nodes[1]!.receiptKeys[0]!.jwk = node.receiptKeys[0]!.jwk;
      }),
    );
    const { failure } = await directoryCli('propose', document, '--base', base, '--out', fresh());
    expect(failure?.faults.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/nodes/0/units/1/encryptionKeys/0/suite suite_of_another_key',
      '/nodes/1/receiptKeys/0 key_in_two_places',
      '/nodes/0/units/0/id not_of_this_node',
      '/nodes/1/receiptKeys/0/jwk key_id_of_another_key',
    ]);
  });

  it('never brings a revoked key back, and never gives its id to another', async () => {
    const revoked = await propose('--base', base, '--revoke', 'vn/vn.rcpt1');
    const back = write('back.json', directory);
    expect((await directoryCli('propose', back, '--base', revoked.file, '--out', fresh())).failure).toMatchObject({
      code: 'directory_key_unrevoked',
      faults: [{ pointer: '/nodes/0/receiptKeys/0/status', code: 'key_was_revoked' }],
    });
    const other = await makePair('x', 'Ed25519');
    const changed = write(
      'changed.json',
      edited((_, node) => (node.receiptKeys[0]!.jwk = other.publicJwk)),
    );
    expect((await directoryCli('propose', changed, '--base', base, '--out', fresh())).failure).toMatchObject({
      code: 'directory_key_changed',
    });
  });

  it('asks which key is meant when two have one id', async () => {
    const twice = write(
      'twice.json',
      edited((d) => (d.nodes[1]!.receiptKeys[0]!.kid = 'vn.rcpt1')),
    );
    const { file } = await propose(twice, '--base', base);
    const { failure } = await directoryCli('propose', '--base', file, '--retire', 'vn.rcpt1', '--out', fresh());
    expect(failure).toMatchObject({ ...bad, detail: expect.stringContaining('vn/vn.rcpt1, gb/vn.rcpt1') as string });
    expect(codesOf(await propose('--base', file, '--retire', 'gb/vn.rcpt1'))).toContain('key_retired gb');
  });

  it('takes what an export says of a key that is listed already', async () => {
    const [receipt] = directory.nodes[0]!.receiptKeys;
    const exported = (name: string, key: object) => write(name, { node: 'vn', keys: [{ use: 'receipt', key }] });
    const ended = { ...receipt!, status: 'retired', notAfter: '2028-01-01T00:00:00Z' } as const;
    const retired = exported('retired.json', ended);
    const proposal = await propose('--base', base, '--add-keys', retired);
    expect((await documentIn(proposal.file)).nodes[0]!.receiptKeys).toEqual([ended]);
    expect(codesOf(proposal)).toEqual(expect.arrayContaining(['key_retired vn', 'key_time_extended vn']));
    // Another key under its id is refused, and a revocation stays.
    const other = exported('other.json', { ...receipt!, jwk: (await makePair('x', 'Ed25519')).publicJwk });
    const changed = await directoryCli('propose', '--base', base, '--add-keys', other, '--out', fresh());
    expect(changed.failure).toMatchObject({ code: 'directory_key_changed' });
    const revoked = await propose('--base', base, '--revoke', 'vn/vn.rcpt1');
    const back = await directoryCli('propose', '--base', revoked.file, '--add-keys', retired, '--out', fresh());
    expect(back.failure).toMatchObject({ code: 'directory_key_unrevoked' });
  });

  it('writes no proposal over another file', async () => {
    const { file } = await propose('--base', base);
    const before = readFileSync(file);
    expect((await directoryCli('propose', '--base', base, '--out', file)).failure).toMatchObject({
      ...bad,
      detail: expect.stringContaining('--out') as string,
    });
    expect(readFileSync(file)).toEqual(before);
  });
});
