import type { reconciling } from '../../../../libs/exchange';
import type { manifestWork } from '../../../../libs/storage';
import { manifestLines } from './manifest-lines';

/** Texts are told from each other by their keys; what is put into them follows. */
const reader = {
  t: (key: string, values?: object) =>
    [key.replace('partners:manifest.', ''), ...Object.values(values ?? {})].join(' '),
  language: 'en' as const,
};

const agreeing = { mine: 1, theirs: 1, agrees: true };
const dayOf = (day: string, sent: object = {}, received: object = {}) =>
  ({ day, sent: { ...agreeing, ...sent }, received: { ...agreeing, ...received } }) as reconciling.DayReport;

const round = (more: Partial<manifestWork.ManifestRound> = {}): manifestWork.ManifestRound => ({
  id: 'a',
  partner: 'gb',
  since: '2026-11-29',
  until: '2026-11-30',
  reason: 'daily',
  requestedAt: new Date('2026-11-30T00:00:00Z'),
  startedAt: new Date('2026-11-30T00:00:01Z'),
  finishedAt: new Date('2026-11-30T00:00:02Z'),
  ok: true,
  code: null,
  days: [dayOf('2026-11-30'), dayOf('2026-11-29')],
  ...more,
});
const waiting = { startedAt: null, finishedAt: null, ok: null, days: [] };

const finding = (kind: reconciling.FindingKind, more: Partial<manifestWork.ShownFinding> = {}) => ({
  partner: 'gb',
  day: '2026-11-30',
  way: 'sent' as const,
  messageId: `message ${kind}`,
  kind,
  code: null,
  mine: null,
  theirs: null,
  receipts: 0,
  foundAt: new Date('2026-11-30T00:00:02Z'),
  healedAt: null,
  ...more,
});

const lines = (rounds: manifestWork.ManifestRound[], more: Partial<Parameters<typeof manifestLines>[0]> = {}) =>
  manifestLines({ rounds, counts: [], findings: [], ...more }, reader);

it('says of two sides that agree when, for which days and why they were compared', () => {
  const { last, newer, kinds, open, more } = lines([round()]);
  expect(last).toMatchObject({
    finishedAt: new Date('2026-11-30T00:00:02Z'),
    days: 'days 29/11/2026 30/11/2026 2 2',
    by: 'reason.daily',
    result: 'agree',
    brought: 0,
  });
  expect([newer, kinds, open, more]).toEqual([undefined, [], [], 0]);
});

it('tells what heals by itself from what people have to explain', () => {
  const differing = (kind: reconciling.FindingKind) => [
    dayOf('2026-11-30', { agrees: false, found: { [kind]: 3 }, receipts: 2 }),
    dayOf('2026-11-29'),
  ];
  const mended = lines([round({ days: differing('lost_there'), reason: 'partner' })]);
  expect(mended.last).toMatchObject({ result: 'mended', brought: 2, by: 'reason.partner' });
  expect(mended.kinds).toEqual([
    expect.objectContaining({ kind: 'lost_there', found: 3, open: 0, healed: 0, runbook: 'manifest_differs' }),
  ]);
  const people = lines([round({ ok: false, days: differing('unknown_here') })]);
  expect(people.last).toMatchObject({ result: 'people', days: 'days 29/11/2026 30/11/2026 1 2' });
  expect(people.kinds).toEqual([expect.objectContaining({ kind: 'unknown_here', runbook: 'manifest_unexplained' })]);
});

it('names the oldest day of a comparison that went on farther back than asked', () => {
  const { last } = lines([round({ days: [dayOf('2026-11-30'), dayOf('2026-11-29'), dayOf('2026-11-28')] })]);
  expect(last!.days).toBe('days 28/11/2026 30/11/2026 3 3');
});

it.each([
  ['waits', undefined, { ...waiting }],
  ['runs', undefined, { ...waiting, startedAt: new Date() }],
  [
    'failed',
    'The partner does not answer.',
    { ...waiting, finishedAt: new Date(), ok: false, code: 'partner_unreachable' },
  ],
  // Another one has taken its place.
  ['failed', undefined, { ...waiting, finishedAt: new Date(), ok: false }],
])('says that a newer comparison %s, and why, beside the last one that was made', (state, meaning, more) => {
  const { last, newer } = lines([round(more), round({ until: '2026-11-29' })]);
  expect(last!.days).toContain('29/11/2026');
  expect(newer).toMatchObject({ text: `newer.${state}`, meaning });
});

it('counts and lists what is open, as far as there is room, and links what is here', () => {
  const counts = [
    { kind: 'lost_there' as const, open: 0, healed: 4 },
    { kind: 'not_resendable' as const, open: 2, healed: 0 },
    { kind: 'unknown_here' as const, open: 1, healed: 0 },
  ];
  const findings = [
    finding('not_resendable', { code: 'expired' }),
    finding('unknown_here', { code: 'no code of ours' }),
    finding('lost_there', { healedAt: new Date() }),
  ];
  const { kinds, open, more } = lines([], { counts, findings });
  expect(kinds.map(({ kind, found, open: still, healed }) => [kind, found, still, healed])).toEqual([
    ['lost_there', 0, 0, 4],
    ['not_resendable', 0, 2, 0],
    ['unknown_here', 0, 1, 0],
  ]);
  expect(open.map(({ messageId, known, meaning }) => [messageId, known, meaning])).toEqual([
    ['message not_resendable', true, expect.any(String)],
    ['message unknown_here', false, undefined],
  ]);
  expect(more).toBe(1);
});
