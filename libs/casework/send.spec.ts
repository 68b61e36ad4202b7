import { digestOf, open, readEnvelope } from '../envelope';
import {
  answerDraft,
  exampleDraft,
  pingDraft,
  referralDraft,
  withScopes,
  type Draft,
} from '../../test/fakes/documents';
import { authorOf, handInOf } from '../../test/fakes/memory-office';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import { caseOf, stateOf } from '../../test/fakes/case-of';
import type { TraoError } from '../errors';
import { listDrafts } from './drafting';
import type { Actor } from './ports';
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

describe('a message that breaks rules', () => {
  it('is refused with all of them at once, and nothing is stored', async () => {
    const { vn } = await twoCountries();
    const wrong = withScopes(referralDraft({ approverRole: 'dpo' }), ['share_with_family']);
    const document = { ...wrong, health: { fitToTravel: 'yes', urgentNeeds: [], medicationContinuity: 'unknown' } };
    const handIn = { document: { ...document, consularContact: 'allowed' } };
    const request = { unit: UNIT, actor: officer(UNIT, 'caseworker'), clientId: 'c', idempotencyKey: 'k', handIn };
    const error = (await send(request, vn.ports.send).catch((thrown: unknown) => thrown)) as TraoError;
    // The schema comes first: health has no place in a request to verify an identity.
    expect([error.code, error.faults.map(({ pointer }) => pointer)]).toEqual(['schema_invalid', ['/health']]);

    const { health: _forbidden, ...possible } = handIn.document;
    const refusal = await send({ ...request, handIn: { document: possible } }, vn.ports.send).catch(
      (thrown: unknown) => thrown,
    );
    const { code, faults } = refusal as TraoError;
    expect(code).toBe('protection_refused');
    expect(faults.map((fault) => `${fault.code} ${fault.pointer}`).toSorted()).toEqual([
      'approval_missing /header/approverRole',
      'consent_record_missing /consent',
      'scope_missing /consularContact',
      'scope_missing /header/purpose',
      'scope_missing /header/recipientUnit',
      'wrong_approver_role /header/approverRole',
    ]);
    expect([vn.tables.outbox.size, vn.tables.cases.size, vn.tables.idempotency.size]).toEqual([0, 0, 0]);
  });

  it('is refused for a role that does not write such messages', async () => {
    const { vn } = await twoCountries();
    await expect(vn.send(referralDraft({ authorRole: 'dpo' }), UNIT)).rejects.toMatchObject({
      code: 'protection_refused',
      faults: [{ pointer: '/header/authorRole', code: 'role_not_for_message' }],
    });
  });

  it('is refused when it would tell totals of few people', async () => {
    const { vn } = await twoCountries();
    const report = exampleDraft('stats-report-vn-to-gb', { recipientUnit: 'gb.nca' });
    expect(await vn.send(report, UNIT)).toMatchObject({ replayed: false });
    expect(vn.tables.cases.size).toBe(0);
    const {
      table: [row],
      ...body
    } = report['statsReport'] as { readonly table: readonly object[] };
    const small = { ...report, statsReport: { ...body, table: [{ ...row, count: 12 }] } };
    await expect(vn.send(small, UNIT)).rejects.toMatchObject({
      code: 'protection_refused',
      faults: [{ pointer: '/statsReport/table/0/count', code: 'count_not_rounded' }],
    });
  });
});

describe('who sends', () => {
  it('writes in a role of their own, for their own unit', async () => {
    const { vn } = await twoCountries();
    const handIn = { document: pingDraft() };
    const request = { unit: UNIT, handIn, clientId: 'c', idempotencyKey: 'k' };
    const attempt = (actor: Actor) => send({ ...request, actor }, vn.ports.send);
    await expect(attempt(officer(UNIT, 'caseworker'))).rejects.toMatchObject({
      code: 'forbidden',
      detail: 'authorRole',
    });
    await expect(attempt(officer('vn.moh-social', 'operator'))).rejects.toMatchObject({ code: 'forbidden' });
    expect(await attempt(officer(UNIT, 'operator'))).toMatchObject({ replayed: false });
  });

  it('finds the draft of their unit, and it is gone afterwards', async () => {
    const { vn } = await twoCountries();
    const handIn = (await handInOf(vn, referralDraft(), UNIT)) as { readonly draftId: string };
    const request = (unit: string) => ({
      unit,
      actor: officer(unit, 'liaison_officer'),
      handIn,
      clientId: 'c',
      idempotencyKey: vn.newId(),
    });
    await expect(send(request('vn.moh-social'), vn.ports.send)).rejects.toMatchObject({ code: 'not_found' });
    const seen = (digest: string) => ({ ...request(UNIT), idempotencyKey: 'one', handIn: { ...handIn, digest } });
    await expect(send(seen('of before'), vn.ports.send)).rejects.toMatchObject({ code: 'draft_changed' });
    const [listed] = await listDrafts(officer(UNIT, 'dpo'), 1, vn.ports.draft);
    await send(seen(listed!.digest!), vn.ports.send);
    expect(await send(seen('whatever'), vn.ports.send)).toMatchObject({ replayed: true });
    expect(vn.tables.drafts.size).toBe(0);
    await expect(send(request(UNIT), vn.ports.send)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('what a case keeps of its first message', () => {
  it('is who agreed to what, the record, and the words to find it by', async () => {
    const { vn } = await twoCountries();
    const { messageId } = await vn.send(referralDraft(), UNIT);
    const { local, steps } = await summaryOf(vn, UNIT);
    expect(local).toMatchObject({
      record: { status: 'given', takenByUnit: 'gb.ho-sca' },
      approvals: [{ messageId, kind: 'approve', role: 'liaison_officer' }],
    });
    expect(steps).toHaveLength(1);
    const [tokens] = [...vn.tables.search.values()];
    // Six words of the name, with and without diacritics, some of them alike.
    expect(tokens!.size).toBeGreaterThan(5);
    expect([...tokens!].every((token) => /^[0-9a-f]{32}$/.test(token))).toBe(true);
  });

  it('is also what was decided about its texts', async () => {
    const { vn } = await twoCountries();
    const draft = exampleDraft('referral-protect-adult');
    const narrative = 'Anh Trần Văn Mẫu took her papers.';
    const { messageId } = await vn.send(
      { ...draft, exploitation: { ...(draft['exploitation'] as object), narrative } },
      'vn.moh-social',
    );
    const { local } = await summaryOf(vn, 'vn.moh-social');
    const decision = {
      messageId,
      pointer: '/exploitation/narrative',
      decision: 'keep',
      textDigest: digestOf(narrative),
    };
    expect(local.decisions).toMatchObject([decision]);
    expect(local.names).toEqual(expect.arrayContaining(['Nguyễn Thị Ví Dụ', 'Lily']));
  });

  it('is also the decision to share without consent', async () => {
    const { vn } = await twoCountries();
    const unit = 'vn.moh-social';
    const { messageId } = await vn.send(exampleDraft('referral-alert-imminent-movement'), unit);
    const { local } = await summaryOf(vn, unit);
    expect(local.override).toMatchObject({ basis: 'vital_interest' });
    expect(local.record).toBeUndefined();
    expect(local.approvals.filter(({ kind }) => kind === 'override')).toHaveLength(2);
    expect(local.approvals.every((approval) => approval.messageId === messageId)).toBe(true);
  });
});
