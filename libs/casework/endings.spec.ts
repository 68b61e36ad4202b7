import { pingDraft } from '../../test/fakes/documents';
import { officer } from '../../test/fakes/officers';
import { holdCase } from './case-notes';
import { saveDraft } from './drafting';
import { agreementOf, codeOf, Replay, type Scene } from '../../test/fakes/replay';
import { forwardCase } from './forward-case';
import { listInbox, readMessage, searchCases, showCase } from './read-cases';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Both sides say the same, and nobody was alarmed but as told. */
async function expectAgreed(
  replay: Replay,
  units: readonly [string, string],
  referral: string,
  alarms: readonly string[] = [],
) {
  const agreement = await agreementOf(replay, units);
  const [mine, theirs] = agreement.states;
  expect(theirs).toEqual(mine);
  expect(mine.referral).toBe(referral);
  expect(agreement.alarms).toEqual(alarms);
  return mine;
}

describe('a withdrawal of consent', () => {
  const UNITS = ['vn.mps-criminal', 'gb.ho-sca'] as const;
  const BEGIN: readonly Scene[] = [
    'referral-protect-adult',
    'ack-protect-adult',
    'accept-protect-adult',
    'update-protect-adult-in-progress',
  ];

  async function withdrawn(): Promise<Replay> {
    return Replay.of(...BEGIN, 'consent-withdrawal-protect-adult');
  }

  it('freezes the case on both sides at once', async () => {
    const replay = await withdrawn();
    await expectAgreed(replay, UNITS, 'suspended_consent');
    for (const unit of UNITS) {
      const { ports } = replay.nodeOf(unit);
      const id = replay.ids.get('01a1e257-b040-77c1-8c05-dff7b9c8f9a4')!;
      expect(await codeOf(readMessage(officer(unit, 'caseworker'), id, ports.read))).toBe('case_frozen');
      expect(await codeOf(readMessage(officer(unit, 'dpo'), id, ports.read))).toBe('done');
      const shown = await showCase(unit, replay.referralId, ports.read);
      expect(shown).toMatchObject({ state: 'suspended_consent', consent: { state: 'withdrawn', scopes: [] } });
      expect('duties' in shown && shown.duties.map(({ id: duty, by }) => [duty, by])).toEqual([
        ['erasure', 'sender'],
        ['erasure', 'recipient'],
      ]);
      const note: Scene = {
        like: 'update-protect-adult-in-progress',
        at: '2026-11-24T00:00:00Z',
        parts: { update: { note: 'x' } },
      };
      expect(await codeOf(replay.write(note))).toBe('transition_refused');
    }
  });

  it('ends in erasure on both sides; digests and dates are all that is left', async () => {
    const replay = await withdrawn();
    const first = replay.ids.get('01a1e257-b040-77c1-8c05-dff7b9c8f9a4')!;
    const digests = (await replay.summary(UNITS[0])).steps.map(({ digest }) => digest);
    await replay.send('erasure-confirm-protect-adult-sender');
    const alone = await showCase(UNITS[0], replay.referralId, replay.vn.ports.read);
    expect(alone).toMatchObject({
      state: 'erased',
      side: 'sender',
      partnerUnit: 'gb.ho-sca',
      digests: [...digests, expect.any(String)],
    });
    expect((alone as { readonly partnerErasedAt?: string }).partnerErasedAt).toBeUndefined();
    expect((await replay.state(UNITS[1])).erasedBy).toEqual(['sender']);

    await replay.send('erasure-confirm-protect-adult-recipient');
    for (const unit of UNITS) {
      const node = replay.nodeOf(unit);
      const shown = await showCase(unit, replay.referralId, node.ports.read);
      expect(shown).toMatchObject({
        state: 'erased',
        erasedAt: expect.any(String),
        partnerErasedAt: expect.any(String),
      });
      expect(await listInbox(unit, 10, undefined, node.ports.read)).toEqual([shown]);
      expect(await readMessage(officer(unit, 'dpo'), first, node.ports.read)).toBeUndefined();
      expect(await searchCases(unit, 'Nguyễn', 10, node.ports.read)).toEqual([]);
      expect([...node.tables.events.values()]).toEqual([]);
      expect(node.tables.search.size).toBe(0);
      const [stored] = [...node.tables.cases.values()];
      expect(stored!.wrappedKey).toHaveLength(0);
      expect(stored!.nextMarkAt).toBeUndefined();
      expect(await codeOf(holdCase(officer(unit, 'dpo'), replay.referralId, true, node.ports.notes))).toBe(
        'case_erased',
      );
    }
    expect([...replay.vn.alarms, ...replay.gb.alarms]).toEqual([]);
    expect(await codeOf(replay.write('update-protect-adult-in-progress'))).toMatch(/case_erased|unknown_referral/);
  });

  it('names in its confirmation what was erased', async () => {
    const replay = await withdrawn();
    const { steps } = await replay.summary(UNITS[0]);
    const digests = steps.map(({ digest }) => digest);
    const id = await replay.send('erasure-confirm-protect-adult-sender');
    const seen = await readMessage(officer(UNITS[1], 'dpo'), id, replay.gb.ports.read);
    expect(seen).toMatchObject({ erasureConfirm: { digests } });
  });

  it('leaves the first receipt for whoever asks again', async () => {
    const replay = await withdrawn();
    const id = replay.ids.get('01a1e257-b040-77c1-8c05-dff7b9c8f9a4')!;
    const { token } = replay.gb.tables.inbox.get(`vn ${id}`)!.message;
    const first = [...replay.gb.tables.receipts.values()].find(
      ({ receipt }) => receipt.messageId === id && receipt.event === 'received',
    );
    await replay.send('erasure-confirm-protect-adult-sender');
    await replay.send('erasure-confirm-protect-adult-recipient');
    expect(replay.gb.tables.inbox.get(`vn ${id}`)!.message.token).toBe('');
    expect(await replay.gb.accept([token], 'vn')).toEqual([{ jti: id, receipt: first!.receipt.token }]);
  });

  it('is confirmed by both when their confirmations cross', async () => {
    const replay = await withdrawn();
    await replay.write('erasure-confirm-protect-adult-sender');
    await replay.write('erasure-confirm-protect-adult-recipient');
    await replay.deliver();
    for (const unit of UNITS) {
      const shown = await showCase(unit, replay.referralId, replay.nodeOf(unit).ports.read);
      expect(shown).toMatchObject({ state: 'erased', partnerErasedAt: expect.any(String) });
    }
    expect([...replay.vn.alarms, ...replay.gb.alarms]).toEqual([]);
  });

  it('takes with it what was drafted about the case, and nothing else', async () => {
    const replay = await withdrawn();
    const [messageId] = [...replay.ids.values()];
    const actor = officer(UNITS[0], 'caseworker');
    const kept = { authorRole: 'caseworker', recipientUnit: UNITS[1] };
    const draft = (header: object) =>
      saveDraft(actor, { document: { header: { ...kept, ...header } } }, replay.vn.ports.draft);
    await draft({ referralId: replay.referralId });
    await draft({ inReplyTo: messageId });
    const { id } = await draft({ inReplyTo: replay.vn.newId() });
    await replay.send('erasure-confirm-protect-adult-sender');
    expect([...replay.vn.tables.drafts.values()].map((row) => row.id)).toEqual([id]);
  });

  it('is confirmed by data protection only', async () => {
    const replay = await withdrawn();
    const by = (authorRole: string): Scene => ({
      like: 'erasure-confirm-protect-adult-sender',
      header: { authorRole },
    });
    expect(await codeOf(replay.write(by('caseworker')))).toBe('protection_refused');
    expect(await codeOf(replay.write(by('dpo')))).toBe('done');
  });

  it('reaches also a case that has ended', async () => {
    const replay = await Replay.of(...BEGIN.slice(0, 2), 'decline-protect-adult', {
      like: 'consent-withdrawal-protect-adult',
      from: UNITS[0],
      to: UNITS[1],
    });
    const state = await expectAgreed(replay, UNITS, 'suspended_consent');
    expect(state.consent.state).toBe('withdrawn');
  });
});

