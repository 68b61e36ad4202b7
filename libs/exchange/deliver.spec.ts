import { receiptBy } from '../../test/fakes/hand-made';
import { pingDraft } from '../../test/fakes/documents';
import { update } from '../../test/fakes/memory-tables';
import { twoCountries } from '../../test/fakes/two-countries';
import { TraoError } from '../errors';
import { deliver, type PostMessages } from './deliver';
import type { MessageAnswer } from './wire';

const UNIT = 'vn.mps-criminal';

/** Some messages in one claimed batch, and a way to deliver it with an answer of the test's choice. */
async function claimed(count: number) {
  const countries = await twoCountries();
  const { vn } = countries;
  for (let n = 0; n < count; n += 1) await vn.send(pingDraft(), UNIT);
  const batch = await vn.claim('deliver');
  const messages = [...vn.tables.outbox.values()].map((row) => row.message);
  const answered = async (answer: (tokens: readonly string[]) => Promise<MessageAnswer[]> | MessageAnswer[]) => {
    const order: string[] = [];
    const post: PostMessages = async (_partner, tokens) => {
      order.push(...tokens);
      return answer(tokens);
    };
    await deliver(batch.id, { ...vn.ports.deliver, post });
    return order;
  };
  const rowOf = (index: number) => vn.tables.outbox.get(messages[index]!.id)!;
  return { ...countries, batch, messages, answered, rowOf };
}

/** The honest answer of the partner. */
type Claimed = Awaited<ReturnType<typeof claimed>>;
const idOf = ({ messages }: Claimed, token: string) => messages.find((message) => message.token === token)!;
async function honest(setup: Claimed, token: string): Promise<MessageAnswer> {
  const message = idOf(setup, token);
  return { jti: message.id, receipt: await receiptBy(setup.gb, 'vn', message) };
}

describe('a delivered batch', () => {
  it('moves every message on by the receipt that came in the answer', async () => {
    const { vn, gb, batch, messages } = await claimed(3);
    await vn.run(batch);
    expect([...vn.tables.outbox.values()].map(({ state }) => state)).toEqual(['received', 'received', 'received']);
    expect(gb.tables.inbox.size).toBe(3);
    const proofs = [...vn.tables.receipts.values()].filter(({ place }) => place === 'obtained');
    expect(proofs.map(({ receipt }) => receipt.messageId).toSorted()).toEqual(messages.map(({ id }) => id).toSorted());
    expect(vn.tables.attempts.map(({ code }) => code)).toEqual([undefined, undefined, undefined]);
    expect(vn.alarms).toEqual([]);
  });

  it('says in each attempt how far the request got, also when it failed', async () => {
    const setup = await claimed(2);
    const { vn, batch } = setup;
    const facts = { host: 'gateway.gb:443', tls: 'TLSv1.3', httpStatus: 503 };
    const post: PostMessages = (_partner, _tokens, note) => {
      note?.({ host: facts.host });
      note?.({ tls: facts.tls, httpStatus: facts.httpStatus });
      return Promise.reject(new TraoError('partner_busy'));
    };
    await deliver(batch.id, { ...vn.ports.deliver, post });
    expect(vn.tables.attempts).toHaveLength(2);
    for (const attempt of vn.tables.attempts) expect(attempt).toMatchObject({ ...facts, code: 'partner_busy' });
  });

  it('posts the sealed bytes as they were stored', async () => {
    const setup = await claimed(2);
    const posted = await setup.answered((tokens) => Promise.all(tokens.map((token) => honest(setup, token))));
    expect(posted.toSorted()).toEqual(setup.messages.map(({ token }) => token).toSorted());
  });

  it('does nothing when another worker has taken it over', async () => {
    const { vn } = await claimed(1);
    await deliver(vn.newId(), vn.ports.deliver);
    expect(vn.tables.attempts).toEqual([]);
  });

  it('notes when and how long it tried', async () => {
    const setup = await claimed(1);
    const startedAt = setup.clock.now();
    await setup.answered(async ([token]) => {
      setup.clock.advance(1_234);
      return [await honest(setup, token!)];
    });
    expect(setup.vn.tables.attempts).toEqual([{ messageId: setup.messages[0]!.id, at: startedAt, durationMs: 1_234 }]);
  });

  it('closes the circuit of a partner that answers again', async () => {
    const setup = await claimed(1);
    setup.vn.tables.circuits.set('gb', { failures: 4, retryAt: setup.clock.now() });
    await setup.answered(() => [{ problem: { code: 'overloaded' } }]);
    expect(setup.vn.tables.circuits.get('gb')).toEqual({ failures: 0, retryAt: undefined });
  });
});

