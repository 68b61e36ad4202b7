import { manifests } from '../envelope';
import { pingDraft, referralDraft } from '../../test/fakes/documents';
import { MemoryManifests } from '../../test/fakes/memory-manifests';
import { inboxKey, type MemoryTables } from '../../test/fakes/memory-tables';
import { twoCountries } from '../../test/fakes/two-countries';
import { TraoError } from '../errors';
import { reconciling } from '.';

const UNIT = 'vn.mps-criminal';
const TODAY = '2026-11-22';
const YESTERDAY = '2026-11-21';
const DAY_MS = 86_400_000;

async function countries(start = `${TODAY}T06:00:00Z`) {
  const pair = await twoCountries(5, start);
  const work = async () => {
    for (let round = 0; round < 3; round += 1) {
      await pair.vn.work();
      await pair.gb.work();
    }
  };
  return { ...pair, work, ofVn: new MemoryManifests(pair.vn), ofGb: new MemoryManifests(pair.gb) };
}
type Countries = Awaited<ReturnType<typeof countries>>;

/** Messages that are delivered, and both sides know it. */
async function delivered({ vn, work }: Countries, count = 3, draft = pingDraft): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) ids.push((await vn.send(draft(), UNIT)).messageId);
  await work();
  expect(ids.map((id) => vn.tables.outbox.get(id)!.state)).toEqual(ids.map(() => 'delivered'));
  return ids;
}

/** A backup of a database: all rows as they are now. */
const backup = (tables: MemoryTables) =>
  Object.fromEntries(
    Object.entries(tables).flatMap(([name, table]) => (table instanceof Map ? [[name, new Map(table)]] : [])),
  );
const restore = (tables: MemoryTables, from: object) =>
  Object.assign(
    tables,
    Object.fromEntries(Object.entries(from).map(([name, table]) => [name, new Map(table as Map<string, unknown>)])),
  );

const states = (tables: MemoryTables) => [...tables.outbox.values()].map(({ state }) => state);

// Keys and validators are made once, which takes its time.
beforeAll(() => countries(), 60_000);

describe('a manifest', () => {
  it('counts the messages of a day in each direction, and all that were before', async () => {
    const pair = await countries(`${YESTERDAY}T06:00:00Z`);
    await delivered(pair, 2);
    pair.clock.advance(DAY_MS);
    const ids = await delivered(pair, 3);
    const make = (of: MemoryManifests, partner: string, day: string) =>
      reconciling.makeManifest(partner, day, of.served);
    const first = await make(pair.ofVn, 'gb', YESTERDAY);
    expect(first.claims).toMatchObject({ iss: 'vn', aud: 'gb', day: YESTERDAY, sent: { count: 2, total: 2 } });
    await pair.ofVn.portsTo(pair.ofGb).count('gb', first);
    const [own, theirs] = [await make(pair.ofVn, 'gb', TODAY), await make(pair.ofGb, 'vn', TODAY)];
    expect(own.claims.sent).toEqual({ count: 3, total: 5, root: theirs.claims.received.root });
    expect(own.claims.received).toEqual({ count: 0, total: 0, root: theirs.claims.sent.root });
    const tree = new manifests.MerkleTree();
    for (const id of ids.toSorted()) {
      const { digest } = pair.vn.tables.outbox.get(id)!.message;
      tree.add(manifests.manifestLeaf({ id, digest, standing: 'filed' }));
    }
    expect(own.claims.sent.root).toBe(tree.root());
  });

  it('of a day with more messages than are read at once counts all of them', async () => {
    const { ofVn } = await countries();
    const many = Array.from({ length: 5_003 }, (_, at) => ({
      id: `${reconciling.idsOf(TODAY).after.slice(0, 14)}7000-8000-${at.toString(16).padStart(12, '0')}`,
      digest: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
      standing: 'filed' as const,
    }));
    const rows: reconciling.ManifestRows = {
      ...ofVn.rows,
      entries: (_, way, after, to, limit) =>
        Promise.resolve(way === 'sent' ? many.filter(({ id }) => id > after && id < to).slice(0, limit) : []),
    };
    const { claims } = await reconciling.makeManifest('gb', TODAY, { ...ofVn.served, rows });
    expect(claims.sent.count).toBe(5_003);
  });
});

