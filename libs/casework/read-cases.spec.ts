import { answerDraft, referralDraft } from '../../test/fakes/documents';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import type { MemoryNode } from '../../test/fakes/memory-node';
import { Partners } from '../trust';
import { caseOf } from '../../test/fakes/case-of';
import { Replay } from '../../test/fakes/replay';
import { findCases, listInbox, readMessage, searchCases, showCase, type ShownCase } from './read-cases';

const UNIT = 'vn.mps-criminal';
const DAY_MS = 86_400_000;

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

describe('one case', () => {
  async function answered() {
    const countries = await twoCountries();
    const { vn, gb } = countries;
    const { messageId } = await vn.send(referralDraft(), UNIT);
    await vn.work();
    await gb.work();
    const ack = await gb.send(answerDraft('ack', messageId), 'gb.ho-sca');
    await gb.work();
    await vn.work();
    await gb.work();
    const { referralId } = await caseOf(vn, UNIT);
    return { ...countries, messageId, ack, referralId };
  }

  it('shows everything that follows from its messages, the same on both sides', async () => {
    const { vn, gb, messageId, ack, referralId } = await answered();
    const mine = await showCase(UNIT, referralId, vn.ports.read);
    const theirs = await showCase('gb.ho-sca', referralId, gb.ports.read);
    expect(mine).toMatchObject({
      referralId,
      state: 'acknowledged',
      side: 'sender',
      partnerUnit: 'gb.ho-sca',
      openedBy: messageId,
      delivery: 'delivered',
      handover: 'not_planned',
      problems: [],
      consent: { state: 'given', scopes: ['identity_verification', 'share_with_services'], expiresAt: '2027-11-05' },
      hold: undefined,
      unknownFields: [],
      timeline: [
        { messageId, type: 'referral', by: 'sender', state: 'sent', handover: 'not_planned', effect: 'moved' },
        { messageId: ack.messageId, type: 'ack', by: 'recipient', state: 'acknowledged', effect: 'moved' },
      ],
    });
    expect('duties' in mine && mine.duties).toEqual([
      { id: 'decision', by: 'recipient', due: expect.any(Date), stepId: ack.messageId },
    ]);
    const { side: _s, partnerUnit: _p, delivery: _d, ...common } = mine as ShownCase;
    expect(theirs).toMatchObject({ ...common, side: 'recipient', partnerUnit: UNIT });
    expect(theirs).not.toHaveProperty('delivery');
    expect(JSON.stringify([mine, theirs])).not.toMatch(/Tưởng|TUONG|000000/);
  });

  it('counts a referral that arrived as delivered, and one that did not as expired', async () => {
    const { vn, gb, link, clock } = await twoCountries();
    link.fault = 'down';
    await vn.send(referralDraft(), UNIT);
    const { referralId } = await caseOf(vn, UNIT);
    clock.advance(31 * DAY_MS);
    await vn.expire();
    expect(await showCase(UNIT, referralId, vn.ports.read)).toMatchObject({ state: 'expired', delivery: 'expired' });
    vn.tables.outbox.clear();
    const lost = await showCase(UNIT, referralId, vn.ports.read);
    expect(lost).toMatchObject({ state: 'sent' });
    expect(lost).not.toHaveProperty('delivery');
    expect(gb.tables.cases.size).toBe(0);
  });

  it('is closed after thirty days of silence about a proposal', async () => {
    const replay = await Replay.of(
      'referral-protect-child-cannabis',
      'ack-protect-child',
      'rfi-protect-child',
      'rfi-response-protect-child',
      'accept-protect-child-in-part',
      'update-protect-child-in-progress',
      'outcome-protect-child',
      'closure-protect-child-propose',
    );
    const states = () =>
      Promise.all(
        ['vn.moh-social', 'gb.la-children'].map(
          async (unit) => (await showCase(unit, replay.referralId, replay.nodeOf(unit).ports.read)).state,
        ),
      );
    replay.waitUntil('2027-01-13T09:59:59Z');
    expect(await states()).toEqual(['outcome_reported', 'outcome_reported']);
    replay.waitUntil('2027-01-13T10:00:00Z');
    expect(await states()).toEqual(['closed', 'closed']);
  });

  it('is not there for another unit, and does not open when it was tampered with', async () => {
    const { vn, referralId } = await answered();
    await expect(showCase('vn.moh-social', referralId, vn.ports.read)).rejects.toMatchObject({ code: 'not_found' });
    const [key, stored] = [...vn.tables.cases.entries()][0]!;
    vn.tables.cases.set(key, { ...stored, summary: stored.summary.map((byte) => byte ^ 1) });
    await expect(showCase(UNIT, referralId, vn.ports.read)).rejects.toMatchObject({ code: 'case_unreadable' });
  });
});

