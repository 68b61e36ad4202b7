import { past, signedWorld, type SignedWorld } from './directory-fixture';
import { DirectoryNodes, makePlaces, nameplaces, type DirectoryNode, type NodePlace } from './directory-nodes-fixture';
import { holdTimer, look, versionOf } from './keeper-fixture';
import { waitFor } from '../harness/wait-for';

/** Nodes that fetch the directory from each other, over mutual TLS and with their databases: no party can hide a version. */
let nodes: DirectoryNodes;
let places: NodePlace[];
let world: SignedWorld;
beforeAll(async () => {
  nodes = await DirectoryNodes.start('fetch');
});
afterAll(() => nodes?.remove());
beforeEach(async () => {
  holdTimer();
  places = await makePlaces('vn', 'gb', 'kh');
  world = await signedWorld((directory) => nameplaces(directory, places));
});
afterEach(async () => {
  await nodes.stopAll();
  jest.useRealTimers();
});

/** Starts the first so many nodes with version 7 in their files. */
async function start(count: 2 | 3): Promise<DirectoryNode[]> {
  const some = places.slice(0, count);
  world = await signedWorld((directory) => nameplaces(directory, some));
  const signed = await world.sign({ version: 7 });
  const started: DirectoryNode[] = [];
  for (const place of some) started.push(await nodes.node(place, world.anchor, signed));
  return started;
}

const at = (node: DirectoryNode) => [versionOf(node.gateway), versionOf(node.worker)];
/** Puts a version in the file of a node and waits until its processes have it. */
async function put(node: DirectoryNode, version: number, signed: Uint8Array): Promise<void> {
  node.put(signed);
  look();
  await waitFor(`version ${version} at ${node.id}`, () => at(node).every((each) => each === version));
}

it('fetches a new version from the partner, and brings it to every process of the node', async () => {
  const [vn, gb] = (await start(2)) as [DirectoryNode, DirectoryNode];
  expect(await gb.watch()).toEqual({ version: 7, asked: 1, answered: 1, clock: { ours: undefined, theirs: [] } });
  const signed = await world.sign({ version: 8 });
  await put(vn, 8, signed);
  expect(await gb.watch()).toMatchObject({ version: 8 });
  expect(Buffer.from(gb.worker.signed)).toEqual(signed);
  look();
  await waitFor('the gateway of gb', () => versionOf(gb.gateway) === 8);
  expect(await gb.kept()).toEqual([7, 8]);
  expect([await vn.alarms(), await gb.alarms()]).toEqual([[], []]);
  // What came from the partner is served to others and survives a restart, with the old file in place.
  expect(versionOf(await gb.startAnother())).toBe(8);
  expect(await vn.watch()).toMatchObject({ version: 8 });
  expect(await gb.alarms()).toEqual([]);
  expect(await gb.watches()).toEqual([
    expect.objectContaining({ partner: 'vn', version: 8, behindSince: undefined, code: undefined }),
  ]);
});

it('serves the one in force by its tag, and those before it by their number', async () => {
  const [vn, gb] = (await start(2)) as [DirectoryNode, DirectoryNode];
  const seven = Buffer.from(vn.gateway.signed);
  expect((await gb.client.askDirectory('vn', gb.worker.tag())).signed).toBeUndefined();
  for (const tag of ['"another"', gb.worker.tag().replaceAll('"', '')])
    expect(Buffer.from((await gb.client.askDirectory('vn', tag)).signed!)).toEqual(seven);
  await put(vn, 8, await world.sign({ version: 8 }));
  const earlier = async (version: number) => gb.client.earlierDirectory('vn', version);
  expect(Buffer.from((await earlier(7))!)).toEqual(seven);
  expect(Buffer.from((await earlier(8))!)).toEqual(Buffer.from(vn.gateway.signed));
  // Also what is no version, or too large for one.
  for (const version of [6, 9, 0, -1, 7.5, 1e21, NaN]) expect(await earlier(version)).toBeUndefined();
});

it('gets a version that one partner withholds from another', async () => {
  const [vn, gb, kh] = (await start(3)) as [DirectoryNode, DirectoryNode, DirectoryNode];
  await put(gb, 8, await world.sign({ version: 8 }));
  kh.shows = kh.gateway.signed; // goes on showing version 7, whatever it knows
  await kh.watch();
  expect(versionOf(kh.worker)).toBe(8);
  expect((await vn.watch()).version).toBe(8);
  expect(await vn.alarms()).toEqual([]);
  const [fromGb, fromKh] = await vn.watches();
  expect(fromGb).toMatchObject({ partner: 'gb', version: 8, behindSince: undefined });
  expect(fromKh).toMatchObject({ partner: 'kh', version: 7 });
  expect(fromKh!.behindSince).toBeInstanceOf(Date);
});

