import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Directory } from '../../libs/schema';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { waitFor } from '../harness/wait-for';
import { directoryCli, directoryJson, makeCountry, type Country } from './directory-cli-fixture';
import { directoryOfToday } from './directory-fixture';
import { DirectoryNodes, makePlaces, nameplaces, type DirectoryNode } from './directory-nodes-fixture';
import { holdTimer, look, versionOf } from './keeper-fixture';

/**
 * The whole ceremony, as people do it: countries with separate folders, files that are copied from one to the other, fingerprints that are
 * read aloud, and two running nodes of which one gets the file.
 */
let folder: string;
let nodes: DirectoryNodes;
let countries: Record<'vn' | 'gb' | 'la', Country>;
beforeAll(async () => {
  folder = makeTempFolder('ceremony');
  nodes = await DirectoryNodes.start('ceremony');
  const [vn, gb, la] = [
    await makeCountry('vn', folder),
    await makeCountry('gb', folder),
    await makeCountry('la', folder),
  ];
  countries = { vn, gb, la };
});
afterAll(async () => {
  await nodes?.remove();
  removeTempFolder(folder);
});
beforeEach(() => void holdTimer());
afterEach(() => jest.useRealTimers());

interface State {
  readonly version: number;
  readonly fingerprint: string;
  readonly quorums: readonly { quorum: string; threshold: number; signed: string[]; missing: string[] }[];
}

/** One country carries a file over to another. */
const carry = (from: string, to: Country, name: string) => {
  const file = to.file(name);
  copyFileSync(from, file);
  return file;
};

/** A country looks at a proposal beside its own copy of the one in force, hears the fingerprint and signs. */
async function sign(country: Country, proposal: string, base: string | undefined, heard: string): Promise<State> {
  const baseOption = base === undefined ? [] : ['--base', base];
  return directoryJson<State>('sign', proposal, ...baseOption, ...country.keyOptions, '--fingerprint', heard);
}

