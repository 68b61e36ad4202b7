import { answerDraft, draftOf, pingDraft, referralDraft, type Draft } from '../../test/fakes/documents';
import { twoCountries } from '../../test/fakes/two-countries';
import { faultAt } from '../errors';

const UNIT = 'vn.mps-criminal';
const UNKNOWN_ID = '01a1c0a0-91d8-7f7c-8fa6-000000000000';

/** Sends, expects a refusal, and expects that nothing is stored. */
async function refused(node: Awaited<ReturnType<typeof twoCountries>>['vn'], document: unknown, unit: string) {
  const before = [node.tables.outbox.size, node.tables.events.size, node.tables.idempotency.size];
  const cases = new Map(node.tables.cases);
  const outcome: unknown = await node.send(document, unit).catch((error: unknown) => error);
  expect([node.tables.outbox.size, node.tables.events.size, node.tables.idempotency.size]).toEqual(before);
  expect(node.tables.cases).toEqual(cases);
  return outcome;
}

describe('a document that cannot be sent', () => {
  it.each<[string, unknown, string, string]>([
    ['no document', null, UNIT, 'schema_invalid'],
    ['no known type', referralDraft({ messageType: 7 }), UNIT, 'schema_invalid'],
    ['a type of a later version', referralDraft({ messageType: 'transfer_of_custody' }), UNIT, 'schema_unsupported'],
    ['a later version', pingDraft({ schemaVersion: '2.0' }), UNIT, 'schema_unsupported'],
    ['a field too much', { ...referralDraft(), biometrics: 'x' }, UNIT, 'schema_invalid'],
    ['another sender', referralDraft({ senderUnit: 'vn.mofa-london' }), UNIT, 'forbidden'],
    ['an unknown recipient', referralDraft({ recipientUnit: 'gb.nobody' }), UNIT, 'unknown_unit'],
    ['an unknown sender unit', pingDraft(), 'vn.nobody', 'unknown_unit'],
    ['an unknown sender unit that wants to draft', referralDraft(), 'vn.nobody', 'key_missing'],
    ['a historical sender unit', referralDraft(), 'vn.molisa', 'unknown_unit'],
    ['a sender unit of a partner', pingDraft({ recipientUnit: 'kh.mosvy' }), 'gb.ho-sca', 'key_missing'],
    ['a recipient of this node', referralDraft({ recipientUnit: 'vn.moh-social' }), UNIT, 'wrong_recipient'],
    ['a ping to this node', pingDraft({ recipientUnit: UNIT }), UNIT, 'wrong_recipient'],
    ['more than the recipient takes', referralDraft({ recipientUnit: 'kh.mosvy' }), UNIT, 'too_large'],
  ])('%s', async (_, document, unit, code) => {
    const { vn } = await twoCountries();
    expect(await refused(vn, document, unit)).toMatchObject({ code });
  });

  it('a historical recipient', async () => {
    const { gb } = await twoCountries();
    const draft = draftOf('referral', { recipientUnit: 'vn.molisa' });
    expect(await refused(gb, draft, 'gb.ho-sca')).toMatchObject({ code: 'unknown_unit' });
  });

  it('a key that is missing on this machine', async () => {
    const { vn } = await twoCountries();
    vn.keys.signing.delete(UNIT);
    expect(await refused(vn, referralDraft(), UNIT)).toMatchObject({ code: 'key_missing' });
  });
});

describe('an answer that cannot be sent', () => {
  async function filedReferral() {
    const countries = await twoCountries();
    const { messageId } = await countries.vn.send(referralDraft(), UNIT);
    await countries.vn.work();
    await countries.gb.work();
    return { ...countries, messageId };
  }

  it.each<[string, Draft['header']]>([
    ['a message that nobody knows', { inReplyTo: UNKNOWN_ID }],
    ['nothing', { inReplyTo: undefined }],
    ['a referral that nobody knows', { inReplyTo: undefined, referralId: UNKNOWN_ID }],
    ['a referral that is no id', { inReplyTo: undefined, referralId: 'x' }],
    ['what is no id', { inReplyTo: 'x' }],
    ['what only looks like an id', { inReplyTo: '-'.repeat(36) }],
  ])('names %s', async (_, header) => {
    const { gb, messageId } = await filedReferral();
    const outcome = await refused(gb, answerDraft('ack', messageId, header), 'gb.ho-sca');
    const pointer = header['inReplyTo'] === undefined ? '/header/referralId' : '/header/inReplyTo';
    expect(outcome).toMatchObject({ code: 'unknown_referral', faults: [faultAt(pointer, 'not_our_referral')] });
  });

  it('never asks the store for what is no id', async () => {
    const { gb, messageId } = await filedReferral();
    const { transaction } = gb.ports.send;
    const asked: string[] = [];
    Object.assign(gb.ports.send, {
      transaction: ((unit, work) =>
        transaction(unit, (store) =>
          work({ ...store, referralOf: (...ask) => (asked.push(ask[1]), store.referralOf(...ask)) }),
        )) satisfies typeof transaction,
    });
    await refused(gb, answerDraft('ack', messageId, { inReplyTo: `${messageId.slice(0, 35)}-` }), 'gb.ho-sca');
    expect(asked).toEqual([]);
  });

  it('belongs to the referral of another unit', async () => {
    const { gb, messageId } = await filedReferral();
    expect(await refused(gb, answerDraft('ack', messageId), 'gb.nca')).toMatchObject({ code: 'unknown_referral' });
  });

  it('goes to another unit than the referral came from', async () => {
    const { gb, messageId } = await filedReferral();
    const draft = answerDraft('ack', messageId, { recipientUnit: 'vn.mofa-london' });
    expect(await refused(gb, draft, 'gb.ho-sca')).toMatchObject({ code: 'foreign_thread' });
  });

  it('is no step that the referral allows', async () => {
    const { vn, gb, messageId } = await filedReferral();
    const early = await refused(gb, answerDraft('accept', messageId), 'gb.ho-sca');
    expect(early).toMatchObject({ code: 'transition_refused', detail: expect.stringContaining('allowed: ack') });
    const own = await refused(vn, answerDraft('ack', messageId, { recipientUnit: 'gb.ho-sca' }), UNIT);
    expect(own).toMatchObject({ code: 'transition_refused' });
  });

  it('names a message of which the case is gone', async () => {
    const { gb, messageId } = await filedReferral();
    gb.tables.cases.clear();
    expect(await refused(gb, answerDraft('ack', messageId), 'gb.ho-sca')).toMatchObject({ code: 'unknown_referral' });
  });
});
