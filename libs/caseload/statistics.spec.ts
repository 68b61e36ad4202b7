import { answerDraft, exampleDraft, referralDraft } from '../../test/fakes/documents';
import { listPortsOf } from '../../test/fakes/memory-lists';
import { Replay } from '../../test/fakes/replay';
import { twoCountries } from '../../test/fakes/two-countries';
import { CaseList } from './case-list';
import { unitStatistics } from './statistics';

jest.setTimeout(30_000); // whole stories of two nodes
const UNIT = 'vn.mps-criminal';
const EVER = [new Date('2020-01-01'), new Date('2030-01-01')] as const;

describe('statistics of a unit', () => {
  it('count what was opened in the time asked for', async () => {
    const { vn, clock } = await twoCountries();
    for (let n = 0; n < 3; n += 1) {
      await vn.send(referralDraft(), UNIT);
      clock.advance(40 * 86_400_000);
    }
    const list = new CaseList(UNIT, listPortsOf(vn));
    const all = await unitStatistics(list, ...EVER, clock.now());
    expect(all).toMatchObject({ total: 3, children: 0, toAcknowledgement: undefined, toDecision: undefined });
    expect([...all.byDirection]).toEqual([['sender', 3]]);
    expect([...all.byMonth.keys()]).toHaveLength(3);
    expect([...all.byMonth.keys()]).toEqual([...all.byMonth.keys()].toSorted());
    expect([...all.byPurpose]).toEqual([['VERIFY', 3]]);
    const since = new Date(clock.now().getTime() - 50 * 86_400_000);
    expect(await unitStatistics(list, since, clock.now(), clock.now())).toMatchObject({ total: 1 });
    expect(await unitStatistics(list, EVER[0], since, clock.now())).toMatchObject({ total: 2 });
  });

  it('say how long answers take, and what came of it', async () => {
    const replay = await Replay.of(
      'referral-protect-child-cannabis',
      'ack-protect-child',
      'rfi-protect-child',
      'rfi-response-protect-child',
      'accept-protect-child-in-part',
      'update-protect-child-in-progress',
      'outcome-protect-child',
    );
    const list = new CaseList('vn.moh-social', listPortsOf(replay.vn));
    const counted = await unitStatistics(list, ...EVER, replay.countries.clock.now());
    expect(counted).toMatchObject({ total: 1, children: 1 });
    expect(counted.toAcknowledgement).toMatchObject({ count: 1 });
    expect(counted.toDecision!.medianHours).toBe(counted.toDecision!.p90Hours);
    expect([...counted.byOutcome.values()]).toEqual([1]);
    expect([...counted.byDecline]).toEqual([]);
    const late = new Date('2029-01-01');
    expect((await unitStatistics(list, ...EVER, late)).overdue).toBe(1);
  });

  it('take the middle of several times', async () => {
    const { vn, gb, clock } = await twoCountries();
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push((await vn.send(referralDraft(), UNIT)).messageId);
    await vn.work();
    await gb.work();
    for (const id of ids) {
      clock.advance(10 * 3_600_000);
      await gb.send(answerDraft('ack', id), 'gb.ho-sca');
    }
    await gb.work();
    await vn.work();
    const { toAcknowledgement } = await unitStatistics(new CaseList(UNIT, listPortsOf(vn)), ...EVER, clock.now());
    expect(toAcknowledgement).toEqual({ count: 3, medianHours: 20, p90Hours: 30 });
  });

  it('count no case that was erased or does not open', async () => {
    const { vn, clock } = await twoCountries();
    await vn.send(exampleDraft('referral-protect-adult'), UNIT);
    const [key, stored] = [...vn.tables.cases][0]!;
    vn.tables.cases.set(key, { ...stored, summary: Buffer.from('changed') });
    const list = new CaseList(UNIT, listPortsOf(vn));
    expect(await unitStatistics(list, ...EVER, clock.now())).toMatchObject({ total: 0, overdue: 0 });
  });
});
