import { answerDraft, exampleDraft, referralDraft } from '../../test/fakes/documents';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import { holdCase, reviewOverride } from './case-notes';
import { caseOf } from '../../test/fakes/case-of';
import { showCase } from './read-cases';

const UNIT = 'vn.mps-criminal';
const DPO = officer(UNIT, 'dpo');

async function sentReferral() {
  const countries = await twoCountries();
  const { vn } = countries;
  const { messageId } = await vn.send(referralDraft(), UNIT);
  const { referralId } = await caseOf(vn, UNIT);
  return { ...countries, messageId, referralId, ports: vn.ports.notes };
}

/** A child in danger, referred without anybody's consent. */
async function shared() {
  const countries = await twoCountries();
  const unit = 'vn.moh-social';
  await countries.vn.send(exampleDraft('referral-protect-child-cannabis'), unit);
  const { referralId } = await caseOf(countries.vn, unit);
  const duties = async () => {
    const shown = await showCase(unit, referralId, countries.vn.ports.read);
    return 'duties' in shown ? shown.duties.map(({ id }) => id) : [];
  };
  return { ...countries, unit, referralId, duties, ports: countries.vn.ports.notes };
}

describe('a hold on a case', () => {
  it('blocks what shares, and says so to nobody else', async () => {
    const { vn, gb, messageId, referralId, ports, clock } = await sentReferral();
    await holdCase(officer(UNIT, 'caseworker'), referralId, true, ports);
    const shown = await showCase(UNIT, referralId, vn.ports.read);
    expect(shown).toMatchObject({ hold: { by: officer(UNIT, 'caseworker').id, at: clock.now().toISOString() } });

    const note = exampleDraft('update-return-adult-in-progress', {
      purpose: 'VERIFY',
      recipientUnit: 'gb.ho-sca',
      referralId,
    });
    const document = { ...note, update: { note: 'Nothing new.' } };
    await vn.work();
    await gb.work();
    await gb.send(answerDraft('ack', messageId), 'gb.ho-sca');
    await gb.work();
    await vn.work();
    await expect(vn.send(document, UNIT)).rejects.toMatchObject({
      code: 'protection_refused',
      faults: [{ pointer: '', code: 'protection_hold' }],
    });
    await holdCase(DPO, referralId, false, ports);
    await vn.send(document, UNIT);
    expect((await caseOf(gb, 'gb.ho-sca')).summary.local.hold).toBeUndefined();
  });

  it('lets what stops the sharing go', async () => {
    const { vn, messageId, referralId, ports } = await sentReferral();
    await holdCase(DPO, referralId, true, ports);
    const header = { purpose: 'VERIFY', recipientUnit: 'gb.ho-sca', inReplyTo: messageId };
    const withdrawal = exampleDraft('consent-withdrawal-protect-adult', header);
    expect(await vn.send(withdrawal, UNIT)).toMatchObject({ replayed: false });
  });

  it('leaves the deadlines of the case as they are', async () => {
    const { vn, referralId, ports } = await sentReferral();
    const { nextMarkAt } = [...vn.tables.cases.values()][0]!;
    await holdCase(DPO, referralId, true, ports);
    expect([...vn.tables.cases.values()][0]!.nextMarkAt).toEqual(nextMarkAt);
    expect(nextMarkAt).toBeDefined();
  });

  it('is set and lifted by those who may, in their own cases', async () => {
    const { vn, referralId, ports } = await sentReferral();
    const attempt = (actor: typeof DPO, hold: boolean, id = referralId) => holdCase(actor, id, hold, ports);
    await expect(attempt(officer(UNIT, 'case_officer'), true)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(attempt(officer(UNIT, 'liaison_officer'), false)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(attempt(officer('vn.moh-social', 'dpo'), true)).rejects.toMatchObject({ code: 'not_found' });
    await expect(attempt(DPO, true, vn.newId())).rejects.toMatchObject({ code: 'not_found' });
    expect((await caseOf(vn, UNIT)).summary.local.hold).toBeUndefined();
  });
});

describe('the review of a decision to share without consent', () => {
  it('is a duty of the sender until data protection has done it', async () => {
    const { referralId, unit, duties, ports } = await shared();
    expect(await duties()).toContain('override_review');
    await reviewOverride(officer(unit, 'dpo'), referralId, ports);
    expect(await duties()).not.toContain('override_review');
  });

  it('is refused to others, and where nothing was decided', async () => {
    const { referralId, unit, ports } = await shared();
    await expect(reviewOverride(officer(unit, 'liaison_officer'), referralId, ports)).rejects.toMatchObject({
      code: 'forbidden',
    });
    const other = await sentReferral();
    await expect(reviewOverride(DPO, other.referralId, other.ports)).rejects.toMatchObject({ code: 'bad_request' });
  });
});
