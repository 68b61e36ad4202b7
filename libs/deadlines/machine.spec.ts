import fc from 'fast-check';
import { DEADLINES, deadlinesFor, machineDeadlines, nextMachineDeadline, readOverrides, type MessageProgress } from '.';

const createdAt = new Date('2026-11-23T10:00:00.000Z');
const receivedAt = new Date('2026-11-23T11:00:00.000Z');
const deliveredAt = new Date('2026-11-23T12:00:00.000Z');
const openedAt = new Date('2026-11-23T13:00:00.000Z');
const MINUTE = 60_000;

describe('the machine deadlines of a message', () => {
  it.each([
    ['emergency', 10, 10, 60, 24 * 60],
    ['urgent', 15, 60, 60, 72 * 60],
    ['normal', 15, 60, 60, 14 * 24 * 60],
  ] as const)('of %s: %d, %d, %d and %d minutes', (priority, received, alarm, delivered, opened) => {
    expect(machineDeadlines(priority)).toEqual({
      not_received: received * MINUTE,
      operator_alarm: alarm * MINUTE,
      not_delivered: delivered * MINUTE,
      not_opened: opened * MINUTE,
    });
  });

  it('are those agreed with the partner', () => {
    const overrides = readOverrides({ gb: { machine_received: { count: 30, unit: 'minutes' } } });
    const gb = deadlinesFor('gb', overrides);
    expect(machineDeadlines('normal', gb).not_received).toBe(30 * MINUTE);
    expect(machineDeadlines('normal', deadlinesFor('vn', overrides))).toEqual(machineDeadlines('normal', DEADLINES));
    const message: MessageProgress = { priority: 'normal', createdAt, evidence: [] };
    expect(nextMachineDeadline(message, gb)?.at.toISOString()).toBe('2026-11-23T10:30:00.000Z');
  });
});

describe('the next negative evidence', () => {
  it.each([
    ['not yet received', {}, 'not_received 2026-11-23T10:15:00.000Z'],
    ['received', { receivedAt }, 'not_delivered 2026-11-23T12:00:00.000Z'],
    ['delivered', { receivedAt, deliveredAt }, 'not_opened 2026-11-26T12:00:00.000Z'],
    ['delivered without a receipt of receiving', { deliveredAt }, 'not_opened 2026-11-26T12:00:00.000Z'],
    ['opened', { receivedAt, deliveredAt, openedAt }, 'none'],
    ['opened without other receipts', { openedAt }, 'none'],
    ['known not to have been received', { evidence: ['not_received'] }, 'none'],
    ['received late', { receivedAt, evidence: ['not_received'] }, 'not_delivered 2026-11-23T12:00:00.000Z'],
    ['known not to have been delivered', { receivedAt, evidence: ['not_delivered'] }, 'none'],
    ['known not to have been opened', { deliveredAt, evidence: ['received', 'not_opened'] }, 'none'],
  ])('of an urgent message that was %s', (_what, progress, expected) => {
    const next = nextMachineDeadline({ priority: 'urgent', createdAt, evidence: [], ...progress });
    expect(next ? `${next.event} ${next.at.toISOString()}` : 'none').toBe(expected);
  });

  it('is given once and then no more, until the message gets further', () => {
    const time = fc.option(fc.date({ noInvalidDate: true }), { nil: undefined });
    const message = fc.record({
      priority: fc.constantFrom('emergency', 'urgent', 'normal'),
      createdAt: fc.date({ noInvalidDate: true }),
      receivedAt: time,
      deliveredAt: time,
      openedAt: time,
    });
    fc.assert(
      fc.property(message, (given) => {
        const next = nextMachineDeadline({ ...given, evidence: [] });
        expect(next === undefined).toBe(given.openedAt !== undefined);
        const evidence = next ? [next.event] : [];
        expect(nextMachineDeadline({ ...given, evidence })).toBeUndefined();
      }),
    );
  });
});
