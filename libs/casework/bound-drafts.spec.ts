import { answerDraft, exampleDraft, referralDraft } from '../../test/fakes/documents';
import { officer } from '../../test/fakes/officers';
import { Replay, type Scene } from '../../test/fakes/replay';
import { twoCountries } from '../../test/fakes/two-countries';
import type { Handling } from '../schema';
import { holdCase } from './case-notes';
import { changeDraft, listDrafts, readDraft, saveDraft } from './drafting';
import { forwardCase } from './forward-case';

const SENDER = 'vn.mps-criminal';
const RECIPIENT = 'gb.ho-sca';
const ROLES = { authorRole: 'caseworker', approverRole: 'liaison_officer' } as const;
const WORKER = officer(RECIPIENT, 'caseworker');

const permission = (granted: boolean, at: string): Scene => ({
  like: 'update-protect-adult-in-progress',
  from: SENDER,
  to: RECIPIENT,
  at,
  parts: { update: { onwardPermission: { units: ['vn.moh-social'], granted } } },
});

/** A draft in which the recipient passes the case on to a unit that the sender has permitted. */
async function permitted() {
  const replay = await Replay.of('referral-protect-adult', 'ack-protect-adult', 'accept-protect-adult');
  await replay.send(permission(true, '2026-11-19T01:00:00Z'));
  const ports = replay.gb.ports.draft;
  const request = { referralId: replay.referralId, recipientUnit: 'vn.moh-social', ...ROLES };
  const ref = { unit: RECIPIENT, ...(await forwardCase(WORKER, request, replay.gb.ports.forward)) };
  const codes = async () => (await readDraft(WORKER, ref.id, ports)).faults.map(({ code, rule }) => `${code} ${rule}`);
  const has = async (code: string) => (await codes()).some((fault) => fault.includes(code));
  return { replay, ports, ref, has };
}

describe('a draft with the content of another case', () => {
  it('goes where the sender allows, and no longer once that is taken back', async () => {
    const { replay, has } = await permitted();
    expect(await has('onward_needs_permission')).toBe(false);
    await replay.send(permission(false, '2026-11-19T02:00:00Z'));
    expect(await has('onward_needs_permission')).toBe(true);
  });

  it('is not turned to another unit, and keeps the handling that was asked for', async () => {
    const { ports, ref, has } = await permitted();
    const { document } = await readDraft(WORKER, ref.id, ports);
    const { header, handling, ...rest } = document as { header: object; handling: Handling };
    expect(await has('handling_changed')).toBe(false);
    const turned = { header: { ...header, recipientUnit: 'vn.mofa-london' }, handling, ...rest };
    const next = await changeDraft(WORKER, ref, { document: turned }, ports);
    expect(await has('onward_needs_permission')).toBe(true);
    const loosened = {
      header,
      handling: { ...handling, onward: 'allowed_listed_units', onwardUnits: ['vn.moh-social'] },
      ...rest,
    };
    await changeDraft(WORKER, { ...ref, digest: next.digest }, { document: loosened }, ports);
    expect(await has('handling_changed')).toBe(true);
  });

  it('is held with its case', async () => {
    const { replay, has } = await permitted();
    const { notes } = replay.gb.ports;
    await holdCase(officer(RECIPIENT, 'dpo'), replay.referralId, true, notes);
    expect(await has('protection_hold')).toBe(true);
  });

  it.each([
    ['entered in error', { like: 'correction-verify-child-wrong-recipient', from: SENDER, to: RECIPIENT }],
    ['withdrawn', { like: 'consent-withdrawal-protect-adult' }],
  ])('goes nowhere once its case was %s', async (_what, scene) => {
    const { replay, has } = await permitted();
    await replay.send({
      ...scene,
      at: '2026-11-20T02:00:00Z',
      header: { purpose: 'PROTECT', priority: 'urgent', inReplyTo: [...replay.ids.values()][0] },
    });
    expect(await has('case_frozen')).toBe(true);
  });

  it('of its own content asks nobody but the person', async () => {
    const { replay } = await permitted();
    const request = { referralId: replay.referralId, recipientUnit: 'gb.nca', ...ROLES };
    const actor = officer(SENDER, 'caseworker');
    const { id } = await forwardCase(actor, request, replay.vn.ports.forward);
    const { faults } = await readDraft(actor, id, replay.vn.ports.draft);
    expect(faults.map(({ code }) => code)).not.toContain('handling_changed');
  });
});

describe('a draft whose row was changed', () => {
  it('is listed as unreadable, and stops no erasure', async () => {
    const { vn, gb } = await twoCountries();
    const { id: messageId, token } = await vn.sent(referralDraft(), SENDER);
    await gb.accept([token], 'vn');
    await gb.file();
    await gb.send(answerDraft('ack', messageId), RECIPIENT);
    await gb.send(answerDraft('decline', messageId), RECIPIENT);
    const { id } = await saveDraft(WORKER, { document: { header: { authorRole: 'caseworker' } } }, gb.ports.draft);
    const { tables } = gb;
    for (const [key, draft] of tables.drafts) tables.drafts.set(key, { ...draft, body: Buffer.from('changed') });
    expect(await listDrafts(WORKER, 10, gb.ports.draft)).toMatchObject([{ id, unreadable: true }]);
    const header = { recipientUnit: SENDER, inReplyTo: messageId, purpose: 'VERIFY' };
    await gb.send(exampleDraft('erasure-confirm-protect-adult-recipient', header), RECIPIENT);
    expect(tables.drafts.size).toBe(0);
  });
});
