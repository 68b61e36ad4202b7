import { open, readEnvelope } from '../envelope';
import { answerDraft, pingDraft, referralDraft, type Draft } from '../../test/fakes/documents';
import { authorOf, handInOf } from '../../test/fakes/memory-office';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import { caseOf, stateOf } from './fixtures/case-of';
import { send, type SendRequest } from './send';

type Countries = Awaited<ReturnType<typeof twoCountries>>;

const UNIT = 'vn.mps-criminal';

const summaryOf = async (node: Countries['vn'], unit: string) => (await caseOf(node, unit)).summary;

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
    expect(summary).toMatchObject({ side: 'sender', partnerUnit: 'gb.ho-sca', openedBy: messageId });
    expect((await stateOf(vn, UNIT)).referral).toBe('sent');
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
    expect(await summaryOf(gb, 'gb.ho-sca')).toMatchObject({ side: 'recipient', sent: { seq: 1 } });
    expect((await stateOf(gb, 'gb.ho-sca')).referral).toBe('acknowledged');

    await gb.send(answerDraft(decision, messageId), 'gb.ho-sca');
    expect(await summaryOf(gb, 'gb.ho-sca')).toMatchObject({ sent: { seq: 2 } });
    expect((await stateOf(gb, 'gb.ho-sca')).referral).toBe(decision === 'accept' ? 'accepted_in_part' : 'declined');
    expect(ack.recipientNode).toBe('vn');
  });

  it('chains to the signed original of the message before', async () => {
    const { vn, gb, messageId } = await filedReferral();
    await gb.send(answerDraft('ack', messageId), 'gb.ho-sca');
    const { sent } = await summaryOf(gb, 'gb.ho-sca');
    const { token } = await gb.sent(answerDraft('accept', messageId), 'gb.ho-sca');
    const { message } = await openedBy(vn, token, 'gb');
    expect(message.header).toMatchObject({ seq: 2, seen: 1, prevDigest: sent.digest, inReplyTo: messageId });
  });
});

describe('the same request again', () => {
  const key = { idempotencyKey: 'key-00001' };

  /** A request that everybody has agreed to. */
  async function agreed(node: Countries['vn'], document = referralDraft(), unit = UNIT): Promise<SendRequest> {
    const handIn = await handInOf(node, document, unit);
    return { unit, actor: officer(unit, 'caseworker'), handIn, clientId: 'client-1', ...key };
  }

  it.each([
    ['a draft', referralDraft()],
    ['a document', pingDraft()],
  ])('of %s answers the same message and queues nothing', async (_, document) => {
    const { vn } = await twoCountries();
    const request = { ...(await agreed(vn, document)), actor: authorOf(document, UNIT) };
    const first = await send(request, vn.ports.send);
    const cases = vn.tables.cases.size;
    const again = await send(request, vn.ports.send);
    expect(again).toEqual({ messageId: first.messageId, replayed: true });
    expect(vn.tables.outbox.size).toBe(1);
    expect(vn.tables.cases.size).toBe(cases);
  });

  it('is queued once when it comes many times at once', async () => {
    const { vn } = await twoCountries();
    const request = await agreed(vn);
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(request, vn.ports.send)));
    expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(vn.tables.outbox.size).toBe(1);
  });

  it.each<[string, Draft, string]>([
    ['another draft', referralDraft({ priority: 'urgent' }), UNIT],
    ['another unit', referralDraft(), 'vn.moh-social'],
  ])('with %s is a conflict', async (_, document, unit) => {
    const { vn } = await twoCountries();
    await send(await agreed(vn), vn.ports.send);
    const other = await agreed(vn, document, unit);
    await expect(send(other, vn.ports.send)).rejects.toMatchObject({ code: 'idempotency_conflict' });
    expect(vn.tables.outbox.size).toBe(1);
  });

  it('with another document is a conflict', async () => {
    const { vn } = await twoCountries();
    await vn.send(pingDraft(), UNIT, key);
    const other = vn.send(pingDraft({ priority: 'urgent' }), UNIT, key);
    await expect(other).rejects.toMatchObject({ code: 'idempotency_conflict' });
    expect(vn.tables.outbox.size).toBe(1);
  });

  it('of another client is another request', async () => {
    const { vn } = await twoCountries();
    await vn.send(referralDraft(), UNIT, key);
    const sent = await vn.send(referralDraft(), UNIT, { clientId: 'client-2', ...key });
    expect(sent).toMatchObject({ replayed: false });
    expect(vn.tables.outbox.size).toBe(2);
  });
});
