import { directoryStore } from '../../libs/storage';
import { waitFor } from '../harness/wait-for';
import { past } from './directory-fixture';
import { holdTimer, look, startKeeperPlace, versionOf, type KeeperPlace } from './keeper-fixture';

/** Which directory is in force, by the database of a node and a file that somebody replaces. */
let place: KeeperPlace;
beforeAll(async () => {
  place = await startKeeperPlace('keeper');
});
afterAll(() => place?.remove());
beforeEach(() => void holdTimer());
afterEach(async () => {
  await place.reset();
  jest.useRealTimers();
});

/** What is set for a role counts in its next sessions: those of now end, and the pool has noticed. */
async function newSessions(): Promise<void> {
  const { owner, gateway } = place.node;
  await owner.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'keeper_gateway'`);
  await waitFor('a new session', () =>
    gateway.query('SELECT 1').then(
      () => true,
      () => false,
    ),
  );
}

it('starts with the file, keeps it, and starts again without the file', async () => {
  const signed = await place.world.sign({ version: 7 });
  place.put(signed);
  expect(versionOf(await place.start())).toBe(7);
  expect(await place.kept()).toEqual([7]);
  place.put(Buffer.from('no directory'));
  const again = await place.start('worker');
  expect(versionOf(again)).toBe(7);
  expect(Buffer.from(again.signed)).toEqual(signed);
});

it('adopts a newer one from the file while it runs, and tells its process', async () => {
  place.put(await place.world.sign({ version: 7 }));
  const keeper = await place.start();
  const told: number[] = [];
  keeper.whenAdopted((partners) => told.push(partners.directory.version));
  place.put(await place.world.sign({ version: 8 }));
  look();
  await waitFor('version 8', () => versionOf(keeper) === 8);
  expect([told, await place.kept(), await place.alarms()]).toEqual([[8], [7, 8], []]);
});

it('starts again after a change of governance, and proves the newest through those before', async () => {
  place.put(await place.world.sign({ version: 7 }));
  const keeper = await place.start();
  const { governance, key } = await place.world.enlarged('kh');
  const { vn, gb, la } = place.world.governors;
  place.put(await place.world.sign({ version: 8, governance }, [vn, gb, key]));
  look();
  await waitFor('version 8', () => versionOf(keeper) === 8);
  // Signed by the old quorum only: it was enough before the change.
  place.put(await place.world.sign({ version: 9, governance }, [vn, gb]));
  look();
  await waitFor('the alarm', async () => (await place.alarms()).length > 0);
  place.put(await place.world.sign({ version: 10, governance }, [gb, la, key]));
  look();
  await waitFor('version 10', () => versionOf(keeper) === 10);
  const again = await place.start('worker');
  expect([versionOf(again), await place.kept(), await place.alarms()]).toEqual([
    10,
    [7, 8, 10],
    ['directory_refused directory_below_threshold'],
  ]);
});

it('does not start when a good one cannot be kept, and does not blame the file', async () => {
  place.put(await place.world.sign({ version: 7 }));
  // As at a standby that does not lead yet.
  await place.node.owner.query(`ALTER ROLE keeper_gateway SET default_transaction_read_only = on`);
  await newSessions();
  try {
    await expect(place.start()).rejects.toMatchObject({ code: 'database_unavailable' });
  } finally {
    await place.node.owner.query(`ALTER ROLE keeper_gateway RESET default_transaction_read_only`);
    await newSessions();
  }
  expect(await place.alarms()).toEqual([]);
});

it('tries again when a good one cannot be kept, and counts it only then', async () => {
  place.put(await place.world.sign({ version: 7 }));
  const keeper = await place.start();
  await place.node.owner.query(`REVOKE INSERT ON directory_document FROM keeper_gateway`);
  place.put(await place.world.sign({ version: 8 }));
  const before = place.log.records().length;
  look();
  await waitFor('the warning', () =>
    place.log
      .records()
      .slice(before)
      .some(({ msg }) => String(msg).includes('cannot be read or kept')),
  );
  expect([versionOf(keeper), await place.kept(), await place.alarms()]).toEqual([7, [7], []]);
  await place.node.owner.query(`GRANT INSERT ON directory_document TO keeper_gateway`);
  look();
  await waitFor('version 8', () => versionOf(keeper) === 8);
  expect(await place.kept()).toEqual([7, 8]);
});

it('judges a file by what another process of the node has adopted meanwhile', async () => {
  place.put(await place.world.sign({ version: 7 }));
  const gateway = await place.start('gateway');
  const adopted = await place.world.sign({ version: 9 });
  await directoryStore(place.node.worker).keep([{ version: 9, signed: adopted }]);
  place.put(await place.world.sign({ version: 9, issuedAt: past })); // a fork, and newer than what the gateway knows
  look();
  await waitFor('the alarm', async () => (await place.alarms()).length > 0);
  expect(await place.alarms()).toEqual(['directory_refused directory_fork']);
  expect(Buffer.from(gateway.signed)).toEqual(adopted);
});

it('takes over what another process of the node has adopted, without any file, and tells all who asked', async () => {
  place.put(await place.world.sign({ version: 7 }));
  const [worker, office] = [await place.start('worker'), await place.start('office')];
  const told: string[] = [];
  office.whenAdopted(({ directory }) => told.push(`first ${directory.version}`));
  office.whenAdopted(({ directory }) => told.push(`second ${directory.version}`));
  const [signed, tag] = [await place.world.sign({ version: 8 }), office.tag()];
  expect(await worker.compare([signed])).toMatchObject({ kind: 'newer', version: 8 });
  await worker.adopt([signed], 'gb');
  expect([versionOf(worker), versionOf(office)]).toEqual([8, 7]);
  look();
  await waitFor('version 8 in the office', () => versionOf(office) === 8);
  expect([told, office.tag() === worker.tag(), office.tag() === tag]).toEqual([['first 8', 'second 8'], true, false]);
  expect(await place.alarms()).toEqual([]);
});

it('has one version of a number, when two processes take two at the same moment', async () => {
  place.put(await place.world.sign({ version: 7 }));
  const keepers = [await place.start('gateway'), await place.start('worker')] as const;
  const { gb, la } = place.world.governors;
  const [one, two] = [
    await place.world.sign({ version: 8 }),
    await place.world.sign({ version: 8, issuedAt: past }, [gb, la]),
  ];
  const results = await Promise.allSettled([keepers[0].adopt([one], 'gb'), keepers[1].adopt([two], 'kh')]);
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'directory_fork' } });
  expect(Buffer.from(keepers[0].signed)).toEqual(Buffer.from(keepers[1].signed));
});

it('passes over rows of the database that prove nothing, tells people once, and goes on', async () => {
  place.put(await place.world.sign({ version: 7 }));
  const keeper = await place.start();
  const alone = await place.world.sign({ version: 8 }, [place.world.governors.vn]);
  await directoryStore(place.node.worker).keep([
    { version: 8, signed: alone },
    { version: 9, signed: Buffer.from('not a directory') },
  ]);
  look();
  await waitFor('the alarms', async () => (await place.alarms()).length === 2);
  expect(await place.alarms()).toEqual([
    'directory_refused directory_below_threshold',
    'directory_refused directory_malformed',
  ]);
  expect(versionOf(keeper)).toBe(7);
  const lines = () => place.log.records().filter(({ msg }) => msg === 'directory refused').length;
  const before = lines();
  look();
  look();
  await keeper.adopt([keeper.signed], 'nobody'); // comes after what is under way
  expect(lines()).toBe(before);
  place.put(await place.world.sign({ version: 10 }));
  look();
  await waitFor('version 10', () => versionOf(keeper) === 10);
  expect(versionOf(await place.start('worker'))).toBe(10);
  expect(await place.alarms()).toHaveLength(2);
});
