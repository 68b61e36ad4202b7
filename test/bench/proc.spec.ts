import { cpuMsOf, cpuMsOfTree, parseStat, parseStatus, peakMbOf } from './proc';

// proc(5), with a command's name that would mislead a reader who splits at spaces or at the first bracket.
const STAT =
  '4242 (node (x) 1 2) S 17 4242 17 34816 4242 4194560 9 8 7 6 1234 66 50 25 20 0 11 0 5000 987654 321 18446744073709551615 1 1';
const STATUS =
  'Name:\tnode\nVmPeak:\t 2048000 kB\nVmHWM:\t  153600 kB\nVmRSS:\t   51200 kB\nRssAnon:\t 40960 kB\nThreads:\t11\n';

describe('/proc', () => {
  it('tells parent and CPU time behind the name of the command', () => {
    expect(parseStat(STAT)).toEqual({ parent: 17, ownMs: 13_000, endedChildrenMs: 750 });
  });

  it('tells sizes by name', () => {
    expect(parseStatus(STATUS, 'VmHWM')).toBe(150);
    expect(parseStatus(STATUS, 'RssAnon')).toBe(40);
    expect(parseStatus(STATUS, 'RssShmem')).toBeUndefined();
    expect(parseStatus(STATUS, 'Threads')).toBeUndefined();
  });

  it('answers undefined for a process that is not there', () => {
    expect(cpuMsOf(2 ** 30)).toBeUndefined();
    expect(cpuMsOfTree(2 ** 30)).toBeUndefined();
    expect(peakMbOf(2 ** 30)).toBeUndefined();
  });

  it('agrees with what Node says of itself, where it says something', () => {
    const end = Date.now() + 150;
    while (Date.now() < end) Math.sqrt(Date.now());
    const { user, system } = process.cpuUsage();
    const told = (user + system) / 1000;
    const own = cpuMsOf(process.pid) ?? told;
    expect(Math.abs(own - told)).toBeLessThan(100);
    expect(cpuMsOfTree(process.pid) ?? own).toBeGreaterThanOrEqual(own);
    expect(peakMbOf(process.pid) ?? Infinity).toBeGreaterThan(10);
  });
});
