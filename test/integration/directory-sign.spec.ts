import { readFileSync, writeFileSync } from 'node:fs';
import { countersign, importSigningKey } from '../../libs/envelope';
import type { Directory } from '../../libs/schema';
import { addSignature, readDirectory, signDirectory, writeDirectory } from '../../libs/trust';
import { makePair } from '../fakes/fictional-keys';
import {
  directoryCli,
  directoryJson,
  makeCountry,
  openDesk,
  type Country,
  type Desk,
  type Proposal,
} from './directory-cli-fixture';

/** `trao directory sign`, `merge`, `show`, `verify` and `diff`: what goes well, and what people get wrong. */
let desk: Desk;
let vn: Country;
let gb: Country;
let directory: Directory;
let base: string;
let anchor: string;
beforeAll(async () => {
  desk = await openDesk('directory-sign');
  ({ vn, gb, directory, base, anchor } = desk);
});
afterAll(() => desk?.close());

const write: Desk['write'] = (...args) => desk.write(...args);
const fresh = () => desk.fresh();
const edited: Desk['edited'] = (edit) => desk.edited(edit);
const propose: Desk['propose'] = (...args) => desk.propose(...args);

describe('sign', () => {
  it('shows what changes before it asks for the fingerprint, and signs nothing without it', async () => {
    const { file, fingerprint } = await propose('--base', base, '--retire', 'vn/vn.rcpt1');
    const before = readFileSync(file);
    for (const given of [
      [],
      ['--fingerprint', fingerprint.replace(/\d$/, (last) => String((Number(last) + 1) % 10))],
    ]) {
      const { stdout, failure } = await directoryCli('sign', file, '--base', base, ...vn.keyOptions, ...given);
      expect(failure).toMatchObject({ code: 'directory_not_confirmed' });
      expect(stdout).toContain(' - vn: The receipt key vn.rcpt1 is retired.');
      expect(stdout).toContain(fingerprint.slice(0, 19));
    }
    expect(readFileSync(file)).toEqual(before);
  });

  it('adds the signature over the bytes as they are, to the file or beside it', async () => {
    const { file, fingerprint } = await propose('--base', base);
    const out = fresh();
    const { stdout, failure } = await directoryCli(
      'sign',
      file,
      '--base',
      base,
      ...vn.keyOptions,
      '--fingerprint',
      fingerprint.replaceAll(' ', ''),
      '--out',
      out,
    );
    expect([failure, stdout]).toEqual([undefined, expect.stringContaining('signed: vn; 1 more of: gb')]);
    const { document } = await readDirectory(readFileSync(out));
    expect(document.payload).toEqual((await readDirectory(readFileSync(file))).document.payload);
    expect((await readDirectory(readFileSync(file))).document.signatures).toEqual([]);
    const last = await directoryJson('sign', file, out, '--base', base, ...gb.keyOptions, '--fingerprint', fingerprint);
    expect(last).toMatchObject({ file, quorums: [{ signed: ['vn', 'gb'], missing: [] }] });
  });

  it('refuses keys that do not count', async () => {
    const la = await makeCountry('la', desk.folder);
    const { file, fingerprint } = await propose('--base', base);
    const run = (options: readonly string[]) =>
      directoryCli('sign', file, '--base', base, '--fingerprint', fingerprint, ...options);
    expect((await run(la.keyOptions)).failure).toMatchObject({ code: 'directory_not_a_signer' });
    // Another key under the id that the directory lists.
    const impostor = await makeCountry('impostor', desk.folder, vn.entry.kid);
    expect((await run(impostor.keyOptions)).failure).toMatchObject({
      code: 'directory_not_a_signer',
      detail: expect.stringContaining('is not the key that the directory lists') as string,
    });
    expect((await run([])).failure).toMatchObject({ code: 'bad_request' });
    expect((await run(vn.keyOptions.slice(0, 2))).failure).toMatchObject({ code: 'config_invalid' });
    expect((await run(['--keys', fresh(), ...vn.keyOptions.slice(2)])).failure).toMatchObject({
      code: 'key_folder_missing',
    });
    expect((await readDirectory(readFileSync(file))).document.signatures).toEqual([]);
  });

  it('refuses a governance key that is revoked', async () => {
    const revoked = await propose('--base', base, '--revoke', `vn/${vn.entry.kid}`);
    const { file, fingerprint } = await propose('--base', revoked.file);
    const { failure } = await directoryCli(
      'sign',
      file,
      '--base',
      revoked.file,
      ...vn.keyOptions,
      '--fingerprint',
      fingerprint,
    );
    expect(failure).toMatchObject({
      code: 'directory_not_a_signer',
      detail: expect.stringContaining('revoked or outside') as string,
    });
  });

  it('signs with both keys of a country while one follows the other', async () => {
    const th = await makeCountry('th', desk.folder);
    const first = await propose(
      '--base',
      base,
      '--add-keys',
      write('th1.json', { node: 'th', keys: [{ use: 'governance', key: th.entry }] }),
    );
    const next = write('th2.json', await th.newKey());
    const { file, fingerprint } = await propose(
      '--base',
      first.file,
      '--add-keys',
      next,
      '--revoke',
      `th/${th.entry.kid}`,
    );
    await directoryJson('sign', file, '--base', first.file, ...th.keyOptions, '--fingerprint', fingerprint);
    const { document } = await readDirectory(readFileSync(file));
    expect(document.signatures.map(({ kid }) => kid)).toHaveLength(2);
  });

  it('asks for the own copy of the version in force, and holds the proposal against it', async () => {
    const { file, fingerprint } = await propose('--base', base);
    const next = await propose('--base', file);
    const run = (...options: readonly string[]) =>
      directoryCli('sign', file, ...vn.keyOptions, '--fingerprint', fingerprint, ...options);
    expect((await run()).failure).toMatchObject({
      code: 'bad_request',
      detail: expect.stringContaining('--base') as string,
    });
    expect((await run('--base', file)).failure).toMatchObject({ code: 'directory_fork' });
    expect((await run('--base', next.file)).failure).toMatchObject({ code: 'directory_rollback' });
  });

  it('merges copies of one document only', async () => {
    const [one, two] = [await propose('--base', base), await propose('--base', base, '--retire', 'vn/vn.rcpt1')];
    for (const command of ['merge', 'sign'])
      expect((await directoryCli(command, one.file, two.file, '--base', base)).failure).toMatchObject({
        code: 'directory_fork',
        detail: expect.stringContaining(two.file) as string,
      });
  });

  it('leaves out signatures of strangers and broken ones', async () => {
    const { file, fingerprint } = await propose('--base', base);
    const { document } = await readDirectory(readFileSync(file));
    const { privateJwk } = await makePair('x', 'Ed25519');
    const noise = await addSignature(document, await importSigningKey(gb.entry.kid, privateJwk));
    writeFileSync(file, writeDirectory(await addSignature(noise, await importSigningKey('stranger', privateJwk))));
    await directoryJson('sign', file, '--base', base, ...vn.keyOptions, '--fingerprint', fingerprint);
    const { signatures } = (await readDirectory(readFileSync(file))).document;
    expect(signatures.map(({ kid }) => kid)).toEqual([vn.entry.kid]);
  });
});

