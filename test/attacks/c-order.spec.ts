import { caseOf, stateOf } from '../fakes/case-of';
import { draftOf, exampleDraft, referralDraft, type Draft } from '../fakes/documents';
import { sealByHand } from '../fakes/hand-made';
import { fateOf, RECIPIENT, SENDER, THIRD, threeCountries, verdictOf, type Countries } from './countries';

/** Messages out of their order, in cases of others, or withheld. */
let world: Countries;
beforeEach(async () => {
  world = await threeCountries();
});

const HOUR_MS = 3_600_000;

/** A referral that the United Kingdom has filed. */
async function filedReferral() {
  const message = await sealByHand(world.vn, referralDraft({ senderUnit: SENDER }));
  expect(await verdictOf(world.gb, message.token, 'vn')).toBe('filed');
  return { message };
}

/** A filed referral and answers of the United Kingdom to it, numbered and chained as their author likes. */
async function thread() {
  const { vn, gb } = world;
  const { messageId: inReplyTo } = await vn.send(referralDraft(), SENDER);
  await vn.work();
  const { referralId } = [...vn.tables.cases.values()][0]!;
  const answer = (type: 'ack' | 'accept' | 'decline', seq: number, prevDigest?: string, more: Draft['header'] = {}) =>
    sealByHand(gb, draftOf(type, { senderUnit: RECIPIENT, recipientUnit: SENDER, purpose: 'VERIFY' }), {
      referralId,
      inReplyTo,
      seq,
      ...(prevDigest !== undefined && { prevDigest }),
      ...more,
    });
  const ack = await answer('ack', 1);
  return { answer, referralId, inReplyTo, ack, accept: await answer('accept', 2, ack.link) };
}

describe('C-12 messages in another order than they were written', () => {
  it('C-12 an answer, a withdrawal or an update before the referral', async () => {
    const referralId = world.vn.newId();
    const inReplyTo = world.vn.newId();
    const before = (name: string, header: Draft['header']) =>
      sealByHand(world.vn, exampleDraft(name, { senderUnit: SENDER, recipientUnit: RECIPIENT, ...header }), {
        referralId,
        inReplyTo,
      });
    for (const name of ['update-return-adult-in-progress', 'consent-withdrawal-protect-adult', 'ack-protect-adult']) {
      const { token } = await before(name, {});
      expect(await verdictOf(world.gb, token, 'vn')).toBe('unknown_referral');
    }
  });

  it('C-12 the third, the second, the first: held, and filed in their order', async () => {
    const { vn } = world;
    const { answer, ack, accept } = await thread();
    const third = await answer('decline', 3, accept.link);
    expect(await verdictOf(vn, third.token, 'gb')).toBe('held');
    expect(await verdictOf(vn, accept.token, 'gb')).toBe('held');
    expect(await verdictOf(vn, ack.token, 'gb')).toBe('filed');
    world.clock.advance(10_000);
    await vn.file();
    expect(fateOf(vn, 'gb', accept.id)).toBe('filed');
    // It was never allowed after the acceptance, whatever the order of arrival.
    expect(fateOf(vn, 'gb', third.id)).toBe('transition_refused');
    expect((await stateOf(vn, SENDER)).referral).toBe('accepted_in_part');
  });

  it('C-12 a number used before, a fork, a message that saw what was never sent', async () => {
    const { vn } = world;
    const { answer, ack, accept } = await thread();
    expect(await verdictOf(vn, ack.token, 'gb')).toBe('filed');
    expect(await verdictOf(vn, (await answer('ack', 1)).token, 'gb')).toBe('seq_reused');
    expect(await verdictOf(vn, (await answer('decline', 2, accept.link)).token, 'gb')).toBe('chain_broken');
    expect(await verdictOf(vn, (await answer('accept', 2, ack.link, { seen: 99 })).token, 'gb')).toBe('chain_broken');
    expect(await verdictOf(vn, accept.token, 'gb')).toBe('filed');
  });
});

describe('C-15 a message in a referral of others', () => {
  it('C-15 of another country', async () => {
    const { message } = await filedReferral();
    for (const seq of [1, 2]) {
      const header = {
        senderUnit: THIRD,
        referralId: message.referralId,
        seq,
        ...(seq > 1 && { prevDigest: message.link }),
      };
      const foreign = await sealByHand(world.kh, referralDraft(), header);
      expect(await verdictOf(world.gb, foreign.token, 'kh')).toBe('foreign_thread');
    }
  });

  it('C-15 of another unit of the same country', async () => {
    const { message } = await filedReferral();
    const header = { senderUnit: 'vn.mofa-london', referralId: message.referralId };
    const foreign = await sealByHand(world.vn, referralDraft(), header);
    expect(await verdictOf(world.gb, foreign.token, 'vn')).toBe('foreign_thread');
    expect((await caseOf(world.gb, RECIPIENT)).summary.steps).toHaveLength(1);
  });

  it('C-15 of another unit of the recipient’s country: it has no such case', async () => {
    const { message } = await filedReferral();
    const recipientUnit = 'gb.nca';
    const other = await sealByHand(world.vn, referralDraft({ senderUnit: SENDER, recipientUnit }), {
      referralId: message.referralId,
      seq: 2,
      prevDigest: message.link,
    });
    expect(await verdictOf(world.gb, other.token, 'vn')).toBe('held');
  });
});

it('C-16 a message that is withheld: the gap is seen, held for a day, then refused and alarmed', async () => {
  const { vn } = world;
  const { answer, ack, accept } = await thread();
  const third = await answer('decline', 3, accept.link);
  expect(await verdictOf(vn, ack.token, 'gb')).toBe('filed');
  expect(await verdictOf(vn, third.token, 'gb')).toBe('held');
  world.clock.advance(24 * HOUR_MS);
  await vn.file();
  expect(fateOf(vn, 'gb', third.id)).toBe('held');
  world.clock.advance(1 * HOUR_MS);
  await vn.file();
  expect(fateOf(vn, 'gb', third.id)).toBe('seq_gap_timeout');
  expect(vn.alarms).toContainEqual({ kind: 'integrity_failure', subject: third.id, code: 'seq_gap_timeout' });
});