describe('looking for a case', () => {
  const found = async (node: MemoryNode, unit: string, query: string) => {
    const ids = await findCases(unit, query, 10, node.ports.read);
    // The same cases in the same order, opened or not.
    expect((await searchCases(unit, query, 10, node.ports.read)).map(({ referralId }) => referralId)).toEqual(ids);
    return ids;
  };

  it('finds it by words of the name, with or without diacritics, on both sides', async () => {
    const { vn, gb } = await twoCountries();
    await vn.send(referralDraft(), UNIT);
    await vn.work();
    await gb.work();
    const { referralId } = await caseOf(vn, UNIT);
    for (const query of ['Đặng', 'dang', 'tuong quoc', 'QUỐC TƯỢNG', '  tưởng  ']) {
      expect([query, await found(vn, UNIT, query)]).toEqual([query, [referralId]]);
      expect(await found(gb, 'gb.ho-sca', query)).toEqual([referralId]);
    }
    for (const query of ['', '  ', 'dan', 'dang nguyen', 'toString']) expect(await found(vn, UNIT, query)).toEqual([]);
    expect(await found(vn, 'vn.moh-social', 'dang')).toEqual([]);
  });

  it('puts those with the same spelling first', async () => {
    const { vn, clock } = await twoCountries();
    const named = (full: string) => {
      const draft = referralDraft();
      return { ...draft, person: { ...(draft['person'] as object), name: { full, latin: 'LY THI THU' } } };
    };
    for (const name of ['Lý Thị Thử', 'Lỵ Thị Thừ']) {
      await vn.send(named(name), UNIT);
      clock.advance(1_000);
    }
    const [older, newer] = [...vn.tables.cases.values()].map(({ referralId }) => referralId);
    expect(await found(vn, UNIT, 'lỵ')).toEqual([newer, older]);
    expect(await found(vn, UNIT, 'lý')).toEqual([older, newer]);
    expect(await found(vn, UNIT, 'ly')).toEqual([newer, older]);
  });

  it('finds it by the reference of the receiver', async () => {
    const { vn, gb } = await twoCountries();
    const { messageId } = await vn.send(referralDraft(), UNIT);
    await vn.work();
    await gb.work();
    const draft = answerDraft('ack', messageId);
    const ack = { ...draft, ack: { ...(draft['ack'] as object), localReference: 'SCA-2026-0815' } };
    await gb.send(ack, 'gb.ho-sca');
    await gb.work();
    await vn.work();
    const { referralId } = await caseOf(vn, UNIT);
    expect(await found(vn, UNIT, 'SCA-2026-0815')).toEqual([referralId]);
    expect(await found(gb, 'gb.ho-sca', 'sca-2026-0815')).toEqual([referralId]);
  });

  it('finds it by a name that was told later', async () => {
    const replay = await Replay.of('referral-protect-adult', 'ack-protect-adult', 'accept-protect-adult');
    const person = { aliases: ['Hoa Hồng'] };
    const parts: Record<string, object> = {
      update: { disclosed: { person } },
      correction: { kind: 'field_corrected', code: 'wrong_value', disclosed: { person: { aliases: ['Cẩm Tú'] } } },
    };
    const told = { from: UNIT, to: 'gb.ho-sca', at: '2026-11-20T00:00:00Z' };
    await replay.send({ like: 'update-protect-adult-in-progress', ...told, parts: { update: parts['update'] } });
    const header = { purpose: 'PROTECT', inReplyTo: [...replay.ids.values()][0] };
    await replay.send({
      like: 'correction-return-adult-field',
      ...told,
      header,
      parts: { correction: parts['correction'] },
    });
    for (const query of ['hoa hong', 'cam tu']) {
      expect(await found(replay.vn, UNIT, query)).toEqual([replay.referralId]);
      expect(await found(replay.gb, 'gb.ho-sca', query)).toEqual([replay.referralId]);
    }
  });
});

describe('a message of the partner', () => {
  it('is noted as seen once, by the first who sees it; the unit’s own is not', async () => {
    const { vn, gb, clock } = await twoCountries();
    const { messageId } = await vn.send(referralDraft(), UNIT);
    await vn.work();
    await gb.work();
    await readMessage(officer(UNIT, 'caseworker'), messageId, vn.ports.read);
    expect([...vn.tables.inbox.values()]).toEqual([]);
    const first = clock.now();
    await readMessage(officer('gb.ho-sca', 'caseworker'), messageId, gb.ports.read);
    clock.advance(DAY_MS);
    await readMessage(officer('gb.ho-sca', 'liaison_officer'), messageId, gb.ports.read);
    expect([...gb.tables.inbox.values()][0]).toMatchObject({ openedAt: first });
  });

  it('of a unit that has left the directory is shown all the same', async () => {
    const { vn, gb } = await twoCountries();
    const { messageId } = await vn.send(referralDraft(), UNIT);
    await vn.work();
    await gb.work();
    const { directory } = gb.world;
    const nodes = directory.nodes.map((node) => ({ ...node, units: node.units.filter(({ id }) => id !== UNIT) }));
    const self = { node: 'gb', partners: () => new Partners({ ...directory, nodes }) };
    const ports = { ...gb.ports.read, self };
    expect(await readMessage(officer('gb.ho-sca', 'caseworker'), messageId, ports)).toBeDefined();
    expect([...gb.tables.inbox.values()][0]!.openedAt).toBeUndefined();
    const { referralId } = await caseOf(gb, 'gb.ho-sca');
    expect(await showCase('gb.ho-sca', referralId, ports)).toMatchObject({ partnerUnit: UNIT });
  });
});