describe('show', () => {
  it('shows dates, keys with fingerprints and days left, and who is missing', async () => {
    const { stdout } = await directoryCli('show', base);
    expect(stdout).toContain('Partner directory, version 7, trust domain test\n');
    expect(stdout).toMatch(/Governance: 2 countries must sign\n/);
    expect(stdout).toMatch(/Node vn {2}https:\/\/gateway.vn.example:8443 {2}seals with hybrid/);
    expect(stdout).toMatch(/vn\.mps-criminal\.enc1 +encryption, hybrid +retired +\d+ +(\d{4} ){7}\d{4}/);
    expect(stdout).toContain('Signatures: 2 countries needed, signed: none; 2 more of: vn, gb');
    const shown = await directoryJson('show', base);
    expect(shown).toMatchObject({ version: 7, daysLeft: 89, expired: false, governance: { threshold: 2 } });
  });

  it('says that it has expired', async () => {
    const expired = write(
      'expired.json',
      await signDirectory(
        edited((d) => (d.expiresAt = '2026-11-01T00:00:00Z')),
        [],
      ),
    );
    expect((await directoryCli('show', expired)).stdout).toContain('valid until 2026-11-01T00:00:00Z (EXPIRED)');
  });

  it('wants a file or a node, and one that is there', async () => {
    const node = ['--node', 'vn', '--data', desk.folder];
    expect((await directoryCli('show')).failure).toMatchObject({ code: 'bad_request' });
    expect((await directoryCli('show', base, ...node)).failure).toMatchObject({ code: 'bad_request' });
    expect((await directoryCli('show', ...node)).failure).toMatchObject({ code: 'config_invalid' });
    expect((await directoryCli('show', write('bare.json', directory))).failure).toMatchObject({
      code: 'directory_malformed',
      detail: expect.stringContaining('bare.json') as string,
    });
  });
});

