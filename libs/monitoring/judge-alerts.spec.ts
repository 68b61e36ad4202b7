import { ago, DAY, HOUR, MINUTE, NOW, process, QUIET } from './fixtures/quiet-node';
import { judgeAlerts, type AlertFacts } from '.';
import { THRESHOLDS } from './thresholds';

const judge = (more: Partial<AlertFacts>, thresholds = THRESHOLDS) =>
  judgeAlerts({ ...QUIET, ...more }, thresholds, NOW);
const short = (more: Partial<AlertFacts>) =>
  judge(more).map(({ kind, subject, level }) => `${kind} ${subject} ${level}`);

it('says nothing of a node that is well', () => expect(judge({})).toEqual([]));

describe('messages that wait', () => {
  const group = (age: number, lane: AlertFacts['unsent'][number]['lane'] = 'normal', partner = 'gb', waiting = 1) => ({
    partner,
    lane,
    waiting,
    oldestAt: ago(age),
  });

  it.each([
    [15 * MINUTE, []],
    [15 * MINUTE + 1, ['oldest_unsent gb warn']],
    [2 * HOUR, ['oldest_unsent gb warn']],
    [2 * HOUR + 1, ['oldest_unsent gb high']],
  ])('for %d ms', (age, found) => expect(short({ unsent: [group(age)] })).toEqual(found));

  it.each([
    [10 * MINUTE, []],
    [10 * MINUTE + 1, ['emergency_unsent gb high']],
  ])('as emergencies for %d ms', (age, found) => expect(short({ unsent: [group(age, 'emergency')] })).toEqual(found));

  it('are judged by partner, over all lanes, with how many there are', () => {
    const unsent = [
      group(HOUR, 'urgent', 'gb', 4),
      group(3 * HOUR, 'normal', 'gb', 2),
      group(20 * MINUTE, 'emergency', 'kh', 1),
      group(MINUTE, 'normal', 'la', 9),
    ];
    expect(judge({ unsent }).map(({ kind, subject, detail }) => [kind, subject, detail])).toEqual([
      ['oldest_unsent', 'gb', '6 wait; the oldest for 180 min.'],
      ['oldest_unsent', 'kh', '1 wait; the oldest for 20 min.'],
      ['emergency_unsent', 'kh', 'The oldest waits for 20 min.'],
    ]);
  });
});

describe('processes', () => {
  it('are missed by kind', () => {
    expect(short({ processes: [] })).toEqual(['no_workers vn critical', 'no_gateway vn critical', 'no_office vn high']);
    expect(short({ processes: [process('gateway'), process('office'), process('monitor')] })).toEqual([
      'no_workers vn critical',
    ]);
  });

  it('tell of disks that are nearly full, once a machine', () => {
    const others = QUIET.processes;
    const disks = (...free: number[]) => [
      ...others,
      ...free.map((diskFree, i) => process('worker', { diskFree }, `host-${i % 2}`)),
    ];
    expect(short({ processes: disks(0.2, 0.9, 0.5) })).toEqual([]);
    expect(short({ processes: disks(0.9, 0.199, 0.5) })).toEqual(['disk_low host-1 warn']);
    expect(judge({ processes: disks(0.9, 0.5, 0.049) })).toEqual([
      { kind: 'disk_low', subject: 'host-0', level: 'critical', detail: '4 % free.' },
    ]);
  });

  it('tell of sign-ins that fail, added up for all of a kind', () => {
    const processes = (a: number, b: number) => [
      ...QUIET.processes,
      process('office', { signInFailures: a }),
      process('office', { signInFailures: b }),
      process('monitor', { signInFailures: 9 }),
    ];
    expect(short({ processes: processes(4, 5) })).toEqual([]);
    expect(judge({ processes: processes(4, 6) })).toMatchObject([
      { kind: 'sign_in_failures', subject: 'office', detail: '10 in 15 min.' },
    ]);
  });
});

