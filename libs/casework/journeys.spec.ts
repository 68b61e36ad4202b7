import { officer } from '../../test/fakes/officers';
import { agreementOf, codeOf, Replay, type Scene } from '../../test/fakes/replay';
import { forwardCase } from './forward-case';
import { readMessage, showCase } from './read-cases';

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
