import { officer } from '../../test/fakes/officers';
import type { Referral } from '../schema';
import { Replay, type Scene } from '../../test/fakes/replay';
import { exportCase, forwardCase } from './forward-case';
import { send } from './send';
import { holdCase } from './case-notes';
import { changeDraft, readDraft } from './drafting';

const FARM: readonly Scene[] = [
  'referral-protect-adult',
  'ack-protect-adult',
  'accept-protect-adult',
  'update-protect-adult-in-progress',
];
const SENDER = 'vn.mps-criminal';
const RECIPIENT = 'gb.ho-sca';
const ROLES = { authorRole: 'caseworker', approverRole: 'liaison_officer' } as const;

const permission = (onwardPermission: object, at: string): Scene => ({
  like: 'update-protect-adult-in-progress',
  from: SENDER,
  to: RECIPIENT,
  at,
  parts: { update: { onwardPermission } },
});

async function taken() {
  const replay = await Replay.of(...FARM);
  const request = (recipientUnit: string) => ({ referralId: replay.referralId, recipientUnit, ...ROLES });
  const worker = officer(RECIPIENT, 'caseworker');
  const forward = (recipientUnit: string, actor = worker) =>
    forwardCase(actor, request(recipientUnit), replay.nodeOf(actor.unit).ports.forward);
  return { replay, request, worker, forward };
}

const refusal = (code: string) => ({ code: 'protection_refused', faults: [expect.objectContaining({ code })] });

