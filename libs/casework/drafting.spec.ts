import { draftOf, exampleDraft, referralDraft, withScopes, type Draft as Document } from '../../test/fakes/documents';
import { submissionOf } from '../../test/fakes/memory-office';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import { TraoError } from '../errors';
import {
  approveDraft,
  changeDraft,
  decideText,
  discardDraft,
  holdDraft,
  listDrafts,
  readDraft,
  saveDraft,
} from './drafting';

const UNIT = 'vn.mps-criminal';
const AUTHOR = officer(UNIT, 'caseworker');
const LIAISON = officer(UNIT, 'liaison_officer');
const APPROVE = { role: 'liaison_officer', kind: 'approve' } as const;
const DAY_MS = 86_400_000;

async function drafted(document: Document = referralDraft()) {
  const countries = await twoCountries();
  const { vn } = countries;
  const ports = vn.ports.draft;
  const submission = submissionOf(vn, document);
  const ref = { unit: UNIT, ...(await saveDraft(AUTHOR, submission, ports)) };
  const shown = () => readDraft(AUTHOR, ref.id, ports);
  const codes = async () => (await shown()).faults.map(({ code }) => code);
  return { ...countries, ports, submission, ref, shown, codes };
}

const narrated = (text: string): Document => {
  const draft = exampleDraft('referral-protect-adult', { recipientUnit: 'gb.ho-sca', authorRole: 'caseworker' });
  return { ...draft, exploitation: { ...(draft['exploitation'] as object), narrative: text } };
};

