import { TraoError } from '../errors';
import { answerDraft, exampleDraft, referralDraft } from '../../test/fakes/documents';
import { twoCountries } from '../../test/fakes/two-countries';
import { caseOf } from '../../test/fakes/case-of';
import { sweepCases } from './sweep-cases';

const UNIT = 'vn.mps-criminal';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function referred() {
  const countries = await twoCountries();
  const { vn, gb } = countries;
  const { messageId } = await vn.send(referralDraft(), UNIT);
  await vn.work();
  await gb.work();
  return { ...countries, messageId };
}

const marks = ({ tables }: Awaited<ReturnType<typeof referred>>['vn']) =>
  [...tables.cases.values()].map(({ nextMarkAt }) => nextMarkAt);

describe('a sweep', () => {
  it('looks only at cases whose time has come', async () => {
    const { gb, clock } = await referred();
    const [first] = marks(gb);
    expect(first!.getTime() - clock.now().getTime()).toBe(3 * DAY_MS);
    clock.advance(3 * DAY_MS - 1);
    expect(await gb.sweep()).toBe(0);
    expect(gb.alarms).toEqual([]);
    clock.advance(1);
    expect(await gb.sweep()).toBe(1);
    expect(marks(gb)[0]!.getTime()).toBeGreaterThan(first!.getTime());
    expect(await gb.sweep()).toBe(0);
  });

  it('raises each mark once, however long nobody looked, and names a message only', async () => {
    const { gb, clock, messageId } = await referred();
    clock.advance(30 * DAY_MS);
    while ((await gb.sweep()) > 0);
    expect(gb.alarms.map(({ kind }) => kind).toSorted()).toEqual([
      'deadline_passed',
      'deadline_passed',
      'no_acknowledgement',
      'no_acknowledgement',
      'no_acknowledgement',
    ]);
    expect(new Set(gb.alarms.map(({ subject }) => subject))).toEqual(new Set([messageId]));
    const { raised } = (await caseOf(gb, 'gb.ho-sca')).summary.local;
    expect(new Set(raised).size).toBe(raised.length);
    gb.alarms.length = 0;
    clock.advance(300 * DAY_MS);
    expect(await gb.sweep()).toBe(0);
    expect(gb.tables.cases.size).toBe(1);
  });

  it('is quiet about what was done in time', async () => {
    const { vn, gb, clock, messageId } = await referred();
    await gb.send(answerDraft('ack', messageId), 'gb.ho-sca');
    await gb.work();
    await vn.work();
    clock.advance(20 * DAY_MS);
    await gb.sweep();
    expect(gb.alarms.filter(({ kind }) => kind === 'no_acknowledgement')).toEqual([]);
  });

  it('raises nothing when it is not committed', async () => {
    const { gb, clock } = await referred();
    clock.advance(3 * DAY_MS);
    const { transaction } = gb.ports.sweep;
    Object.assign(gb.ports.sweep, { transaction: () => Promise.reject(new Error('disk full')) });
    await expect(gb.sweep()).rejects.toThrow('disk full');
    expect(gb.alarms).toEqual([]);
    Object.assign(gb.ports.sweep, { transaction });
    await gb.sweep();
    expect(gb.alarms).toHaveLength(1);
  });
});

describe('a case that does not open', () => {
  it.each(['case', 'event'] as const)(
    'because its %s was changed is an alarm, and stops no other case',
    async (what) => {
      const countries = await twoCountries();
      const { vn, clock } = countries;
      const unit = 'vn.moh-social';
      const child = exampleDraft('referral-protect-child-cannabis');
      await vn.send(child, unit);
      const [broken] = [...vn.tables.cases.values()];
      await vn.send(child, unit);
      if (what === 'case') {
        const summary = broken!.summary.map((byte) => byte ^ 1);
        vn.tables.cases.set(`${unit} ${broken!.referralId}`, { ...broken!, summary });
      } else {
        const [[key, event]] = [...vn.tables.events.entries()] as [
          [string, NonNullable<ReturnType<typeof vn.tables.events.get>>],
        ];
        vn.tables.events.set(key, { ...event, original: event.original.map((byte) => byte ^ 1) });
      }
      clock.advance(7 * DAY_MS);
      expect(await vn.sweep()).toBe(2);
      const failures = vn.alarms.filter(({ kind }) => kind === 'integrity_failure');
      expect(failures).toEqual([{ kind: 'integrity_failure', subject: broken!.referralId }]);
      expect(vn.alarms.filter(({ kind }) => kind === 'no_acknowledgement').length).toBeGreaterThan(0);
      // It is looked at again, but not at once.
      expect(await vn.sweep()).toBe(0);
      clock.advance(HOUR_MS);
      expect(await vn.sweep()).toBe(1);
    },
  );

  it('because the database is away waits for it', async () => {
    const { vn, clock } = await twoCountries();
    await vn.send(exampleDraft('referral-protect-child-cannabis'), 'vn.moh-social');
    clock.advance(7 * DAY_MS);
    const { transaction } = vn.ports.sweep;
    const failing: typeof transaction = (work) =>
      transaction((store) => work({ ...store, events: () => Promise.reject(new TraoError('database_unavailable')) }));
    const sweeping = sweepCases({ ...vn.ports.sweep, transaction: failing });
    await expect(sweeping).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(vn.alarms).toEqual([]);
  });

  it('because its key is missing is an alarm, and holds up no other unit', async () => {
    const { gb, clock } = await referred();
    gb.keys.storage.delete('gb.ho-sca');
    clock.advance(3 * DAY_MS);
    expect(await gb.sweep()).toBe(1);
    expect(gb.alarms).toMatchObject([{ kind: 'integrity_failure' }]);
    expect(await gb.sweep()).toBe(0);
  });
});