describe('a frozen case', () => {
  it('still shows an alert: it may save a life', async () => {
    const replay = await Replay.of(
      'referral-protect-child-cannabis',
      'ack-protect-child',
      'alert-protect-child-missing',
      {
        like: 'consent-withdrawal-protect-adult',
        from: 'vn.moh-social',
        to: 'gb.la-children',
        at: '2026-11-21T02:00:00Z',
        header: { purpose: 'PROTECT', priority: 'urgent' },
      },
    );
    const [referral, , alert] = [...replay.ids.values()];
    const read = (id: string) => codeOf(readMessage(officer('vn.moh-social', 'caseworker'), id, replay.vn.ports.read));
    expect(await read(referral!)).toBe('case_frozen');
    expect(await read(alert!)).toBe('done');
  });
});

describe('a referral that ends early', () => {
  it('was entered in error: the other side is alarmed, and both erase', async () => {
    const replay = await Replay.of(
      'referral-verify-child',
      'ack-verify-child',
      'redirect-verify-child',
      'correction-verify-child-wrong-recipient',
    );
    await expectAgreed(replay, ['gb.police', 'vn.mps-criminal'], 'entered_in_error', ['entered_in_error']);
    const shown = await showCase('vn.mps-criminal', replay.referralId, replay.vn.ports.read);
    expect('duties' in shown && shown.duties.map(({ id }) => id)).toContain('erasure');
    // Whoever should never have had it reads it no more; its sender still has to set things right.
    const [first] = [...replay.ids.values()];
    const read = (unit: string, role: 'caseworker' | 'dpo') =>
      codeOf(readMessage(officer(unit, role), first!, replay.nodeOf(unit).ports.read));
    expect(await read('vn.mps-criminal', 'caseworker')).toBe('case_frozen');
    expect(await read('vn.mps-criminal', 'dpo')).toBe('done');
    expect(await read('gb.police', 'caseworker')).toBe('done');
  });

  it('was redirected: the sender sends it to the other unit itself', async () => {
    const replay = await Replay.of(
      'referral-protect-anonymous-servitude',
      'ack-protect-anonymous-servitude',
      'redirect-protect-anonymous-servitude',
    );
    const units = ['vn.mofa-london', 'gb.police'] as const;
    await expectAgreed(replay, units, 'redirected');
    const { ports } = replay.vn;
    const request = {
      referralId: replay.referralId,
      recipientUnit: 'gb.nca',
      authorRole: 'case_officer',
      approverRole: 'liaison_officer',
    } as const;
    const { id } = await forwardCase(officer(units[0], 'case_officer'), request, ports.forward);
    expect(replay.vn.tables.drafts.get(`vn.mofa-london ${id}`)).toBeDefined();
    const outside = forwardCase(
      officer(units[1], 'caseworker'),
      { ...request, authorRole: 'caseworker', recipientUnit: 'vn.moh-social' },
      replay.gb.ports.forward,
    );
    expect(await codeOf(outside)).toBe('protection_refused');
  });

  it('was cancelled because the person wished so', async () => {
    const replay = await Replay.of(
      'referral-trace-adult',
      'ack-trace-adult',
      'cancel-request-trace-adult',
      'cancel-confirm-trace-adult',
    );
    const state = await expectAgreed(replay, ['vn.mps-criminal', 'gb.nca'], 'cancelled');
    expect(state.before).toBeUndefined();
  });

  it('was declined late, with a plan to hand the person back', async () => {
    const units = ['vn.mps-criminal', 'gb.ho-sca'] as const;
    const replay = await Replay.of(
      'referral-protect-adult',
      'ack-protect-adult',
      'accept-protect-adult',
      'update-protect-adult-in-progress',
    );
    const late = {
      like: 'decline-protect-farm-late',
      from: units[1],
      to: units[0],
      header: { inReplyTo: [...replay.ids.values()][0] },
    };
    const without: Scene = { ...late, parts: { decline: { code: 'no_capacity' } } };
    expect(await codeOf(replay.write(without))).toBe('transition_refused');
    await replay.send(late);
    await expectAgreed(replay, units, 'declined');
  });
});