describe('verify', () => {
  const checks = async (file: string, ...more: readonly string[]) => {
    const result = await directoryCli('verify', file, '--anchor', anchor, ...more, '--json');
    const { adoptable, checks: list } = JSON.parse(result.stdout) as {
      adoptable: boolean;
      checks: { check: string; passed: boolean; code?: string }[];
    };
    expect(result.exitCode).toBe(adoptable ? 0 : 1);
    return Object.fromEntries(list.map(({ check, passed, code }) => [check, passed ? 'passed' : code]));
  };

  it('passes only what a node would adopt', async () => {
    const { file, fingerprint } = await propose('--base', base);
    expect(await checks(file)).toEqual({
      form: 'passed',
      domain: 'passed',
      version: 'passed',
      quorum: 'directory_below_threshold',
      newQuorum: 'passed',
      continuity: 'passed',
      time: 'passed',
    });
    for (const { keyOptions } of [vn, gb])
      await directoryJson('sign', file, '--base', base, ...keyOptions, '--fingerprint', fingerprint);
    expect(new Set(Object.values(await checks(file)))).toEqual(new Set(['passed']));
    expect(new Set(Object.values(await checks(file, '--base', base)))).toEqual(new Set(['passed']));
    expect(await checks(base, '--base', file)).toMatchObject({ version: 'directory_rollback' });
  });

  it('names what is wrong with the form, place by place', async () => {
    const unsound = edited((_, node, unit) => {
      unit.id = 'gb.forest';
      node.units[1]!.id = 'gb.wood';
    });
    const signed = write(
      'unsound.json',
      await countersign(Buffer.from(JSON.stringify(unsound)), 'trao-directory+jws', []),
    );
    const { stdout, exitCode } = await directoryCli('verify', signed, '--anchor', anchor);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('    /nodes/0/units/0/id must begin with the id of its node, vn\n');
    expect(stdout).toContain('    /nodes/0/units/1/id must begin with the id of its node, vn\n');
    expect(stdout).toContain('No node adopts it.');
    expect(await checks(write('junk.json', '<html>'))).toEqual({ form: 'directory_malformed' });
  });

  it('wants an anchor that is one', async () => {
    for (const text of ['{', '{}', JSON.stringify({ trustDomain: 'test', governance: { threshold: 9, keys: [] } })]) {
      const { failure } = await directoryCli('verify', base, '--anchor', write('bad-anchor.json', text));
      expect(failure).toMatchObject({ code: 'config_invalid' });
    }
    expect((await directoryCli('anchor', base, '--out', anchor)).failure).toMatchObject({ code: 'bad_request' });
    const out = fresh();
    await directoryCli('anchor', base, '--out', out);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(JSON.parse(readFileSync(anchor, 'utf8')));
  });
});

it('compares two versions, dangers first, and names TLS keys so that they can be read aloud', async () => {
  const other = await propose(
    write(
      'pins.json',
      edited((_, node) => Object.assign(node, { calendar: 'xx', tls: { ...node.tls, spki: ['A'.repeat(43)] } })),
    ),
    '--base',
    base,
  );
  const { findings } = await directoryJson<Proposal>('diff', base, other.file);
  expect(findings.map(({ code, weight }) => `${weight} ${code}`)).toEqual([
    'danger pin_added',
    'danger pin_removed',
    'danger pins_replaced',
    'note expiry_later',
    'note hours_changed',
  ]);
  expect(findings[0]!.after).toBe('0000 0000 0000 0000 0000 0000 0000 0000');
});
