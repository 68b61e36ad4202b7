import { TraoError } from '../errors';
import { backup, comparedCountries, delivered, restore, states } from '../../test/fakes/compared-countries';
import { referralDraft } from '../../test/fakes/documents';
import { inboxKey } from '../../test/fakes/memory-tables';
import { reconciling } from '.';

const TODAY = '2026-11-22';
const DAY_MS = 86_400_000;

// Keys and validators are made once, which takes its time.
beforeAll(() => comparedCountries(), 60_000);

describe('a receiver that was restored from an old backup', () => {
  it('gets again what it had lost, once, with new receipts, and both agree', async () => {
    const pair = await comparedCountries();
    const kept = await delivered(pair, 1, referralDraft);
    const old = backup(pair.gb.tables);
    const lost = await delivered(pair, 3, referralDraft);
    restore(pair.gb.tables, old);
    expect(await pair.ofGb.compare(pair.ofVn, TODAY, TODAY)).toEqual([`${TODAY} received missing_here 3`]);
    expect(pair.ofVn.wished).toEqual([`gb ${TODAY}`]);
    expect(await pair.ofVn.compare(pair.ofGb, TODAY, TODAY)).toEqual([`${TODAY} sent lost_there 3`]);
    expect(states(pair.vn.tables).toSorted()).toEqual(['delivered', 'queued', 'queued', 'queued']);
    await pair.work();
    expect(states(pair.vn.tables)).toEqual([...kept, ...lost].map(() => 'delivered'));
    for (const id of [...kept, ...lost])
      expect(pair.gb.tables.inbox.get(inboxKey('vn', id))!.message.digest).toBe(
        pair.vn.tables.outbox.get(id)!.message.digest,
      );
    const filed = [...pair.gb.tables.events.values()].filter(({ direction }) => direction === 'filed');
    expect(filed).toHaveLength(4);
    // What the partner had signed before stays beside what it signed now.
    const proofs = [...pair.vn.tables.receipts.values()].filter(
      ({ receipt }) => receipt.messageId === lost[0] && receipt.event === 'delivered',
    );
    expect(proofs).toHaveLength(2);
    expect(pair.vn.alarms).toEqual([]);
    expect(await pair.ofVn.compare(pair.ofGb, TODAY, TODAY)).toEqual([]);
    expect(await pair.ofGb.compare(pair.ofVn, TODAY, TODAY)).toEqual([]);
    expect([...pair.ofVn.open('gb'), ...pair.ofGb.open('vn')]).toEqual([]);
  });

  it('is noticed by its running count when the loss lies before the days that are compared', async () => {
    const pair = await comparedCountries();
    await delivered(pair, 2);
    pair.clock.advance(3 * DAY_MS);
    const old = backup(pair.gb.tables);
    await delivered(pair, 2);
    pair.clock.advance(10 * DAY_MS);
    for (const [of, other] of [
      [pair.ofVn, pair.ofGb],
      [pair.ofGb, pair.ofVn],
    ] as const)
      await of.compare(other, '2026-11-22', '2026-12-05');
    restore(pair.gb.tables, old);
    for (const key of pair.ofGb.sums.keys()) if (key > 'vn 2026-11-25') pair.ofGb.sums.delete(key);
    pair.ofGb.sums.set('vn 2026-11-25', { sent: 0, received: 0 });
    const found = await pair.ofVn.compare(pair.ofGb, '2026-12-03', '2026-12-05');
    expect(found).toEqual(['2026-11-25 sent lost_there 2']);
    expect(pair.ofVn.days.map(({ day }) => day)).toEqual([
      '2026-12-05',
      '2026-12-04',
      '2026-12-03',
      '2026-12-02',
      '2026-12-01',
      '2026-11-30',
      '2026-11-29',
      '2026-11-28',
      '2026-11-27',
      '2026-11-26',
      '2026-11-25',
    ]);
  });

  it('is sent the signed original sealed anew, where the sealed bytes are gone', async () => {
    const pair = await comparedCountries();
    const old = backup(pair.gb.tables);
    const [id] = await delivered(pair, 1, referralDraft);
    const row = pair.vn.tables.outbox.get(id!)!;
    pair.vn.tables.outbox.set(id!, { ...row, message: { ...row.message, token: '' } });
    restore(pair.gb.tables, old);
    expect(await pair.ofVn.compare(pair.ofGb, TODAY, TODAY)).toEqual([`${TODAY} sent lost_there 1`]);
    await pair.work();
    expect(states(pair.vn.tables)).toEqual(['delivered']);
    expect(pair.vn.tables.outbox.get(id!)!.message.digest).not.toBe(row.message.digest);
    expect(await pair.ofVn.compare(pair.ofGb, TODAY, TODAY)).toEqual([]);
  });

  it('is not sent what has expired, what is nowhere any more, or what no key is there for: people are told', async () => {
    const pair = await comparedCountries();
    const old = backup(pair.gb.tables);
    const [expired, erased] = await delivered(pair, 2, referralDraft);
    const change = (id: string, more: object) => {
      const row = pair.vn.tables.outbox.get(id)!;
      pair.vn.tables.outbox.set(id, { ...row, message: { ...row.message, ...more } });
    };
    change(expired!, { expiresAt: pair.clock.now() });
    change(erased!, { token: '' });
    for (const [key, event] of pair.vn.tables.events) if (event.messageId === erased) pair.vn.tables.events.delete(key);
    restore(pair.gb.tables, old);
    expect(await pair.ofVn.compare(pair.ofGb, TODAY, TODAY)).toEqual([`${TODAY} sent not_resendable 2`]);
    expect(pair.ofVn.findings.map(({ messageId, code }) => [messageId, code])).toEqual(
      [
        [expired, 'expired'],
        [erased, 'stale_key'],
      ].toSorted(([a], [b]) => (a! < b! ? -1 : 1)),
    );
    expect(states(pair.vn.tables)).toEqual(['delivered', 'delivered']);
    // The running counts are explained by what was found: it is not looked for again every day.
    pair.clock.advance(3 * DAY_MS);
    await pair.ofVn.compare(pair.ofGb, '2026-11-23', '2026-11-25');
    expect(pair.ofVn.days).toHaveLength(3);
  });

  it('is tried again later where a key is missing just now', async () => {
    const pair = await comparedCountries();
    const old = backup(pair.gb.tables);
    const [id] = await delivered(pair, 1);
    const row = pair.vn.tables.outbox.get(id!)!;
    pair.vn.tables.outbox.set(id!, { ...row, message: { ...row.message, token: '' } });
    restore(pair.gb.tables, old);
    const ports = pair.ofVn.portsTo(pair.ofGb);
    const keys = {
      receiptKey: () => pair.vn.keys.receiptKey(),
      storageKey: () => Promise.reject(new TraoError('key_missing')),
    };
    await reconciling.reconcile('gb', TODAY, TODAY, { ...ports, keys });
    expect(pair.ofVn.open('gb').map(({ kind, code }) => [kind, code])).toEqual([['not_resendable', 'key_missing']]);
    expect(await pair.ofVn.compare(pair.ofGb, TODAY, TODAY)).toEqual([`${TODAY} sent lost_there 1`]);
    await pair.work();
    expect(await pair.ofVn.compare(pair.ofGb, TODAY, TODAY)).toEqual([]);
    expect(pair.ofVn.open('gb')).toEqual([]);
  });

  it('leaves alone what has moved on while the partner was asked', async () => {
    const pair = await comparedCountries();
    const old = backup(pair.gb.tables);
    const [id] = await delivered(pair, 1);
    restore(pair.gb.tables, old);
    const ports = pair.ofVn.portsTo(pair.ofGb);
    const link = {
      ...ports.link,
      ask: async (partner: string, ids: readonly string[]) => {
        const answers = await ports.link.ask(partner, ids);
        const row = pair.vn.tables.outbox.get(id!)!;
        pair.vn.tables.outbox.set(id!, { ...row, state: 'queued' });
        return answers;
      },
    };
    await reconciling.reconcile('gb', TODAY, TODAY, { ...ports, link });
    expect(pair.ofVn.findings).toEqual([]);
  });
});
