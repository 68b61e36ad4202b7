import { draftOf, referralDraft } from '../../test/fakes/documents';
import { sealByHand, type HandMade } from '../../test/fakes/hand-made';
import type { MemoryNode } from '../../test/fakes/memory-node';
import { twoCountries } from '../../test/fakes/two-countries';

const HOUR_MS = 3_600_000;
const UNIT = 'vn.mps-criminal';

/** A referral that the United Kingdom has filed, and its three answers, sealed one after the other. */
async function answers() {
  const countries = await twoCountries();
  const { vn, gb } = countries;
  const { messageId: inReplyTo } = await vn.send(referralDraft(), UNIT);
  await vn.work();
  const { referralId } = [...vn.tables.cases.values()][0]!;
  const answer = (type: 'ack' | 'accept' | 'decline', seq: number, prevDigest?: string) => {
    const draft = draftOf(type, { senderUnit: 'gb.ho-sca', recipientUnit: UNIT, purpose: 'VERIFY' });
    const expiresAt = new Date(countries.clock.now().getTime() + 48 * HOUR_MS);
    return sealByHand(gb, draft, { referralId, inReplyTo, seq, ...(prevDigest && { prevDigest }) }, { expiresAt });
  };
  const ack = await answer('ack', 1);
  const accept = await answer('accept', 2, ack.link);
  return { ...countries, answer, ack, accept };
}

const stateOf = (node: MemoryNode, { id }: HandMade) =>
  [...node.tables.inbox.values()].find((row) => row.message.id === id)?.state;
const refusals = (node: MemoryNode) =>
  [...node.tables.receipts.values()]
    .filter(({ receipt }) => receipt.event === 'refused')
    .map(({ receipt }) => [receipt.messageId, receipt.code]);
const tokens = (...messages: readonly HandMade[]) => messages.map(({ token }) => token);

describe('several messages of one referral', () => {
  it('in one batch are filed in the order of their numbers, however they came', async () => {
    const { vn, ack, accept } = await answers();
    await vn.accept(tokens(accept, ack), 'gb');
    await vn.run(await vn.claim('ingest'));
    expect([stateOf(vn, ack), stateOf(vn, accept)]).toEqual(['filed', 'filed']);
    expect(refusals(vn)).toEqual([]);
  });

  it('wait for the one that is missing', async () => {
    const { vn, clock, ack, accept } = await answers();
    await vn.accept(tokens(accept), 'gb');
    await vn.run(await vn.claim('ingest'));
    expect(stateOf(vn, accept)).toBe('held');
    expect(refusals(vn)).toEqual([]);

    await vn.accept(tokens(ack), 'gb');
    clock.advance(10_000);
    await vn.file();
    expect([stateOf(vn, ack), stateOf(vn, accept)]).toEqual(['filed', 'filed']);
    expect(vn.alarms).toEqual([]);
  });

  it('are looked at again within ten seconds', async () => {
    const { vn, clock, accept } = await answers();
    await vn.accept(tokens(accept), 'gb');
    for (let look = 0; look < 19; look += 1) {
      await vn.run(await vn.claim('ingest'));
      const [row] = [...vn.tables.inbox.values()];
      expect(row!.dueAt.getTime() - clock.now().getTime()).toBeLessThanOrEqual(10_000);
      clock.advance(10_000);
    }
    expect(stateOf(vn, accept)).toBe('held');
  });

  it('are refused when the gap has not closed in a day', async () => {
    const { vn, clock, accept } = await answers();
    await vn.accept(tokens(accept), 'gb');
    clock.advance(24 * HOUR_MS);
    await vn.run(await vn.claim('ingest'));
    expect(stateOf(vn, accept)).toBe('held');
    clock.advance(HOUR_MS);
    await vn.run(await vn.claim('ingest'));
    expect(stateOf(vn, accept)).toBe('refused');
    expect(refusals(vn)).toEqual([[accept.id, 'seq_gap_timeout']]);
    expect(vn.alarms).toEqual([{ kind: 'integrity_failure', subject: accept.id, code: 'seq_gap_timeout' }]);
  });
});

