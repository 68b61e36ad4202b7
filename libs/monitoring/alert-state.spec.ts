import fc from 'fast-check';
import { DAY, HOUR, MINUTE, NOW } from './fixtures/quiet-node';
import { ALERT_KINDS, ALERT_LEVELS, step, type Alert, type AlertEvent, type AlertKind, type AlertLevel } from '.';
import { nextDigest, raise, type Sighting } from './alert-state';

const later = (ms: number) => new Date(NOW.getTime() + ms);
const seen = (at: Date, more: Partial<Sighting> = {}): Sighting => ({ at, level: 'warn', ...more });
const raised = (kind: AlertKind, more: Partial<Sighting> = {}) => raise('id-1', kind, 'x', seen(NOW, more)).alert;

describe('an alert that is raised', () => {
  it('is new and told at once', () => {
    expect(raise('id-1', 'disk_low', 'host-1', seen(NOW, { code: 'c', detail: 'd' }))).toEqual({
      tell: 'raised',
      alert: {
        id: 'id-1',
        kind: 'disk_low',
        subject: 'host-1',
        level: 'warn',
        state: 'new',
        firstAt: NOW,
        lastAt: NOW,
        count: 1,
        code: 'c',
        detail: 'd',
        toldAt: NOW,
        nextTellAt: new Date('2026-11-30T01:00:00Z'),
        tells: 1,
      },
    });
  });

  it.each([
    ['deadline_passed', undefined],
    ['no_workers', later(HOUR)],
    ['disk_low', new Date('2026-11-30T01:00:00Z')],
    ['key_expiring', later(9 * DAY)],
  ] as const)('of kind %s is told again in its time', (kind, at) => {
    expect(raised(kind, { tellAgainAt: later(9 * DAY) }).nextTellAt).toEqual(at);
  });
});

describe('the daily digest', () => {
  it.each([
    ['2026-11-29T12:00:00Z', '2026-11-30T01:00:00.000Z'],
    ['2026-11-29T19:00:00Z', '2026-11-30T01:00:00.000Z'],
    ['2026-11-29T19:00:01Z', '2026-12-01T01:00:00.000Z'],
    ['2026-11-30T01:00:00Z', '2026-12-01T01:00:00.000Z'],
    ['2026-12-31T00:59:00Z', '2027-01-01T01:00:00.000Z'],
  ])('after %s is at %s', (at, digest) => expect(nextDigest(new Date(at)).toISOString()).toBe(digest));
});

describe('an alert that holds', () => {
  it('remembers when it was seen last, and is told again when it is due', () => {
    const alert = raised('no_workers');
    const quiet = step(alert, { event: 'holds', ...seen(later(MINUTE)) });
    expect(quiet).toEqual({ alert: { ...alert, lastAt: later(MINUTE) } });
    expect(step(quiet.alert, { event: 'holds', ...seen(later(HOUR)) })).toMatchObject({
      tell: 'reminded',
      alert: { tells: 2, toldAt: later(HOUR), nextTellAt: later(2 * HOUR), count: 1 },
    });
  });

  it('is told at once when it grows worse, also to who has taken it or silenced it', () => {
    let { alert } = step(raised('oldest_unsent'), { event: 'acknowledged', at: NOW, by: 'op1' });
    ({ alert } = step(alert, { event: 'silenced', at: NOW, until: later(DAY) }));
    const worse = step(alert, { event: 'holds', ...seen(later(MINUTE), { level: 'high', detail: 'more' }) });
    expect(worse).toMatchObject({
      tell: 'raised',
      alert: { level: 'high', state: 'new', detail: 'more', silencedUntil: undefined },
    });
    expect(step(worse.alert, { event: 'holds', ...seen(later(2 * MINUTE)) })).toMatchObject({
      alert: { level: 'high' },
    });
  });

  it('is not told again once somebody has taken it', () => {
    const { alert } = step(raised('no_workers'), { event: 'acknowledged', at: NOW, by: 'op1' });
    expect(alert).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'op1', acknowledgedAt: NOW });
    expect(step(alert, { event: 'holds', ...seen(later(DAY)) }).tell).toBeUndefined();
  });

  it('is told when its silence ends, where it is due', () => {
    const { alert } = step(raised('no_workers'), { event: 'silenced', at: NOW, until: later(DAY) });
    expect(step(alert, { event: 'waits', at: later(DAY - 1) }).tell).toBeUndefined();
    expect(step(alert, { event: 'waits', at: later(DAY) }).tell).toBe('reminded');
    const { alert: again } = step(alert, { event: 'silenced', at: NOW, until: undefined });
    expect(step(again, { event: 'waits', at: later(HOUR) }).tell).toBe('reminded');
  });
});

