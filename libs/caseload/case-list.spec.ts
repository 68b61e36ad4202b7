import { caseOf } from '../../test/fakes/case-of';
import { answerDraft, exampleDraft, referralDraft } from '../../test/fakes/documents';
import { listPortsOf } from '../../test/fakes/memory-lists';
import { caseKey } from '../../test/fakes/memory-tables';
import { Replay } from '../../test/fakes/replay';
import { twoCountries } from '../../test/fakes/two-countries';
import { CaseList, type ListQuery } from './case-list';
import { referenceOf } from './reference';

const UNIT = 'vn.mps-criminal';
jest.setTimeout(30_000); // whole stories of two nodes
const ALL = { offset: 0, limit: 50 };

async function withReferrals(count: number) {
  const countries = await twoCountries();
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    await countries.vn.send(referralDraft(), UNIT);
    ids.push([...countries.vn.tables.cases.values()].at(-1)!.referralId);
    countries.clock.advance(60_000);
  }
  const ports = listPortsOf(countries.vn);
  return { ...countries, ids, ports, list: new CaseList(UNIT, ports) };
}

describe('the list of a unit', () => {
  it('shows what follows from the messages, newest change first', async () => {
    const { vn, list, ids } = await withReferrals(3);
    const { cases, total, tabs } = await list.find(ALL);
    expect(cases.map(({ referralId }) => referralId)).toEqual(ids.toReversed());
    expect({ total, tabs }).toEqual({ total: 3, tabs: { action: 0, waiting: 3, closed: 0 } });
    const { summary } = await caseOf(vn, UNIT);
    expect(cases[0]).toMatchObject({
      reference: referenceOf(ids[2]!),
      side: 'sender',
      partnerUnit: 'gb.ho-sca',
      name: summary.local.names[0],
      assignedTo: summary.local.assigned!.to,
      wrote: true,
      child: false,
      last: { type: 'referral', by: 'sender' },
      now: { state: 'sent', tab: 'waiting', delivery: 'queued' },
    });
  });

  it('opens only what has changed since', async () => {
    const { vn, clock, list, ports, ids } = await withReferrals(3);
    await list.find(ALL);
    clock.advance(3_600_000);
    await Promise.all([list.find(ALL), list.find(ALL)]);
    expect(ports.handed).toEqual([3, 2]);
    // What lies within the time of a commit comes again and is recognised.
    await vn.send(referralDraft(), UNIT);
    expect((await list.find(ALL)).total).toBe(4);
    expect(await list.case(ids[0]!)).toMatchObject({ referralId: ids[0] });
    expect(await list.byReference(referenceOf(ids[1]!))).toBe(ids[1]);
    expect(await list.byReference('TR-0000-0000')).toBeUndefined();
  });

  it('follows delivery and answers', async () => {
    const { vn, gb, list } = await withReferrals(1);
    const now = async () => (await list.find(ALL)).cases[0]!.now;
    await vn.work();
    expect(await now()).toMatchObject({ delivery: 'received', tab: 'waiting' });
    await gb.work();
    expect(await now()).toMatchObject({ delivery: 'delivered', state: 'delivered', tab: 'waiting' });
    expect(await list.find({ ...ALL, delivery: 'arrived' })).toMatchObject({ total: 1 });
    const theirs = new CaseList('gb.ho-sca', listPortsOf(gb));
    const filed = (await theirs.find(ALL)).cases[0]!;
    expect(filed).toMatchObject({ side: 'recipient', wrote: false, now: { state: 'delivered', tab: 'action' } });
    expect(filed.now.delivery).toBeUndefined();
    expect(filed.now.due).toMatchObject({ by: 'recipient' });
    await gb.send(answerDraft('ack', filed.openedBy!), 'gb.ho-sca');
    await gb.work();
    await vn.work();
    expect(await now()).toMatchObject({ state: 'acknowledged', due: { by: 'recipient' } });
  });

  it('filters, sorts and pages', async () => {
    const { vn, list, ids } = await withReferrals(3);
    await vn.send(exampleDraft('referral-protect-child-cannabis', {}), 'vn.moh-social');
    const idsOf = async (query: Partial<ListQuery>) =>
      (await list.find({ ...ALL, ...query })).cases.map(({ referralId }) => referralId);
    expect(await idsOf({ tab: 'waiting' })).toHaveLength(3);
    expect(await idsOf({ tab: 'closed' })).toEqual([]);
    expect(await idsOf({ side: 'recipient' })).toEqual([]);
    expect(await idsOf({ partnerUnit: 'gb.nca' })).toEqual([]);
    expect(await idsOf({ state: 'sent' })).toHaveLength(3);
    expect(await idsOf({ state: 'closed' })).toEqual([]);
    expect(await idsOf({ delivery: 'waiting' })).toHaveLength(3);
    expect(await idsOf({ delivery: 'arrived' })).toEqual([]);
    expect(await idsOf({ delivery: 'failed' })).toEqual([]);
    expect(await idsOf({ child: true })).toEqual([]);
    expect(await idsOf({ assignedTo: 'nobody' })).toEqual([]);
    expect(await idsOf({ offset: 1, limit: 1 })).toEqual([ids[1]]);
    expect(await idsOf({ among: [ids[2]!, 'unknown', ids[0]!] })).toEqual([ids[2], ids[0]]);
    expect(await idsOf({ among: ids, sort: 'changed' })).toEqual(ids);
    for (const sort of ['due', 'name', 'partner', 'state'] as const) {
      // All alike: newest first, whichever way round.
      expect(await idsOf({ sort })).toEqual(ids.toReversed());
      expect(await idsOf({ sort, descending: true })).toEqual(ids.toReversed());
    }
    const references = ids.map(referenceOf).toSorted();
    expect((await list.find({ ...ALL, sort: 'reference' })).cases.map(({ reference }) => reference)).toEqual(
      references,
    );
  });

  it('keeps what failed in sight', async () => {
    const { vn, list } = await withReferrals(1);
    const [key] = [...vn.tables.outbox.keys()];
    vn.tables.outbox.set(key!, { ...vn.tables.outbox.get(key!)!, state: 'undeliverable' });
    const { cases, tabs } = await list.find({ ...ALL, delivery: 'failed', sort: 'name' });
    expect(cases).toMatchObject([{ now: { tab: 'action', delivery: 'undeliverable' } }]);
    expect(tabs.action).toBe(1);
  });

  it('lists what was erased, and what does not open, as what it is', async () => {
    const { vn, gb, list, ids } = await withReferrals(2);
    await vn.work();
    await gb.work();
    const [erased, broken] = ids as [string, string];
    const stored = vn.tables.cases.get(caseKey({ unit: UNIT, referralId: broken }))!;
    vn.tables.cases.set(caseKey(stored), { ...stored, summary: Buffer.from('changed') });
    const openedBy = [...vn.tables.events.values()].find(({ referralId }) => referralId === erased)!.messageId;
    const header = { purpose: 'VERIFY', recipientUnit: 'gb.ho-sca', inReplyTo: openedBy };
    const { messageId } = await vn.send(exampleDraft('consent-withdrawal-protect-adult', header), UNIT);
    await vn.send(
      exampleDraft('erasure-confirm-protect-adult-sender', {
        ...header,
        inReplyTo: messageId,
      }),
      UNIT,
    );
    const { cases } = await list.find({ ...ALL, sort: 'state' });
    expect(cases).toMatchObject([
      { referralId: erased, kind: 'erased', now: { state: 'erased', tab: 'closed' } },
      { referralId: broken, kind: 'unreadable', now: { state: 'unreadable', tab: 'action' } },
    ]);
    for (const sort of ['partner', 'name', 'due'] as const) {
      for (const descending of [true, false]) {
        expect(await list.find({ ...ALL, sort, descending })).toMatchObject({ total: 2 });
      }
    }
    expect(await list.find({ ...ALL, delivery: 'waiting' })).toMatchObject({ total: 0 });
  });

  it('closes what silence has closed', async () => {
    const replay = await Replay.of(
      'referral-protect-child-cannabis',
      'ack-protect-child',
      'rfi-protect-child',
      'rfi-response-protect-child',
      'accept-protect-child-in-part',
      'update-protect-child-in-progress',
      'outcome-protect-child',
      'closure-protect-child-propose',
    );
    const list = new CaseList('vn.moh-social', listPortsOf(replay.vn));
    const now = async () => (await list.find({ ...ALL, child: true })).cases[0]!.now;
    replay.waitUntil('2027-01-13T09:59:59Z');
    expect(await now()).toMatchObject({ state: 'outcome_reported', tab: 'action' });
    replay.waitUntil('2027-01-13T10:00:00Z');
    expect(await now()).toMatchObject({ state: 'closed', tab: 'closed' });
  });
});
