import { ago, DAY, directoryUntil, MINUTE, NOW, QUIET } from './fixtures/quiet-node';
import { playRound, ripen, type Alert, type Condition, type RaisedAlarm, type Round } from '.';
import { raise } from './alert-state';

const alarm = (kind: RaisedAlarm['kind'], subject: string, more: Partial<RaisedAlarm> = {}): RaisedAlarm => ({
  kind,
  subject,
  code: undefined,
  detail: undefined,
  at: NOW,
  times: 1,
  ...more,
});
const holding = (kind: Condition['kind'], subject: string, more: Partial<Condition> = {}): Condition => ({
  kind,
  subject,
  level: 'warn',
  ...more,
});
const open = (kind: Alert['kind'], subject: string, at = ago(DAY)): Alert =>
  raise(`old ${kind}`, kind, subject, { at, level: 'warn' }).alert;

function play(more: Partial<Round>) {
  let count = 0;
  const round: Round = {
    now: NOW,
    facts: QUIET,
    open: [],
    alarms: [],
    holding: [],
    settled: [],
    newId: () => `new ${(count += 1)}`,
    ...more,
  };
  const { alerts, tells } = playRound(round);
  return {
    alerts: alerts.map(({ id, kind, subject, level, state, count: times }) => ({
      id,
      kind,
      subject,
      level,
      state,
      times,
    })),
    tells: tells.map(({ alert, event }) => `${event} ${alert.id}`),
  };
}

it('a quiet round changes nothing', () => {
  expect(play({})).toEqual({ alerts: [], tells: [] });
  expect(play({ open: [open('file_damaged', 'x', ago(MINUTE))] })).toEqual({ alerts: [], tells: [] });
});

it('alarms and conditions become alerts, one for each kind and subject', () => {
  const result = play({
    alarms: [
      alarm('undeliverable', 'm1'),
      alarm('undeliverable', 'm1'),
      alarm('undeliverable', 'm2'),
      alarm('id_reused', 'm1'),
    ],
    holding: [holding('disk_low', 'host-1')],
  });
  expect(result.alerts.map(({ kind, subject, times }) => `${kind} ${subject} ${times}`)).toEqual([
    'message_undeliverable m1 2',
    'message_undeliverable m2 1',
    'id_reused m1 1',
    'disk_low host-1 1',
  ]);
  expect(result.tells).toEqual(['raised new 1', 'raised new 2', 'raised new 3', 'raised new 4']);
});

it('an alarm about what facts are judged for is another sight of the same, and counts once', () => {
  const known = open('directory_expiring', 'directory', ago(2 * MINUTE));
  const facts = { ...QUIET, directory: directoryUntil(ago(-10 * DAY)) };
  const again = [holding('directory_expiring', 'directory', { tellAgainAt: ago(-3 * DAY) })];
  expect(play({ open: [known], facts, alarms: [alarm('directory_expiring', 'directory')], holding: again })).toEqual({
    alerts: [expect.objectContaining({ id: known.id, times: 1 })],
    tells: [],
  });
});

it('what has ended is resolved and told, and what waits is reminded of', () => {
  const result = play({
    open: [open('no_workers', 'vn'), open('disk_low', 'host-1'), open('file_damaged', 'f1')],
    holding: [holding('disk_low', 'host-1')],
  });
  expect(result.alerts.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    'disk_low new',
    'no_workers resolved',
    'file_damaged new',
  ]);
  expect(result.tells).toEqual(['reminded old disk_low', 'recovered old no_workers', 'reminded old file_damaged']);
});

it('what an operator has settled is not raised again by what can still be seen of it, but by what happens', () => {
  const settled = [
    { kind: 'partner_certificate_changed', subject: 'gb' } as const,
    { kind: 'file_damaged', subject: 'f1' } as const,
  ];
  expect(
    play({
      settled,
      holding: [holding('partner_certificate_changed', 'gb'), holding('partner_certificate_changed', 'la')],
    }).tells,
  ).toEqual(['raised new 1']);
  expect(play({ settled, alarms: [alarm('file_damaged', 'f1')] }).tells).toEqual(['raised new 1']);
});

describe('patience', () => {
  const gone = holding('no_workers', 'vn');
  const full = holding('disk_low', 'host-1');

  it('keeps what may be a restart for a minute, and nothing else', () => {
    const first = ripen([gone, full], [], new Map(), NOW);
    expect(first.ripe).toEqual([full]);
    expect(ripen([gone], [], first.pending, ago(-MINUTE + 1)).ripe).toEqual([]);
    expect(ripen([gone], [], first.pending, ago(-MINUTE)).ripe).toEqual([gone]);
  });

  it('begins anew when the condition was away', () => {
    const { pending } = ripen([gone], [], new Map(), NOW);
    const away = ripen([], [], pending, ago(-30_000));
    expect(away.pending.size).toBe(0);
    expect(ripen([gone], [], away.pending, ago(-MINUTE)).ripe).toEqual([]);
  });

  it('is not needed for what is known already', () => {
    expect(ripen([gone], [open('no_workers', 'vn')], new Map(), NOW).ripe).toEqual([gone]);
  });
});
