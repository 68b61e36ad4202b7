import { readReceipt } from '../envelope';
import { pingDraft, referralDraft } from '../../test/fakes/documents';
import { receiptBy } from '../../test/fakes/hand-made';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import { readMessage } from '../casework';

const UNIT = 'vn.mps-criminal';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

async function waiting(priority: 'normal' | 'emergency' = 'normal') {
  const countries = await twoCountries();
  const { vn } = countries;
  countries.link.fault = 'down';
  const message = await vn.sent(referralDraft({ priority }), UNIT);
  const own = () =>
    [...vn.tables.receipts.values()].filter(({ place }) => place === 'own').map(({ receipt }) => receipt.event);
  return { ...countries, message, own };
}

describe('a message that was not received in time', () => {
  it.each([
    ['normal', 15],
    ['emergency', 10],
  ] as const)('of priority %s is noted after %d minutes, once', async (priority, minutes) => {
    const { vn, clock, message, own } = await waiting(priority);
    clock.advance(minutes * MINUTE_MS - 1);
    expect(await vn.noteOverdue()).toBe(0);
    clock.advance(1);
    expect(await vn.noteOverdue()).toBe(1);
    expect(own()).toEqual(['not_received']);
    expect(vn.alarms).toEqual([{ kind: 'not_received', subject: message.id }]);
    expect(vn.tables.outbox.get(message.id)!.state).toBe('queued');
    clock.advance(DAY_MS);
    expect(await vn.noteOverdue()).toBe(0);
    expect(vn.alarms).toHaveLength(1);
  });

  it('is evidence that this node has signed about itself', async () => {
    const { vn, world, clock, message } = await waiting();
    clock.advance(HOUR_MS);
    await vn.noteOverdue();
    const [row] = [...vn.tables.receipts.values()];
    expect(row!.receipt).toMatchObject({ senderNode: 'vn', issuer: 'vn', issuedAt: clock.now() });
    const evidence = await readReceipt(row!.receipt.token, (...key) => world.partners.receiptKey(...key));
    expect(evidence).toMatchObject({
      issuer: 'vn',
      audience: 'vn',
      event: 'not_received',
      messageId: message.id,
      digest: message.digest,
      seq: 1,
      at: clock.now(),
    });
  });

  it('goes on being tried, and is watched again once it was received', async () => {
    const { vn, gb, clock, link, message, own } = await waiting();
    clock.advance(HOUR_MS);
    await vn.noteOverdue();
    link.fault = 'none';
    await vn.work();
    expect(vn.tables.outbox.get(message.id)!.state).toBe('received');
    expect(await vn.noteOverdue()).toBe(1);
    expect(own()).toEqual(['not_received']);

    clock.advance(HOUR_MS);
    expect(await vn.noteOverdue()).toBe(1);
    expect(own()).toEqual(['not_received', 'not_delivered']);
    expect(vn.alarms.map(({ kind }) => kind)).toEqual(['not_received', 'not_delivered']);
    await gb.work();
    expect(vn.tables.outbox.get(message.id)!.state).toBe('delivered');
  });

  it('is noted for nobody when this node cannot sign', async () => {
    const { vn, clock } = await waiting();
    vn.keys.receipt = undefined;
    clock.advance(HOUR_MS);
    await expect(vn.noteOverdue()).rejects.toMatchObject({ code: 'key_missing' });
    expect(vn.alarms).toEqual([]);
    expect(vn.tables.receipts.size).toBe(0);
  });

  it('is not looked for when there is none', async () => {
    const { vn } = await twoCountries();
    expect(await vn.noteOverdue()).toBe(0);
  });
});

describe('a message that nobody opens', () => {
  async function delivered() {
    const countries = await twoCountries();
    const { vn, gb } = countries;
    const { messageId } = await vn.send(referralDraft(), UNIT);
    await vn.work();
    await gb.work();
    return { ...countries, messageId };
  }

  it('is noted after fourteen days, without an alarm for operators', async () => {
    const { vn, clock, messageId } = await delivered();
    clock.advance(14 * DAY_MS - 1);
    await vn.noteOverdue();
    expect([...vn.tables.receipts.values()].filter(({ place }) => place === 'own')).toEqual([]);
    clock.advance(1);
    expect(await vn.noteOverdue()).toBe(1);
    const own = [...vn.tables.receipts.values()].filter(({ place }) => place === 'own');
    expect(own.map(({ receipt }) => [receipt.messageId, receipt.event])).toEqual([[messageId, 'not_opened']]);
    expect(vn.alarms).toEqual([]);
  });

  it('is left alone once an officer has seen it', async () => {
    const { vn, gb, clock, messageId } = await delivered();
    await readMessage(officer('gb.ho-sca', 'caseworker'), messageId, gb.ports.read);
    await gb.acknowledgeOpened();
    await gb.work();
    expect(vn.tables.outbox.get(messageId)!.state).toBe('opened');
    clock.advance(20 * DAY_MS);
    expect(await vn.noteOverdue()).toBe(0);
  });

  it('counts every deadline that passed while this node stood still', async () => {
    const { vn, gb, clock } = await twoCountries();
    const message = await vn.sent(pingDraft(), UNIT);
    clock.advance(DAY_MS);
    const receivedAt = new Date(clock.now().getTime() - 2 * HOUR_MS);
    await vn.settle([await receiptBy(gb, 'vn', message, { at: receivedAt })], 'gb');
    await vn.noteOverdue();
    const events = [...vn.tables.receipts.values()].filter(({ place }) => place === 'own');
    expect(events.map(({ receipt }) => receipt.event)).toEqual(['not_delivered']);
  });
});
