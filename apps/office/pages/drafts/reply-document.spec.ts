import { stateOf } from '../../../../test/fakes/case-of';
import { answerDraft, exampleDraft, referralDraft } from '../../../../test/fakes/documents';
import { officer } from '../../../../test/fakes/officers';
import { twoCountries } from '../../../../test/fakes/two-countries';
import type { MemoryNode } from '../../../../test/fakes/memory-node';
import { readDraft, saveDraft, showCase, type ShownCase } from '../../../../libs/casework';
import type { MessageType, Role } from '../../../../libs/schema';
import type { Officer } from '../../clients';
import { newReferral, roleFor } from './new-document';
import { dayIn, replyDocument } from './reply-document';

const VN = 'vn.mps-criminal';
const GB = 'gb.ho-sca';

/** What the office would begin with, for the first officer of the role, and what is still missing in it. */
async function begun(node: MemoryNode, unit: string, type: MessageType, role: Role) {
  const [record] = [...node.tables.cases.values()].filter((one) => one.unit === unit);
  const { referralId } = record!;
  const shown = (await showCase(unit, referralId, node.ports.read)) as ShownCase;
  const actor: Officer = { ...officer(unit, role), role: 'unit' };
  const about = {
    ...shown,
    state: await stateOf(node, unit, referralId),
    purpose: 'VERIFY',
    priority: 'normal',
  } as const;
  const desk = { reading: node.ports.read, timeZone: 'Europe/London', now: node.clock.now() };
  const author = { officer: actor, name: 'Ailsa Mockturtle', email: 'ailsa@gb.example' };
  const document = await replyDocument(type, role, author, about, desk);
  const { id } = await saveDraft(actor, { document }, node.ports.draft);
  const { faults } = await readDraft(actor, id, node.ports.draft);
  return { document: document as Record<string, unknown>, missing: faults.map(({ pointer }) => pointer) };
}

async function filed() {
  const countries = await twoCountries();
  const { vn, gb, clock } = countries;
  const { messageId } = await vn.send(referralDraft(), VN);
  const pass = async () => {
    await vn.work();
    await gb.work();
    await vn.work();
    clock.advance(1_000);
  };
  await pass();
  return { ...countries, messageId, pass };
}

describe('a reply before its first answer', () => {
  it('acknowledges the referral, with everything but a telephone number', async () => {
    const { gb, messageId } = await filed();
    const { document, missing } = await begun(gb, GB, 'ack', 'receiving_desk');
    expect(document['header']).toMatchObject({ inReplyTo: messageId, recipientUnit: VN, purpose: 'VERIFY' });
    expect(document['ack']).toMatchObject({ localReference: expect.stringMatching(/^TR-/) as string });
    expect(missing).toEqual(['/contact/focal/phone']);
  });

  it('names who answered last', async () => {
    const { gb, messageId } = await filed();
    const ack = answerDraft('ack', messageId);
    await gb.send(ack, GB);
    const { document, missing } = await begun(gb, GB, 'accept', 'caseworker');
    expect(document['contact']).toEqual(ack['contact']);
    expect(missing).toEqual(['/accept']);
  });

  it('has a place for the answer to each question that was asked', async () => {
    const { vn, gb, messageId, pass } = await filed();
    await gb.send(answerDraft('ack', messageId), GB);
    const rfi = exampleDraft('rfi-protect-child', {
      recipientUnit: VN,
      inReplyTo: messageId,
      purpose: 'VERIFY',
      approverRole: undefined,
    });
    const questions = [
      { id: 'q1', code: 'identity_confirm' },
      { id: 'q2', code: 'family_situation' },
    ];
    const asked = await gb.send({ ...rfi, rfi: { questions } }, GB);
    await pass();
    const { document, missing } = await begun(vn, VN, 'rfi_response', 'caseworker');
    expect(document['header']).toMatchObject({ inReplyTo: asked.messageId });
    expect(document['rfiResponse']).toEqual({ answers: [{ question: 'q1' }, { question: 'q2' }] });
    expect(missing).toEqual(['/rfiResponse/answers/0/status', '/rfiResponse/answers/1/status']);
  });

  it('withdraws consent on the day and for the unit where it was said', async () => {
    const { vn, clock } = await filed();
    const { document, missing } = await begun(vn, VN, 'consent_withdrawal', 'dpo');
    const withdrawnAt = dayIn(clock.now(), 'Europe/London');
    expect(document['consentWithdrawal']).toEqual({ withdrawnAt, receivedByUnit: VN });
    expect(missing).toEqual(['/consentWithdrawal/extent']);
  });

  it('is urgent when it is an alert, and asks for an answer within the hour', async () => {
    const { vn, clock } = await filed();
    const { document } = await begun(vn, VN, 'alert', 'caseworker');
    expect(document['header']).toMatchObject({ priority: 'emergency' });
    expect(Date.parse(String(document['ackBy'])) - clock.now().getTime()).toBe(3_600_000);
  });
});

describe('a referral before its first answer', () => {
  const wanted = { recipientUnit: GB, purpose: 'PROTECT', priority: 'urgent' } as const;

  it('is written in a role of the officer, and careful where nobody says otherwise', () => {
    const author: Officer = { ...officer(VN, 'case_officer'), role: 'unit' };
    expect(newReferral({ officer: author, name: 'Trần Văn Mẫu' }, wanted)).toMatchObject({
      header: { authorRole: 'case_officer', approverRole: 'liaison_officer', ...wanted },
      handling: { code: 'H2', caveats: ['no_immigration_enforcement'], onward: 'with_permission' },
      contact: { focal: { role: 'case_officer', name: 'Trần Văn Mẫu' } },
    });
  });

  it('is not begun by who may not write one', () => {
    expect(newReferral({ officer: { ...officer(VN, 'dpo'), role: 'unit' } }, wanted)).toBeUndefined();
    expect(roleFor(['dpo'], undefined)).toBeUndefined();
  });
});

describe('the day of a moment', () => {
  it('is that of the clocks of the office', () => {
    const late = new Date('2026-11-29T17:30:00Z');
    expect(dayIn(late, 'Asia/Ho_Chi_Minh')).toBe('2026-11-30');
    expect(dayIn(late, 'Europe/London')).toBe('2026-11-29');
  });
});