describe('a referral that nobody acknowledges', () => {
  it('is escalated on day 3, 9 and 14, once each, on both sides, and never deleted', async () => {
    const replay = await Replay.of('referral-protect-adult');
    const [messageId] = [...replay.ids.values()];
    const escalations: [day: number, node: string][] = [];
    for (let hour = 1; hour <= 24 * 20; hour += 1) {
      replay.countries.clock.advance(HOUR_MS);
      for (const node of [replay.vn, replay.gb]) {
        await node.sweep();
        const raised = node.alarms.splice(0).filter(({ kind }) => kind === 'no_acknowledgement');
        expect(raised.every(({ subject }) => subject === messageId)).toBe(true);
        for (const _each of raised) escalations.push([Math.round((hour * HOUR_MS) / DAY_MS), node.node]);
      }
    }
    const both = (day: number) => ['vn', 'gb'].map((node) => [day, node]);
    expect(escalations).toEqual([3, 9, 14].flatMap(both));
    expect((await replay.state('gb.ho-sca')).referral).toBe('sent');
    await replay.send({ like: 'ack-protect-adult', at: '2026-12-07T00:00:00Z' });
    await expectAgreed(replay, ['vn.mps-criminal', 'gb.ho-sca'], 'acknowledged');
  });
});

describe('a connection test', () => {
  it('reaches no officer', async () => {
    const replay = await Replay.of('referral-protect-adult');
    await replay.vn.send(pingDraft(), 'vn.mps-criminal');
    await replay.deliver();
    expect(await listInbox('gb.ho-sca', 10, undefined, replay.gb.ports.read)).toHaveLength(1);
  });
});
