import { readReceipt } from '../envelope';
import { answerDraft, referralDraft } from '../../test/fakes/documents';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import { readMessage } from '../casework';

const UNIT = 'vn.mps-criminal';
const HOUR_MS = 3_600_000;

describe('opened receipts', () => {
  async function seen() {
    const countries = await twoCountries();
    const { vn, gb, clock } = countries;
    const { messageId } = await vn.send(referralDraft(), UNIT);
    await vn.work();
    await gb.work();
    const actor = officer('gb.ho-sca', 'caseworker');
    clock.advance(HOUR_MS);
    const openedAt = clock.now();
    await readMessage(actor, messageId, gb.ports.read);
    clock.advance(HOUR_MS);
    await readMessage(officer('gb.ho-sca', 'dpo'), messageId, gb.ports.read);
    return { ...countries, messageId, openedAt, actor };
  }

  it('tell the sender when a message was seen for the first time, and neither by whom nor where', async () => {
    const { vn, gb, world, clock, messageId, openedAt } = await seen();
    expect(await gb.acknowledgeOpened()).toBe(1);
    expect(await gb.acknowledgeOpened()).toBe(0);
    const row = [...gb.tables.receipts.values()].find(({ receipt }) => receipt.event === 'opened')!;
    expect(row).toMatchObject({ place: 'waiting', receipt: { senderNode: 'vn', issuedAt: clock.now() } });
    const receipt = await readReceipt(row.receipt.token, (...key) => world.partners.receiptKey(...key));
    const { digest } = vn.tables.outbox.get(messageId)!.message;
    const about = { issuer: 'gb', audience: 'vn', messageId, event: 'opened', digest, seq: 3, at: openedAt };
    expect(receipt).toMatchObject(about);
    const claims = Buffer.from(row.receipt.token.split('.')[1]!, 'base64url').toString();
    expect(claims).not.toMatch(/ho-sca|caseworker|VERIFY/);
    await gb.work();
    expect(vn.tables.outbox.get(messageId)!.state).toBe('opened');
  });

  it('are made for messages of the partner only', async () => {
    const { vn, gb, messageId } = await seen();
    await gb.acknowledgeOpened();
    const answer = await gb.send(answerDraft('ack', messageId), 'gb.ho-sca');
    await gb.work();
    await readMessage(officer('gb.ho-sca', 'caseworker'), answer.messageId, gb.ports.read);
    await readMessage(officer(UNIT, 'caseworker'), messageId, vn.ports.read);
    expect([await gb.acknowledgeOpened(), await vn.acknowledgeOpened()]).toEqual([0, 0]);
  });

  it('wait when this node cannot sign', async () => {
    const { gb } = await seen();
    const { receipt } = gb.keys;
    gb.keys.receipt = undefined;
    await expect(gb.acknowledgeOpened()).rejects.toMatchObject({ code: 'key_missing' });
    gb.keys.receipt = receipt;
    expect(await gb.acknowledgeOpened()).toBe(1);
  });
});