describe('an alert with steps', () => {
  const alert = raised('key_expiring', { tellAgainAt: later(DAY) });

  it('is news again at every step, also to who has taken it', () => {
    const { alert: taken } = step(alert, { event: 'acknowledged', at: NOW, by: 'op1' });
    const reached = step(taken, { event: 'holds', ...seen(later(DAY), { tellAgainAt: later(8 * DAY) }) });
    expect(reached).toMatchObject({ tell: 'reminded', alert: { state: 'new', nextTellAt: later(8 * DAY) } });
  });

  it('follows an end that has moved', () => {
    expect(step(alert, { event: 'holds', ...seen(later(HOUR), { tellAgainAt: later(5 * DAY) }) })).toEqual({
      alert: { ...alert, lastAt: later(HOUR), nextTellAt: later(5 * DAY) },
    });
  });

  it('waits for the end of a silence', () => {
    const { alert: silent } = step(alert, { event: 'silenced', at: NOW, until: later(2 * DAY) });
    const during = step(silent, { event: 'holds', ...seen(later(DAY), { tellAgainAt: later(8 * DAY) }) });
    expect(during).toEqual({ alert: { ...silent, lastAt: later(DAY) } });
    expect(step(during.alert, { event: 'holds', ...seen(later(2 * DAY), { tellAgainAt: later(8 * DAY) }) }).tell).toBe(
      'reminded',
    );
  });
});

describe('an alert about what happens', () => {
  const again = (alert: Alert, ms: number, more: Partial<Sighting> = {}) =>
    step(alert, { event: 'happened', ...seen(later(ms), more) });

  it('counts, is new again, and is told at most once an hour', () => {
    const { alert: taken } = step(raised('id_reused'), { event: 'acknowledged', at: NOW, by: 'op1' });
    const second = again(taken, MINUTE, { code: 'id_reused' });
    expect(second).toMatchObject({ alert: { count: 2, state: 'new', code: 'id_reused', nextTellAt: later(HOUR) } });
    expect(second.tell).toBeUndefined();
    expect(step(second.alert, { event: 'waits', at: later(HOUR) }).tell).toBe('reminded');
    expect(again(taken, HOUR).tell).toBe('raised');
  });

  it('does not put off what is due before', () => {
    const due = { ...raised('id_reused'), nextTellAt: later(2 * MINUTE) };
    expect(again(due, MINUTE).alert.nextTellAt).toEqual(later(2 * MINUTE));
    expect(again({ ...due, nextTellAt: undefined, toldAt: undefined }, MINUTE).alert.nextTellAt).toEqual(
      later(MINUTE + HOUR),
    );
  });

  it('is told at once when its level rises, and waits for the end of a silence otherwise', () => {
    expect(again(raised('no_acknowledgement'), MINUTE, { level: 'high' })).toMatchObject({
      tell: 'raised',
      alert: { level: 'high' },
    });
    const { alert: silent } = step(raised('id_reused'), { event: 'silenced', at: NOW, until: later(DAY) });
    const during = again(silent, 2 * HOUR);
    expect(during.tell).toBeUndefined();
    expect(step(during.alert, { event: 'waits', at: later(DAY) }).tell).toBe('reminded');
  });
});

describe('an alert that is over', () => {
  it('is told so, and stays as it is', () => {
    const end = step(raised('no_workers'), { event: 'resolved', at: later(MINUTE) });
    expect(end).toMatchObject({
      tell: 'recovered',
      alert: { state: 'resolved', resolvedAt: later(MINUTE), nextTellAt: undefined, tells: 2, toldAt: later(MINUTE) },
    });
    const events: AlertEvent[] = [
      { event: 'waits', at: later(DAY) },
      { event: 'happened', ...seen(later(DAY)) },
      { event: 'holds', ...seen(later(DAY)) },
      { event: 'acknowledged', at: later(DAY), by: 'op1' },
      { event: 'silenced', at: later(DAY), until: later(2 * DAY) },
      { event: 'resolved', at: later(DAY) },
    ];
    for (const event of events) expect(step(end.alert, event)).toEqual({ alert: end.alert });
  });

  it('is not told to who does not want to hear of it', () => {
    const { alert } = step(raised('no_workers'), { event: 'silenced', at: NOW, until: later(DAY) });
    expect(step(alert, { event: 'resolved', at: later(MINUTE) })).toMatchObject({
      alert: { state: 'resolved', tells: 1 },
    });
    expect(step(alert, { event: 'resolved', at: later(MINUTE) }).tell).toBeUndefined();
  });
});

