import { backup, comparedCountries, delivered, restore, states } from '../../test/fakes/compared-countries';
import { pingDraft, referralDraft } from '../../test/fakes/documents';
import { inboxKey } from '../../test/fakes/memory-tables';
import { reconciling } from '.';

const UNIT = 'vn.mps-criminal';
const TODAY = '2026-11-22';
const YESTERDAY = '2026-11-21';

// Keys and validators are made once, which takes its time.
beforeAll(() => comparedCountries(), 60_000);

describe('two nodes that agree', () => {
  it('find nothing, also while messages are on their way', async () => {
    const pair = await comparedCountries();
    await delivered(pair);
    await pair.vn.send(pingDraft(), UNIT); // queued
    expect(await pair.ofVn.compare(pair.ofGb, YESTERDAY, TODAY)).toEqual([]);
    expect(pair.ofVn.days.map((day) => [day.day, day.sent.agrees, day.received.agrees])).toEqual([
      [TODAY, true, true],
      [YESTERDAY, true, true],
    ]);
    expect(await pair.ofGb.compare(pair.ofVn, YESTERDAY, TODAY)).toEqual([]);
  });

  it('take evidence that was lost on its way for no loss of messages, and bring it', async () => {
    const pair = await comparedCountries();
    const { messageId } = await pair.vn.send(referralDraft(), UNIT);
    pair.link.fault = 'lost';
    await pair.vn.work();
    await pair.gb.file();
    pair.link.fault = 'none';
    for (const [key, row] of pair.gb.tables.receipts) pair.gb.tables.receipts.set(key, { ...row, place: 'handed' });
    expect(await pair.ofVn.compare(pair.ofGb, TODAY, TODAY)).toEqual([]);
    expect(pair.ofVn.days[0]!.sent).toMatchObject({ agrees: false, differ: 1, receipts: 2 });
    expect(pair.vn.tables.outbox.get(messageId)!.state).toBe('delivered');
    expect(await pair.ofVn.compare(pair.ofGb, TODAY, TODAY)).toEqual([]);
    expect(pair.ofVn.days[0]!.sent.agrees).toBe(true);
  });
});

describe('a sender that was restored from an old backup', () => {
  it('gets the evidence of what it sent again, and lists with evidence what it does not know any more', async () => {
    const pair = await comparedCountries();
    const { messageId } = await pair.vn.send(referralDraft(), UNIT);
    const old = backup(pair.vn.tables);
    await pair.work();
    const [unknown] = await delivered(pair, 1);
    restore(pair.vn.tables, old);
    await pair.work(); // sent again, and known there: only that it is stored is proven anew
    expect(states(pair.vn.tables)).toEqual(['received']);
    expect(await pair.ofVn.compare(pair.ofGb, TODAY, TODAY)).toEqual([`${TODAY} sent unknown_here 1`]);
    expect(pair.vn.tables.outbox.get(messageId)!.state).toBe('delivered');
    const [found] = pair.ofVn.open('gb');
    expect(found).toMatchObject({ messageId: unknown, kind: 'unknown_here', mine: undefined });
    expect(found!.evidence).toHaveLength(2);
    expect(await pair.ofGb.compare(pair.ofVn, TODAY, TODAY)).toEqual([`${TODAY} received unknown_there 1`]);
    expect(pair.gb.tables.inbox.size).toBe(2);
    // Found again it is the same finding.
    expect(await pair.ofVn.compare(pair.ofGb, TODAY, TODAY)).toEqual([`${TODAY} sent unknown_here 1`]);
    expect(pair.ofVn.findings).toHaveLength(1);
  });
});

describe('what only people can explain', () => {
  it('are other bytes under one id, on both sides', async () => {
    const pair = await comparedCountries();
    const [id] = await delivered(pair, 1);
    const key = inboxKey('vn', id!);
    const row = pair.gb.tables.inbox.get(key)!;
    const digest = 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg';
    pair.gb.tables.inbox.set(key, { ...row, message: { ...row.message, digest } });
    expect(await pair.ofVn.compare(pair.ofGb, TODAY, TODAY)).toEqual([`${TODAY} sent digest_differs 1`]);
    expect(pair.ofVn.open('gb')[0]).toMatchObject({ messageId: id, mine: row.message.digest, theirs: digest });
    expect(await pair.ofGb.compare(pair.ofVn, TODAY, TODAY)).toEqual([`${TODAY} received digest_differs 1`]);
    expect(states(pair.vn.tables)).toEqual(['delivered']);
  });
});

describe('a partner whose manifest cannot be read', () => {
  it.each([
    ['of another day', YESTERDAY],
    ['that is none', undefined],
  ])('%s ends the comparison, and nothing is concluded', async (_, day) => {
    const pair = await comparedCountries();
    await delivered(pair, 1);
    const ports = pair.ofVn.portsTo(pair.ofGb);
    const exchange = async () =>
      day === undefined ? '<html>' : (await reconciling.makeManifest('vn', day, pair.ofGb.served)).token;
    const round = reconciling.reconcile('gb', TODAY, TODAY, { ...ports, link: { ...ports.link, exchange } });
    await expect(round).rejects.toMatchObject({ code: 'manifest_unread' });
    expect([pair.ofVn.kept, pair.ofVn.findings]).toEqual([[], []]);
  });
});
