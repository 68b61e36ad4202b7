import type { Flooded, FloodLane } from './flood-order';
import { floodFaults, rowsOf, slowedDown, type Fault, type Played } from './judge-partners';

const LANE: FloodLane = { asked: 10, taken: 10, putOff: 0, other: {}, slowestMs: 5 };
const flooded = (normal: Partial<FloodLane> = {}, emergencies: Partial<FloodLane> = {}): Flooded => ({
  perS: 10,
  normal: { ...LANE, ...normal },
  emergencies: { ...LANE, ...emergencies },
});

/** A round in which every message took so long, but for the slowest. */
const round = (fault: Fault, ms: number, more: Partial<Played> = {}): Played => ({
  fault,
  ids: [],
  times: Array.from({ length: 100 }, () => ms),
  cpu: { 'vn-worker': 0.1 },
  ...more,
});

it('holds each fault against the rounds without one, and a flood against the same partner at its rate', () => {
  const rows = rowsOf([
    round('nothing', 100),
    round('slow', 119),
    round('its rate', 150),
    round('flood', 180, { beginning: round('flood', 900) }),
    round('nothing', 100),
  ]);
  expect(
    rows.map(({ fault, rounds, p99Ms, p99Ratio, against, p99BeginningMs }) => [
      fault,
      rounds,
      p99Ms,
      p99Ratio,
      against,
      p99BeginningMs,
    ]),
  ).toEqual([
    ['nothing', 2, 100, 1, 'nothing', null],
    ['slow', 1, 119, 1.19, 'nothing', null],
    ['its rate', 1, 150, 1.5, 'nothing', null],
    ['flood', 1, 180, 1.2, 'its rate', 900],
  ]);
  // To send what one may is no fault, whatever the machine makes of it.
  expect(slowedDown(rows)).toEqual([expect.stringContaining('1.2 times as long')]);
});

it('does not call a fault harmless of which nothing was measured', () => {
  expect(slowedDown(rowsOf([round('nothing', 100), round('slow', 100, { times: [] })]))).toHaveLength(1);
});

it('wants emergencies of the one who floods to get through, the rest put off, and nothing else', () => {
  const faultsOf = (of: Flooded) => floodFaults([round('flood', 1, { flooded: of })]);
  expect(faultsOf(flooded({ putOff: 400 }))).toEqual([]);
  expect(faultsOf(flooded({ putOff: 0 }))).toEqual(['flood: nothing was put off']);
  expect(faultsOf(flooded({ putOff: 1 }, { taken: 9, putOff: 1 }))).toEqual(['flood: 9 of 10 emergencies got through']);
  expect(faultsOf(flooded({ putOff: 1 }, { asked: 0, taken: 0 }))).toEqual(['flood: 0 of 0 emergencies got through']);
  expect(faultsOf(flooded({ putOff: 1, other: { ECONNRESET: 3 } }))).toEqual([
    'flood: 3 requests ended with ECONNRESET',
  ]);
});

it('also holds each round against that of its turn, so that one bad turn of the machine counts once', () => {
  const turns = [100, 100, 5_000].flatMap((ms) => [round('nothing', ms), round('slow', ms === 100 ? 110 : 9_000)]);
  const [, slow] = rowsOf(turns);
  expect(slow).toMatchObject({ p99Ratio: 1.8, p99RatioOfTurns: 1.1 });
});
