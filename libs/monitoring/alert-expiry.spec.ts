import { ago, DAY, directoryUntil, HOUR, NOW, process, QUIET } from './fixtures/quiet-node';
import { judgeExpiry, nextStepAt } from './alert-expiry';
import type { AlertFacts } from './alert-facts';

const inDays = (days: number) => ago(-days * DAY);
const judge = (more: Partial<AlertFacts>) => judgeExpiry({ ...QUIET, ...more }, NOW);

describe('when people are told of an end again', () => {
  const END = inDays(100).toISOString();
  it('is at the next step, at the end, and weekly after it', () => {
    const at = (days: number) => (Date.parse(END) - nextStepAt(END, inDays(100 - days)).getTime()) / DAY;
    expect([99, 60, 45, 30, 20, 14, 8, 7, 2, 1, 0.5].map(at)).toEqual([60, 30, 30, 14, 14, 7, 7, 1, 1, 0, 0]);
    expect([0, -1, -6.9, -7, -20, -700].map(at)).toEqual([-7, -7, -7, -14, -21, -707]);
  });

  it('is always in the future', () => {
    for (let hours = -3000; hours < 3000; hours += 7) {
      const now = new Date(Date.parse(END) + hours * HOUR);
      expect(nextStepAt(END, now).getTime()).toBeGreaterThan(now.getTime());
    }
  });
});

describe('the directory', () => {
  it.each([
    [61, []],
    [
      60,
      [
        {
          kind: 'directory_expiring',
          subject: 'directory',
          level: 'warn',
          detail: 'Ends in 60 days.',
          tellAgainAt: inDays(30),
        },
      ],
    ],
    [
      14,
      [
        {
          kind: 'directory_expiring',
          subject: 'directory',
          level: 'high',
          detail: 'Ends in 14 days.',
          tellAgainAt: inDays(7),
        },
      ],
    ],
    [
      1,
      [
        {
          kind: 'directory_expiring',
          subject: 'directory',
          level: 'critical',
          detail: 'Ends in 1 days.',
          tellAgainAt: inDays(1),
        },
      ],
    ],
    [
      -3,
      [
        {
          kind: 'directory_expired',
          subject: 'directory',
          level: 'critical',
          code: 'directory_expired',
          detail: 'Ended 3 days ago.',
          tellAgainAt: undefined,
        },
      ],
    ],
  ])('that ends in %d days', (days, found) =>
    expect(judge({ directory: directoryUntil(inDays(days)) })).toEqual(found),
  );

  it('that is not known ends at no time', () => expect(judge({ directory: undefined })).toEqual([]));
});

describe('keys', () => {
  const key = (validTo: Date | undefined, more: object = {}) => ({
    kid: 'k',
    use: 'signing',
    unit: 'vn.police',
    state: 'active',
    ...(validTo && { validTo: validTo.toISOString() }),
    ...more,
  });
  const held = (...keys: ReturnType<typeof key>[]) => judge({ processes: [process('office', { keys })] });

  it('that are held end for the unit and the use, the last of each', () => {
    expect(held(key(inDays(3)), key(inDays(20)))).toEqual([
      {
        kind: 'key_expiring',
        subject: 'vn.police signing held',
        level: 'warn',
        detail: 'Ends in 20 days.',
        tellAgainAt: inDays(6),
      },
    ]);
  });

  it('of the node itself are of the node', () => {
    const [found] = held(key(inDays(3), { use: 'receipt', unit: undefined }));
    expect(found).toMatchObject({ subject: 'vn receipt held', level: 'high' });
  });

  it('that are retired or have no end do not count', () => {
    expect(held(key(inDays(3), { state: 'retired' }), key(undefined))).toEqual([]);
  });

  it('that are published as a series are told of while too few lie ahead, also long before the last ends', () => {
    const week = (from: number, to: number) => ({
      kid: `e${from}`,
      suite: 'hybrid',
      status: 'active',
      notBefore: inDays(from).toISOString(),
      notAfter: inDays(to).toISOString(),
    });
    const unit = { id: 'vn.police', signingKeys: [], encryptionKeys: [week(40, 68), week(60, 88)] };
    const directory = directoryUntil(inDays(100), [{ id: 'vn', receiptKeys: [], units: [unit] }]);
    expect(judge({ directory })).toEqual([
      {
        kind: 'key_expiring',
        subject: 'vn.police rotation published',
        level: 'warn',
        detail: 'Ends in 88 days.',
        tellAgainAt: inDays(28),
      },
    ]);
  });
});

describe('certificates', () => {
  const tls = (days: number, fingerprint = 'ab') => ({
    tls: { fingerprint: fingerprint.repeat(32), validTo: inDays(days).toISOString() },
  });
  const link = (days: number, seen: number, more: object = {}) => ({
    partner: 'gb',
    side: 'in' as const,
    fingerprint: String(days),
    validTo: inDays(days),
    firstSeen: ago(90 * DAY),
    lastSeen: ago(seen),
    ...more,
  });

  it('of this node end once, however many processes show them', () => {
    const processes = [process('gateway', tls(5)), process('worker', tls(5)), process('worker', tls(400, 'cd'))];
    expect(judge({ processes })).toMatchObject([
      { kind: 'certificate_expiring', subject: 'ab'.repeat(8), level: 'high' },
    ]);
  });

  it('of partners are judged by what each side has shown last', () => {
    expect(judge({ links: [link(5, 0), link(50, 10), link(40, 0, { side: 'out' })] })).toMatchObject([
      { kind: 'partner_certificate_expiring', subject: 'gb in', level: 'high' },
      { kind: 'partner_certificate_expiring', subject: 'gb out', level: 'warn' },
    ]);
    expect(judge({ links: [link(5, 10), link(500, 0)] })).toEqual([]);
  });
});
