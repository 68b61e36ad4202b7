import { directoryStore } from '../../libs/storage';
import { waitFor } from '../harness/wait-for';
import { past } from './directory-fixture';
import { holdTimer, look, startKeeperPlace, versionOf, type KeeperPlace } from './keeper-fixture';

/** Directories that a node does not take: the last good one stays in force, and there is one alarm. */
let place: KeeperPlace;
beforeAll(async () => {
  place = await startKeeperPlace('refusals');
});
afterAll(() => place?.remove());
beforeEach(() => void holdTimer());
afterEach(async () => {
  await place.reset();
  jest.useRealTimers();
});

const refusals: readonly (readonly [string, string, () => Promise<Buffer>])[] = [
  ['an older one', 'directory_rollback', () => place.world.sign({ version: 6 })],
  ['another one of the same version', 'directory_fork', () => place.world.sign({ version: 7, issuedAt: past })],
  [
    'one that only one country signed',
    'directory_below_threshold',
    () => place.world.sign({ version: 9 }, [place.world.governors.vn]),
  ],
  ['one that has expired', 'directory_expired', () => place.world.sign({ version: 9, expiresAt: past })],
  ['one of another trust domain', 'wrong_domain', () => place.world.sign({ version: 9, trustDomain: 'production' })],
  ['half a file', 'directory_malformed', async () => (await place.world.sign({ version: 9 })).subarray(0, 5000)],
];
it.each(refusals)('refuses %s with one alarm, and keeps the last good one', async (_what, code, make) => {
  const good = await place.world.sign({ version: 7 });
  place.put(good);
  const keeper = await place.start();
  place.put(await make());
  look();
  await waitFor('the alarm', async () => (await place.alarms()).length > 0);
  look();
  look();
  expect(await place.alarms()).toEqual([`directory_refused ${code}`]);
  expect([versionOf(keeper), await place.kept(), Buffer.from(keeper.signed)]).toEqual([7, [7], good]);
  place.put(await place.world.sign({ version: 10 }));
  look();
  await waitFor('the next good one', () => versionOf(keeper) === 10);
});

it('refuses an older file after a restart', async () => {
  place.put(await place.world.sign({ version: 8 }));
  await place.start();
  place.put(await place.world.sign({ version: 7 }));
  expect(versionOf(await place.start('worker'))).toBe(8);
  expect(await place.alarms()).toEqual(['directory_refused directory_rollback']);
});

it('refuses what it could not prove again after a restart, so that it can always start', async () => {
  place.put(await place.world.sign({ version: 7 }));
  const keeper = await place.start();
  // The new key is valid now, and was not yet when the directory was issued: a replay judges by that time.
  const { governance, key } = await place.world.enlarged('kh', past);
  const { vn, gb } = place.world.governors;
  place.put(await place.world.sign({ version: 8, governance }, [vn, gb, key]));
  look();
  await waitFor('the alarm', async () => (await place.alarms()).length > 0);
  expect([versionOf(keeper), await place.kept(), await place.alarms()]).toEqual([
    7,
    [7],
    ['directory_refused directory_below_threshold'],
  ]);
  expect(versionOf(await place.start('worker'))).toBe(7);
});

it('does not start with what has expired, whether in the file or in the database', async () => {
  place.put(await place.world.sign({ version: 7, expiresAt: past }));
  const expired = { code: 'directory_expired', detail: expect.stringContaining('trao directory ') as string };
  await expect(place.start()).rejects.toMatchObject(expired);
  const signed = await place.world.sign({ version: 7, expiresAt: past });
  await directoryStore(place.node.gateway).keep([{ version: 7, signed }]);
  await expect(place.start()).rejects.toMatchObject({
    ...expired,
    detail: expect.stringContaining(`Version 7 was valid until ${past}.`) as string,
  });
  place.put(await place.world.sign({ version: 8 }));
  expect(versionOf(await place.start())).toBe(8);
});

it('does not start as a node that the directory does not know, nor with an anchor that is no JSON', async () => {
  place.put(await place.world.sign({ version: 7 }));
  await expect(place.start('gateway', { node: 'xx' })).rejects.toMatchObject({
    code: 'config_invalid',
    detail: 'The directory knows no node xx.',
  });
  await expect(place.start('gateway', { trustAnchor: '{' })).rejects.toMatchObject({ code: 'config_invalid' });
});
