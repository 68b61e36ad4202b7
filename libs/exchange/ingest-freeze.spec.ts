import { exampleDraft, referralDraft } from '../../test/fakes/documents';
import { sealByHand } from '../../test/fakes/hand-made';
import { officer } from '../../test/fakes/officers';
import { caseOf } from '../../test/fakes/case-of';
import { twoCountries } from '../../test/fakes/two-countries';
import { readMessage } from '../casework';

const UNIT = 'vn.mps-criminal';
const DIGEST = 'A'.repeat(43);

/** A referral that the United Kingdom has filed, and a message of theirs to it that comes before the one before it. */
async function early(name: string) {
  const { vn, gb, clock } = await twoCountries();
  const { messageId } = await vn.send(referralDraft(), UNIT);
  await vn.work();
  const { referralId } = [...vn.tables.cases.values()][0]!;
  const thread = {
    senderUnit: 'gb.ho-sca',
    recipientUnit: UNIT,
    purpose: 'VERIFY',
    priority: 'normal',
    inReplyTo: messageId,
  };
  const message = await sealByHand(gb, exampleDraft(name, thread), {
    ...thread,
    referralId,
    seq: 2,
    prevDigest: DIGEST,
  });
  await vn.accept([message.token], 'gb');
  await vn.file();
  const read = (role: 'caseworker' | 'dpo') => readMessage(officer(UNIT, role), messageId, vn.ports.read);
  return { vn, clock, message, referralId, read };
}

describe('a message that waits for an earlier one', () => {
  it('freezes the case when the person has withdrawn', async () => {
    const { vn, clock, message, referralId, read } = await early('consent-withdrawal-protect-adult');
    await expect(read('caseworker')).rejects.toMatchObject({ code: 'case_frozen' });
    expect(await read('dpo')).toBeDefined();
    const { summary } = await caseOf(vn, UNIT, referralId);
    expect(summary.local.frozenBy).toBe(message.id);
    // It is looked at again and again; the case is written once.
    const before = vn.tables.cases.get(`${UNIT} ${referralId}`);
    clock.advance(11_000);
    await vn.file();
    expect(vn.tables.cases.get(`${UNIT} ${referralId}`)).toBe(before);
    const update = exampleDraft('update-protect-adult-in-progress', {
      senderUnit: UNIT,
      recipientUnit: 'gb.ho-sca',
      referralId,
      purpose: 'VERIFY',
    });
    await expect(vn.send({ ...update, update: { note: 'x' } }, UNIT)).rejects.toMatchObject({
      code: expect.stringMatching(/refused/) as string,
    });
  });

  it('stays frozen when the earlier one never comes', async () => {
    const { vn, clock, read } = await early('consent-withdrawal-protect-adult');
    clock.advance(25 * 3_600_000);
    await vn.file();
    expect(vn.alarms).toMatchObject([{ kind: 'integrity_failure', code: 'seq_gap_timeout' }]);
    await expect(read('caseworker')).rejects.toMatchObject({ code: 'case_frozen' });
  });

  it.each(['update-protect-adult-in-progress', 'consent-withdrawal-protect-farm-scopes'])(
    'changes nothing when it is another one: %s',
    async (name) => {
      const { read } = await early(name);
      expect(await read('caseworker')).toBeDefined();
    },
  );

  it('freezes the case when it was entered in error', async () => {
    const { read } = await early('correction-verify-child-wrong-recipient');
    await expect(read('caseworker')).rejects.toMatchObject({ code: 'case_frozen' });
  });
});
