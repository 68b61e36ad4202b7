import { referralDraft } from '../../test/fakes/documents';
import { submissionOf } from '../../test/fakes/memory-office';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import { askForApproval, noteProgress } from './draft-progress';
import { approveDraft, changeDraft, listDrafts, readDraft, saveDraft } from './drafting';

const UNIT = 'vn.mps-criminal';
const AUTHOR = officer(UNIT, 'caseworker');

async function drafted() {
  const { vn } = await twoCountries();
  const ports = vn.ports.draft;
  const submission = submissionOf(vn, referralDraft());
  const ref = { unit: UNIT, ...(await saveDraft(AUTHOR, submission, ports)) };
  return { ports, ref, submission };
}

describe('the progress of a draft', () => {
  it('is noted beside it, and takes back nothing that was agreed to', async () => {
    const { ports, ref } = await drafted();
    await approveDraft(officer(UNIT, 'liaison_officer'), ref, { role: 'liaison_officer', kind: 'approve' }, ports);
    await noteProgress(AUTHOR, ref, { done: ['person'], notKnown: ['person.birth'] }, ports);
    const { progress, approvals, digest } = await readDraft(AUTHOR, ref.id, ports);
    expect(progress).toEqual({ done: ['person'], notKnown: ['person.birth'] });
    expect(approvals).toHaveLength(1);
    expect(digest).toBe(ref.digest);
  });

  it('outlives a change; what was asked does not', async () => {
    const { ports, ref, submission } = await drafted();
    await noteProgress(AUTHOR, ref, { done: ['person'], notKnown: [] }, ports);
    await askForApproval(AUTHOR, ref, ports);
    const listed = async () => (await listDrafts(AUTHOR, 5, ports))[0];
    expect(await listed()).toMatchObject({ asked: true });
    const document = { ...(submission.document as object), familyContact: 'allowed' };
    const { digest } = await changeDraft(AUTHOR, ref, { ...submission, document }, ports);
    expect(await listed()).toMatchObject({ asked: false, digest });
    expect((await readDraft(AUTHOR, ref.id, ports)).progress?.done).toEqual(['person']);
  });

  it('is of the version that was seen, in the own unit', async () => {
    const { ports, ref } = await drafted();
    const stranger = officer('vn.moh-social', 'caseworker');
    await expect(askForApproval(stranger, ref, ports)).rejects.toMatchObject({ code: 'forbidden' });
    const old = { ...ref, digest: 'x' };
    await expect(askForApproval(AUTHOR, old, ports)).rejects.toMatchObject({ code: 'draft_changed' });
  });
});
