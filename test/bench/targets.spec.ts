import { MACHINE, RESULT } from './fixtures/result';
import { reportOf } from './report';
import { linesOfTargets } from './target-lines';
import { targetsOf } from './targets';

const FLOOR = [{ sizeBytes: 2048, cpuMsPerMessage: 2, messagesPerS: 500 }];
const BARE = [{ sizeBytes: 2048, throughputPerS: 200, cpuMsPerMessage: 5, cpuMsByProcess: {} }];
const SUSTAINED = {
  ...RESULT,
  load: 'sustained',
  cpuMsPerMessage: 10,
  rssMb: { 'vn-office': 200, postgres: 900 },
} as const;
const STORED = { backend: 'postgres', messages: 1_000_000, few: [100], many: [95], ratio: 0.95, fillS: 1 } as const;

const measured = () =>
  reportOf({
    machine: MACHINE,
    floor: FLOOR,
    bare: BARE,
    stored: STORED,
    load: [
      { ...SUSTAINED, backend: 'postgres', throughputPerS: 140 },
      { ...SUSTAINED, backend: 'redis', throughputPerS: 260, cpuMsPerMessage: 13, rssMb: { 'gb-worker': 251 } },
      { ...RESULT, load: '50/s', p99Ms: 240 },
      { ...RESULT, backend: 'redis', load: '50/s', p99Ms: 251 },
    ],
  });

const byName = (report: ReturnType<typeof reportOf>) =>
  Object.fromEntries(targetsOf(report).map(({ name, value, met }) => [name, [value, met]]));

describe('targets', () => {
  it('are set beside what was measured, whichever back end was faster', () => {
    expect(byName(measured())).toEqual({
      'delivered, faster back end': [260, true],
      'delivered, other back end': [140, false],
      'delivered, beside the bare pipeline': [1.3, true],
      'the same, stretch': [1.3, false],
      'p99 to delivered at 50/s, postgres': [240, true],
      'p99 to delivered at 50/s, redis': [251, false],
      'CPU beside the floor, postgres': [5, true],
      'CPU beside the floor, redis': [6.5, false],
      'delivered with 1,000,000 stored, beside 1,000': [0.95, true],
      'largest process of a node': [251, false],
    });
  });

  it('are not met by what is void', () => {
    const lost = { ...SUSTAINED, throughputPerS: 999, undelivered: 1 };
    const late = { ...RESULT, load: '50/s', p99Ms: 1, refused: 1 } as const;
    const verdicts = byName(reportOf({ machine: MACHINE, floor: FLOOR, bare: BARE, load: [lost, late] }));
    expect(verdicts).toMatchObject({
      'delivered, faster back end': [null, null],
      'delivered, beside the bare pipeline': [null, null],
      'p99 to delivered at 50/s, postgres': [null, null],
      'CPU beside the floor, postgres': [null, null],
    });
  });

  it('take nothing for a million that is fewer, no short maximum and no other size', () => {
    const few = { ...STORED, messages: 20_000 };
    const load = [RESULT, { ...SUSTAINED, sizeBytes: 4096 }];
    const targets = targetsOf(
      reportOf({ machine: MACHINE, stored: few, load: load.map((row) => ({ ...row, rssMb: {} })) }),
    );
    expect(targets.filter(({ value }) => value !== null)).toEqual([]);
  });

  it('leave a process of unknown size unknown', () => {
    const load = [{ ...RESULT, rssMb: { 'vn-office': 100, 'vn-worker': null } }];
    expect(byName(reportOf({ machine: MACHINE, load }))['largest process of a node']).toEqual([null, null]);
  });

  it('say met and missed', () => {
    const text = linesOfTargets(measured()).join('\n');
    expect(text).toMatch(/260 +\/s +≥ 250 +met +delivered, faster back end/);
    expect(text).toMatch(/251 +MiB +≤ 250 +MISSED +largest process of a node \(gb-worker, redis, sustained\)/);
    expect(linesOfTargets(reportOf({ machine: MACHINE }))).toEqual([]);
  });
});