describe('a draft', () => {
  it('shows what was written, by whom, and what is still needed', async () => {
    const { shown, submission, ref, clock } = await drafted();
    const draft = await shown();
    expect(draft).toMatchObject({
      id: ref.id,
      digest: ref.digest,
      drafters: [AUTHOR.id],
      approvals: [],
      decisions: [],
    });
    expect(draft.document).toEqual(submission.document);
    expect(draft.record).toEqual(submission.record);
    expect(draft.expiresAt).toEqual(new Date(clock.now().getTime() + 28 * DAY_MS));
    expect(draft.needs).toEqual([{ kind: 'approve', roles: ['liaison_officer'], by: 'another_officer' }]);
    expect(draft.faults.map(({ code }) => code)).toEqual(['approval_missing']);
  });

  it('shows nothing readable at rest', async () => {
    const { vn } = await drafted();
    const [stored] = [...vn.tables.drafts.values()];
    for (const bytes of [stored!.wrappedKey, stored!.body])
      expect(Buffer.from(bytes).toString('latin1')).not.toMatch(/header|VERIFY|gb\.ho/);
    expect(Object.keys(stored!).toSorted()).toEqual(['body', 'expiresAt', 'id', 'unit', 'wrappedKey']);
  });

  it('keeps what is unfinished, and says what is wrong with it', async () => {
    const { identityMode: _missing, ...unfinished } = referralDraft();
    const { shown } = await drafted(unfinished);
    const { faults, needs, findings } = await shown();
    expect(faults).toEqual([expect.objectContaining({ pointer: '/identityMode', code: 'required' })]);
    expect([needs, findings]).toEqual([[], []]);
  });

  it('says what blocks it where no field is to blame', async () => {
    const { vn, ports } = await drafted();
    const answer = draftOf('ack', { recipientUnit: 'gb.ho-sca', referralId: vn.newId() });
    const { id } = await saveDraft(
      AUTHOR,
      { document: { ...answer, header: { ...answer.header, authorRole: 'caseworker' } } },
      ports,
    );
    expect((await readDraft(AUTHOR, id, ports)).faults).toMatchObject([{ pointer: '/header/referralId' }]);

    const foreign = referralDraft({ recipientUnit: 'gb.nobody' });
    const { id: other } = await saveDraft(AUTHOR, { document: foreign }, ports);
    expect((await readDraft(AUTHOR, other, ports)).faults).toMatchObject([{ pointer: '', code: 'not_possible_now' }]);
  });

  it('is not judged by a machine that is at fault', async () => {
    const { ref, ports } = await drafted();
    const self = {
      node: 'vn',
      partners: () => {
        throw new TraoError('database_unavailable');
      },
    };
    await expect(readDraft(AUTHOR, ref.id, { ...ports, self })).rejects.toMatchObject({ code: 'database_unavailable' });
    const broken = {
      node: 'vn',
      partners: () => {
        throw new Error('a bug');
      },
    };
    await expect(readDraft(AUTHOR, ref.id, { ...ports, self: broken })).rejects.toThrow('a bug');
  });

  it('has texts in normal form C, so that the same text has one digest', async () => {
    const { ports, ref, submission } = await drafted();
    const decomposed = JSON.parse(JSON.stringify(submission.document).normalize('NFD')) as unknown;
    expect((await saveDraft(AUTHOR, { ...submission, document: decomposed }, ports)).digest).toBe(ref.digest);
  });

  it('that is handed in twice under one id stays as it is', async () => {
    const { ports, ref, submission, shown, vn } = await drafted();
    await approveDraft(LIAISON, ref, APPROVE, ports);
    const again = { ...ports, newId: () => ref.id };
    expect(await saveDraft(AUTHOR, submission, again)).toEqual({ id: ref.id, digest: ref.digest });
    expect((await shown()).approvals).toHaveLength(1);
    const other = { document: referralDraft({ priority: 'urgent' }) };
    await expect(saveDraft(AUTHOR, other, again)).rejects.toMatchObject({ code: 'idempotency_conflict' });
    expect(vn.tables.drafts.size).toBe(1);
  });

  it('can be written only in a role of its author', async () => {
    const { ports } = await drafted();
    for (const role of ['case_officer', undefined, 'dpo']) {
      const document = referralDraft({ authorRole: role });
      await expect(saveDraft(AUTHOR, { document }, ports)).rejects.toMatchObject({ code: 'forbidden' });
    }
    await expect(saveDraft(AUTHOR, { document: {} }, ports)).rejects.toMatchObject({ code: 'schema_invalid' });
  });

  it('is listed for its unit, newest first, with what an officer needs to find it', async () => {
    const { ports, ref, clock } = await drafted();
    await approveDraft(LIAISON, ref, APPROVE, ports);
    clock.advance(1_000);
    const second = await saveDraft(AUTHOR, { document: referralDraft({ recipientUnit: 'gb.nca' }) }, ports);
    const list = await listDrafts(AUTHOR, 10, ports);
    expect(list).toMatchObject([
      { id: second.id, recipientUnit: 'gb.nca', approvals: [], held: false },
      {
        id: ref.id,
        digest: ref.digest,
        messageType: 'referral',
        purpose: 'VERIFY',
        recipientUnit: 'gb.ho-sca',
        drafters: [AUTHOR.id],
        approvals: [{ by: LIAISON.id, ...APPROVE }],
      },
    ]);
    expect(list[1]!.approvals![0]).not.toHaveProperty('digest');
    expect(await listDrafts(AUTHOR, 1, ports)).toHaveLength(1);
  });
});