describe('clocks', () => {
  const watch = (partner: string, offsetMs: number | undefined, answeredAt: Date | undefined = NOW) => ({
    partner,
    askedAt: NOW,
    answeredAt,
    version: 3,
    behindSince: undefined,
    clock: offsetMs === undefined ? undefined : { offsetMs, doubtMs: 100 },
    code: undefined,
  });

  it('are wrong from 30 seconds on, beyond all doubt', () => {
    const others = [watch('kh', 0), watch('la', 0)];
    expect(judge({ watches: [...others, watch('gb', 30_100)] })).toEqual([]);
    expect(judge({ watches: [...others, watch('gb', -30_101)] })).toEqual([
      { kind: 'clock_skew', subject: 'gb', level: 'high', code: 'clock_skew', detail: 'The clock is 30 s behind.' },
    ]);
  });

  it('of most partners mean that it is our own', () => {
    expect(short({ watches: [watch('gb', 40_000), watch('la', 41_000), watch('kh', 0)] })).toEqual([
      'clock_skew vn high',
      'clock_skew kh high',
    ]);
  });

  it('of the database and of this node differ, beyond the time that asking took', () => {
    expect(judge({ databaseClock: { offsetMs: 30_100, doubtMs: 100 } })).toEqual([]);
    expect(judge({ databaseClock: { offsetMs: -30_101, doubtMs: 100 } })).toEqual([
      {
        kind: 'clock_skew',
        subject: 'database',
        level: 'high',
        code: 'clock_skew',
        detail: 'The clock is 30 s behind.',
      },
    ]);
  });

  it('are not judged where nobody could be asked, or for a week was', () => {
    expect(short({ watches: [watch('gb', undefined), { ...watch('la', 99_000), answeredAt: undefined }] })).toEqual([]);
    expect(short({ watches: [watch('gb', 99_000, ago(7 * DAY))] })).toEqual([]);
    expect(short({ watches: [watch('gb', 99_000, ago(7 * DAY - 1))] })).toEqual(['clock_skew vn high']);
  });
});

describe('a certificate of a partner', () => {
  const link = (fingerprint: string, firstSeen: Date, lastSeen: Date, more: object = {}) => ({
    partner: 'gb',
    side: 'out' as const,
    fingerprint: fingerprint.repeat(64),
    validTo: ago(-300 * DAY),
    firstSeen,
    lastSeen,
    ...more,
  });
  const old = link('a', ago(100 * DAY), ago(2 * HOUR));
  const fresh = link('b', ago(HOUR), NOW);
  const found = [`partner_certificate_changed gb out ${'b'.repeat(16)} critical`];

  it('has changed when another one was seen within a week', () => {
    expect(short({ links: [old, fresh] })).toEqual(found);
    expect(short({ links: [link('a', ago(100 * DAY), ago(HOUR + 7 * DAY)), fresh] })).toEqual(found);
    expect(short({ links: [link('a', ago(100 * DAY), ago(HOUR + 7 * DAY + 1)), fresh] })).toEqual([]);
  });

  it('that is the first, of another partner or of the other side has not', () => {
    expect(short({ links: [fresh] })).toEqual([]);
    expect(short({ links: [{ ...old, partner: 'la' }, fresh] })).toEqual([]);
    expect(short({ links: [{ ...old, side: 'in' }, fresh] })).toEqual([]);
  });

  it('was announced by a directory of the day before', () => {
    expect(short({ links: [old, fresh], adoptedAt: [ago(HOUR + DAY)] })).toEqual([]);
    expect(short({ links: [old, fresh], adoptedAt: [ago(HOUR)] })).toEqual([]);
    expect(short({ links: [old, fresh], adoptedAt: [ago(HOUR + DAY + 1)] })).toEqual(found);
    expect(short({ links: [old, fresh], adoptedAt: [ago(HOUR - 1)] })).toEqual(found);
  });

  it('is no news after a week', () => {
    const weekOld = (more: number) => [
      link('a', ago(100 * DAY), ago(7 * DAY + HOUR)),
      link('b', ago(7 * DAY + more), NOW),
    ];
    expect(short({ links: weekOld(0) })).toEqual(found);
    expect(short({ links: weekOld(1) })).toEqual([]);
  });
});

describe('pings', () => {
  const ping = (ok: boolean, partner = 'gb', code: string | undefined = ok ? undefined : 'partner_timeout') => ({
    partner,
    ok,
    code,
  });

  it('have failed after three in a row', () => {
    expect(short({ pings: [ping(false), ping(false)] })).toEqual([]);
    expect(short({ pings: [ping(false), ping(false), ping(true)] })).toEqual([]);
    expect(judge({ pings: [ping(false), ping(true, 'la'), ping(false), ping(false), ping(true)] })).toEqual([
      { kind: 'ping_failed', subject: 'gb', level: 'high', code: 'partner_timeout', detail: '3 in a row.' },
    ]);
  });
});

it('reminds of what is on hold', () => {
  expect(short({ heldPartners: ['gb'], heldQueues: ['ingest'] })).toEqual([
    'partner_held gb warn',
    'queue_held ingest warn',
  ]);
});

describe('backups', () => {
  it('are too old after 26 hours', () => {
    expect(judge({ backup: { newestAt: ago(26 * HOUR) } })).toEqual([]);
    expect(judge({ backup: { newestAt: ago(26 * HOUR + 1) } })).toEqual([
      { kind: 'backup_old', subject: 'vn', level: 'high', detail: '26 h old.' },
    ]);
  });

  it('are missed when none has succeeded', () => {
    expect(judge({ backup: { newestAt: undefined } })).toMatchObject([
      { kind: 'backup_old', detail: 'None has succeeded.' },
    ]);
  });
});