describe('a gateway that gets a manifest', () => {
  const exchange = async ({ ofVn, ofGb }: Countries, day = TODAY) => {
    const { token } = await reconciling.makeManifest('gb', day, ofVn.served);
    return reconciling.answerManifest(token, 'vn', ofGb.served);
  };

  it('answers with its own of the same day and keeps both', async () => {
    const pair = await countries();
    await delivered(pair);
    const answer = await exchange(pair);
    const { claims } = await reconciling.makeManifest('vn', TODAY, pair.ofGb.served);
    expect(
      await manifests.readManifest(answer, (node, kid, at) => pair.world.partners.receiptKey(node, kid, at)),
    ).toEqual(claims);
    expect(pair.ofGb.kept).toEqual([{ partner: 'vn', own: answer, theirs: expect.any(String) as string }]);
    expect(pair.ofGb.wished).toEqual([]);
  });

  it('has a day looked at, of which the partner has not got what was sent to it', async () => {
    const pair = await countries();
    await delivered(pair);
    pair.gb.tables.inbox.clear();
    const { token } = await reconciling.makeManifest('vn', TODAY, pair.ofGb.served);
    await reconciling.answerManifest(token, 'gb', pair.ofVn.served);
    expect(pair.ofVn.wished).toEqual([`gb ${TODAY}`]);
  });

  it('refuses one of another node, for another node, or of a day that has not begun', async () => {
    const pair = await countries();
    const { token } = await reconciling.makeManifest('gb', TODAY, pair.ofVn.served);
    const refused = async (...args: Parameters<typeof reconciling.answerManifest>) =>
      reconciling.answerManifest(...args).then(
        () => 'taken',
        (error: unknown) => (error as TraoError).code,
      );
    expect(await refused(token, 'la', pair.ofGb.served)).toBe('identity_mismatch');
    expect(await refused(token, 'vn', pair.ofVn.served)).toBe('manifest_refused');
    const later = await reconciling.makeManifest('gb', '2026-11-24', pair.ofVn.served);
    expect(await refused(later.token, 'vn', pair.ofGb.served)).toBe('manifest_refused');
    const never = await reconciling.makeManifest('gb', '2026-02-31', pair.ofVn.served);
    expect(await refused(never.token, 'vn', pair.ofGb.served)).toBe('manifest_refused');
    const tomorrow = await reconciling.makeManifest('gb', '2026-11-23', pair.ofVn.served);
    expect(await refused(tomorrow.token, 'vn', pair.ofGb.served)).toBe('taken');
  });

  it('lists a day from an id on, and refuses what is no day or id', async () => {
    const pair = await countries();
    const ids = (await delivered(pair)).toSorted();
    const { rows } = pair.ofGb;
    const listed = async (after?: string) =>
      (await reconciling.listManifest('vn', TODAY, 'received', after, rows)).map(({ id }) => id);
    expect(await listed()).toEqual(ids);
    expect(await listed(ids[0])).toEqual(ids.slice(1));
    // An id of an earlier day leads to the first of this one.
    expect(await listed(reconciling.idsOf(YESTERDAY).after)).toEqual(ids);
    expect(await reconciling.listManifest('vn', YESTERDAY, 'received', undefined, rows)).toEqual([]);
    await expect(reconciling.listManifest('vn', 'today', 'sent', undefined, rows)).rejects.toMatchObject({
      code: 'bad_request',
    });
    await expect(listed('x')).rejects.toMatchObject({ code: 'bad_request' });
  });
});

describe('days that were never counted', () => {
  it('are counted before the first comparison, so that the running counts hold them', async () => {
    const pair = await countries();
    await delivered(pair, 2);
    pair.clock.advance(2 * DAY_MS);
    await pair.ofVn.compare(pair.ofGb, '2026-11-24', '2026-11-24');
    expect(pair.ofVn.sums.get(`gb ${TODAY}`)).toEqual({ sent: 2, received: 0 });
  });
});

describe('two nodes that agree', () => {
  it('find nothing, also while messages are on their way', async () => {
    const pair = await countries();
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
    const pair = await countries();
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

describe('a receiver that was restored from an old backup', () => {
  it('gets again what it had lost, once, with new receipts, and both agree', async () => {
    const pair = await countries();
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
    const pair = await countries();
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
    const pair = await countries();
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
    const pair = await countries();
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
    const pair = await countries();
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
    const pair = await countries();
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

describe('a sender that was restored from an old backup', () => {
  it('gets the evidence of what it sent again, and lists with evidence what it does not know any more', async () => {
    const pair = await countries();
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
    const pair = await countries();
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
    const pair = await countries();
    await delivered(pair, 1);
    const ports = pair.ofVn.portsTo(pair.ofGb);
    const exchange = async () =>
      day === undefined ? '<html>' : (await reconciling.makeManifest('vn', day, pair.ofGb.served)).token;
    const round = reconciling.reconcile('gb', TODAY, TODAY, { ...ports, link: { ...ports.link, exchange } });
    await expect(round).rejects.toMatchObject({ code: 'manifest_unread' });
    expect([pair.ofVn.kept, pair.ofVn.findings]).toEqual([[], []]);
  });
});
