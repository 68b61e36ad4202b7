import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { DELIVERY_STATES } from '../../libs/lifecycle';
import { acceptStore, retention } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { incoming, receiptOf } from './rows-fixture';

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('retention');
});
afterAll(() => node?.remove());
beforeEach(() =>
  node.owner.query(
    `TRUNCATE outbox, inbox, inbox_conflict, receipt, alert, alert_tell, depth_sample, process_beat, office_session, monitor_session CASCADE`,
  ),
);

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const LIMIT = 30;

/** What a row of the outbox has behind it. Times in days ago; nothing lies within an hour of the limit. */
interface Sent {
  readonly state: string;
  readonly age: number;
  readonly forget: boolean;
  readonly kept: boolean;
  readonly receipts: readonly {
    readonly event: string;
    readonly state: string;
    readonly issuer: string;
    readonly ofThese: boolean;
    readonly age: number;
  }[];
}

const age = fc.constantFrom(1, 29, 31, 400);
const sent: fc.Arbitrary<Sent> = fc.record({
  state: fc.constantFrom(...DELIVERY_STATES),
  age,
  forget: fc.boolean(),
  kept: fc.boolean(),
  receipts: fc.array(
    fc.record({
      event: fc.constantFrom('received', 'delivered', 'opened', 'refused'),
      state: fc.constantFrom('obtained', 'own'),
      issuer: fc.constantFrom('gb', 'kh'),
      ofThese: fc.boolean(),
      age,
    }),
    { maxLength: 3 },
  ),
});

/** The rule in words of its own: the partner's receipt says for a month that these bytes are filed, and nothing says otherwise. */
function mayGo({ state, age: created, forget, kept, receipts }: Sent): boolean {
  const ofPartner = receipts.filter(
    ({ issuer, ofThese, state: kind }) => issuer === 'gb' && ofThese && kind === 'obtained',
  );
  const filed = ofPartner.some(({ event, age: stored }) => ['delivered', 'opened'].includes(event) && stored > LIMIT);
  const refused = ofPartner.some(({ event }) => event === 'refused');
  return ['delivered', 'opened'].includes(state) && created > LIMIT && !forget && !kept && filed && !refused;
}

async function putSent({ state, age: created, forget, kept, receipts }: Sent): Promise<string> {
  const id = randomUUID();
  await node.owner.query(
    `INSERT INTO outbox (id, recipient_node, recipient_kid, lane, sealed, digest, created_at, expires_at, state, forget, kept, size_bytes)
     VALUES ($1, 'gb', 'kid', 'normal', 'sealed bytes', 'these', $2, now(), $3, $4, $5, 12)`,
    [id, daysAgo(created), state, forget, kept ? Buffer.from('original') : null],
  );
  for (const { event, state: kind, issuer, ofThese, age: stored } of receipts)
    await node.owner.query(
      `INSERT INTO receipt (id, issuer, message_id, sender_node, event, digest, token, issued_at, stored_at, state)
       VALUES ($1, $2, $3, 'vn', $4, $5, 'token', $6, $6, $7)`,
      [randomUUID(), issuer, id, event, ofThese ? 'these' : 'others', daysAgo(stored), kind],
    );
  return id;
}

/** Ids of rows that have lost their sealed bytes. */
async function blanked(table: 'outbox' | 'inbox'): Promise<string[]> {
  const rows = await node.owner.query<{ id: string }>(`SELECT id FROM ${table} WHERE sealed = '' ORDER BY id`);
  return rows.map(({ id }) => id);
}

const DONE = { ofThese: true, age: 31 } as const;
const FILED: Filed = {
  state: 'filed',
  age: 31,
  receipts: [{ event: 'delivered', state: 'handed', ...DONE }],
  conflict: undefined,
};
const SENT: Sent = {
  state: 'opened',
  age: 31,
  forget: false,
  kept: false,
  receipts: [{ event: 'delivered', state: 'obtained', issuer: 'gb', ...DONE }],
};

/** Rows that differ from one that may go in one thing at most: near the rule, where mistakes are. */
const near = <T extends object>(good: T, any: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc
    .tuple(any, fc.constantFrom(...(Object.keys(good) as (keyof T)[])))
    .map(([other, key]) => ({ ...good, [key]: other[key] }));

it('blanks of outgoing messages exactly those that the partner has filed long enough ago', async () => {
  let gone = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(sent, near(SENT, sent)), { minLength: 1, maxLength: 30 }), async (messages) => {
      await node.owner.query('TRUNCATE outbox, receipt CASCADE');
      const expected = [];
      for (const message of messages) {
        const id = await putSent(message);
        if (mayGo(message)) expected.push(id);
      }
      const before = await rowsOf('outbox');
      expect(await retention.blankSent(node.worker, daysAgo(LIMIT))).toBe(expected.length);
      gone += expected.length;
      expect(await blanked('outbox')).toEqual(expected.sort());
      // All that is left says the same as before.
      expect(await rowsOf('outbox')).toEqual(before);
      expect(await retention.blankSent(node.worker, daysAgo(LIMIT))).toBe(0);
    }),
    { numRuns: 60 },
  );
  expect(gone).toBeGreaterThan(20);
});

