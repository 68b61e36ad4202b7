import { answerDraft, exampleDraft, referralDraft } from '../../test/fakes/documents';
import { authorOf, submissionOf } from '../../test/fakes/memory-office';
import { caseOf, stateOf } from '../../test/fakes/case-of';
import { MemoryNotices } from '../../test/fakes/memory-notices';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import type { Role } from '../schema';
import { collectNotices } from './collect-notices';
import {
  askForApproval,
  dutiesIn,
  noteProgress,
  changeDraft,
  holdDraft,
  readDraft,
  saveDraft,
  approveDraft,
} from '../casework';
import type { NoticeEvent } from './notice-rules';

const [VN, GB] = ['vn.mps-criminal', 'gb.ho-sca'];
const ROLES: readonly Role[] = [
  'case_officer',
  'liaison_officer',
  'receiving_desk',
  'child_protection_officer',
  'dpo',
  'operator',
];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function countries() {
  const two = await twoCountries();
  const of = (node: typeof two.vn, unit: string) => {
    const notices = new MemoryNotices(node, unit);
    const officers = ROLES.map((role) => officer(unit, role));
    for (const { id } of officers)
      notices.settings.set(id, { email: `${id}@x.example`, language: 'en', timeZone: 'UTC', off: [] });
    /** Looks, and says in which roles somebody is to be told. */
    const look = async () => {
      notices.rows.clear();
      const found = await collectNotices(unit, officers, notices.ports);
      const told = officers.filter(({ id }) => notices.rows.has(id)).map(({ id }) => id.split(' ')[1]);
      return { found, told };
    };
    const mute = (role: Role, off: readonly NoticeEvent[]) => {
      const { id } = officer(unit, role);
      notices.settings.set(id, { ...notices.settings.get(id)!, off });
    };
    return { notices, officers, look, mute };
  };
  const [vn, gb] = [of(two.vn, VN), of(two.gb, GB)];
  await vn.look();
  await gb.look();
  const refer = async () => {
    const { messageId } = await two.vn.send(referralDraft(), VN);
    await two.vn.work();
    await two.gb.work();
    return messageId;
  };
  const answer = async (type: 'ack' | 'accept', messageId: string) => {
    const sent = await two.gb.send(answerDraft(type, messageId), GB);
    await two.gb.work();
    await two.vn.work();
    return sent.messageId;
  };
  return { ...two, offices: { vn, gb }, refer, answer };
}

const NOTHING = { found: 0, told: [] };

