import { readReceipt } from '../envelope';
import { pingDraft, referralDraft } from '../../test/fakes/documents';
import { sealByHand } from '../../test/fakes/hand-made';
import { twoCountries } from '../../test/fakes/two-countries';
import { accept } from './accept';
import type { MessageAnswer } from './wire';

type Countries = Awaited<ReturnType<typeof twoCountries>>;
const UNIT = 'vn.mps-criminal';

async function sent() {
  const countries = await twoCountries();
  const message = await countries.vn.sent(referralDraft({ priority: 'urgent' }), UNIT);
  return { ...countries, message };
}

/** Two messages with one id and different bytes, as only a faulty partner makes them. */
async function twins({ vn }: Countries) {
  const messageId = vn.newId();
  const draft = pingDraft({ senderUnit: UNIT });
  return [await sealByHand(vn, draft, { messageId }), await sealByHand(vn, draft, { messageId })] as const;
}

const receiptIn = (answer: MessageAnswer | undefined) => (answer && 'receipt' in answer ? answer.receipt : undefined);

describe('a new message', () => {
  it('is stored as it came, with its receipt, before it is answered', async () => {
    const { gb, clock, message } = await sent();
    const [answer] = await gb.accept([message.token], 'vn');

    const [row] = [...gb.tables.inbox.values()];
    expect(row).toMatchObject({ state: 'stored', lane: 'urgent' });
    expect(row!.message).toMatchObject({
      senderNode: 'vn',
      id: message.id,
      token: message.token,
      digest: message.digest,
    });
    expect(row!.message.receivedAt).toEqual(clock.now());
    const [receipt] = [...gb.tables.receipts.values()];
    expect(receipt).toMatchObject({ place: 'handed' });
    expect(answer).toEqual({ jti: message.id, receipt: receipt!.receipt.token });
  });

  it('gets a receipt that says what was received, by whom, from whom', async () => {
    const { world, gb, clock, message } = await sent();
    const [answer] = await gb.accept([message.token], 'vn');
    const receipt = await readReceipt(receiptIn(answer)!, (node, kid, at) => world.partners.receiptKey(node, kid, at));
    expect(receipt).toMatchObject({
      issuer: 'gb',
      audience: 'vn',
      messageId: message.id,
      event: 'received',
      digest: message.digest,
      seq: 1,
      at: clock.now(),
    });
  });

  it('is not answered with a receipt when it could not be stored', async () => {
    const { gb, message } = await sent();
    const store = { ...gb.ports.accept.store, storeReceived: () => Promise.reject(new Error('disk full')) };
    await expect(accept([message.token], 'vn', { ...gb.ports.accept, store })).rejects.toThrow('disk full');
  });
});

describe('the same bytes again', () => {
  it('get the receipt of the first time, byte for byte', async () => {
    const { gb, clock, message } = await sent();
    const first = await gb.accept([message.token], 'vn');
    clock.advance(86_400_000);
    expect(await gb.accept([message.token], 'vn')).toEqual(first);
    expect(gb.tables.receipts.size).toBe(1);
  });

  it('fifty times at once are one row and one receipt', async () => {
    const { gb, message } = await sent();
    const answers = await Promise.all(Array.from({ length: 50 }, () => gb.accept([message.token], 'vn')));
    expect(new Set(answers.map(([answer]) => receiptIn(answer))).size).toBe(1);
    expect(gb.tables.inbox.size).toBe(1);
    expect(gb.tables.receipts.size).toBe(1);
    expect(gb.alarms).toEqual([]);
  });

  it('in one batch get one receipt', async () => {
    const { gb, message } = await sent();
    const [first, second] = await gb.accept([message.token, message.token], 'vn');
    expect(receiptIn(first)).toBeDefined();
    expect(second).toEqual(first);
    expect(gb.tables.inbox.size).toBe(1);
  });

  it('that somebody else stores between look and commit get the receipt of that one', async () => {
    const { gb, message } = await sent();
    const { store } = gb.ports.accept;
    const [winner] = await gb.accept([message.token], 'vn');
    let looks = 0;
    const late = {
      ...store,
      findKnown: (...ask: Parameters<typeof store.findKnown>) => {
        looks += 1;
        return looks === 1 ? Promise.resolve([]) : store.findKnown(...ask);
      },
    };
    expect(await accept([message.token], 'vn', { ...gb.ports.accept, store: late })).toEqual([winner]);
    expect(gb.tables.receipts.size).toBe(1);
  });

  it('are asked for again when they vanish between look and commit', async () => {
    const { gb, message } = await sent();
    const store = {
      ...gb.ports.accept.store,
      findKnown: () => Promise.resolve([]),
      storeReceived: () => Promise.resolve(new Set<string>()),
    };
    expect(await accept([message.token], 'vn', { ...gb.ports.accept, store })).toEqual([
      { jti: message.id, problem: { code: 'internal' } },
    ]);
  });
});

describe('other bytes under a known id', () => {
  it('are kept as evidence, refused, and raise an alarm', async () => {
    const countries = await twoCountries();
    const { gb } = countries;
    const [first, second] = await twins(countries);
    const [stored] = await gb.accept([first.token], 'vn');
    expect(receiptIn(stored)).toBeDefined();

    expect(await gb.accept([second.token], 'vn')).toEqual([{ jti: first.id, problem: { code: 'id_reused' } }]);
    expect([...gb.tables.inbox.values()].map((row) => row.message.token)).toEqual([first.token]);
    expect([...gb.tables.conflicts.values()].map(({ token }) => token)).toEqual([second.token]);
    expect(gb.alarms).toEqual([{ kind: 'id_reused', subject: first.id, code: 'id_reused' }]);
    expect(await gb.accept([first.token], 'vn')).toEqual([stored]);
  });

  it('in one batch: the first is stored, the second kept as evidence', async () => {
    const countries = await twoCountries();
    const { gb } = countries;
    const [first, second] = await twins(countries);
    const answers = await gb.accept([first.token, second.token], 'vn');
    expect(receiptIn(answers[0])).toBeDefined();
    expect(answers[1]).toEqual({ jti: first.id, problem: { code: 'id_reused' } });
    expect([...gb.tables.inbox.values()].map((row) => row.message.token)).toEqual([first.token]);
    expect([...gb.tables.conflicts.values()].map(({ token }) => token)).toEqual([second.token]);
  });
});
