import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { INCOMING_STATES, readMessageQuery, STATE_CHOICES, type MessageFilter } from '../../libs/monitoring';
import { DELIVERY_STATES } from '../../libs/lifecycle';
import { watched } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { lay, type Lying } from './monitor-messages-fixture';

/** The list of messages, as the monitor's own role reads it. */
let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('monitor_messages');
});
afterAll(() => node?.remove());
beforeEach(() => node.owner.query('TRUNCATE outbox, inbox, receipt, saved_view'));

const PARTNERS = ['gb', 'th', 'kh'];
const LANES = ['emergency', 'urgent', 'normal'];
const CODES = ['partner_unreachable', 'policy_blocked', 'expired'];
const WITH_CODE = ['sending', 'refused', 'expired', 'undeliverable'];

/** Few moments, ids that begin alike, and an id that came from two partners: places in the list must still be certain. */
function crowd(seed: number, count: number): Lying[] {
  const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!;
  return Array.from({ length: count }, (_, n) => {
    const k = seed * 7919 + n * 104_729 + ((n * n) % 8191);
    const source = k % 2 === 0 ? 'sent' : pick(PARTNERS, k >> 3);
    const state = source === 'sent' ? pick(DELIVERY_STATES, k >> 5) : pick(INCOMING_STATES, k >> 5);
    const coded = source === 'sent' ? WITH_CODE.includes(state) : state === 'refused';
    return {
      source,
      id: `${pick(['0199aaaa', '0199aabb', '0200cccc'], k >> 2)}${randomUUID().slice(8)}`,
      to: pick(PARTNERS, k >> 4),
      lane: pick(LANES, k >> 6),
      state,
      code: coded ? pick([...CODES, null], k >> 7) : null,
      at: `2026-11-2${(k >> 4) % 3}T10:00:00.00000${(k >> 3) % 4}Z`,
    };
  });
}

const partnerOf = ({ source, to }: Lying) => (source === 'sent' ? to : source);

/** What the filters mean, said once more and plainly. */
function passes(row: Lying, { direction, partner, states, lane, code, since, until, ids }: MessageFilter): boolean {
  const sent = row.source === 'sent';
  const at = Date.parse(row.at);
  const wanted: readonly string[] | undefined = sent ? states?.sent : states?.received;
  return (
    (direction === 'all' || (direction === 'sent') === sent) &&
    (partner === undefined || partnerOf(row) === partner) &&
    (wanted === undefined || wanted.includes(row.state)) &&
    (lane === undefined || row.lane === lane) &&
    (code === undefined || row.code === code) &&
    (since === undefined || at >= since.getTime()) &&
    (until === undefined || at < until.getTime()) &&
    (ids === undefined || (row.id >= ids.from && row.id <= ids.to))
  );
}

const keyOf = ({ at, id, source }: Lying) => `${at} ${id} ${source}`;
const newestFirst = (rows: readonly Lying[]) => rows.map(keyOf).toSorted().toReversed();

async function allOf(filter: MessageFilter, limit: number): Promise<string[]> {
  const keys: string[] = [];
  let after: Awaited<ReturnType<typeof watched.listMessages>>['next'];
  do {
    const { messages, next } = await watched.listMessages(node.monitor, filter, after, limit);
    // Only the last page may be short.
    if (next && messages.length !== limit) throw new Error(`a page of ${messages.length} is followed by another`);
    keys.push(...messages.map(({ id, direction, partner }) => `${id} ${direction === 'sent' ? 'sent' : partner}`));
    after = next;
  } while (after);
  return keys;
}

const query = fc.record(
  {
    direction: fc.constantFrom('all', 'sent', 'received'),
    partner: fc.constantFrom(...PARTNERS, 'fr'),
    state: fc.constantFrom(...STATE_CHOICES),
    lane: fc.constantFrom(...LANES),
    code: fc.constantFrom(...CODES, 'never_seen'),
    since: fc.constantFrom('2026-11-20', '2026-11-21T10:00Z', '2026-11-23'),
    until: fc.constantFrom('2026-11-21T10:00:00.001Z', '2026-11-22', '2026-11-30'),
    id: fc.constantFrom('0199aaaa', '0199aa', '0200', 'ffff'),
  },
  { requiredKeys: [] },
);

