import { readReceipt } from '../envelope';
import { answerDraft, exampleDraft, pingDraft, referralDraft, withScopes } from '../../test/fakes/documents';
import { sealByHand } from '../../test/fakes/hand-made';
import { documentOf, JOURNEY, returnDraft, type MoveName } from '../../test/fakes/moves';
import { twoCountries } from '../../test/fakes/two-countries';
import type { MemoryNode } from '../../test/fakes/memory-node';
import { caseStateOf } from '../lifecycle';
import { Partners } from '../trust';
import { readEvent } from '../casework';
import { caseOf, stateOf } from '../../test/fakes/case-of';
import { Replay } from '../../test/fakes/replay';
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

describe('what a partner should not have sent', () => {
  const filedBy = async (make: (countries: Countries) => ReturnType<typeof sealByHand>) => {
    const countries = await twoCountries();
    const message = await make(countries);
    await countries.gb.accept([message.token], 'vn');
    await countries.gb.file();
    return { ...countries, message };
  };

  it('is filed all the same, with an alarm: a person waits behind it', async () => {
    const document = withScopes(referralDraft({ senderUnit: UNIT }), ['identity_verification']);
    const { gb, message } = await filedBy(({ vn }) => sealByHand(vn, document));
    expect([...gb.tables.inbox.values()][0]!.state).toBe('filed');
    expect(issued(gb, 'delivered')).toHaveLength(1);
    expect(gb.alarms).toEqual([{ kind: 'protection_rule_broken', subject: message.id }]);
  });

  it('is not held against it where only its own records could tell', async () => {
    const child = exampleDraft('referral-protect-child-cannabis', { senderUnit: 'vn.moh-social' });
    const { gb } = await filedBy(({ vn }) => sealByHand(vn, child, { createdAt: '2026-11-21T09:00:00.000Z' }));
    expect(gb.alarms).toEqual([]);
  });

  it('was right when its author could not know of the withdrawal that it crossed', async () => {
    const pair = await twoCountries();
    const { vn, gb } = pair;
    await vn.send(returnDraft(), UNIT);
    const { referralId } = await caseOf(vn, UNIT);
    const work = async () => {
      for (const node of [vn, gb, vn, gb]) await node.work();
    };
    const write = async (node: MemoryNode, unit: string, move: MoveName) => {
      const { summary } = await caseOf(node, unit);
      const recipientUnit = unit === UNIT ? 'gb.ho-sca' : UNIT;
      const state = caseStateOf(summary.steps);
      await node.send(documentOf(move, state, summary.side, { referralId, recipientUnit }), unit);
    };
    for (const [side, move] of JOURNEY.slice(0, 5)) {
      await work();
      await (side === 'sender' ? write(vn, UNIT, move) : write(gb, 'gb.ho-sca', move));
    }
    await work();
    await write(gb, 'gb.ho-sca', 'withdraw');
    await write(vn, UNIT, 'plan');
    await work();
    expect((await stateOf(gb, 'gb.ho-sca')).referral).toBe('suspended_consent');
    expect(await stateOf(vn, UNIT)).toEqual(await stateOf(gb, 'gb.ho-sca'));
    expect([...vn.alarms, ...gb.alarms]).toEqual([]);
  });

  it('is judged also for a unit that has ended since it was written', async () => {
    const countries = await twoCountries();
    const { vn, gb } = countries;
    const message = await sealByHand(vn, referralDraft({ senderUnit: UNIT }));
    await gb.accept([message.token], 'vn');
    const ended = structuredClone(gb.world.directory);
    const unit = ended.nodes.flatMap(({ units }) => units).find(({ id }) => id === 'gb.ho-sca')!;
    Object.assign(unit, { status: 'historical' });
    const partners = new Partners(ended);
    const batch = await gb.claim('ingest');
    await ingest(batch.id, { ...gb.ports.ingest, self: { node: 'gb', partners: () => partners } });
    expect([...gb.tables.inbox.values()].map(({ state }) => state)).toEqual(['filed']);
    expect([issued(gb, 'delivered').length, issued(gb, 'refused').length]).toEqual([1, 0]);
  });
});

describe('a message for a case that was erased here', () => {
  const erased = () =>
    Replay.of(
      'referral-protect-adult',
      'ack-protect-adult',
      'accept-protect-adult',
      'consent-withdrawal-protect-adult',
    );

  it('is refused with evidence and keeps its place, so that the partner’s own erasure still arrives', async () => {
    const replay = await erased();
    const { vn, gb } = replay;
    const units = [UNIT, 'gb.ho-sca'] as const;
    const error = {
      like: 'correction-verify-child-wrong-recipient',
      from: units[0],
      to: units[1],
      at: '2026-11-24T00:00:00Z',
      header: { purpose: 'PROTECT', approverRole: undefined, inReplyTo: [...replay.ids.values()][0] },
    };
    const crossing = await replay.write(error);
    await replay.write({ like: 'erasure-confirm-protect-adult-recipient', at: '2026-11-24T00:00:01Z' });
    await replay.deliver();
    expect(vn.tables.outbox.get(crossing)!.state).toBe('refused');
    expect(gb.alarms).toEqual([{ kind: 'integrity_failure', subject: crossing, code: 'case_erased' }]);
    await replay.send('erasure-confirm-protect-adult-sender');
    expect([...gb.tables.inbox.values()].map(({ state }) => state)).toEqual(['filed', 'refused', 'filed']);
  });

  it('is refused when it does not continue the chain', async () => {
    const replay = await erased();
    const { vn, gb } = replay;
    await replay.send('erasure-confirm-protect-adult-recipient');
    const confirmation = exampleDraft('erasure-confirm-protect-adult-sender', {
      senderUnit: UNIT,
      inReplyTo: vn.newId(),
    });
    const wrong = await sealByHand(vn, confirmation, { referralId: replay.referralId, seq: 1 });
    await gb.accept([wrong.token], 'vn');
    await gb.file();
    expect(gb.alarms).toEqual([{ kind: 'integrity_failure', subject: wrong.id, code: 'seq_reused' }]);
    const early = await sealByHand(vn, confirmation, { referralId: replay.referralId, seq: 7, prevDigest: wrong.link });
    await gb.accept([early.token], 'vn');
    await gb.file();
    expect([...gb.tables.inbox.values()].at(-1)!.state).toBe('held');
  });
});
