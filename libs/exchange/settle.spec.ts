import { digestOf } from '../envelope';
import { pingDraft } from '../../test/fakes/documents';
import { receiptBy } from '../../test/fakes/hand-made';
import { twoCountries } from '../../test/fakes/two-countries';
import { MemoryNode } from '../../test/fakes/memory-node';
import { TraoError } from '../errors';
import { settle, settleVerified, verifyReceipts } from './settle';

async function sentMessage() {
  const countries = await twoCountries();
  const message = await countries.vn.sent(pingDraft(), 'vn.mps-criminal');
  const kh = new MemoryNode('kh', countries.world, countries.clock, countries.random);
  const row = () => countries.vn.tables.outbox.get(message.id)!;
  const stored = () => [...countries.vn.tables.receipts.values()].map(({ receipt }) => receipt.token);
  return { ...countries, kh, message, row, stored };
}

describe('a receipt of the partner', () => {
  it.each([
    ['received', 'received'],
    ['delivered', 'delivered'],
    ['opened', 'opened'],
  ] as const)('%s moves its message and is stored as bytes', async (event, state) => {
    const { vn, gb, message, row, stored } = await sentMessage();
    const token = await receiptBy(gb, 'vn', message, { event });
    expect(await vn.settle([token], 'gb')).toEqual([{ status: 'stored' }]);
    expect(row().state).toBe(state);
    expect(stored()).toEqual([token]);
    expect([...vn.tables.receipts.values()][0]).toMatchObject({
      place: 'obtained',
      receipt: { messageId: message.id, senderNode: 'vn', issuer: 'gb', event, digest: message.digest },
    });
    expect(vn.alarms).toEqual([]);
  });

  it('of refusal raises an alarm once', async () => {
    const { vn, gb, message, row } = await sentMessage();
    const token = await receiptBy(gb, 'vn', message, { event: 'refused', code: 'undecryptable' });
    await vn.settle([token], 'gb');
    await vn.settle([token], 'gb');
    expect(row()).toMatchObject({ state: 'refused', code: 'undecryptable' });
    expect(vn.alarms).toEqual([{ kind: 'message_refused', subject: message.id, code: 'undecryptable' }]);
  });

  it('that comes again is known', async () => {
    const { vn, gb, message, row, stored } = await sentMessage();
    const token = await receiptBy(gb, 'vn', message);
    await vn.settle([token], 'gb');
    expect(await vn.settle([token], 'gb')).toEqual([{ status: 'known' }]);
    expect(row().state).toBe('received');
    expect(stored()).toEqual([token]);
  });

  it('that comes late changes nothing, and is kept', async () => {
    const { vn, gb, message, row, stored } = await sentMessage();
    await vn.settle([await receiptBy(gb, 'vn', message, { event: 'delivered', seq: 2 })], 'gb');
    await vn.settle([await receiptBy(gb, 'vn', message)], 'gb');
    expect(row().state).toBe('delivered');
    expect(stored()).toHaveLength(2);
  });

  it('overrules our own giving up', async () => {
    const { vn, gb, message, row } = await sentMessage();
    vn.tables.outbox.set(message.id, { ...row(), state: 'expired' });
    await vn.settle([await receiptBy(gb, 'vn', message, { event: 'delivered' })], 'gb');
    expect(row().state).toBe('delivered');
  });

  it('together with others of the same message leads to the furthest state', async () => {
    const { vn, gb, message, row, stored } = await sentMessage();
    const events = ['opened', 'received', 'delivered'] as const;
    const tokens = await Promise.all(events.map((event) => receiptBy(gb, 'vn', message, { event })));
    expect(await vn.settle([...tokens, tokens[0]!], 'gb')).toHaveLength(4);
    expect(row().state).toBe('opened');
    expect(stored().toSorted()).toEqual(tokens.toSorted());
  });
});