it('gets it while the withholding partner lies, or does not answer at all', async () => {
  const [vn, gb, kh] = (await start(3)) as [DirectoryNode, DirectoryNode, DirectoryNode];
  await put(gb, 8, await world.sign({ version: 8 }));
  kh.shows = await world.sign({ version: 8, issuedAt: past }, [world.governors.la]); // another one, signed by one country
  expect((await vn.watch()).version).toBe(8);
  expect(await vn.alarms()).toEqual(['directory_refused kh directory_below_threshold']);
  await kh.closeGateway();
  await put(gb, 9, await world.sign({ version: 9 }));
  expect(await vn.watch()).toMatchObject({ version: 9, answered: 1 });
  expect((await vn.watches())[1]).toMatchObject({ partner: 'kh', code: 'partner_unreachable', version: 8 });
});

it('takes neither of two versions with one number, and the next one on which all agree', async () => {
  const [vn, gb, kh] = (await start(3)) as [DirectoryNode, DirectoryNode, DirectoryNode];
  await put(gb, 8, await world.sign({ version: 8 }));
  await put(kh, 8, await world.sign({ version: 8, issuedAt: past }, [world.governors.gb, world.governors.la]));
  await vn.watch();
  await vn.watch();
  expect([at(vn), await vn.kept()]).toEqual([[7, 7], [7]]);
  expect(await vn.alarms()).toEqual(['directory_refused gb directory_fork', 'directory_refused kh directory_fork']);
  await gb.watch();
  expect([at(gb), await gb.alarms()]).toEqual([[8, 8], ['directory_refused kh directory_fork']]);
  await put(kh, 9, await world.sign({ version: 9 }));
  expect((await vn.watch()).version).toBe(9);
  expect((await gb.watch()).version).toBe(9);
});

it('follows a change of governance that it missed', async () => {
  const [vn, gb] = (await start(2)) as [DirectoryNode, DirectoryNode];
  const { governance: larger, key } = await world.enlarged('kh');
  const governance = { threshold: 2, keys: larger.keys.filter(({ node }) => node === 'vn' || node === 'kh') };
  const { vn: one, gb: two } = world.governors;
  await put(gb, 8, await world.sign({ version: 8, governance }, [one, two, key]));
  const alone = await world.sign({ version: 10, governance }, [one, key]); // not enough for the governors of version 7
  await put(gb, 10, alone);
  expect((await vn.watch()).version).toBe(10);
  expect([await vn.kept(), await vn.alarms()]).toEqual([[7, 8, 10], []]);
  look();
  await waitFor('the gateway of vn', () => versionOf(vn.gateway) === 10);
  expect(versionOf(await vn.startAnother('worker'))).toBe(10);
});

it('refuses what has expired, what is older and what is no directory, with one alarm for each document', async () => {
  const [vn, gb] = (await start(2)) as [DirectoryNode, DirectoryNode];
  const good = vn.worker.signed;
  for (const shown of [
    await world.sign({ version: 9, expiresAt: past }),
    await world.sign({ version: 6 }),
    Buffer.from('<html>Please sign in to the hotel network</html>'),
  ]) {
    gb.shows = shown;
    await vn.watch();
    await vn.watch();
  }
  expect(await vn.alarms()).toEqual([
    'directory_refused gb directory_expired',
    'directory_refused gb directory_malformed',
  ]);
  expect([at(vn), await vn.kept(), vn.worker.signed]).toEqual([[7, 7], [7], good]);
});

it('says so when the whole node goes: a partner that the new version leaves out gets no answer any more', async () => {
  const [vn, gb, kh] = (await start(3)) as [DirectoryNode, DirectoryNode, DirectoryNode];
  const without = world.directory.nodes.filter(({ id }) => id !== 'kh');
  await put(vn, 8, await world.sign({ version: 8, nodes: without }));
  await gb.watch();
  look();
  await waitFor('the gateway of gb', () => versionOf(gb.gateway) === 8);
  expect(await kh.watch()).toMatchObject({ version: 7, answered: 0 });
  const codes = (await kh.watches()).map(({ code }) => code);
  expect(new Set(codes).size).toBe(1);
  expect(codes[0]).toMatch(/^partner_(tls|error)$/);
});