describe('after a day in which nobody looked', () => {
  /** The later message is claimed, and everything stands still for more than a day before it is looked at. */
  async function lateLook(vn: MemoryNode, clock: { advance(ms: number): void }, earlier: HandMade, later: HandMade) {
    await vn.accept(tokens(later), 'gb');
    const batch = await vn.claim('ingest');
    await vn.accept(tokens(earlier), 'gb');
    clock.advance(25 * HOUR_MS);
    await vn.run(batch);
  }

  it('a message waits on for an earlier one that lies here unread', async () => {
    const { vn, clock, ack, accept } = await answers();
    await lateLook(vn, clock, ack, accept);
    expect(stateOf(vn, accept)).toBe('held');
    clock.advance(10_000);
    await vn.file();
    expect([stateOf(vn, ack), stateOf(vn, accept)]).toEqual(['filed', 'filed']);
    expect(vn.alarms).toEqual([]);
  });

  it('a message waits on for an earlier one that is held itself', async () => {
    const { vn, clock, answer, ack, accept } = await answers();
    const decline = await answer('decline', 3, accept.link);
    await vn.accept(tokens(decline), 'gb');
    await vn.run(await vn.claim('ingest'));
    await vn.accept(tokens(accept), 'gb');
    await vn.run(await vn.claim('ingest'));
    clock.advance(10_000);
    const batch = await vn.claim('ingest');
    expect([stateOf(vn, accept), stateOf(vn, decline)]).toEqual(['held', 'held']);
    await vn.accept(tokens(ack), 'gb');
    clock.advance(25 * HOUR_MS);
    await vn.run(batch);
    expect(refusals(vn)).toEqual([]);
    clock.advance(10_000);
    await vn.file();
    expect([ack, accept].map((message) => stateOf(vn, message))).toEqual(['filed', 'filed']);
    // What is wrong with the last one is that the partner has accepted before; its number was not.
    expect(refusals(vn).map(([, code]) => code)).not.toContain('seq_gap_timeout');
  });

  it('the first of several is refused for the one that never came, and then those behind it', async () => {
    const { vn, clock, answer, accept } = await answers();
    const decline = await answer('decline', 3, accept.link);
    await vn.accept(tokens(decline, accept), 'gb');
    clock.advance(25 * HOUR_MS);
    for (let look = 0; look < 3; look += 1) {
      await vn.run(await vn.claim('ingest'));
      clock.advance(10_000);
    }
    expect(refusals(vn)).toEqual([
      [accept.id, 'seq_gap_timeout'],
      [decline.id, 'seq_gap_timeout'],
    ]);
  });

  it('a message whose own time ran out while it lay here is filed: it came in time', async () => {
    const { vn, clock, ack } = await answers();
    await vn.accept(tokens(ack), 'gb');
    clock.advance(49 * HOUR_MS);
    await vn.file();
    expect(stateOf(vn, ack)).toBe('filed');
    expect(vn.alarms).toEqual([]);
  });

  it('a message that came after its time is refused', async () => {
    const { vn, clock, ack } = await answers();
    clock.advance(49 * HOUR_MS);
    await vn.accept(tokens(ack), 'gb');
    await vn.file();
    expect(refusals(vn)).toEqual([[ack.id, 'expired']]);
  });

  it('a message does not wait for what came after its time', async () => {
    const { vn, clock, answer, accept } = await answers();
    await vn.accept(tokens(accept), 'gb');
    const batch = await vn.claim('ingest');
    clock.advance(25 * HOUR_MS);
    await vn.accept(tokens(await answer('decline', 3, accept.link)), 'gb');
    await vn.run(batch);
    expect(refusals(vn)).toEqual([[accept.id, 'seq_gap_timeout']]);
  });
});

describe('a message out of the chain', () => {
  it('with a number that was used is refused', async () => {
    const { vn, answer, ack } = await answers();
    await vn.accept(tokens(ack), 'gb');
    await vn.file();
    const again = await answer('ack', 1);
    await vn.accept(tokens(again), 'gb');
    await vn.file();
    expect(refusals(vn)).toEqual([[again.id, 'policy_blocked']]);
    expect(vn.alarms).toEqual([{ kind: 'integrity_failure', subject: again.id, code: 'seq_reused' }]);
  });

  it('of two with one number in one batch files one and refuses the other', async () => {
    const { vn, answer, ack } = await answers();
    const twin = await answer('ack', 1);
    await vn.accept(tokens(ack, twin), 'gb');
    await vn.file();
    expect(new Set([stateOf(vn, ack), stateOf(vn, twin)])).toEqual(new Set(['filed', 'refused']));
    expect(vn.alarms).toMatchObject([{ kind: 'integrity_failure', code: 'seq_reused' }]);
  });

  it('that names another one before it is refused', async () => {
    const { vn, answer, ack, accept } = await answers();
    const forked = await answer('decline', 2, accept.link);
    await vn.accept(tokens(ack, forked), 'gb');
    await vn.file();
    expect(stateOf(vn, ack)).toBe('filed');
    expect(refusals(vn)).toEqual([[forked.id, 'policy_blocked']]);
    expect(vn.alarms).toEqual([{ kind: 'integrity_failure', subject: forked.id, code: 'chain_broken' }]);
  });

  it('that begins a referral in its middle waits for the beginning, and is refused after a day', async () => {
    const { vn, gb, clock } = await answers();
    const draft = referralDraft({ senderUnit: UNIT });
    const middle = await sealByHand(vn, draft, { seq: 2, prevDigest: 'n0jtMlNs_nN029NpTZey4k7R3XWnMSKQHqWtgG0GKIs' });
    await gb.accept(tokens(middle), 'vn');
    await gb.run(await gb.claim('ingest'));
    expect(stateOf(gb, middle)).toBe('held');
    clock.advance(25 * HOUR_MS);
    await gb.run(await gb.claim('ingest'));
    expect(gb.alarms).toEqual([{ kind: 'integrity_failure', subject: middle.id, code: 'seq_gap_timeout' }]);
  });
});
