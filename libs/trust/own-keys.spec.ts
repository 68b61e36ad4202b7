import type { Directory, DirectoryKey } from '../schema';
import { encryptionEntry, makeWorld, NOW } from './fixtures/world';
import { expectedKeys, isPublished } from '.';

let directory: Directory;
beforeAll(async () => ({ directory } = await makeWorld()));

/** The directory with its node `vn` changed. */
function withUnit(change: Partial<Directory['nodes'][number]['units'][number]>): Directory {
  const nodes = directory.nodes.map((node) => ({
    ...node,
    units: node.units.map((unit) => (unit.id === 'vn.police' ? { ...unit, ...change } : unit)),
  }));
  return { ...directory, nodes };
}

describe('the keys that a node must hold', () => {
  it('are those of its own active units, and what partners may seal to now', () => {
    expect(expectedKeys(directory, 'vn', NOW)).toEqual({
      units: ['vn.police', 'vn.social'],
      decryption: ['vn.police.enc1', 'vn.police.enc0', 'vn.social.enc1', 'vn.social.enc0'],
    });
  });

  it('are none of a node that the directory does not know', () => {
    expect(expectedKeys(directory, 'la', NOW)).toEqual({ units: [], decryption: [] });
  });

  it.each([{ status: 'historical' as const }, { notAfter: NOW.toISOString() }])(
    'are none of a unit with %j',
    (change) => {
      expect(expectedKeys(withUnit(change), 'vn', NOW).units).toEqual(['vn.social']);
    },
  );

  it('are those of a unit that will end', () => {
    const change = { notAfter: new Date(NOW.getTime() + 1).toISOString() };
    expect(expectedKeys(withUnit(change), 'vn', NOW).units).toContain('vn.police');
  });

  it.each<[Partial<DirectoryKey>, string]>([
    [{ status: 'retired' as const }, 'retired'],
    [{ status: 'revoked' as const }, 'revoked'],
    [{ notBefore: '2026-11-23T00:00:00Z' }, 'published ahead'],
    [{ notAfter: '2026-11-21T00:00:00Z' }, 'over'],
  ])('leave out a key with %j, which is %s', async (change) => {
    const encryptionKeys = [{ ...(await encryptionEntry('vn.police.other', 'hybrid')), ...change }];
    expect(expectedKeys(withUnit({ encryptionKeys }), 'vn', NOW).decryption).toEqual([
      'vn.social.enc1',
      'vn.social.enc0',
    ]);
  });
});

describe('whether partners know a key', () => {
  it('is found out for receipts and for units, each among its own', () => {
    expect(isPublished(directory, 'vn', 'vn.rcpt1')).toBe(true);
    expect(isPublished(directory, 'vn', 'vn.police.sig1', 'vn.police')).toBe(true);
    expect(isPublished(directory, 'vn', 'vn.police.sig1')).toBe(false);
    expect(isPublished(directory, 'vn', 'vn.police.sig1', 'vn.social')).toBe(false);
    expect(isPublished(directory, 'vn', 'vn.police.sig1', 'vn.unknown')).toBe(false);
    expect(isPublished(directory, 'gb', 'vn.rcpt1')).toBe(false);
    expect(isPublished(directory, 'la', 'vn.rcpt1')).toBe(false);
  });

  it.each(['retired', 'revoked'] as const)('is not so for one that is %s', (status) => {
    const signingKeys = directory.nodes[0]!.units[0]!.signingKeys.map((key) => ({ ...key, status }));
    expect(isPublished(withUnit({ signingKeys }), 'vn', 'vn.police.sig1', 'vn.police')).toBe(false);
  });
});
