import type { ShownStatus } from './monitor-answers';
import { timeOf } from './commands/recover';
import { agoText, graveOf, missingApps } from './node-health';

const WELL: ShownStatus = {
  node: 'vn',
  at: '2026-11-29T20:00:00.000Z',
  processes: ['gateway', 'office', 'worker', 'monitor'].map((app) => ({ app, host: 'a', version: '0.1.0', up: true })),
  partners: [],
  oldestWaitingAt: null,
  openAlerts: { warn: 0, high: 0, critical: 0 },
  heldQueues: [],
};
const partner = (state: ShownStatus['partners'][number]['state']) =>
  [{ id: 'gb', state }] as unknown as ShownStatus['partners'];

describe('how bad it is with a node', () => {
  it.each<[string, Partial<ShownStatus>, string]>([
    ['nothing', {}, 'ok'],
    ['a partner that answers', { partners: partner('answers') }, 'ok'],
    ['a partner that nobody asked yet', { partners: partner('unknown') }, 'ok'],
    ['a partner that does not answer', { partners: partner('unreachable') }, 'warning'],
    ['a suspended partner', { partners: partner('suspended') }, 'warning'],
    ['a warning', { openAlerts: { warn: 1, high: 0, critical: 0 } }, 'warning'],
    ['a high alert', { openAlerts: { warn: 0, high: 1, critical: 0 } }, 'warning'],
    ['a queue on hold', { heldQueues: ['ingest'] }, 'warning'],
    ['a critical alert', { openAlerts: { warn: 0, high: 0, critical: 1 } }, 'fault'],
    ['no process', { processes: [] }, 'fault'],
  ])('%s', (_what, change, grave) => expect(graveOf({ ...WELL, ...change })).toBe(grave));

  it('is a fault without one process of each kind, however many are written down', () => {
    const down = WELL.processes.map((one) => (one.app === 'worker' ? { ...one, up: false } : one));
    expect(missingApps({ processes: down })).toEqual(['worker']);
    expect(graveOf({ ...WELL, processes: down })).toBe('fault');
    const another = { app: 'worker', host: 'b', version: '0.1.0', up: true };
    expect(graveOf({ ...WELL, processes: [...down, another] })).toBe('ok');
  });
});

it.each([
  [-5, '0 s ago'],
  [59_400, '59 s ago'],
  [60_000, '1 min ago'],
  [3_599_000, '59 min ago'],
  [3_600_000, '1 h ago'],
  [172_799_000, '47 h ago'],
  [172_800_000, '2 days ago'],
])('%d ms are %s', (ms, text) => expect(agoText(ms)).toBe(text));

it('reads ages as times, and leaves times as they are', () => {
  const now = Date.parse('2026-11-29T20:00:00Z');
  expect(timeOf('90m', now)).toBe('2026-11-29T18:30:00.000Z');
  expect(timeOf('2h', now)).toBe('2026-11-29T18:00:00.000Z');
  expect(timeOf('3d', now)).toBe('2026-11-26T20:00:00.000Z');
  expect(timeOf('2026-11-29T14:00Z', now)).toBe('2026-11-29T14:00Z');
  expect(timeOf('yesterday', now)).toBe('yesterday');
  expect(() => timeOf('9999999d', now)).not.toThrow();
});
