import { waitFor } from '../harness/wait-for';
import { holdTimer, look, startKeeperPlace, versionOf, type KeeperPlace } from './keeper-fixture';

/** A directory that comes to its end: people are told in time, a running node works on, and none starts with it. */
let place: KeeperPlace;
beforeAll(async () => {
  place = await startKeeperPlace('expiry');
});
afterAll(() => place?.remove());
beforeEach(() => void holdTimer());
afterEach(async () => {
  await place.reset();
  jest.useRealTimers();
});

const DAY_MS = 86_400_000;
/** A clock that stands so many days before the end of the directory of these tests. */
function clockBeforeEnd() {
  const end = Date.parse(place.world.directory.expiresAt);
  const clock = { daysLeft: 61, now: () => new Date(end - clock.daysLeft * DAY_MS) };
  return clock;
}

it('tells people at each step, once for the node, whatever process looks and how often', async () => {
  const time = clockBeforeEnd();
  place.put(await place.world.sign({ version: 7 }));
  for (const role of ['gateway', 'worker', 'office'] as const) await place.start(role, { now: time.now });
  expect(await place.alarms()).toEqual([]);
  const expected: string[] = [];
  for (const [daysLeft, step] of [
    [60, 60],
    [59, 60],
    [30, 30],
    [13, 14],
    [7, 7],
    [1, 1],
    [0.01, 1],
  ] as const) {
    time.daysLeft = daysLeft;
    const alarm = `directory_expiring 7 ${step}`;
    if (!expected.includes(alarm)) expected.push(alarm);
    look();
    look();
    await waitFor(`the alarms ${expected.join(', ')}`, async () => (await place.onceKeys()).join() === expected.join());
  }
  // A process that starts again, and one that starts for the first time, tell nobody anew.
  await place.start('worker', { now: time.now });
  expect(await place.onceKeys()).toEqual(expected);
  expect((await place.details())[0]).toBe('Version 7 ends in 60 days.');
});

it('works on with the last good one after its end, says so once, and takes the next one', async () => {
  const time = clockBeforeEnd();
  place.put(await place.world.sign({ version: 7 }));
  const keeper = await place.start('gateway', { now: time.now });
  time.daysLeft = 0;
  look();
  await waitFor('the alarm', async () => (await place.alarms()).length > 0);
  look();
  expect(await place.alarms()).toEqual(['directory_expired directory_expired']);
  expect(versionOf(keeper)).toBe(7);
  expect(keeper.partners().node('gb').id).toBe('gb');
  // The same document again, from a file or a partner, is no new fault.
  expect(await keeper.compare([keeper.signed])).toEqual({ kind: 'same', version: 7 });
  const next = await place.world.sign({
    version: 8,
    expiresAt: new Date(time.now().getTime() + 90 * DAY_MS).toISOString(),
  });
  place.put(next);
  look();
  await waitFor('version 8', () => versionOf(keeper) === 8);
  expect(await place.alarms()).toEqual(['directory_expired directory_expired']);
});

it('starts no process with an expired one, and says what to do', async () => {
  const time = clockBeforeEnd();
  place.put(await place.world.sign({ version: 7 }));
  await place.start('gateway', { now: time.now });
  time.daysLeft = -3;
  await expect(place.start('worker', { now: time.now })).rejects.toMatchObject({
    code: 'directory_expired',
    detail: expect.stringMatching(/^Version 7 was valid until .* trao directory propose --base /) as string,
  });
});