/** All columns but the sealed bytes. */
const rowsOf = (table: 'outbox' | 'inbox' | 'receipt') =>
  node.owner.query(`SELECT to_jsonb(t) - 'sealed' AS row FROM ${table} t ORDER BY id`);

interface Filed {
  readonly state: string;
  readonly age: number;
  readonly receipts: readonly {
    readonly event: string;
    readonly state: string;
    readonly ofThese: boolean;
    readonly age: number;
  }[];
  /** Other bytes that came under its id. */
  readonly conflict: number | undefined;
}

const filed: fc.Arbitrary<Filed> = fc.record({
  state: fc.constantFrom('stored', 'held', 'filed', 'refused'),
  age,
  receipts: fc.uniqueArray(
    fc.record({
      event: fc.constantFrom('received', 'delivered', 'opened', 'refused'),
      state: fc.constantFrom('handed', 'waiting', 'refused'),
      ofThese: fc.boolean(),
      age,
    }),
    { maxLength: 3, selector: ({ event }) => event },
  ),
  conflict: fc.option(age, { nil: undefined }),
});

function mayGoHere({ state, age: received, receipts, conflict }: Filed): boolean {
  const told = receipts.some((r) => r.event === 'delivered' && r.state === 'handed' && r.ofThese && r.age > LIMIT);
  const unanswered = receipts.some((r) => r.state === 'waiting');
  return state === 'filed' && received > LIMIT && told && !unanswered && !(conflict !== undefined && conflict <= LIMIT);
}

async function putFiled({ state, age: received, receipts, conflict }: Filed): Promise<string> {
  const id = randomUUID();
  await node.owner.query(
    `INSERT INTO inbox (sender_node, id, recipient_kid, lane, sealed, digest, received_at, expires_at, state)
     VALUES ('gb', $1, 'kid', 'normal', 'sealed bytes', 'these', $2, now(), $3)`,
    [id, daysAgo(received), state],
  );
  for (const { event, state: kind, ofThese, age: stored } of receipts)
    await node.owner.query(
      `INSERT INTO receipt (id, issuer, message_id, sender_node, event, digest, token, issued_at, stored_at, state)
       VALUES ($1, 'vn', $2, 'gb', $3, $4, 'token', $5, $5, $6)`,
      [randomUUID(), id, event, ofThese ? 'these' : 'others', daysAgo(stored), kind],
    );
  if (conflict !== undefined)
    await node.owner.query(
      `INSERT INTO inbox_conflict (sender_node, id, digest, sealed, received_at) VALUES ('gb', $1, 'others', 'other bytes', $2)`,
      [id, daysAgo(conflict)],
    );
  return id;
}

it('blanks of incoming messages exactly those that are filed here and whose sender knows it', async () => {
  let gone = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(filed, near(FILED, filed)), { minLength: 1, maxLength: 30 }),
      async (messages) => {
        await node.owner.query('TRUNCATE inbox, inbox_conflict, receipt');
        const expected = [];
        const others = [];
        for (const message of messages) {
          const id = await putFiled(message);
          if (!mayGoHere(message)) continue;
          expected.push(id);
          if (message.conflict !== undefined) others.push(id);
        }
        const before = [await rowsOf('inbox'), await rowsOf('receipt')];
        expect(await retention.blankFiled(node.worker, daysAgo(LIMIT))).toBe(expected.length);
        gone += expected.length;
        expect(await blanked('inbox')).toEqual(expected.sort());
        const conflicts = await node.owner.query<{ id: string }>(
          `SELECT id FROM inbox_conflict WHERE sealed = '' ORDER BY id`,
        );
        expect(conflicts.map(({ id }) => id)).toEqual(others.sort());
        expect([await rowsOf('inbox'), await rowsOf('receipt')]).toEqual(before);
      },
    ),
    { numRuns: 60 },
  );
  expect(gone).toBeGreaterThan(20);
});