describe('receipts that contradict each other', () => {
  it.each([
    ['delivered', 'refused'],
    ['refused', 'delivered'],
  ] as const)('%s, then %s: both are kept, one alarm', async (first, second) => {
    const { vn, gb, message, row, stored } = await sentMessage();
    const claims = (event: typeof first) => ({
      event,
      ...(event === 'refused' && { code: 'policy_blocked' as const }),
    });
    const tokens = [
      await receiptBy(gb, 'vn', message, claims(first)),
      await receiptBy(gb, 'vn', message, claims(second)),
    ];
    await vn.settle([tokens[0]!], 'gb');
    expect(await vn.settle([tokens[1]!], 'gb')).toEqual([{ status: 'stored' }]);
    expect(await vn.settle([tokens[1]!], 'gb')).toEqual([{ status: 'known' }]);
    expect(row().state).toBe(first);
    expect(stored()).toEqual(tokens);
    const alarms = vn.alarms.filter(({ kind }) => kind === 'receipt_contradictory');
    expect(alarms).toEqual([{ kind: 'receipt_contradictory', subject: message.id }]);
  });
});

describe('what proves nothing', () => {
  type Setup = Awaited<ReturnType<typeof sentMessage>>;
  const cases: readonly [string, (setup: Setup) => Promise<string>, string][] = [
    ['no receipt', () => Promise.resolve('captive.portal.page'), 'receipt_malformed'],
    [
      'of other bytes',
      ({ gb, message }) => receiptBy(gb, 'vn', { id: message.id, digest: digestOf('x') }),
      'receipt_wrong_digest',
    ],
    [
      'of a message that was not sent from here',
      ({ gb, message }) => receiptBy(gb, 'vn', { ...message, id: gb.newId() }),
      'receipt_unknown_message',
    ],
    ['of another node than hands it over', ({ kh, message }) => receiptBy(kh, 'vn', message), 'identity_mismatch'],
    ['for another node', ({ gb, message }) => receiptBy(gb, 'kh', message), 'identity_mismatch'],
    [
      'with a key of another node',
      ({ kh, message }) => receiptBy(kh, 'vn', message, { issuer: 'gb' }),
      'unknown_sender',
    ],
    [
      'of negative evidence',
      ({ gb, message }) => receiptBy(gb, 'vn', message, { event: 'not_received' }),
      'receipt_malformed',
    ],
  ];

  it.each(cases)('%s is refused', async (_, make, code) => {
    const setup = await sentMessage();
    const honest = await receiptBy(setup.gb, 'vn', setup.message);
    const results = await setup.vn.settle([await make(setup), honest], 'gb');
    expect(results).toEqual([{ status: 'refused', code }, { status: 'stored' }]);
    expect(setup.stored()).toEqual([honest]);
    expect(setup.vn.alarms).toEqual([]);
  });

  it('of a node that the message did not go to is refused', async () => {
    const { vn, kh, message, row } = await sentMessage();
    expect(await vn.settle([await receiptBy(kh, 'vn', message)], 'kh')).toEqual([
      { status: 'refused', code: 'receipt_unknown_message' },
    ]);
    expect(row().state).toBe('queued');
  });

  it('of another message than the caller expects is refused', async () => {
    const { vn, gb, message, row } = await sentMessage();
    const token = await receiptBy(gb, 'vn', message);
    const verified = await verifyReceipts([token], 'gb', vn.ports.settle, [gb.newId()]);
    expect(await vn.ports.settle.transaction((store) => settleVerified(verified, store))).toEqual([
      { status: 'refused', code: 'receipt_unknown_message' },
    ]);
    expect(row().state).toBe('queued');
  });

  it('is nothing at all', async () => {
    const { vn } = await sentMessage();
    const transaction = () => Promise.reject(new Error('not needed'));
    expect(await settle([], 'gb', { ...vn.ports.settle, transaction })).toEqual([]);
  });
});

describe('a fault of this machine', () => {
  it('is thrown, and refuses no receipt', async () => {
    const { vn, gb, message } = await sentMessage();
    const token = await receiptBy(gb, 'vn', message);
    const partners = () => {
      throw new TraoError('database_unavailable');
    };
    const ports = { ...vn.ports.settle, self: { node: 'vn', partners } };
    await expect(settle([token], 'gb', ports)).rejects.toMatchObject({ code: 'database_unavailable' });
  });
});
