import { open, readEnvelope } from '../envelope';
import { answerDraft, pingDraft, referralDraft, type Draft } from '../../test/fakes/documents';
import { twoCountries } from '../../test/fakes/two-countries';
import { openCase } from './case-record';
import { send } from './send';

type Countries = Awaited<ReturnType<typeof twoCountries>>;

const UNIT = 'vn.mps-criminal';

async function summaryOf({ tables, keys }: Countries['vn'], unit: string) {
  const stored = [...tables.cases.values()].find((record) => record.unit === unit)!;
  return openCase(stored, await keys.storageKey(unit)).summary;
}

/** What the partner's worker reads out of a message. */
function openedBy({ node, world, keys, clock }: Countries['vn'], token: string, peer: string) {
  const { suites, limits } = world.partners.node(node);
  return open(token, {
    node,
    peer,
    trustDomain: 'test',
    now: clock.now(),
    maxBytes: limits.maxMessageBytes,
    suites,
    decryptionKey: keys.decryptionKey,
    nodeOf: (unit) => world.partners.nodeOf(unit),
    verificationKey: (unit, kid, at) => world.partners.verificationKey(unit, kid, at),
  });
}

describe('sending a referral', () => {
  it('queues a sealed message that the addressed unit can open', async () => {
    const { vn, gb } = await twoCountries();
    const { messageId, replayed } = await vn.send(referralDraft({ priority: 'urgent' }), UNIT);
    const { message, state } = vn.tables.outbox.get(messageId)!;

    expect(replayed).toBe(false);
    expect(state).toBe('queued');
    expect(message).toMatchObject({ id: messageId, recipientNode: 'gb', priority: 'urgent', attempts: 0 });
    expect(message.createdAt).toEqual(vn.clock.now());
    expect(message.expiresAt.getTime() - message.createdAt.getTime()).toBe(21 * 86_400_000);
    expect(message.recipientKid).toBe(readEnvelope(message.token, 65_536).outer.kid);
    const opened = await openedBy(gb, message.token, 'vn');
    expect(opened.message.header).toMatchObject({ messageId, senderUnit: UNIT, recipientUnit: 'gb.ho-sca', seq: 1 });
  });

  it('opens a case of the unit in the same transaction', async () => {
    const { vn } = await twoCountries();
    const { messageId } = await vn.send(referralDraft(), UNIT);

    const summary = await summaryOf(vn, UNIT);
    expect(summary).toMatchObject({ state: 'sent', side: 'sender', partnerUnit: 'gb.ho-sca', openedBy: messageId });
    expect(summary.sent.seq).toBe(1);
    expect(summary.filed).toEqual({ seq: 0 });
    const [event] = [...vn.tables.events.values()];
    expect(event).toMatchObject({ unit: UNIT, messageId, direction: 'sent' });
  });

  it('gives each referral an id of its own', async () => {
    const { vn } = await twoCountries();
    await vn.send(referralDraft(), UNIT);
    await vn.send(referralDraft(), UNIT);
    expect(vn.tables.cases.size).toBe(2);
    expect(vn.tables.outbox.size).toBe(2);
  });
});

describe('sending a ping', () => {
  it('queues a message without a case', async () => {
    const { vn } = await twoCountries();
    const { messageId } = await vn.send(pingDraft(), UNIT);
    expect(vn.tables.outbox.has(messageId)).toBe(true);
    expect(vn.tables.cases.size).toBe(0);
    expect(vn.tables.events.size).toBe(0);
  });
});

describe('answering a referral', () => {
  async function filedReferral() {
    const countries = await twoCountries();
    const { messageId } = await countries.vn.send(referralDraft(), UNIT);
    await countries.vn.work();
    await countries.gb.work();
    return { ...countries, messageId };
  }

  it.each(['accept', 'decline'] as const)('with ack, then %s, continues state and chain', async (decision) => {
    const { gb, messageId } = await filedReferral();
    const ack = await gb.sent(answerDraft('ack', messageId), 'gb.ho-sca');
    expect(await summaryOf(gb, 'gb.ho-sca')).toMatchObject({
      state: 'acknowledged',
      side: 'recipient',
      sent: { seq: 1 },
    });

    await gb.send(answerDraft(decision, messageId), 'gb.ho-sca');
    const summary = await summaryOf(gb, 'gb.ho-sca');
    expect(summary).toMatchObject({ state: decision === 'accept' ? 'accepted' : 'declined', sent: { seq: 2 } });
    expect(ack.recipientNode).toBe('vn');
  });

  it('chains to the signed original of the message before', async () => {
    const { vn, gb, messageId } = await filedReferral();
    await gb.send(answerDraft('ack', messageId), 'gb.ho-sca');
    const { sent } = await summaryOf(gb, 'gb.ho-sca');
    const { token } = await gb.sent(answerDraft('accept', messageId), 'gb.ho-sca');
    const { message } = await openedBy(vn, token, 'gb');
    expect(message.header).toMatchObject({ seq: 2, prevDigest: sent.digest, inReplyTo: messageId });
  });
});

describe('the same request again', () => {
  const key = { idempotencyKey: 'key-00001' };

  it('answers the same message and queues nothing', async () => {
    const { vn } = await twoCountries();
    const first = await vn.send(referralDraft(), UNIT, key);
    const again = await vn.send(referralDraft(), UNIT, key);
    expect(again).toEqual({ messageId: first.messageId, replayed: true });
    expect(vn.tables.outbox.size).toBe(1);
    expect(vn.tables.cases.size).toBe(1);
  });

  it('is queued once when it comes many times at once', async () => {
    const { vn } = await twoCountries();
    const answers = await Promise.all(Array.from({ length: 20 }, () => vn.send(referralDraft(), UNIT, key)));
    expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(vn.tables.outbox.size).toBe(1);
  });

  it.each<[string, Draft, string]>([
    ['another document', referralDraft({ priority: 'urgent' }), UNIT],
    ['another unit', referralDraft(), 'vn.mofa-london'],
  ])('with %s is a conflict', async (_, document, unit) => {
    const { vn } = await twoCountries();
    await vn.send(referralDraft(), UNIT, key);
    await expect(vn.send(document, unit, key)).rejects.toMatchObject({ code: 'idempotency_conflict' });
    expect(vn.tables.outbox.size).toBe(1);
  });

  it('of another client is another request', async () => {
    const { vn } = await twoCountries();
    await vn.send(referralDraft(), UNIT, key);
    const request = { document: referralDraft(), senderUnit: UNIT, clientId: 'client-2', ...key };
    expect(await send(request, vn.ports.send)).toMatchObject({ replayed: false });
    expect(vn.tables.outbox.size).toBe(2);
  });
});
