import { caseOf } from '../../test/fakes/case-of';
import { answerDraft, exampleDraft, referralDraft } from '../../test/fakes/documents';
import { accessPortsOf } from '../../test/fakes/memory-lists';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import { assignCase, enterCase, readAccesses } from './access';

const UNIT = 'vn.mps-criminal';

async function sentReferral() {
  const countries = await twoCountries();
  const { messageId } = await countries.vn.send(referralDraft(), UNIT);
  const { referralId, summary } = await caseOf(countries.vn, UNIT);
  const author = { ...officer(UNIT, 'case_officer'), id: summary.local.assigned!.to };
  const other = { ...officer(UNIT, 'case_officer'), id: 'vn.mps-criminal/colleague' };
  return { ...countries, messageId, referralId, author, other, ports: accessPortsOf(countries.vn) };
}

describe('the door to a case', () => {
  it('lets in whoever works on it, and notes it', async () => {
    const { referralId, author, ports, messageId } = await sentReferral();
    expect(await enterCase(author, { referralId, action: 'case_opened' }, ports)).toBe(author.id);
    await enterCase(author, { referralId, action: 'message_read', subject: messageId }, ports);
    expect(await readAccesses(author, { referralId, limit: 10 }, ports)).toMatchObject([
      { officer: author.id, action: 'message_read', subject: messageId },
      { officer: author.id, action: 'case_opened' },
    ]);
  });

  it('asks a colleague for a reason, and keeps it under the key of the case', async () => {
    const { referralId, author, other, ports } = await sentReferral();
    const open = { referralId, action: 'case_opened' } as const;
    await expect(enterCase(other, open, ports)).rejects.toMatchObject({ code: 'reason_needed' });
    expect(ports.log).toEqual([]);

    const text = 'Lan is on leave, the mother has called.';
    await enterCase(other, { ...open, reason: { code: 'other', text } }, ports);
    await enterCase(other, { ...open, reason: { code: 'covering' } }, ports);
    expect(Buffer.from(ports.log[1]!.reason!).toString('latin1')).not.toContain('mother');
    const read = await readAccesses(author, { referralId, limit: 10 }, ports);
    expect(read).toMatchObject([{ reasonCode: 'covering' }, { reasonCode: 'other', reason: text }]);
    expect(read[0]).not.toHaveProperty('reason');
    // The log of the whole unit says that there was a reason, not the words.
    const whole = await readAccesses(author, { limit: 10, before: '2' }, ports);
    expect(whole).toMatchObject([{ reasonCode: 'other' }]);
    expect(whole[0]).not.toHaveProperty('reason');
  });

  it('is open to the whole unit while nobody works on the case', async () => {
    const { vn, gb, messageId } = await sentReferral();
    await vn.work();
    await gb.work();
    const { referralId } = await caseOf(gb, 'gb.ho-sca');
    const desk = officer('gb.ho-sca', 'receiving_desk');
    const ports = accessPortsOf(gb);
    expect(await enterCase(desk, { referralId, action: 'case_opened' }, ports)).toBeUndefined();
    await gb.send(answerDraft('ack', messageId), 'gb.ho-sca');
    const { to } = (await caseOf(gb, 'gb.ho-sca')).summary.local.assigned!;
    expect(await enterCase({ ...desk, id: to }, { referralId, action: 'case_opened' }, ports)).toBe(to);
  });

  it('is no door for other units', async () => {
    const { referralId, ports } = await sentReferral();
    const stranger = officer('vn.moh-social', 'caseworker');
    const refused = { code: 'not_found' };
    await expect(enterCase(stranger, { referralId, action: 'case_opened' }, ports)).rejects.toMatchObject(refused);
    await expect(readAccesses(stranger, { referralId, limit: 1 }, ports)).rejects.toMatchObject(refused);
    await expect(assignCase(stranger, referralId, stranger.id, ports)).rejects.toMatchObject(refused);
  });

  it('gives a case to somebody else, who needs no reason from then on', async () => {
    const { vn, referralId, author, other, ports } = await sentReferral();
    const { nextMarkAt } = [...vn.tables.cases.values()][0]!;
    await assignCase(other, referralId, other.id, ports);
    expect([...vn.tables.cases.values()][0]!.nextMarkAt).toEqual(nextMarkAt);
    expect(await enterCase(other, { referralId, action: 'case_opened' }, ports)).toBe(other.id);
    await expect(enterCase(author, { referralId, action: 'case_opened' }, ports)).rejects.toMatchObject({
      code: 'reason_needed',
    });
    expect(ports.log.map(({ action }) => action)).toEqual(['case_opened', 'assigned']);
  });

  it('still notes who looks at what was erased, without words that nobody could read again', async () => {
    const { vn, gb, messageId, referralId, other, ports } = await sentReferral();
    await vn.work();
    await gb.work();
    const header = { purpose: 'VERIFY', recipientUnit: 'gb.ho-sca', inReplyTo: messageId };
    const withdrawal = await vn.send(exampleDraft('consent-withdrawal-protect-adult', header), UNIT);
    await vn.send(
      exampleDraft('erasure-confirm-protect-adult-sender', {
        ...header,
        inReplyTo: withdrawal.messageId,
      }),
      UNIT,
    );
    const reason = { code: 'data_protection', text: 'Asked by the person.' } as const;
    await enterCase(other, { referralId, action: 'case_opened', reason }, ports);
    expect(ports.log[0]).toMatchObject({ reasonCode: 'data_protection' });
    expect(ports.log[0]!.reason).toBeUndefined();
    expect(await readAccesses(other, { referralId, limit: 10 }, ports)).toHaveLength(1);
    await expect(assignCase(other, referralId, other.id, ports)).rejects.toMatchObject({ code: 'case_erased' });
  });
});
