import { approveDraft, readDraft, receiveFile, saveDraft, send, type FileClaim } from '../../libs/casework';
import { referralDraft } from './documents';
import { streamOf } from './files';
import { submissionOf } from './memory-office';
import { officer } from './officers';
import { twoCountries } from './two-countries';

export const SENDER = 'vn.mps-criminal';
export const RECIPIENT = 'gb.ho-sca';
export const AUTHOR = officer(SENDER, 'caseworker');
const LIAISON = officer(SENDER, 'liaison_officer');

/** A referral that was sent with these files, as it waits in the outbox of Viet Nam. */
export async function sentFiles(...files: readonly (readonly [FileClaim, Buffer])[]) {
  return sendFiles(await twoCountries(), ...files);
}

/** The same between countries that are there already. */
export async function sendFiles(
  countries: Awaited<ReturnType<typeof twoCountries>>,
  ...files: readonly (readonly [FileClaim, Buffer])[]
) {
  const { vn } = countries;
  const { id: draftId } = await saveDraft(AUTHOR, submissionOf(vn, referralDraft()), vn.ports.draft);
  const ids: string[] = [];
  for (const [claim, bytes] of files) {
    ids.push((await receiveFile(AUTHOR, draftId, claim, streamOf(bytes), vn.ports.files)).id);
  }
  const { digest } = await readDraft(AUTHOR, draftId, vn.ports.draft);
  const agreed = { role: 'liaison_officer', kind: 'approve' } as const;
  await approveDraft(LIAISON, { unit: SENDER, id: draftId, digest }, agreed, vn.ports.draft);
  const request = {
    unit: SENDER,
    actor: AUTHOR,
    handIn: { draftId },
    clientId: 'client',
    idempotencyKey: 'key-of-files',
  };
  const { messageId } = await send(request, vn.ports.send);
  return { ...countries, ids, messageId };
}