describe('what is told to the officers of a unit', () => {
  it('is nothing of what was there before anybody looked', async () => {
    const { gb, refer } = await countries();
    await refer();
    const notices = new MemoryNotices(gb, GB);
    notices.settings.set(officer(GB, 'receiving_desk').id, {
      email: 'a@x.example',
      language: 'en',
      timeZone: 'UTC',
      off: [],
    });
    gb.clock.advance(1);
    expect(await collectNotices(GB, [officer(GB, 'receiving_desk')], notices.ports)).toBe(0);
  });

  it('is a new referral, once, to those who receive it', async () => {
    const { offices, refer, clock } = await countries();
    await refer();
    expect(await offices.gb.look()).toEqual({ found: 1, told: ['caseworker'] });
    expect(await offices.gb.look()).toEqual(NOTHING);
    clock.advance(60_000);
    expect(await offices.gb.look()).toEqual(NOTHING);
    expect(await offices.vn.look()).toEqual(NOTHING);
  });

  it('is a new message to those who work on the case', async () => {
    const { offices, refer, answer } = await countries();
    await answer('ack', await refer());
    expect(await offices.vn.look()).toEqual({ found: 1, told: ['case_officer', 'caseworker'] });
  });

  it('is stored without a word on what it is', async () => {
    const { offices, refer } = await countries();
    const id = await refer();
    await offices.gb.look();
    expect([...offices.gb.notices.seen].every((name) => /^[\w-]{43}$|^sha256:|^[0-9a-f]{64}$/.test(name))).toBe(true);
    expect(JSON.stringify([...offices.gb.notices.seen, ...offices.gb.notices.rows])).not.toContain(id);
  });

  it('is not told to those who want to hear nothing of it, have no address, have left or have never come', async () => {
    const { offices, refer } = await countries();
    const { notices, mute } = offices.gb;
    const desk = officer(GB, 'receiving_desk').id;
    mute('receiving_desk', ['new_referral']);
    await refer();
    expect(await offices.gb.look()).toEqual({ found: 1, told: [] });

    notices.settings.set(desk, { language: 'en', timeZone: 'UTC', off: [] });
    await refer();
    expect(await offices.gb.look()).toEqual({ found: 1, told: [] });

    notices.settings.delete(desk);
    await refer();
    expect(await offices.gb.look()).toEqual({ found: 1, told: [] });

    notices.settings.set('somebody who left', { email: 'a@x.example', language: 'en', timeZone: 'UTC', off: [] });
    await refer();
    expect(await offices.gb.look()).toEqual({ found: 1, told: [] });
    expect(notices.rows.size).toBe(0);
  });

  it('is an alert at once, whatever the hour, to everybody who can act', async () => {
    const { vn, gb, offices, refer, answer, clock } = await countries();
    const id = await refer();
    await answer('ack', id);
    await offices.gb.look();
    for (const [officerId, settings] of offices.gb.notices.settings)
      offices.gb.notices.settings.set(officerId, { ...settings, quiet: { from: '00:00', to: '23:59' } });
    await vn.send(exampleDraft('alert-protect-farm-threat', { inReplyTo: id, recipientUnit: GB }), VN);
    await vn.work();
    await gb.work();
    const { told } = await offices.gb.look();
    expect(told).toEqual(['case_officer', 'liaison_officer', 'caseworker', 'child_protection_officer']);
    for (const row of offices.gb.notices.rows.values()) expect(row).toMatchObject({ urgent: true, dueAt: clock.now() });
  });

  it('is a delivery that came to nothing, to those who sent it', async () => {
    const { vn, offices, clock } = await countries();
    await vn.send(referralDraft(), VN);
    clock.advance(40 * DAY_MS);
    await vn.expire();
    const { told } = await offices.vn.look();
    expect(told).toContain('liaison_officer');
    expect(told).toContain('case_officer');
    expect(told).not.toContain('operator');
    expect(await offices.vn.look()).toEqual(NOTHING);
  });

  it('is the own deadline of the unit, a day before it passes, once', async () => {
    const { gb, offices, refer, clock } = await countries();
    await refer();
    await offices.gb.look();
    await offices.vn.look();
    clock.advance(HOUR_MS);
    expect(await offices.gb.look()).toEqual(NOTHING);
    const [due] = dutiesIn(await caseOf(gb, GB), await stateOf(gb, GB), gb.ports.sweep);
    let seen = await offices.gb.look();
    while (seen.found === 0 && clock.now() < due!.due) {
      clock.advance(HOUR_MS);
      await gb.sweep();
      seen = await offices.gb.look();
    }
    expect(seen).toEqual({ found: 1, told: ['case_officer', 'caseworker'] });
    const ahead = due!.due.getTime() - clock.now().getTime();
    expect(ahead).toBeGreaterThan(23 * HOUR_MS);
    expect(ahead).toBeLessThanOrEqual(48 * HOUR_MS);
    expect(await offices.gb.look()).toEqual(NOTHING);
    // The partner's deadline is the partner's business.
    expect(await offices.vn.look()).toEqual(NOTHING);
  });

  it('is nothing while another process looks', async () => {
    const { offices, refer } = await countries();
    await refer();
    offices.gb.notices.busy = true;
    expect(await offices.gb.look()).toEqual(NOTHING);
    offices.gb.notices.busy = false;
    expect((await offices.gb.look()).found).toBe(1);
  });

  it('is a message of a case that does not open, too: somebody has to look', async () => {
    const { gb, offices, refer } = await countries();
    await refer();
    for (const [key, row] of gb.tables.cases) gb.tables.cases.set(key, { ...row, summary: row.summary.slice(1) });
    expect(await offices.gb.look()).toEqual({ found: 1, told: ['case_officer', 'caseworker'] });
  });

  it('is no deadline of a case that does not open, or was erased', async () => {
    for (const spoilt of [{ summary: new Uint8Array() }, { wrappedKey: new Uint8Array() }]) {
      const { gb, offices, refer, clock } = await countries();
      await refer();
      await offices.gb.look();
      const nextMarkAt = new Date(clock.now().getTime() + DAY_MS + 2 * HOUR_MS);
      for (const [key, row] of gb.tables.cases) gb.tables.cases.set(key, { ...row, nextMarkAt, ...spoilt });
      clock.advance(3 * HOUR_MS);
      expect(await offices.gb.look()).toEqual(NOTHING);
    }
  });

  it('is a message of a case that was erased meanwhile', async () => {
    const { gb, offices, refer } = await countries();
    await refer();
    for (const [key, row] of gb.tables.cases) gb.tables.cases.set(key, { ...row, wrappedKey: new Uint8Array() });
    expect((await offices.gb.look()).found).toBe(1);
  });
});

