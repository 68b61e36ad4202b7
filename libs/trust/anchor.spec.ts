import { readAnchor } from '.';
import type { Governance } from '../schema';
import { makeWorld, type World } from './fixtures/world';

describe('a trust anchor', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  const text = (value: unknown) => Buffer.from(JSON.stringify(value));
  const anchor = () => ({ trustDomain: 'test', governance: structuredClone(world.directory.governance) });
  const changed = (
    edit: (governance: Governance & Record<string, unknown>, key: Record<string, unknown>) => unknown,
  ) => {
    const { governance } = anchor();
    edit(governance as never, governance.keys[1] as never);
    return { trustDomain: 'test', governance };
  };

  it('is read as it is', () => {
    expect(readAnchor(text(anchor()))).toEqual(anchor());
    for (const trustDomain of ['production', 'demo'])
      expect(readAnchor(text({ ...anchor(), trustDomain })).trustDomain).toBe(trustDomain);
    expect(readAnchor(text(changed((governance) => (governance.threshold = 3)))).governance.threshold).toBe(3);
    for (const status of ['retired', 'revoked']) {
      const other = changed((_, key) =>
        Object.assign(key, { status, node: 'eu-de', notAfter: '2030-01-01T00:00:00.000Z' }),
      );
      expect(readAnchor(text(other))).toEqual(other);
    }
  });

  const WHICH = 'governance.keys[1] is no governance key';
  it.each<[string, () => unknown, string]>([
    ['nothing', () => null, 'trustDomain must be'],
    ['another domain', () => ({ ...anchor(), trustDomain: 'Production' }), 'trustDomain must be'],
    ['no governance', () => ({ trustDomain: 'test' }), 'governance.keys must list'],
    ['no keys', () => changed((governance) => (governance.keys = [])), 'governance.keys must list'],
    [
      'keys that are no list',
      () => changed((governance) => (governance.keys = {} as never)),
      'governance.keys must list',
    ],
    [
      'no threshold',
      () => changed((governance) => delete (governance as Record<string, unknown>)['threshold']),
      '1 to 3',
    ],
    ['a threshold of none', () => changed((governance) => (governance.threshold = 0)), '1 to 3'],
    ['half a country', () => changed((governance) => (governance.threshold = 1.5)), '1 to 3'],
    ['a threshold that nobody can reach', () => changed((governance) => (governance.threshold = 4)), '1 to 3'],
    [
      'two keys of one country as two',
      () => changed((governance, key) => ((governance.threshold = 3), (key['node'] = 'vn'))),
      '1 to 2',
    ],
    ['a key that is nothing', () => changed((governance) => (governance.keys[1] = null as never)), WHICH],
    ['a key without an id', () => changed((_, key) => delete key['kid']), WHICH],
    ['a key of no country', () => changed((_, key) => (key['node'] = 'vn.police')), WHICH],
    ['a key without a status', () => changed((_, key) => delete key['status']), WHICH],
    ['a key without a beginning', () => changed((_, key) => delete key['notBefore']), WHICH],
    ['a key without an end', () => changed((_, key) => (key['notAfter'] = 'never')), WHICH],
    ['a key that ends on no day', () => changed((_, key) => (key['notAfter'] = '2026-13-01T00:00:00Z')), WHICH],
    [
      'a key of a kind that is not admitted',
      () => changed((_, key) => (key['jwk'] = { kty: 'oct', k: 'AAAA' })),
      WHICH,
    ],
    ['no key at all', () => changed((_, key) => delete key['jwk']), WHICH],
  ])('is refused with %s', (_what, make, detail) => {
    expect(() => readAnchor(text(make()))).toThrow(
      expect.objectContaining({ code: 'config_invalid', detail: expect.stringContaining(detail) as string }),
    );
  });

  it.each(['', '{', '{"trustDomain":"test","trustDomain":"test"}', 'null'])('is refused when it is %j', (bytes) => {
    expect(() => readAnchor(Buffer.from(bytes))).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});
