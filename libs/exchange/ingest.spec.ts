import { readReceipt } from '../envelope';
import { answerDraft, pingDraft, referralDraft } from '../../test/fakes/documents';
import { twoCountries } from '../../test/fakes/two-countries';
import type { MemoryNode } from '../../test/fakes/memory-node';
import { caseStateOf } from '../lifecycle';
import { readEvent } from './case-record';
import { caseOf, stateOf } from './fixtures/case-of';
import { ingest } from './ingest';

type Countries = Awaited<ReturnType<typeof twoCountries>>;
const UNIT = 'vn.mps-criminal';

const issued = (node: MemoryNode, event: string) =>
  [...node.tables.receipts.values()].filter(({ receipt }) => receipt.issuer === node.node && receipt.event === event);

/** A referral that waits in the inbox of the United Kingdom. */
async function received(): Promise<Countries & { messageId: string }> {
  const countries = await twoCountries();
  const { messageId } = await countries.vn.send(referralDraft(), UNIT);
  await countries.vn.work();
  return { ...countries, messageId };
}

describe('a referral that arrives', () => {
  it('is filed as a case of the addressed unit', async () => {
    const { gb, messageId } = await received();
    await gb.run(await gb.claim('ingest'));
    expect([...gb.tables.inbox.values()][0]!.state).toBe('filed');
    const record = await caseOf(gb, 'gb.ho-sca');
    expect(record.summary).toMatchObject({
      side: 'recipient',
      partnerUnit: UNIT,
      openedBy: messageId,
    });
    expect(caseStateOf(record.summary.steps).referral).toBe('sent');
    const [event] = [...gb.tables.events.values()];
    expect(event).toMatchObject({ unit: 'gb.ho-sca', messageId, direction: 'filed' });
    expect(readEvent(record, event!)).toMatchObject({ header: { messageId, senderUnit: UNIT } });
  });

  it('gets a signed delivered receipt that waits for its way back', async () => {
    const { world, gb, messageId } = await received();
    await gb.run(await gb.claim('ingest'));
    const [row] = issued(gb, 'delivered');
    expect(row).toMatchObject({ place: 'waiting' });
    const receipt = await readReceipt(row!.receipt.token, (...key) => world.partners.receiptKey(...key));
    const { digest } = [...gb.tables.inbox.values()][0]!.message;
    expect(receipt).toMatchObject({ event: 'delivered', messageId, digest, audience: 'vn', issuer: 'gb', seq: 2 });
    expect(gb.alarms).toEqual([]);
  });

  it('has the same signed bytes on both sides', async () => {
    const { vn, gb } = await received();
    await gb.work();
    const originals = await Promise.all(
      (
        [
          [vn, UNIT],
          [gb, 'gb.ho-sca'],
        ] as const
      ).map(async ([node, unit]) => readEvent(await caseOf(node, unit), [...node.tables.events.values()][0]!)),
    );
    expect(originals[0]).toEqual(originals[1]);
  });
});

describe('the whole exchange', () => {
  it('leads both sides to the same decision', async () => {
    const { vn, gb, messageId } = await received();
    await gb.work();
    await gb.send(answerDraft('ack', messageId), 'gb.ho-sca');
    await gb.send(answerDraft('accept', messageId), 'gb.ho-sca');
    for (const node of [gb, vn, gb]) await node.work();

    expect((await stateOf(vn, UNIT)).referral).toBe('accepted_in_part');
    expect((await stateOf(gb, 'gb.ho-sca')).referral).toBe('accepted_in_part');
    expect([...gb.tables.outbox.values()].map(({ state }) => state)).toEqual(['delivered', 'delivered']);
    expect([...vn.alarms, ...gb.alarms]).toEqual([]);
  });
});

describe('a ping', () => {
  it('is proven delivered and leaves no case', async () => {
    const { vn, gb } = await twoCountries();
    const { messageId } = await vn.send(pingDraft(), UNIT);
    await vn.work();
    await gb.work();
    expect(vn.tables.outbox.get(messageId)!.state).toBe('delivered');
    expect(gb.tables.cases.size).toBe(0);
    expect(gb.tables.events.size).toBe(0);
  });
});

describe('a batch that another worker has taken over', () => {
  it('before it began is left alone', async () => {
    const { gb } = await received();
    await ingest(gb.newId(), gb.ports.ingest);
    expect(issued(gb, 'delivered')).toEqual([]);
  });

  it.each(['referral', 'ping'] as const)('while it was worked on gives a %s no second verdict', async (type) => {
    const { vn, gb, clock } = await twoCountries();
    await vn.send(type === 'ping' ? pingDraft() : referralDraft(), UNIT);
    await vn.work();
    const slow = await gb.claim('ingest');
    const begin = async (batchId: string) => {
      const waiting = await gb.ports.ingest.begin(batchId);
      // This worker stands still until its claim has run out and another one has filed the message.
      clock.advance(90_000);
      await gb.run(await gb.claim('ingest'));
      return waiting;
    };
    await ingest(slow.id, { ...gb.ports.ingest, begin });

    expect([...gb.tables.inbox.values()].map(({ state }) => state)).toEqual(['filed']);
    expect(issued(gb, 'delivered')).toHaveLength(1);
    expect(issued(gb, 'refused')).toEqual([]);
    expect(gb.alarms).toEqual([]);
  });
});

describe('a message that is tried again and again', () => {
  it('raises an alarm once, after the twentieth time', async () => {
    const { gb, clock, messageId } = await received();
    const key = await gb.keys.storageKey('gb.ho-sca');
    gb.keys.storage.delete('gb.ho-sca');
    for (let n = 0; n < 25; n += 1) {
      await expect(gb.run(await gb.claim('ingest'))).rejects.toMatchObject({ code: 'key_missing' });
      clock.advance(30_000);
    }
    expect(gb.alarms).toEqual([{ kind: 'message_stuck', subject: messageId }]);
    gb.keys.storage.set('gb.ho-sca', key);
    await gb.work();
    expect(issued(gb, 'delivered')).toHaveLength(1);
  });
});
