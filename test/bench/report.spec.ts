import { MACHINE, RESULT } from './fixtures/result';
import { faultsOf, reportOf } from './report';
import { tableOf } from './table';

const FLOOR = [
  { sizeBytes: 1024, cpuMsPerMessage: 1, messagesPerS: 1000 },
  { sizeBytes: 2048, cpuMsPerMessage: 2, messagesPerS: 500 },
];
const CORE = {
  validation: [{ input: 'referral', messages: 1, assertPerS: 9001, readPerS: 9002 }],
  state: { steps: 1000, runs: 200, p50Ms: 7.5, p99Ms: 12.25 },
  rules: { checksPerS: 9003 },
  narrative: { characters: 3000, kbPerS: 9004 },
  envelope: [
    { suite: 'hybrid', sizeBytes: 2048, sealMs: 1.5, openMs: 1.25, bareSealMs: 1.1, bareOpenMs: 1.2, ratio: 1.19 },
  ] as const,
};
const BARE = [{ sizeBytes: 2048, throughputPerS: 60, cpuMsPerMessage: 5, cpuMsByProcess: {} }];

describe('report', () => {
  it('sets the figures of the small size on top and relates each result to its size', () => {
    const report = reportOf({ machine: MACHINE, floor: FLOOR, bare: BARE, load: [RESULT] });
    expect(report.floor?.cpuMsPerMessage).toBe(2);
    expect(report.bare?.throughputPerS).toBe(60);
    expect(report.results?.[0]).toMatchObject({ ratioToFloor: 3, ratioToBare: 1.5 });
  });

  it('compares with the bare pipeline at maximum only, and with nothing that was not measured', () => {
    const light = reportOf({ machine: MACHINE, floor: FLOOR, bare: BARE, load: [{ ...RESULT, load: 'light' }] });
    expect(light.results?.[0]).toMatchObject({ ratioToFloor: 3, ratioToBare: null });
    const large = reportOf({ machine: MACHINE, floor: FLOOR, bare: BARE, load: [{ ...RESULT, sizeBytes: 9000 }] });
    expect(large.results?.[0]).toMatchObject({ ratioToFloor: null, ratioToBare: null });
    expect(Object.keys(reportOf({ machine: MACHINE, load: [RESULT] }))).toEqual(['machine', 'results']);
  });

  it('has no ratio without CPU time', () => {
    const load = [{ ...RESULT, cpuMsPerMessage: null }];
    expect(reportOf({ machine: MACHINE, floor: FLOOR, load }).results?.[0]?.ratioToFloor).toBeNull();
  });

  it('has the figures of the core as they were measured, and a table of them', () => {
    const report = reportOf({ machine: MACHINE, core: CORE });
    expect(report.core).toEqual(CORE);
    const table = tableOf(report);
    expect(table).toMatch(/referral +9001 +9002\n/);
    expect(table).toContain('case of 1000 messages: p50 7.5 ms, p99 12.25 ms');
    expect(table).toContain('9003 referrals per second');
    expect(table).toContain('3000 characters: 9004 kB per second');
    expect(table).toMatch(/hybrid +2048 +1.5 +1.25 +1.1 +1.2 +1.19\n/);
    expect(tableOf(reportOf({ machine: MACHINE, floor: FLOOR }))).not.toContain('Core');
  });

  it('lists the timing of refusals, class by class', () => {
    const row = { group: 'signer', failure: 'other signature', samples: 500, medianUs: 401.5, meanUs: 410.2 };
    const timing = [{ ...row, medianRatio: 1.002, meanRatio: 0.998, welchT: -0.7 }];
    const report = reportOf({ machine: MACHINE, timing });
    expect(report.timing).toEqual({ classes: timing });
    expect(tableOf(report)).toMatch(/signer +other signature +500 +401.5 +410.2 +1.002 +0.998 +-0.7\n/);
    expect(tableOf(reportOf({ machine: MACHINE }))).not.toContain('Refusals');
  });

  it('names what makes figures void', () => {
    expect(faultsOf([RESULT])).toEqual([]);
    const lost = { ...RESULT, undelivered: 2, refused: 1, refusals: { 'HTTP 503': 1 } };
    expect(faultsOf([lost])).toEqual([
      'VOID: postgres, 2048 bytes, maximum: 2 never delivered, 1 not taken (1 × HTTP 503)',
    ]);
    expect(faultsOf([{ ...RESULT, undelivered: 1 }])[0]).toMatch(/0 not taken$/);
    expect(tableOf(reportOf({ machine: MACHINE, load: [lost] }))).toContain('VOID');
  });
});
