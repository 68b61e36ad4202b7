/** A story that `trao demo` must tell: written down here, not taken from the program that tells it. */
interface ExpectedStory {
  /** Who opens the case, and with whom. */
  readonly units: readonly [string, string];
  /** Message types in their order; `>` goes to the second unit, `<` comes back from it. */
  readonly steps: readonly string[];
  /** Where the case ends at both units. */
  readonly end: string;
  /** How far the hand-over has come after each step, as both units see it; undefined when nothing is left to be seen. */
  readonly handover: readonly string[] | undefined;
}

const listed = (text: string) => text.trim().split(/\s*,\s*/);
const none = (count: number) => Array.from({ length: count }, () => 'not_planned');

const EXPECTED_STORIES: readonly ExpectedStory[] = [
  {
    units: ['vn.moh-social', 'gb.la-children'],
    steps: listed('>referral, <ack, <rfi, >rfi_response, <accept, <update'),
    end: 'in_progress',
    handover: none(6),
  },
  {
    units: ['gb.ho-sca', 'vn.mnd-border'],
    steps: listed(
      `>referral, <ack, <accept, >risk_assessment, <risk_assessment, >handover_plan, <handover_plan, >handover_accept,
       >update, >update, <delegation_notice, >departure_notice, <arrival_confirmation, <reception_record, <outcome`,
    ),
    end: 'outcome_reported',
    handover: [
      ...none(4),
      ...listed('risk_assessed, plan_proposed, plan_proposed, plan_agreed, documents_pending, scheduled'),
      ...listed('scheduled, departed, arrived, received, done'),
    ],
  },
  {
    units: ['gb.ho-sca', 'vn.moh-social'],
    steps: listed('>referral, <ack, <accept, <update, <outcome, <followup'),
    end: 'followup',
    handover: none(6),
  },
  {
    units: ['vn.mps-criminal', 'gb.ho-sca'],
    steps: listed('>referral, <ack, <accept, <consent_withdrawal, >erasure_confirm, <erasure_confirm'),
    end: 'erased',
    handover: undefined,
  },
];

/** What `trao demo --json` prints. */
interface Report {
  readonly ok: boolean;
  readonly stories: readonly {
    readonly title: string;
    readonly agree: boolean;
    readonly timelines: readonly { readonly unit: string; readonly state: string; readonly timeline: Entry[] }[];
  }[];
  readonly messages: readonly {
    readonly id: string;
    readonly type: string;
    readonly from: string;
    readonly to: string;
    readonly states: readonly { readonly state: string; readonly at: string }[];
    readonly receipts: readonly { readonly event: string; readonly verified: boolean }[];
  }[];
  readonly timingsMs: { readonly ready: number; readonly total: number };
}
interface Entry {
  readonly messageId: string;
  readonly type: string;
  readonly handover: string;
}

/** Every message of every story was delivered with its evidence, and both units of a story saw the same one, to its end. */
export function expectTold(report: unknown): void {
  const { ok, stories, messages, timingsMs } = report as Report;
  expect({ ok, timingsMs }).toEqual({ ok: true, timingsMs: { ready: expect.any(Number), total: expect.any(Number) } });
  for (const { id, states, receipts } of messages) {
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    // The final receipt may overtake the answer that carries the first one: then the state goes straight to the end.
    const passed = states.map(({ state }) => state).filter((state) => state !== 'received');
    expect({ id, passed }).toEqual({ id, passed: ['queued', 'sending', 'delivered'] });
    expect(states.filter(({ at }) => !at.endsWith('Z'))).toEqual([]);
    const evidence = receipts.map(({ event, verified }) => `${event} ${verified}`).sort();
    expect({ id, evidence }).toEqual({ id, evidence: ['delivered true', 'received true'] });
  }
  expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);

  expect(stories).toHaveLength(EXPECTED_STORIES.length);
  let rest = messages;
  for (const [index, { units, steps, end, handover }] of EXPECTED_STORIES.entries()) {
    const [mine, { title, agree, timelines }] = [rest.slice(0, steps.length), stories[index]!];
    rest = rest.slice(steps.length);
    const [one, other] = units;
    const ways = mine.map(({ type, from, to }) => `${from} ${type} ${to}`);
    const way = (step: string) => (step.startsWith('>') ? [one, step.slice(1), other] : [other, step.slice(1), one]);
    expect(ways).toEqual(steps.map((step) => way(step).join(' ')));

    expect({ title, agree }).toEqual({ title: expect.stringMatching(/\w/), agree: true });
    expect(timelines.map(({ unit, state }) => ({ unit, state }))).toEqual(units.map((unit) => ({ unit, state: end })));
    const seen = mine.map(({ id, type }, step) => ({ messageId: id, type, handover: handover?.[step] }));
    for (const { timeline } of timelines) {
      // What was erased tells nothing any more.
      expect(timeline).toEqual(handover ? seen.map((entry) => expect.objectContaining(entry)) : []);
    }
    // Down to the digests of the signed originals.
    expect(timelines[1]!.timeline).toEqual(timelines[0]!.timeline);
  }
  expect(rest).toEqual([]);
}