describe('a draft', () => {
  async function drafted(change: (document: ReturnType<typeof referralDraft>) => void = () => undefined) {
    const two = await countries();
    const document = referralDraft();
    change(document);
    const author = authorOf(document, VN);
    const submission = submissionOf(two.vn, document);
    const saved = { unit: VN, ...(await saveDraft(author, submission, two.vn.ports.draft)) };
    return { ...two, author, submission, saved };
  }

  it('that waits for somebody’s yes is told to whoever can give it, and not to who wrote it', async () => {
    const { offices, saved, author, vn } = await drafted();
    const { needs } = await readDraft(author, saved.id, vn.ports.draft);
    const { told } = await offices.vn.look();
    expect(told.length).toBeGreaterThan(0);
    for (const role of told) expect(needs.flatMap(({ roles }) => roles)).toContain(role);
    expect(told).not.toContain('case_officer');
    expect(await offices.vn.look()).toEqual(NOTHING);
  });

  it('is told of once a day, however often it is changed', async () => {
    const { offices, saved, author, submission, vn, clock } = await drafted();
    await offices.vn.look();
    const again = async (ref: typeof saved) => ({
      unit: VN,
      ...(await changeDraft(author, ref, submission, vn.ports.draft)),
    });
    clock.advance(60_000);
    const second = await again(saved);
    expect(await offices.vn.look()).toEqual(NOTHING);
    clock.advance(DAY_MS);
    await again(second);
    expect((await offices.vn.look()).found).toBe(1);
  });

  it('is not told of while something else is missing, while it is held, and when nobody has to agree', async () => {
    const unfinished = await drafted((document) => {
      delete (document as { person?: unknown }).person;
      delete (document as { referral?: unknown }).referral;
    });
    expect(await unfinished.offices.vn.look()).toEqual(NOTHING);

    const held = await drafted();
    await holdDraft(officer(VN, 'dpo'), held.saved, true, held.vn.ports.draft);
    expect(await held.offices.vn.look()).toEqual(NOTHING);

    const agreed = await drafted();
    const { needs } = await readDraft(agreed.author, agreed.saved.id, agreed.vn.ports.draft);
    const voices = [agreed.author.id];
    for (const { kind, roles } of needs) {
      const approver = officer(VN, roles[0]!, voices);
      voices.push(approver.id);
      await approveDraft(approver, agreed.saved, { role: roles[0]!, kind }, agreed.vn.ports.draft);
    }
    expect(await agreed.offices.vn.look()).toEqual(NOTHING);
  });

  it('of the pages is told of when its writer asks for it, each time, and not before', async () => {
    const { offices, saved, author, vn, clock } = await drafted();
    await noteProgress(author, saved, { done: ['person'], notKnown: [] }, vn.ports.draft);
    expect(await offices.vn.look()).toEqual(NOTHING);
    for (let count = 0; count < 2; count += 1) {
      clock.advance(60_000);
      await askForApproval(author, saved, vn.ports.draft);
      expect((await offices.vn.look()).found).toBe(1);
      expect(await offices.vn.look()).toEqual(NOTHING);
    }
  });

  it('that one officer has agreed to is told to those who have not', async () => {
    const { vn, offices } = await countries();
    const document = exampleDraft('referral-alert-anonymous-child');
    const author = authorOf(document, VN);
    const saved = { unit: VN, ...(await saveDraft(author, submissionOf(vn, document), vn.ports.draft)) };
    const liaison = officer(VN, 'liaison_officer', [author.id]);
    await approveDraft(liaison, saved, { role: 'liaison_officer', kind: 'approve' }, vn.ports.draft);
    const { told } = await offices.vn.look();
    expect(told).toContain('child_protection_officer');
    expect(told).not.toContain('liaison_officer');
  });

  it('that does not open is left to whoever opens it', async () => {
    const { offices, vn } = await drafted();
    for (const [key, row] of vn.tables.drafts) vn.tables.drafts.set(key, { ...row, body: row.body.slice(1) });
    expect(await offices.vn.look()).toEqual(NOTHING);
  });

  it('that answers a case is held against that case', async () => {
    const { offices, refer, gb } = await countries();
    const id = await refer();
    await offices.gb.look();
    const document = answerDraft('ack', id);
    await saveDraft(authorOf(document, GB), { document }, gb.ports.draft);
    // An acknowledgement needs nobody's yes.
    expect(await offices.gb.look()).toEqual(NOTHING);
  });
});
