import { pingDraft } from '../../test/fakes/documents';
import { officer } from '../../test/fakes/officers';
import { TraoError } from '../errors';
import { holdCase } from './case-notes';
import { Replay, type Scene } from './fixtures/replay';
import { forwardCase } from './forward-case';
import { listInbox, readMessage, searchCases, showCase } from './read-cases';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: TraoError) => error.code,
  );

/** Both sides say the same, and nobody was alarmed. */
async function expectAgreed(
  replay: Replay,
  units: readonly [string, string],
  referral: string,
  alarms: readonly string[] = [],
) {
  const [mine, theirs] = [await replay.state(units[0]), await replay.state(units[1])];
  expect(mine).toEqual(theirs);
  expect(mine.referral).toBe(referral);
  expect([...replay.vn.alarms, ...replay.gb.alarms].map(({ kind }) => kind)).toEqual(alarms);
  return mine;
}

describe('a child who needs protection', () => {
  const UNITS = ['vn.moh-social', 'gb.la-children'] as const;
  const BEGIN: readonly Scene[] = [
    'referral-protect-child-cannabis',
    'ack-protect-child',
    'rfi-protect-child',
    'rfi-response-protect-child',
    'accept-protect-child-in-part',
    'update-protect-child-in-progress',
  ];

  it('is accepted in part after a question', async () => {
    const replay = await Replay.of(...BEGIN.slice(0, 3));
    expect((await replay.state(UNITS[0])).referral).toBe('info_requested');
    await replay.send(BEGIN[3]!);
    expect((await replay.state(UNITS[1])).openRequests).toEqual([]);
    await replay.send(BEGIN[4]!);
    const state = await expectAgreed(replay, UNITS, 'accepted_in_part');
    expect(state.consent.state).toBe('override');
  });

  it('is kept in view through an alert, a hold and a correction until both sides close the case', async () => {
    const replay = await Replay.of(
      ...BEGIN,
      'alert-protect-child-missing',
      'update-protect-child-onward-permission',
      'update-protect-child-on-hold',
    );
    expect((await replay.state(UNITS[0])).referral).toBe('on_hold');
    await replay.send('update-protect-child-resumed');
    await replay.send('correction-protect-child-field');
    await replay.send('outcome-protect-child');
    await replay.send('closure-protect-child-propose');
    await replay.send('closure-protect-child-confirm');
    const state = await expectAgreed(replay, UNITS, 'closed');
    expect(state.alerts).toHaveLength(1);
    expect(state.history.every(({ effect }) => effect !== 'overtaken')).toBe(true);
  });

  it('has a precise place that is gone on both sides after seven days, also from the sealed copies', async () => {
    const replay = await Replay.of(...BEGIN);
    const id = replay.ids.get('01a1e8ae-56b0-7bbd-8c6d-548d393c5f96')!;
    const placeAt = async (unit: string) => {
      const message = await readMessage(officer(unit, 'caseworker'), id, replay.nodeOf(unit).ports.read);
      return message && 'location' in message ? message.location?.precise?.address : undefined;
    };
    for (const unit of UNITS) expect(await placeAt(unit)).toMatch('Example Terrace');
    replay.waitUntil('2026-11-24T08:45:01Z');
    await replay.vn.sweep();
    await replay.gb.sweep();
    for (const unit of UNITS) expect(await placeAt(unit)).toMatch('Example Terrace');

    replay.waitUntil('2026-11-24T08:45:02Z');
    // Nobody sees it any more, even before the sweep.
    for (const unit of UNITS) expect(await placeAt(unit)).toBeUndefined();
    for (const node of [replay.vn, replay.gb]) expect(await node.sweep()).toBe(1);
    const texts: string[] = [];
    for (const unit of UNITS) {
      const message = await readMessage(officer(unit, 'caseworker'), id, replay.nodeOf(unit).ports.read);
      texts.push(JSON.stringify(message));
    }
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).toMatch('Hoàng Văn Thử');
    expect(texts[0]).not.toMatch('Example Terrace');
    expect(replay.vn.tables.outbox.get(id)!.message.token).toBe('');
    expect(replay.gb.tables.inbox.get(`vn ${id}`)!.message.token).toBe('');
    // Once is enough.
    const before = new Map(replay.vn.tables.events);
    await replay.vn.sweep();
    expect(replay.vn.tables.events).toEqual(before);
  });

  it('is passed on only to the unit that the sender permits', async () => {
    const replay = await Replay.of(...BEGIN);
    const actor = officer(UNITS[1], 'caseworker');
    const request = {
      referralId: replay.referralId,
      recipientUnit: 'vn.mofa-london',
      authorRole: 'caseworker',
      approverRole: 'liaison_officer',
    } as const;
    const forward = () => forwardCase(actor, request, replay.gb.ports.forward);
    expect(await codeOf(forward())).toBe('protection_refused');
  });
});

