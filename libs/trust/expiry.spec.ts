import type { Directory, DirectoryEncryptionKey } from '../schema';
import certificates from './fixtures/certificates.json';
import { encryptionEntry, makeWorld, NOW } from './fixtures/world';
import { expiries, type HeldKeyDates } from './expiry';

let directory: Directory;
beforeAll(async () => ({ directory } = await makeWorld()));

const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000).toISOString();
const key = (more: Partial<HeldKeyDates>): HeldKeyDates => ({
  use: 'receipt',
  kind: 'ES256',
  notAfter: inDays(365),
  ...more,
});

describe('keys that are held', () => {
  it.each([
    [61, undefined],
    [60, 60],
    [31, 60],
    [30, 30],
    [14, 14],
    [7, 7],
    [1, 1],
    [0.5, 1],
    [0, 0],
    [-3, 0],
  ])('%s days before their end are told with level %s', (days, level) => {
    const [found] = expiries({ keys: [key({ notAfter: inDays(days) })] }, NOW);
    expect(found?.level).toBe(level);
    expect(found?.daysLeft).toBe(level === undefined ? undefined : Math.floor(days));
  });

  it('say whose they are, what for and where that was read', () => {
    expect(expiries({ keys: [key({ use: 'signing', unit: 'vn.police', notAfter: inDays(5) })] }, NOW)).toEqual([
      { subject: 'vn.police', use: 'signing', where: 'held', notAfter: inDays(5), daysLeft: 5, level: 7 },
    ]);
  });

  it('are not told when another can stand in for them, or when they are retired', () => {
    const [soon, late] = [inDays(5), inDays(90)];
    const quiet = [
      key({ notAfter: soon }),
      key({ kind: 'Ed25519', notAfter: late }),
      key({ notAfter: soon }),
      key({ use: 'tls', notAfter: soon, retiredAt: inDays(-1) }),
      key({ use: 'encryption', unit: 'vn.police', kind: 'hybrid', notAfter: soon }),
      key({ use: 'encryption', unit: 'vn.police', kind: 'hybrid', notAfter: late }),
    ];
    expect(expiries({ keys: quiet }, NOW)).toEqual([]);
    const loud = [
      key({ use: 'encryption', unit: 'vn.police', kind: 'classic', notAfter: soon }),
      key({ use: 'encryption', unit: 'vn.social', kind: 'hybrid', notAfter: soon }),
    ];
    expect(expiries({ keys: [...quiet, ...loud] }, NOW).map(({ subject }) => subject)).toEqual([
      'vn.police',
      'vn.social',
    ]);
  });

  it('are of nobody by name where they are the node’s', () => {
    expect(expiries({ keys: [key({ notAfter: inDays(5) })] }, NOW)).toMatchObject([{ subject: '', use: 'receipt' }]);
  });

  it('are told the soonest first', () => {
    const keys = [key({ notAfter: inDays(20) }), key({ use: 'tls', notAfter: inDays(3) })];
    expect(expiries({ keys }, NOW).map(({ use }) => use)).toEqual(['tls', 'receipt']);
  });
});

it('tells when a TLS certificate ends', () => {
  const found = expiries({ certificates: { gateway: certificates.vn.ca } }, new Date('2099-01-01T00:00:00Z'));
  expect(found).toMatchObject([{ subject: 'gateway', use: 'certificate', where: 'held', level: 0 }]);
});

describe('what is published', () => {
  const uses = (at: string, node?: string) =>
    expiries({ directory, ...(node !== undefined && { node }) }, new Date(at)).map(
      ({ subject, use, where }) => `${subject} ${use} ${where}`,
    );

  it('is the directory, and the keys of one node', () => {
    expect(uses('2026-10-01T00:00:00Z', 'vn')).toEqual([]);
    expect(uses('2027-10-20T00:00:00Z', 'vn').toSorted()).toEqual([
      'directory directory published',
      'vn governance published',
      'vn receipt published',
      'vn.police encryption published',
      'vn.police encryption published',
      'vn.police signing published',
      'vn.social encryption published',
      'vn.social encryption published',
      'vn.social signing published',
    ]);
  });

  it('is the directory alone without a node', () => {
    expect(uses('2027-10-20T00:00:00Z')).toEqual(['directory directory published']);
  });

  it('is not what is retired or revoked', () => {
    const nodes = directory.nodes.map((node) => ({
      ...node,
      receiptKeys: node.receiptKeys.map((entry) => ({ ...entry, status: 'retired' as const })),
    }));
    const found = expiries({ directory: { ...directory, nodes }, node: 'vn' }, new Date('2027-10-20T00:00:00Z'));
    expect(found.filter(({ use }) => use === 'receipt')).toEqual([]);
  });
});

describe('a series of weekly keys', () => {
  const week = async (n: number) => ({
    ...(await encryptionEntry(`vn.police.week${n}`, 'hybrid')),
    notBefore: inDays(7 * n - 1),
    notAfter: inDays(7 * n + 8),
  });
  async function rotation(weeks: readonly number[], change: Partial<DirectoryEncryptionKey> = {}, node = 'vn') {
    const encryptionKeys = (await Promise.all(weeks.map(week))).map((entry) => ({ ...entry, ...change }));
    const nodes = directory.nodes.map((node) => ({
      ...node,
      units: node.units.map((unit) => (unit.id === 'vn.police' ? { ...unit, encryptionKeys } : unit)),
    }));
    return expiries({ directory: { ...directory, nodes }, node }, NOW).filter(({ use }) => use === 'rotation');
  }

  it('is quiet while three lie ahead', async () => {
    expect(await rotation([0, 1, 2, 3])).toEqual([]);
  });

  it('says in how many days it runs out when there are fewer', async () => {
    const line = { subject: 'vn.police', use: 'rotation', where: 'published' };
    expect(await rotation([0, 1, 2])).toEqual([{ ...line, notAfter: inDays(22), daysLeft: 22, level: 30 }]);
    expect(await rotation([2, 1, 0])).toMatchObject([{ daysLeft: 22 }]);
    expect(await rotation([0])).toMatchObject([{ daysLeft: 8, level: 14 }]);
    expect(await rotation([-3])).toMatchObject([{ daysLeft: -13, level: 0 }]);
    expect(await rotation([8])).toMatchObject([{ daysLeft: 64, level: 60 }]);
  });

  it('counts a key that begins now as one that has begun', async () => {
    expect(await rotation([0, 1, 2, 3], { notBefore: NOW.toISOString() })).toHaveLength(1);
  });

  it('is of our own units, and of keys that are not retired', async () => {
    expect(await rotation([0], {}, 'gb')).toEqual([]);
    expect(await rotation([0], { status: 'retired' })).toEqual([]);
  });

  it.each([
    [31, 1],
    [32, 0],
  ])('is made of keys for %i days: %i', async (days, lines) => {
    expect(await rotation([0], { notBefore: inDays(-days + 8), notAfter: inDays(8) })).toHaveLength(lines);
  });

  it('is none where keys are for a year', () => {
    expect(expiries({ directory, node: 'vn' }, NOW).filter(({ use }) => use === 'rotation')).toEqual([]);
  });
});