describe('an approval', () => {
  it('is of exactly the version that the officer saw', async () => {
    const { ports, ref, submission, codes } = await drafted();
    await approveDraft(LIAISON, ref, APPROVE, ports);
    expect(await codes()).toEqual([]);

    const document = referralDraft({ priority: 'urgent' });
    const changed = await changeDraft(
      officer(UNIT, 'caseworker', [AUTHOR.id]),
      ref,
      { ...submission, document },
      ports,
    );
    expect(await codes()).toEqual(['approval_missing']);
    await expect(approveDraft(LIAISON, ref, APPROVE, ports)).rejects.toMatchObject({ code: 'draft_changed' });
    await approveDraft(LIAISON, { ...ref, ...changed }, APPROVE, ports);
    expect(await codes()).toEqual([]);
  });

  it('is void when only the record of consent is another', async () => {
    const { ports, ref, submission, codes } = await drafted();
    await approveDraft(LIAISON, ref, APPROVE, ports);
    const record = { ...submission.record!, wayToWithdraw: 'written' as const };
    const changed = await changeDraft(AUTHOR, ref, { ...submission, record }, ports);
    expect(changed.digest).not.toBe(ref.digest);
    expect(await codes()).toEqual(['approval_missing']);
  });

  it('comes from nobody who wrote any version', async () => {
    const { ports, ref, submission } = await drafted();
    const both = { ...LIAISON, roles: ['liaison_officer', 'caseworker'] as const };
    const changed = await changeDraft(both, ref, submission, ports);
    await changeDraft(AUTHOR, { ...ref, ...changed }, submission, ports);
    await expect(approveDraft(both, ref, APPROVE, ports)).rejects.toMatchObject({
      code: 'protection_refused',
      faults: [{ code: 'approver_is_drafter' }],
    });
  });

  it('is given once in each kind: again is the same', async () => {
    const { ports, ref, shown, clock } = await drafted();
    await approveDraft(LIAISON, ref, APPROVE, ports);
    clock.advance(1_000);
    await approveDraft(LIAISON, ref, APPROVE, ports);
    await approveDraft(LIAISON, ref, { role: 'liaison_officer', kind: 'override' }, ports);
    const { approvals } = await shown();
    const at = clock.now().toISOString();
    expect(approvals).toEqual([
      { by: LIAISON.id, role: 'liaison_officer', kind: 'approve', digest: ref.digest, at },
      { by: LIAISON.id, role: 'liaison_officer', kind: 'override', digest: ref.digest, at },
    ]);
  });

  it('needs a role that the officer has, in the unit of the draft', async () => {
    const { ports, ref } = await drafted();
    const dpo = officer(UNIT, 'dpo');
    await expect(approveDraft(dpo, ref, APPROVE, ports)).rejects.toMatchObject({ code: 'forbidden' });
    const foreign = officer('vn.moh-social', 'liaison_officer');
    await expect(approveDraft(foreign, ref, APPROVE, ports)).rejects.toMatchObject({ code: 'forbidden' });
    const here = { ...ref, unit: 'vn.moh-social' };
    await expect(approveDraft(foreign, here, APPROVE, ports)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a text in which the scan finds something', () => {
  const TEXT = 'Anh Trần Văn Mẫu gave the number 0912 345 678 to her.';

  it('blocks until an officer has decided on exactly that text', async () => {
    const { ports, ref, submission, shown, codes } = await drafted(narrated(TEXT));
    expect((await shown()).findings).toMatchObject([{ pointer: '/exploitation/narrative' }]);
    expect(await codes()).toContain('narrative_undecided');
    const decision = { pointer: '/exploitation/narrative', reason: 'needed_for_safety' } as const;
    await decideText(AUTHOR, ref, { ...decision, reason: 'names_nobody' }, ports);
    await decideText(AUTHOR, ref, decision, ports);
    expect((await shown()).decisions).toMatchObject([{ ...decision, decision: 'keep', by: AUTHOR.id }]);
    expect(await codes()).not.toContain('narrative_undecided');

    await changeDraft(AUTHOR, ref, { ...submission, document: narrated(`${TEXT} Call 0912 345 679.`) }, ports);
    expect(await codes()).toContain('narrative_undecided');
  });

  it.each(['/exploitation/nothing', '/exploitation', '', '/toString', '/header/priority/0', '/exploitation/types/9'])(
    'must be a text of the document, not %j',
    async (pointer) => {
      const { ports, ref } = await drafted(narrated(TEXT));
      await expect(decideText(AUTHOR, ref, { pointer, reason: 'names_nobody' }, ports)).rejects.toMatchObject({
        code: 'bad_request',
        faults: [{ pointer, code: 'required' }],
      });
    },
  );

  it('may stand anywhere, also under a name that needs escapes', async () => {
    const { ports, ref, shown } = await drafted({ ...referralDraft(), 'a/b~c': ['', 'text'] });
    await decideText(AUTHOR, ref, { pointer: '/a~1b~0c/1', reason: 'names_nobody' }, ports);
    expect((await shown()).decisions).toMatchObject([{ pointer: '/a~1b~0c/1' }]);
  });
});

describe('a hold on a draft', () => {
  it('blocks it although everything was agreed to, also after a change', async () => {
    const { ports, ref, submission, shown, codes, clock } = await drafted();
    await approveDraft(LIAISON, ref, APPROVE, ports);
    await holdDraft(officer(UNIT, 'caseworker'), ref, true, ports);
    expect((await shown()).hold).toEqual({ by: AUTHOR.id, at: clock.now().toISOString() });
    expect(await codes()).toEqual(['protection_hold']);
    expect(await listDrafts(AUTHOR, 10, ports)).toMatchObject([{ held: true }]);
    await changeDraft(AUTHOR, ref, submission, ports);
    expect(await codes()).toContain('protection_hold');
    await holdDraft(officer(UNIT, 'dpo'), ref, false, ports);
    expect(await codes()).not.toContain('protection_hold');
  });

  it.each([
    ['set', true, ['liaison_officer', 'caseworker', 'child_protection_officer', 'dpo']],
    ['lifted', false, ['dpo']],
  ] as const)('is %s only by those who may', async (_, hold, roles) => {
    const all = [
      'case_officer',
      'liaison_officer',
      'caseworker',
      'child_protection_officer',
      'dpo',
      'delegation_chair',
      'operator',
      'auditor',
    ] as const;
    const { ports, ref } = await drafted();
    for (const role of all) {
      const outcome = await holdDraft(officer(UNIT, role), ref, hold, ports).then(
        () => 'done',
        (error: TraoError) => error.code,
      );
      expect([role, outcome]).toEqual([role, (roles as readonly string[]).includes(role) ? 'done' : 'forbidden']);
    }
  });
});

describe('a draft that is gone', () => {
  it('was discarded by its unit, in the version that the officer saw', async () => {
    const { vn, ports, ref } = await drafted();
    await expect(discardDraft(AUTHOR, { ...ref, digest: 'other' }, ports)).rejects.toMatchObject({
      code: 'draft_changed',
    });
    const foreign = officer('vn.moh-social', 'caseworker');
    await expect(discardDraft(foreign, ref, ports)).rejects.toMatchObject({
      code: expect.stringMatching(/forbidden|not_found/),
    });
    expect(vn.tables.drafts.size).toBe(1);
    await discardDraft(AUTHOR, ref, ports);
    await expect(readDraft(AUTHOR, ref.id, ports)).rejects.toMatchObject({ code: 'not_found' });
    await expect(approveDraft(LIAISON, ref, APPROVE, ports)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is never seen by another unit', async () => {
    const { ports, ref } = await drafted();
    const foreign = officer('vn.moh-social', 'caseworker');
    await expect(readDraft(foreign, ref.id, ports)).rejects.toMatchObject({ code: 'not_found' });
    expect(await listDrafts(foreign, 10, ports)).toEqual([]);
  });
});

describe('a draft whose consent does not cover its fields', () => {
  it('shows every missing scope at once', async () => {
    const { shown } = await drafted(withScopes(referralDraft(), ['statistics']));
    const missing = (await shown()).faults.filter(({ code }) => code === 'scope_missing');
    expect(missing.map(({ pointer }) => pointer).toSorted()).toEqual(['/header/purpose', '/header/recipientUnit']);
  });
});