describe('whatever happens in whatever order', () => {
  const level = fc.constantFrom<AlertLevel>(...ALERT_LEVELS);
  const kinds = Object.keys(ALERT_KINDS) as AlertKind[];
  type Plan = (at: Date) => AlertEvent;
  const sighting = fc.record({ level, in: fc.integer({ min: 1, max: 40 }) });
  const plan: fc.Arbitrary<Plan> = fc.oneof(
    sighting.map(({ level: to, in: days }): Plan => (at) => ({
      event: 'happened',
      at,
      level: to,
      tellAgainAt: new Date(at.getTime() + days * DAY),
    })),
    sighting.map(({ level: to, in: days }): Plan => (at) => ({
      event: 'holds',
      at,
      level: to,
      tellAgainAt: new Date(at.getTime() + days * DAY),
    })),
    fc.constant<Plan>((at) => ({ event: 'waits', at })),
    fc.constant<Plan>((at) => ({ event: 'acknowledged', at, by: 'op1' })),
    fc.integer({ min: 0, max: 72 }).map((hours): Plan => (at) => ({
      event: 'silenced',
      at,
      until: hours === 0 ? undefined : new Date(at.getTime() + hours * HOUR),
    })),
    { arbitrary: fc.constant<Plan>((at) => ({ event: 'resolved', at })), weight: 1 },
  );
  const story = fc.record({
    kind: fc.constantFrom(...kinds),
    level,
    plans: fc.array(fc.tuple(fc.integer({ min: 0, max: 30 * HOUR }), plan), { maxLength: 40 }),
  });
  const rank = (one: AlertLevel) => ALERT_LEVELS.indexOf(one);

  it('levels and counts never fall, tells are counted, the end is final and silence is kept', () => {
    fc.assert(
      fc.property(story, ({ kind, level: first, plans }) => {
        let { alert } = raise('id', kind, 'x', { at: NOW, level: first, tellAgainAt: later(DAY) });
        let at = NOW;
        let tells = 1;
        for (const [pause, next] of plans) {
          at = new Date(at.getTime() + pause);
          const before = alert;
          const event = next(at);
          const stepped = step(before, event);
          ({ alert } = stepped);
          if (stepped.tell) tells += 1;
          const silent = before.silencedUntil !== undefined && before.silencedUntil > at;
          const mayTell = !silent || alert.level !== before.level;
          const told = stepped.tell !== undefined;
          expect({
            levelFell: rank(alert.level) < rank(before.level),
            countFell: alert.count < before.count,
            toldInSilence: told && !mayTell,
            tells: alert.tells,
            toldAt: told ? alert.toldAt : before.toldAt,
            movedAfterEnd: before.state === 'resolved' && alert !== before,
            dueInThePast: told && alert.nextTellAt !== undefined && alert.nextTellAt <= at,
            remindedOfTaken:
              stepped.tell === 'reminded' &&
              before.state !== 'new' &&
              ALERT_KINDS[kind].again !== 'steps' &&
              event.event !== 'happened',
            id: alert.id,
          }).toEqual({
            levelFell: false,
            countFell: false,
            toldInSilence: false,
            tells,
            toldAt: told ? at : before.toldAt,
            movedAfterEnd: false,
            dueInThePast: false,
            remindedOfTaken: false,
            id: 'id',
          });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('what nobody has taken or silenced is told within a day, unless its kind is told once or in steps', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.array(fc.integer({ min: MINUTE, max: HOUR }), { minLength: 60, maxLength: 80 }),
        (kind, pauses) => {
          fc.pre(!['once', 'steps'].includes(ALERT_KINDS[kind].again));
          let alert = raised(kind);
          let at = NOW;
          for (const pause of pauses) {
            at = new Date(at.getTime() + pause);
            ({ alert } = step(alert, { event: 'holds', ...seen(at) }));
            // The digest comes six hours after the last tell at the earliest, and looks are an hour apart at most.
            expect(at.getTime() - alert.toldAt!.getTime()).toBeLessThanOrEqual(31 * HOUR);
          }
        },
      ),
    );
  });
});
