import { answerDraft, referralDraft } from '../../test/fakes/documents';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import { listInbox, readMessage } from './read-cases';

const UNIT = 'vn.mps-criminal';

describe('the inbox of a unit', () => {
  it('shows the sender how far its referral has come', async () => {
    const { vn, gb } = await twoCountries();
    const { messageId } = await vn.send(referralDraft(), UNIT);
    const line = async () => (await listInbox(UNIT, 10, undefined, vn.ports.read))[0]!;
    expect(await line()).toMatchObject({ state: 'sent', side: 'sender', delivery: 'queued', openedBy: messageId });

    await vn.work();
    expect(await line()).toMatchObject({ state: 'sent', delivery: 'received' });
    await gb.work();
    expect(await line()).toMatchObject({
      state: 'delivered',
      delivery: 'delivered',
      partnerUnit: 'gb.ho-sca',
      lastMessage: { id: messageId, type: 'referral', direction: 'sent' },
    });
  });

  it('shows the recipient the referral and, later, its own answer', async () => {
    const { vn, gb, clock } = await twoCountries();
    const { messageId } = await vn.send(referralDraft(), UNIT);
    await vn.work();
    await gb.work();
    const [filed] = await listInbox('gb.ho-sca', 10, undefined, gb.ports.read);
    expect(filed).toMatchObject({ state: 'delivered', side: 'recipient', lastMessage: { direction: 'filed' } });
    expect(filed).not.toHaveProperty('delivery');

    clock.advance(1_000);
    const ack = await gb.send(answerDraft('ack', messageId), 'gb.ho-sca');
    const [answered] = await listInbox('gb.ho-sca', 10, undefined, gb.ports.read);
    expect(answered).toMatchObject({
      state: 'acknowledged',
      lastMessage: { id: ack.messageId, type: 'ack', direction: 'sent' },
    });
    expect(answered).not.toHaveProperty('delivery');
    expect(answered).toMatchObject({ openedBy: messageId });
  });

  it('pages by the time of the last change, and shows no case of another unit', async () => {
    const { vn, clock } = await twoCountries();
    const ids: string[] = [];
    for (const unit of [UNIT, UNIT, 'vn.mofa-london', UNIT]) {
      const { messageId } = await vn.send(referralDraft(), unit);
      if (unit === UNIT) ids.unshift(messageId);
      clock.advance(1_000);
    }
    const first = await listInbox(UNIT, 2, undefined, vn.ports.read);
    expect(first).toMatchObject(ids.slice(0, 2).map((openedBy) => ({ openedBy })));
    const { changedAt: at, referralId: id } = first[1]!;
    const second = await listInbox(UNIT, 2, { at, id }, vn.ports.read);
    expect(second).toMatchObject(ids.slice(2).map((openedBy) => ({ openedBy })));
    expect(second).toHaveLength(1);
  });

  it('shows a case that was tampered with as unreadable, and the others as they are', async () => {
    const { vn, clock } = await twoCountries();
    await vn.send(referralDraft(), UNIT);
    clock.advance(1_000);
    const { messageId } = await vn.send(referralDraft(), UNIT);
    const [key, stored] = [...vn.tables.cases.entries()][0]!;
    vn.tables.cases.set(key, { ...stored, summary: stored.summary.map((byte) => byte ^ 1) });
    const lines = await listInbox(UNIT, 10, undefined, vn.ports.read);
    expect(lines).toMatchObject([{ openedBy: messageId }, { referralId: stored.referralId, state: 'unreadable' }]);
  });

  it('cannot be read without the storage key of the unit', async () => {
    const { vn } = await twoCountries();
    vn.keys.storage.delete(UNIT);
    await expect(listInbox(UNIT, 10, undefined, vn.ports.read)).rejects.toMatchObject({ code: 'key_missing' });
  });
});

describe('one message', () => {
  it('is shown in clear to its unit, on both sides', async () => {
    const { vn, gb } = await twoCountries();
    const { messageId } = await vn.send(referralDraft(), UNIT);
    await vn.work();
    await gb.work();
    const sent = await readMessage(officer(UNIT, 'caseworker'), messageId, vn.ports.read);
    expect(sent).toMatchObject({ header: { messageId }, person: { gender: 'male' } });
    expect(await readMessage(officer('gb.ho-sca', 'caseworker'), messageId, gb.ports.read)).toEqual(sent);
  });

  it('is not there for another unit, or when it does not exist', async () => {
    const { vn } = await twoCountries();
    const { messageId } = await vn.send(referralDraft(), UNIT);
    expect(await readMessage(officer('vn.mofa-london', 'caseworker'), messageId, vn.ports.read)).toBeUndefined();
    expect(await readMessage(officer(UNIT, 'caseworker'), vn.newId(), vn.ports.read)).toBeUndefined();
  });
});