describe('the list of messages', () => {
  it('shows what a filter means, newest first, page by page, whatever the filters are', async () => {
    const rows = [...crowd(3, 400), ...crowd(11, 200)];
    const [twin] = rows.filter(({ source }) => source === 'gb');
    rows.push({ ...twin!, source: 'th' });
    await lay(node.owner, rows);
    await fc.assert(
      fc.asyncProperty(query, fc.integer({ min: 1, max: 90 }), async (parameters, limit) => {
        const { filter, faults } = readMessageQuery(parameters, 'UTC');
        // A window that ends before it begins is refused before anybody looks.
        fc.pre(faults.length === 0);
        const expected = newestFirst(rows.filter((row) => passes(row, filter)));
        expect(await allOf(filter, limit)).toEqual(expected.map((key) => key.slice(28)));
      }),
      { numRuns: 150 },
    );
  });

  it('skips and repeats nothing while messages keep coming and change their states', async () => {
    const rows = crowd(5, 120);
    await lay(node.owner, rows);
    const { filter } = readMessageQuery({}, 'UTC');
    const seen: string[] = [];
    let after: Awaited<ReturnType<typeof watched.listMessages>>['next'];
    let round = 0;
    do {
      const page = await watched.listMessages(node.monitor, filter, after, 7);
      seen.push(
        ...page.messages.map(({ id, direction, partner }) => `${id} ${direction === 'sent' ? 'sent' : partner}`),
      );
      round += 1;
      await lay(
        node.owner,
        crowd(100 + round, 3).map((row) => ({ ...row, at: `2026-11-28T10:00:0${round % 10}.000000Z` })),
      );
      await node.owner.query(
        `UPDATE outbox SET state = 'delivered', changed_at = now() WHERE id = (SELECT id FROM outbox ORDER BY id LIMIT 1)`,
      );
      after = page.next;
    } while (after);
    expect(seen).toEqual(newestFirst(rows).map((key) => key.slice(28)));
  });

  it('shows metadata of a message, with its newest receipt and the code of our refusal', async () => {
    const [sent, came] = [
      {
        source: 'sent',
        id: randomUUID(),
        to: 'gb',
        lane: 'urgent',
        state: 'sending',
        code: 'partner_busy',
        at: '2026-11-29T10:00:00.000001Z',
      },
      {
        source: 'gb',
        id: randomUUID(),
        to: '',
        lane: 'normal',
        state: 'refused',
        code: 'policy_blocked',
        at: '2026-11-29T09:00:00.000000Z',
      },
    ];
    await lay(node.owner, [sent, came]);
    const { messages } = await watched.listMessages(node.monitor, readMessageQuery({}, 'UTC').filter, undefined, 10);
    expect(messages).toEqual([
      {
        id: sent.id,
        direction: 'sent',
        partner: 'gb',
        lane: 'urgent',
        state: 'sending',
        attempts: 0,
        nextAt: expect.any(Date) as Date,
        at: new Date('2026-11-29T10:00:00.000Z'),
        changedAt: expect.any(Date) as Date,
        expiresAt: expect.any(Date) as Date,
        receiptAt: undefined,
        code: 'partner_busy',
        sizeBytes: 2000,
      },
      expect.objectContaining({
        id: came.id,
        direction: 'received',
        nextAt: undefined,
        code: 'policy_blocked',
        receiptAt: expect.any(Date) as Date,
      }),
    ]);
  });

  it('is read to the end in steps, up to a limit', async () => {
    await lay(node.owner, crowd(2, 50));
    const sizes = async (most: number) => {
      const found: number[] = [];
      const all = watched.everyMessage(node.monitor, readMessageQuery({}, 'UTC').filter, most, 20);
      for await (const page of all) found.push(page.length);
      return found;
    };
    expect(await sizes(1000)).toEqual([20, 20, 10]);
    expect(await sizes(25)).toEqual([20, 5]);
  });
});

describe('a question that takes too long', () => {
  it('is given up, and told as that', async () => {
    const asked = node.owner.transaction(async (query) => {
      await query('LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE');
      return watched
        .listMessages(node.monitor, readMessageQuery({}, 'UTC').filter, undefined, 10)
        .catch((refused: unknown) => refused);
    });
    expect(await asked).toMatchObject({ code: 'overloaded' });
    expect(
      (await watched.listMessages(node.monitor, readMessageQuery({}, 'UTC').filter, undefined, 10)).messages,
    ).toEqual([]);
  });
});

describe('saved views', () => {
  it('belong to one operator, are replaced by name, and are few', async () => {
    const views = watched.savedViews(node.monitor);
    expect(await views.keep('ann', { name: 'failed', query: 'state=failed' }, 2)).toBe(true);
    expect(await views.keep('ann', { name: 'to gb', query: 'partner=gb' }, 2)).toBe(true);
    expect(await views.keep('ann', { name: 'third', query: '' }, 2)).toBe(false);
    expect(await views.keep('ann', { name: 'failed', query: 'state=expired' }, 2)).toBe(true);
    expect(await views.keep('ben', { name: 'failed', query: 'lane=urgent' }, 2)).toBe(true);
    await views.forget('ann', 'to gb');
    expect(await views.of('ann')).toEqual([{ name: 'failed', query: 'state=expired' }]);
    expect(await views.of('ben')).toEqual([{ name: 'failed', query: 'lane=urgent' }]);
  });
});