describe('a message that the partner does not take', () => {
  it('is given up with an alarm when it can never be taken', async () => {
    const setup = await claimed(2);
    await setup.answered(async (tokens) => [await honest(setup, tokens[0]!), { problem: { code: 'wrong_recipient' } }]);
    const [taken, given] = [setup.rowOf(0), setup.rowOf(1)];
    expect(taken.state).toBe('received');
    expect(given).toMatchObject({ state: 'undeliverable', code: 'wrong_recipient' });
    expect(setup.vn.alarms).toEqual([{ kind: 'undeliverable', subject: given.message.id, code: 'wrong_recipient' }]);
  });

  it('is given up when it would have to be sealed anew', async () => {
    const setup = await claimed(1);
    await setup.answered(() => [{ problem: { code: 'stale_key' } }]);
    expect(setup.rowOf(0)).toMatchObject({ state: 'undeliverable', code: 'stale_key' });
  });

  it.each(['overloaded', 'partner_error', 'partner_busy', 'partner_unreachable'] as const)(
    'is tried again after a pause, with a strike, when it may be taken later: %s',
    async (code) => {
      const setup = await claimed(1);
      Object.assign(setup.vn.ports.deliver, { random: () => 0.5 });
      await setup.answered(() => [{ problem: { code } }]);
      const row = setup.rowOf(0);
      expect(row).toMatchObject({ state: 'sending', strikes: 1, attempts: 1, batch: undefined });
      expect(row.dueAt.getTime() - setup.clock.now().getTime()).toBe(500);
      expect(setup.vn.tables.circuits.get('gb')?.retryAt).toBeUndefined();
      expect(setup.vn.alarms).toEqual([]);
    },
  );

  it('is tried again however often it was tried before: only its time ends it', async () => {
    const setup = await claimed(1);
    update(setup.vn.tables.outbox, setup.messages[0]!.id, { attempts: 1_000 });
    await setup.answered(() => [{ problem: { code: 'overloaded' } }]);
    expect(setup.rowOf(0)).toMatchObject({ state: 'sending', strikes: 1, attempts: 1_001, batch: undefined });
    expect(setup.vn.alarms).toEqual([]);
  });
});

describe('an answer that proves nothing', () => {
  type Cheat = (setup: Claimed, index: number) => Promise<MessageAnswer> | MessageAnswer;
  const cheats: Record<string, Cheat> = {
    'the receipt of another message': async (setup, index) => ({
      jti: setup.messages[index]!.id,
      receipt: await receiptBy(setup.gb, 'vn', setup.messages[1 - index]!),
    }),
    'a receipt of other bytes': async (setup, index) => ({
      jti: setup.messages[index]!.id,
      receipt: await receiptBy(setup.gb, 'vn', {
        id: setup.messages[index]!.id,
        digest: setup.messages[1 - index]!.digest,
      }),
    }),
    'a forged receipt': async (setup, index) => ({
      jti: setup.messages[index]!.id,
      receipt: await receiptBy(setup.vn, 'vn', setup.messages[index]!, { issuer: 'gb' }),
    }),
    'a receipt for another country': async (setup, index) => ({
      jti: setup.messages[index]!.id,
      receipt: await receiptBy(setup.gb, 'kh', setup.messages[index]!),
    }),
    'the right receipt under another id': async (setup, index) => ({
      jti: setup.messages[1 - index]!.id,
      receipt: await receiptBy(setup.gb, 'vn', setup.messages[index]!),
    }),
    'no receipt': (setup, index) => ({ jti: setup.messages[index]!.id, receipt: 'captive portal' }),
  };

  it.each(Object.entries(cheats))('%s: the message stays', async (_, cheat) => {
    const setup = await claimed(2);
    await setup.answered(() => Promise.all([cheat(setup, 0), cheat(setup, 1)]));
    for (const row of [setup.rowOf(0), setup.rowOf(1)]) {
      expect(row).toMatchObject({ state: 'sending', strikes: 1, batch: undefined });
    }
    expect(setup.vn.tables.attempts.map(({ code }) => code)).toEqual(['bad_answer', 'bad_answer']);
    expect(setup.vn.tables.receipts.size).toBe(0);
  });

  it('the receipt of one message for two: only that one has arrived', async () => {
    const setup = await claimed(2);
    const first = await receiptBy(setup.gb, 'vn', setup.messages[0]!);
    await setup.answered(() => setup.messages.map(({ id }) => ({ jti: id, receipt: first })));
    expect([setup.rowOf(0).state, setup.rowOf(1).state]).toEqual(['received', 'sending']);
    expect(setup.rowOf(1)).toMatchObject({ strikes: 1, batch: undefined });
    expect(setup.vn.tables.attempts.map(({ code }) => code)).toEqual([undefined, 'bad_answer']);
  });

  it('fewer answers than messages', async () => {
    const setup = await claimed(2);
    await setup.answered(async (tokens) => [await honest(setup, tokens[0]!)]);
    expect([setup.rowOf(0).state, setup.rowOf(1).state]).toEqual(['received', 'sending']);
  });

  it('a refusal in the answer is evidence, and an alarm', async () => {
    const setup = await claimed(1);
    const claims = { event: 'refused', code: 'policy_blocked' } as const;
    const { id } = setup.messages[0]!;
    await setup.answered(async () => [
      { jti: id, receipt: await receiptBy(setup.gb, 'vn', setup.messages[0]!, claims) },
    ]);
    expect(setup.rowOf(0)).toMatchObject({ state: 'refused', code: 'policy_blocked' });
    expect(setup.vn.alarms).toEqual([{ kind: 'message_refused', subject: id, code: 'policy_blocked' }]);
  });
});