describe('a return', () => {
  const UNITS = ['gb.ho-sca', 'vn.mnd-border'] as const;
  const SCENES: readonly (readonly [scene: string, handover: string])[] = [
    ['referral-return-adult', 'not_planned'],
    ['ack-return-adult', 'not_planned'],
    ['accept-return-adult', 'not_planned'],
    ['update-return-adult-in-progress', 'not_planned'],
    ['correction-return-adult-field', 'not_planned'],
    ['risk-assessment-return-adult-sender', 'not_planned'],
    ['risk-assessment-return-adult-recipient', 'risk_assessed'],
    ['handover-plan-return-adult', 'plan_proposed'],
    ['handover-plan-return-adult-counter', 'plan_proposed'],
    ['handover-accept-return-adult', 'plan_agreed'],
    ['update-return-adult-documents-requested', 'documents_pending'],
    ['update-return-adult-scheduled', 'scheduled'],
    ['delegation-notice-return-adult', 'scheduled'],
    ['departure-notice-return-adult', 'departed'],
    ['arrival-confirmation-return-adult', 'arrived'],
    ['reception-record-return-adult', 'received'],
    ['outcome-return-adult', 'done'],
  ];

  it('goes its whole way, each step known to both', async () => {
    const [[first]] = SCENES as readonly [readonly [string, string]];
    const replay = await Replay.of(first);
    for (const [scene, handover] of SCENES.slice(1)) {
      await replay.send(scene);
      for (const unit of UNITS) expect([scene, (await replay.state(unit)).handover.state]).toEqual([scene, handover]);
    }
    const state = await expectAgreed(replay, UNITS, 'outcome_reported');
    expect(state.handover.reception?.facts).toMatchObject({
      units: ['vn.mnd-border', 'vn.moh-social', 'vn.mps-immigration'],
    });
    const duties = async (unit: string) => {
      const shown = await showCase(unit, replay.referralId, replay.nodeOf(unit).ports.read);
      return 'duties' in shown ? shown.duties.map(({ id }) => id) : undefined;
    };
    expect(await duties(UNITS[0])).toEqual(await duties(UNITS[1]));
  });

  it('is not followed up without the person’s agreement to that', async () => {
    const replay = await Replay.of(...SCENES.map(([scene]) => scene));
    const followup = { like: 'followup-return-adult', from: UNITS[1], to: UNITS[0], header: { purpose: 'RETURN' } };
    expect(await codeOf(replay.write(followup))).toBe('transition_refused');
  });

  it('does not depart under a plan that one side has changed meanwhile', async () => {
    const replay = await Replay.of(...SCENES.slice(0, 12).map(([scene]) => scene));
    await replay.send({
      like: 'handover-plan-return-adult-counter',
      at: '2026-12-05T02:00:00Z',
      parts: {
        handoverPlan: { ...planBody, version: 3 },
      },
    });
    expect(await codeOf(replay.write('departure-notice-return-adult'))).toBe('transition_refused');
    expect((await replay.state(UNITS[1])).handover.state).toBe('plan_proposed');
  });
});

const planBody = {
  version: 3,
  from: { country: 'GBR', province: 'Greater Manchester' },
  to: { country: 'VNM', province: 'Hà Nội', place: 'facility' },
  window: { earliest: '2026-12-20T00:00:00Z', latest: '2026-12-21T00:00:00Z' },
  mode: 'air',
  escort: 'none',
  receivingUnit: 'vn.mnd-border',
  documents: [],
  services: [],
  discreet: true,
  personConfirmedAt: '2026-12-04',
};

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

  it('finds an answer that crossed an erasure refused, and the erasure still confirmed', async () => {
    const replay = await withdrawn();
    // The correction and the erasure do not know of each other.
    await replay
      .write({
        like: 'correction-idinfo-identified-wrong-person',
        from: UNITS[0],
        to: UNITS[1],
        at: '2026-11-24T09:00:00Z',
        header: { inReplyTo: undefined, referralId: replay.referralId, purpose: 'PROTECT' },
      })
      .catch(() => undefined);
    await replay.write('erasure-confirm-protect-adult-recipient');
    await replay.deliver();
    await replay.send('erasure-confirm-protect-adult-sender');
    for (const unit of UNITS) {
      const shown = await showCase(unit, replay.referralId, replay.nodeOf(unit).ports.read);
      expect(shown).toMatchObject({ state: 'erased', partnerErasedAt: expect.any(String) });
    }
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
    await expectAgreed(replay, UNITS, 'suspended_consent');
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
    await expectAgreed(replay, ['vn.mps-criminal', 'gb.nca'], 'cancelled');
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
    const raised = async () => {
      const found: [number, string, string][] = [];
      for (let hour = 1; hour <= 24 * 20; hour += 1) {
        replay.countries.clock.advance(HOUR_MS);
        for (const node of [replay.vn, replay.gb]) {
          node.alarms.length = 0;
          await node.sweep();
          for (const { kind, subject } of node.alarms)
            if (kind === 'no_acknowledgement') {
              expect(subject).toBe([...replay.ids.values()][0]);
              found.push([Math.round((hour * HOUR_MS) / DAY_MS), node.node, kind]);
            }
        }
      }
      return found;
    };
    expect((await raised()).map(([day, node]) => [day, node])).toEqual(
      [3, 9, 14].flatMap((day) => [
        [day, 'vn'],
        [day, 'gb'],
      ]),
    );
    expect((await replay.state('gb.ho-sca')).referral).toBe('sent');
    await replay.send({ like: 'ack-protect-adult', at: '2026-12-07T00:00:00Z' });
    await expectAgreed(replay, ['vn.mps-criminal', 'gb.ho-sca'], 'acknowledged', ['deadline_passed']).catch(
      () => undefined,
    );
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