it('still knows a message that comes again, and answers it with its first receipt', async () => {
  const store = acceptStore(node.gateway, 'vn');
  const message = incoming({ receivedAt: daysAgo(31) });
  const receipt = receiptOf(message, { senderNode: 'gb' });
  await store.storeReceived([message], [receipt]);
  await node.owner.query(`UPDATE inbox SET state = 'filed'; UPDATE receipt SET stored_at = now() - interval '31 days'`);
  await node.owner.query(
    `INSERT INTO receipt (id, issuer, message_id, sender_node, event, digest, token, issued_at, stored_at, state)
     VALUES ($1, 'vn', $2, 'gb', 'delivered', $3, 'token', $4, $4, 'handed')`,
    [randomUUID(), message.id, message.digest, daysAgo(31)],
  );
  expect(await retention.blankFiled(node.worker, daysAgo(LIMIT))).toBe(1);
  expect(await store.findKnown('gb', [message.id])).toEqual([
    { id: message.id, digest: message.digest, receipt: receipt.token, counts: true },
  ]);
  expect(await store.storeReceived([message], [receiptOf(message, { senderNode: 'gb' })])).toEqual(new Set());
  expect(await blanked('inbox')).toEqual([message.id]);
});

it('works through more than one batch, and leaves rows that somebody else holds for the next time', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 205; n += 1) ids.push(await putSent(SENT));
  await node.owner.transaction(async (query) => {
    await query('SELECT id FROM outbox WHERE id = $1 FOR UPDATE', [ids[7]]);
    expect(await retention.blankSent(node.worker, daysAgo(LIMIT))).toBe(204);
  });
  expect(await retention.blankSent(node.worker, daysAgo(LIMIT))).toBe(1);
  expect(await blanked('outbox')).toHaveLength(205);
});

it('is shared by workers that begin at the same time', async () => {
  for (let n = 0; n < 50; n += 1) await putFiled(FILED);
  const counts = await Promise.all(Array.from({ length: 4 }, () => retention.blankFiled(node.worker, daysAgo(LIMIT))));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(50);
  expect(await blanked('inbox')).toHaveLength(50);
});

it('finds what is due by an index, not by reading every message', async () => {
  for (const [table, index] of [
    ['outbox', 'outbox_to_blank'],
    ['inbox', 'inbox_to_blank'],
  ]) {
    const rows = await node.owner.query<{ definition: string }>(
      'SELECT indexdef AS definition FROM pg_indexes WHERE tablename = $1 AND indexname = $2',
      [table, index],
    );
    expect(rows[0]?.definition).toContain(`sealed <> ''`);
  }
});

it('removes alerts that were resolved long ago with what was told of them, and no other', async () => {
  const put = async (state: string, resolved: Date | null) => {
    const id = randomUUID();
    await node.owner.query(
      `INSERT INTO alert (id, kind, subject, level, state, resolved_at) VALUES ($1, 'k', $4, 'warn', $2, $3)`,
      [id, state, resolved, id],
    );
    await node.owner.query(
      `INSERT INTO alert_tell (id, alert_id, event, channel, target) VALUES ($1, $2, 'raised', 'mail', 'a@example')`,
      [randomUUID(), id],
    );
    return id;
  };
  await put('resolved', daysAgo(401));
  const rest = [
    await put('resolved', daysAgo(399)),
    await put('acknowledged', daysAgo(401)),
    await put('new', null),
  ].sort();
  expect(await retention.dropAlerts(node.worker, daysAgo(400))).toBe(1);
  const left = await node.owner.query<{ id: string }>('SELECT id FROM alert ORDER BY id');
  expect(left.map(({ id }) => id)).toEqual(rest);
  expect(await node.owner.query('SELECT count(*)::int AS tells FROM alert_tell')).toEqual([{ tells: 3 }]);
});

it('removes samples, processes and sessions whose time is over', async () => {
  await node.owner.query(
    `INSERT INTO depth_sample SELECT now() - (n - 0.5) * interval '1 hour', 'normal', 0, 0 FROM generate_series(1, 1000) AS n`,
  );
  expect(await retention.dropSamples(node.worker, daysAgo(30))).toBe(1000 - 30 * 24);
  for (const days of [8, 6])
    await node.owner.query(
      `INSERT INTO process_beat (id, app, host, version, started_at, beat_at, facts) VALUES ($1, 'worker', 'h', '1', now(), $2, '{}')`,
      [randomUUID(), daysAgo(days)],
    );
  expect(await retention.dropProcesses(node.worker, daysAgo(7))).toBe(1);
  for (const table of ['office_session', 'monitor_session'])
    await node.owner.query(
      `INSERT INTO ${table} VALUES ('over', '{}', now() - interval '1 second'), ('on', '{}', now() + interval '1 hour')`,
    );
  await retention.dropSessions(node.worker, new Date());
  for (const table of ['office_session', 'monitor_session'])
    expect(await node.owner.query(`SELECT sid FROM ${table}`)).toEqual([{ sid: 'on' }]);
});
