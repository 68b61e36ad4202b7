import fc from 'fast-check';
import { nextMark, passedMarks, type Duty } from '.';
import { acknowledged, accepted, sent } from './fixtures/invented-case';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const deliveredAt = new Date('2026-11-23T02:05:00.000Z');
const NOTHING: ReadonlySet<string> = new Set();

/** Marks within the first days, some of them at the same moment. */
const awaited = sent({ purpose: 'ALERT', priority: 'emergency' }).duties({ deliveredAt });
const asked = acknowledged()
  .say('recipient', 'rfi', '2026-11-26T03:00:00.000Z')
  .say('recipient', 'rfi', '2026-11-26T03:00:00.000Z', { priority: 'urgent' })
  .say('sender', 'alert', '2026-11-26T03:00:00.000Z')
  .duties();
const frozen = accepted().say('sender', 'consent_withdrawal', '2026-11-28T09:00:00.000Z').duties();
const duties: readonly Duty[] = [...awaited, ...asked, ...frozen];
const start = deliveredAt.getTime();
const end = start + 45 * DAY;

const ALL = [
  'alert_ack:referral-1:due',
  'human_ack:referral-1:due',
  'ack:referral-1:escalation3',
  'alert_ack:alert-2:due',
  'rfi_answer:rfi-3:due',
  'consent_freeze:consent_withdrawal-2:due',
  'ack:referral-1:due',
  'ack:referral-1:escalation9',
  'rfi_answer:rfi-2:due',
  'ack:referral-1:escalation14',
  'erasure:consent_withdrawal-2:due:sender',
  'erasure:consent_withdrawal-2:due:recipient',
];

/** Sweeps at `times`; what is raised is kept unless the process dies before its commit, as `dies` says of each sweep. */
function sweep(times: Iterable<number>, dies: (index: number) => boolean = () => false): string[] {
  const raised: string[] = [];
  let index = 0;
  for (const now of times) {
    const found = passedMarks(duties, new Date(now), new Set(raised)).map(({ id }) => id);
    if (!dies(index)) raised.push(...found);
    index += 1;
  }
  return raised;
}

function* everyMinute(): Generator<number> {
  for (let now = start; now <= end; now += MINUTE) yield now;
}

describe('a sweep', () => {
  it('raises each mark once, in order, when it comes by every minute', () => {
    expect(sweep(everyMinute())).toEqual(ALL);
  });

  it('raises the same when it comes by once, after weeks', () => {
    expect(sweep([end])).toEqual(ALL);
  });

  it('raises the same when it comes by once a week', () => {
    expect(sweep([7, 14, 21, 28, 35, 42].map((day) => start + day * DAY))).toEqual(ALL);
  });

  it('raises the same whenever it comes by, and wherever the process dies in between', () => {
    const times = fc.array(fc.integer({ min: start - DAY, max: end }), { maxLength: 60 });
    fc.assert(
      fc.property(times, fc.array(fc.boolean(), { maxLength: 60 }), (moments, deaths) => {
        const inTime = moments.sort((a, b) => a - b);
        expect(sweep([...inTime, end, end], (index) => index < inTime.length && deaths[index] === true)).toEqual(ALL);
      }),
    );
  });

  it('raises the same when it sleeps until the next mark each time', () => {
    const raised = new Set<string>();
    const slept: string[] = [];
    for (let at = nextMark(duties, raised); at; at = nextMark(duties, raised)) {
      const passed = passedMarks(duties, at, raised);
      expect(passed.length).toBeGreaterThan(0);
      for (const { id } of passed) {
        raised.add(id);
        slept.push(id);
      }
    }
    expect(slept).toEqual(ALL);
  });
});

describe('a mark', () => {
  it('passes at its time, not a moment before, and names its duty', () => {
    const first = new Date(start + 60 * MINUTE);
    expect(nextMark(duties, NOTHING)).toEqual(first);
    expect(passedMarks(duties, new Date(first.getTime() - 1), NOTHING)).toEqual([]);
    const [passed, ...more] = passedMarks(duties, first, NOTHING);
    expect(more).toEqual([]);
    expect(passed).toEqual({ kind: 'due', at: first, id: 'alert_ack:referral-1:due', duty: awaited[0] });
  });

  it('is over once it was raised', () => {
    expect(nextMark(duties, new Set(ALL))).toBeUndefined();
    expect(passedMarks(duties, new Date(end), new Set(ALL))).toEqual([]);
    expect(nextMark([], NOTHING)).toBeUndefined();
  });

  it('says which escalation it is', () => {
    const days = passedMarks(awaited, new Date(end), NOTHING).map(({ day }) => day);
    expect(days.filter((day) => day !== undefined)).toEqual([3, 9, 14]);
  });
});
