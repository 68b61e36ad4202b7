import { ago, MINUTE, NOW, QUIET } from './fixtures/quiet-node';
import { hasEnded } from './alert-endings';
import type { AlertFacts } from './alert-facts';
import type { AlertKind } from './alert-kinds';

const ended = (kind: AlertKind, more: Partial<AlertFacts> = {}, lastAt = ago(MINUTE), subject = 'x') =>
  hasEnded({ kind, subject, lastAt }, { ...QUIET, ...more }, NOW);

describe('an alert', () => {
  it('that only operators end does not end by itself', () => {
    expect([ended('file_damaged'), ended('partner_certificate_changed')]).toEqual([false, false]);
  });

  it('about a condition ends when it was not seen for a minute', () => {
    expect([ended('no_workers', {}, ago(MINUTE)), ended('no_workers', {}, ago(MINUTE - 1))]).toEqual([true, false]);
  });

  it('about the directory does not end while no directory is known', () => {
    for (const kind of ['directory_expiring', 'directory_expired'] as const)
      expect([ended(kind, { directory: undefined }), ended(kind)]).toEqual([false, true]);
  });

  it.each([
    ['message_undeliverable', ['received', 'delivered', 'opened']],
    ['not_received', ['received', 'delivered', 'opened']],
    ['not_delivered', ['delivered', 'opened', 'refused']],
  ] as const)('%s ends when its message comes as far', (kind, ends) => {
    const states = [
      'queued',
      'sending',
      'received',
      'delivered',
      'opened',
      'refused',
      'expired',
      'undeliverable',
    ] as const;
    const found = states.filter((state) => ended(kind, { outgoing: new Map([['x', state]]) }));
    expect(found).toEqual(ends);
    expect(ended(kind, { outgoing: new Map([['y', 'delivered']]) })).toBe(false);
  });

  it('about a message that is stuck ends when it is filed or refused', () => {
    const states = ['stored', 'held', 'filed', 'refused'];
    expect(states.map((state) => ended('message_stuck', { incoming: new Map([['x', state]]) }))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(ended('message_stuck')).toBe(false);
  });

  it('about a file that is stuck ends when the partner has it or it never goes', () => {
    const states = ['waiting', 'received', 'withheld'];
    expect(states.map((state) => ended('file_stuck', { files: new Map([['x', state]]) }))).toEqual([false, true, true]);
    expect(ended('file_stuck')).toBe(false);
  });

  it('about a partner that is behind ends when it answers and is not', () => {
    const watch = { partner: 'x', askedAt: NOW, version: 3, clock: undefined, code: undefined };
    const watches = (answeredAt: Date | undefined, behindSince: Date | undefined) => ({
      watches: [{ ...watch, answeredAt, behindSince }],
    });
    expect(ended('directory_behind', watches(NOW, undefined))).toBe(true);
    expect(ended('directory_behind', watches(NOW, NOW))).toBe(false);
    expect(ended('directory_behind', watches(undefined, undefined))).toBe(false);
    expect(ended('directory_behind', watches(NOW, undefined), ago(MINUTE), 'y')).toBe(false);
  });

  it('about TLS of a partner ends when it has called since', () => {
    const link = {
      partner: 'x',
      side: 'in' as const,
      fingerprint: 'f',
      validTo: NOW,
      firstSeen: ago(9 * MINUTE),
      lastSeen: NOW,
    };
    expect(ended('partner_tls', { links: [link] })).toBe(true);
    expect(ended('partner_tls', { links: [{ ...link, lastSeen: ago(MINUTE) }] })).toBe(false);
    expect(ended('partner_tls', { links: [{ ...link, side: 'out' }] })).toBe(false);
    expect(ended('partner_tls', { links: [{ ...link, partner: 'y' }] })).toBe(false);
  });
});