describe('passing a case on', () => {
  it('makes a draft of the content for the other unit, with nothing of the first chain', async () => {
    const { replay, forward } = await taken();
    const actor = officer(SENDER, 'caseworker');
    const { id } = await forward('gb.nca', actor);
    const { document, record, faults } = await readDraft(actor, id, replay.vn.ports.draft);
    const { header, ...content } = document as Referral;
    expect(header).toEqual({
      schemaVersion: '1.0',
      messageType: 'referral',
      recipientUnit: 'gb.nca',
      ...ROLES,
      purpose: 'PROTECT',
      priority: 'urgent',
    });
    expect(content).toMatchObject({ identityMode: 'identified', person: { name: { latin: 'NGUYEN THI VI DU' } } });
    // What the person agreed to for the first recipient is no agreement to the second.
    expect(record).toEqual((await replay.summary(SENDER)).local.record);
    expect(faults.map(({ code }) => code)).toContain('scope_not_granted');
  });

  it('keeps the links of a journey', async () => {
    const replay = await Replay.of({ like: 'referral-trace-child', from: 'vn.moh-social', to: 'gb.la-children' });
    const actor = officer('vn.moh-social', 'caseworker');
    const request = { referralId: replay.referralId, recipientUnit: 'gb.ho-sca', ...ROLES };
    const { id } = await forwardCase(actor, request, replay.vn.ports.forward);
    const { document } = await readDraft(actor, id, replay.vn.ports.draft);
    expect((document as Referral).header).toMatchObject({
      groupRef: '47de89e8-06bc-4528-92f9-fdd7224e5ebd',
      journeyRef: '25b6b5cf-b2d9-4878-9303-e00f3b21ea4f',
    });
  });

  it('by the receiver needs the sender’s permission for that unit, while it holds', async () => {
    const { replay, forward } = await taken();
    await expect(forward('vn.moh-social')).rejects.toMatchObject(refusal('onward_needs_permission'));
    await replay.send(
      permission(
        { granted: true, units: ['vn.moh-social', 'vn.mps-immigration'], until: '2026-11-25' },
        '2026-11-20T00:00:00Z',
      ),
    );
    expect(await forward('vn.moh-social')).toMatchObject({ id: expect.any(String) });
    await expect(forward('vn.mps-criminal')).rejects.toMatchObject(refusal('onward_needs_permission'));
    replay.waitUntil('2026-11-25T23:59:59Z');
    expect(await forward('vn.moh-social')).toMatchObject({ id: expect.any(String) });
    replay.waitUntil('2026-11-26T00:00:00Z');
    await expect(forward('vn.moh-social')).rejects.toMatchObject(refusal('onward_needs_permission'));
  });

  it('is forbidden again once the sender has taken its permission back', async () => {
    const { replay, forward } = await taken();
    await replay.send(permission({ granted: true, units: ['vn.moh-social'] }, '2026-11-20T00:00:00Z'));
    expect(await forward('vn.moh-social')).toMatchObject({ id: expect.any(String) });
    await replay.send(permission({ granted: false, units: ['vn.moh-social'] }, '2026-11-21T00:00:00Z'));
    await expect(forward('vn.moh-social')).rejects.toMatchObject(refusal('onward_needs_permission'));
  });

  it.each([
    [true, 'is not permitted by what a decision has overtaken'],
    [false, 'is forbidden even by what a decision has overtaken'],
  ])('%s: %s', async (granted) => {
    const replay = await Replay.of('referral-protect-adult', 'ack-protect-adult');
    if (!granted) await replay.send(permission({ granted: true, units: ['vn.moh-social'] }, '2026-11-17T00:00:00Z'));
    await replay.write(permission({ granted, units: ['vn.moh-social'] }, '2026-11-18T00:00:00Z'));
    await replay.write('decline-protect-adult');
    await replay.deliver();
    const { history } = await replay.state(RECIPIENT);
    expect(history.at(-1)).toMatchObject({ effect: 'overtaken', step: { type: 'update' } });
    const request = { referralId: replay.referralId, recipientUnit: 'vn.moh-social', ...ROLES };
    const forward = forwardCase(officer(RECIPIENT, 'caseworker'), request, replay.gb.ports.forward);
    await expect(forward).rejects.toMatchObject(refusal('onward_needs_permission'));
  });

  it('is not permitted by what the receiver says itself', async () => {
    const { replay, forward } = await taken();
    const own = permission({ granted: true, units: ['vn.moh-social'] }, '2026-11-20T00:00:00Z') as object;
    await replay.send({ ...own, from: RECIPIENT, to: SENDER } as Scene);
    await expect(forward('vn.moh-social')).rejects.toMatchObject(refusal('onward_needs_permission'));
  });

  it('does not carry on what the person has withdrawn meanwhile', async () => {
    const { replay, forward } = await taken();
    const withdrawal: Scene = {
      like: 'consent-withdrawal-protect-farm-scopes',
      from: SENDER,
      to: RECIPIENT,
      at: '2026-11-20T00:00:00Z',
      header: { inReplyTo: [...replay.ids.values()][0] },
    };
    await replay.send(withdrawal);
    const actor = officer(SENDER, 'caseworker');
    const { id } = await forward('gb.nca', actor);
    const { document, faults } = await readDraft(actor, id, replay.vn.ports.draft);
    const { status, scopes } = (document as Referral).consent!;
    expect({ status, scopes }).toEqual({
      status: 'narrowed',
      scopes: ['share_with_services', 'share_with_police', 'exploitation_details', 'narrative'],
    });
    expect(faults).toContainEqual(expect.objectContaining({ pointer: '/health', code: 'scope_missing' }));
  });

  it('is impossible in a frozen, an erased and an unknown case', async () => {
    const { replay, request } = await taken();
    await replay.send('consent-withdrawal-protect-adult');
    const ports = replay.vn.ports.forward;
    const both = { ...officer(SENDER, 'dpo'), roles: ['dpo', 'caseworker'] as const };
    for (const actor of [officer(SENDER, 'caseworker'), both])
      await expect(forwardCase(actor, request('gb.nca'), ports)).rejects.toMatchObject({ code: 'case_frozen' });
    await replay.send('erasure-confirm-protect-adult-sender');
    await expect(forwardCase(both, request('gb.nca'), ports)).rejects.toMatchObject({ code: 'case_erased' });
    const stranger = officer('vn.moh-social', 'caseworker');
    await expect(forwardCase(stranger, request('gb.nca'), ports)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is impossible while the case is held, and so is the draft that was made before', async () => {
    const { replay, forward } = await taken();
    const actor = officer(SENDER, 'caseworker');
    const { id } = await forward('gb.nca', actor);
    const codes = async () => (await readDraft(actor, id, replay.vn.ports.draft)).faults.map(({ code }) => code);
    expect(await codes()).not.toContain('protection_hold');
    await holdCase(actor, replay.referralId, true, replay.vn.ports.notes);
    expect(await codes()).toContain('protection_hold');
    await expect(forward('gb.nca', actor)).rejects.toMatchObject(refusal('protection_hold'));
    const ref = { unit: SENDER, ...(await readDraft(actor, id, replay.vn.ports.draft)) };
    const { document, record } = ref;
    await changeDraft(actor, ref, { document, record }, replay.vn.ports.draft);
    expect(await codes()).toContain('protection_hold');
  });

  it('ends with the consent: a draft that was made before cannot be sent, and is erased with the case', async () => {
    const { replay, forward } = await taken();
    const actor = officer(SENDER, 'caseworker');
    const { id } = await forward('gb.nca', actor);
    const sending = (idempotencyKey: string) =>
      send({ unit: SENDER, actor, handIn: { draftId: id }, clientId: 'c', idempotencyKey }, replay.vn.ports.send);
    await replay.send('consent-withdrawal-protect-adult');
    await expect(sending('key-1')).rejects.toMatchObject({ code: 'case_frozen' });
    const kept = new Map(replay.vn.tables.drafts);
    await replay.send('erasure-confirm-protect-adult-sender');
    expect(replay.vn.tables.drafts.size).toBe(0);
    // One that escaped all the same.
    replay.vn.tables.drafts = kept;
    await expect(sending('key-2')).rejects.toMatchObject({ code: 'case_erased' });
    replay.vn.tables.cases.clear();
    await expect(sending('key-3')).rejects.toMatchObject({ code: 'protection_refused' });
  });

  it('needs a unit that exists, and the message that opened the case', async () => {
    const { replay, forward } = await taken();
    await expect(forward('gb.nobody')).rejects.toMatchObject({ code: 'unknown_unit' });
    replay.gb.tables.events.clear();
    await expect(forward('gb.nca')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('taking a case out', () => {
  it('gives its messages in order, with how they may be used', async () => {
    const { replay, worker } = await taken();
    const taking = await exportCase(worker, replay.referralId, 'case_file', replay.gb.ports.forward);
    expect(taking).toMatchObject({ referralId: replay.referralId, use: 'case_file', handling: { code: 'H2' } });
    expect(taking.messages.map(({ header }) => header.messageType)).toEqual(['referral', 'ack', 'accept', 'update']);
  });

  it('is forbidden for what its handling does not allow', async () => {
    const { replay, worker } = await taken();
    const judicial = exportCase(worker, replay.referralId, 'judicial', replay.gb.ports.forward);
    await expect(judicial).rejects.toMatchObject({ code: 'protection_refused' });
  });

  it('of a frozen case is for data protection only', async () => {
    const { replay, worker } = await taken();
    await replay.send('consent-withdrawal-protect-adult');
    const ports = replay.gb.ports.forward;
    await expect(exportCase(worker, replay.referralId, 'case_file', ports)).rejects.toMatchObject({
      code: 'case_frozen',
    });
    const file = await exportCase(officer(RECIPIENT, 'dpo'), replay.referralId, 'case_file', ports);
    expect(file.messages).toHaveLength(5);
  });

  it('that is held is for its own file only', async () => {
    const { replay } = await taken();
    const actor = officer(SENDER, 'caseworker');
    const ports = replay.vn.ports;
    const take = (use: 'case_file' | 'statistics') => exportCase(actor, replay.referralId, use, ports.forward);
    expect((await take('statistics')).messages).toHaveLength(4);
    await holdCase(actor, replay.referralId, true, ports.notes);
    await expect(take('statistics')).rejects.toMatchObject(refusal('protection_hold'));
    expect((await take('case_file')).messages).toHaveLength(4);
  });

  it('leaves out what is gone', async () => {
    const { replay, worker } = await taken();
    const [first] = [...replay.gb.tables.events.entries()].filter(([, { direction }]) => direction === 'sent');
    replay.gb.tables.events.delete(first![0]);
    const { messages } = await exportCase(worker, replay.referralId, 'case_file', replay.gb.ports.forward);
    expect(messages).toHaveLength(3);
  });
});