it('goes from the first directory to a change of governance, and stops a fork', async () => {
  const { vn, gb, la } = countries;
  const places = await makePlaces('vn', 'gb');
  const directory: Directory = {
    ...(await directoryOfToday()),
    governance: {
      threshold: 2,
      keys: [
        { ...vn.entry, node: 'vn' },
        { ...gb.entry, node: 'gb' },
      ],
    },
  };
  nameplaces(directory, places);

  // The first one: Viet Nam writes it, both sign apart from each other, and the copies become one.
  const source = vn.file('source.json');
  writeFileSync(source, JSON.stringify(directory));
  const first = vn.file('directory-v1.json');
  const proposed = await directoryJson<State>('propose', source, '--out', first);
  expect(proposed).toMatchObject({ version: 1, quorums: [{ threshold: 2, signed: [], missing: ['vn', 'gb'] }] });
  const atGb = carry(first, gb, 'from-vn.json');
  await sign(vn, first, undefined, proposed.fingerprint);
  await sign(gb, atGb, undefined, proposed.fingerprint);
  const merged = await directoryJson<State>('merge', first, carry(atGb, vn, 'from-gb.json'));
  expect(merged.quorums).toEqual([expect.objectContaining({ signed: ['vn', 'gb'], missing: [] })]);
  const anchor = vn.file('anchor.json');
  await directoryJson('anchor', first, '--out', anchor);
  const verified = await directoryCli('verify', first, '--anchor', anchor);
  expect([verified.exitCode, verified.stdout]).toEqual([0, expect.stringContaining('A node would adopt it.')]);

  const text = readFileSync(anchor, 'utf8');
  const started: DirectoryNode[] = [];
  for (const place of places) started.push(await nodes.node(place, text, readFileSync(first)));
  const [vnNode, gbNode] = started as [DirectoryNode, DirectoryNode];
  expect([versionOf(vnNode.worker), versionOf(gbNode.worker)]).toEqual([1, 1]);

  // Version 2: a receipt key is retired. Signed one after the other, put in place in Viet Nam only.
  const kid = directory.nodes[0]!.receiptKeys[0]!.kid;
  const second = vn.file('directory-v2.json');
  const heard = (await directoryJson<State>('propose', '--base', first, '--retire', `vn/${kid}`, '--out', second))
    .fingerprint;
  await sign(vn, second, first, heard);
  const early = await directoryCli('verify', second, '--anchor', anchor, '--base', first);
  expect([early.exitCode, early.stdout]).toEqual([1, expect.stringContaining('directory_below_threshold')]);
  const gbSecond = carry(second, gb, 'directory-v2.json');
  await sign(gb, gbSecond, atGb, heard);
  expect((await directoryCli('verify', gbSecond, '--anchor', anchor, '--base', first)).exitCode).toBe(0);
  const signed = readFileSync(gbSecond);
  vnNode.put(signed);
  look();
  await waitFor('version 2 in Viet Nam', () => versionOf(vnNode.gateway) === 2);
  expect(await gbNode.watch()).toMatchObject({ version: 2 });
  expect(Buffer.from(gbNode.worker.signed)).toEqual(signed);

  // Version 3: a third country governs too. Two of three are enough from now on; for this once the old quorum and the new one.
  const newVoice = vn.file('la-governance.json');
  writeFileSync(newVoice, JSON.stringify({ node: 'la', keys: [{ use: 'governance', key: la.entry }] }));
  const third = vn.file('directory-v3.json');
  const change = await directoryJson<State>('propose', '--base', gbSecond, '--add-keys', newVoice, '--out', third);
  expect(change.quorums).toEqual([
    expect.objectContaining({ quorum: 'old', signed: [], missing: ['vn', 'gb'] }),
    expect.objectContaining({ quorum: 'new', signed: [], missing: ['vn', 'gb', 'la'] }),
  ]);
  const laThird = carry(third, la, 'directory-v3.json');
  await sign(la, laThird, carry(gbSecond, la, 'base.json'), change.fingerprint);
  await sign(vn, laThird, gbSecond, change.fingerprint);
  // The new quorum has both of its voices, the old one has one.
  expect((await directoryCli('verify', laThird, '--anchor', anchor, '--base', gbSecond)).stdout).toContain(
    '✗ signatures of the governance in force (directory_below_threshold): Needed: 2; valid: vn.',
  );
  await sign(gb, laThird, gbSecond, change.fingerprint);
  vnNode.put(readFileSync(laThird));
  look();
  await waitFor('version 3 in Viet Nam', () => versionOf(vnNode.gateway) === 3);
  expect(await gbNode.watch()).toMatchObject({ version: 3 });

  // A fork: Laos and the United Kingdom sign another version 3. It is refused everywhere, with an alarm.
  const fork = path.join(folder, 'fork.json');
  const other = await directoryJson<State>(
    ...(['propose', '--base', gbSecond, '--add-keys', newVoice, '--threshold', '1', '--out', fork] as const),
  );
  expect(other.version).toBe(3);
  for (const country of [la, gb, vn]) await sign(country, fork, gbSecond, other.fingerprint);
  expect((await directoryCli('verify', fork, '--anchor', anchor, '--base', gbSecond)).exitCode).toBe(0);
  expect((await directoryCli('verify', fork, '--anchor', anchor, '--base', laThird)).stdout).toContain(
    'directory_fork',
  );
  gbNode.put(readFileSync(fork));
  look();
  await waitFor('the alarm', async () => (await gbNode.alarms()).length > 0);
  expect(await gbNode.alarms()).toEqual(['directory_refused file directory_fork']);
  // The worker has raised it; the gateway may still be on its way from version 2.
  await waitFor('version 3 in the gateway too', () => versionOf(gbNode.gateway) === 3);
  expect(versionOf(gbNode.worker)).toBe(3);
  expect(Buffer.from(gbNode.gateway.signed)).toEqual(readFileSync(laThird));

  // Two of three go on without the third.
  const fourth = vn.file('directory-v4.json');
  const last = await directoryJson<State>('propose', '--base', laThird, '--out', fourth);
  for (const country of [la, gb]) await sign(country, fourth, laThird, last.fingerprint);
  vnNode.put(readFileSync(fourth));
  look();
  await waitFor('version 4 in Viet Nam', () => versionOf(vnNode.gateway) === 4);
  expect((await gbNode.watch()).version).toBe(4);
  expect(await vnNode.alarms()).toEqual([]);
});
