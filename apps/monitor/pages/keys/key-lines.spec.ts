import type { Directory, DirectoryKey } from '../../../../libs/schema';
import { keyLines, type Holder } from './key-lines';

const NOW = new Date('2026-11-29T12:00:00Z');
const key = (kid: string, notBefore: string, notAfter: string, more: object = {}) =>
  ({ kid, jwk: { kty: 'OKP' }, notBefore, notAfter, status: 'active', ...more }) as DirectoryKey;

/** Two nodes; of `vn` one unit. */
function directoryOf(signing: DirectoryKey[], encryption: object[] = [], receipt: DirectoryKey[] = []): Directory {
  const unit = { id: 'vn.mps-criminal', signingKeys: signing, encryptionKeys: encryption };
  const gb = { id: 'gb', receiptKeys: [key('gb-r', '2026-01-01T00:00:00Z', '2026-11-30T00:00:00Z')], units: [] };
  return {
    governance: { keys: [] },
    nodes: [{ id: 'vn', receiptKeys: receipt, units: [unit] }, gb],
  } as unknown as Directory;
}

const NOBODY: Holder[] = [];
const NONE = new Map<string, string>();

it('lists the keys of one node only, and of its units', () => {
  const directory = directoryOf([key('s', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z')]);
  const of = (node: string) => keyLines(directory, node, NOBODY, NONE, NOW).map(({ owner, kid }) => `${owner} ${kid}`);
  expect(of('vn')).toEqual(['vn.mps-criminal s']);
  expect(of('gb')).toEqual(['gb gb-r']);
});

it('warns of the last of the keys that follow each other, and says for how long two of them overlap', () => {
  const directory = directoryOf([
    key('old', '2026-01-01T00:00:00Z', '2026-12-10T00:00:00Z'),
    key('new', '2026-12-01T00:00:00Z', '2027-01-20T00:00:00Z'),
    key('gone', '2025-01-01T00:00:00Z', '2026-12-05T00:00:00Z', { status: 'revoked' }),
  ]);
  const lines = new Map(keyLines(directory, 'vn', NOBODY, NONE, NOW).map((line) => [line.kid, line]));
  expect(lines.get('old')).toMatchObject({ daysLeft: 10, alarm: undefined, overlapDays: 9 });
  expect(lines.get('new')).toMatchObject({ daysLeft: 51, alarm: 60, overlapDays: undefined });
  expect(lines.get('gone')).toMatchObject({ status: 'revoked', alarm: undefined });
});

it('shows a gap between two keys as a negative overlap', () => {
  const directory = directoryOf([
    key('old', '2026-01-01T00:00:00Z', '2026-12-10T00:00:00Z'),
    key('late', '2026-12-14T00:00:00Z', '2027-12-10T00:00:00Z'),
  ]);
  expect(keyLines(directory, 'vn', NOBODY, NONE, NOW)[0]).toMatchObject({ kid: 'old', overlapDays: -4 });
});

it('takes no key of another suite, use or unit for a successor', () => {
  const directory = directoryOf(
    [key('s', '2026-01-01T00:00:00Z', '2027-06-01T00:00:00Z')],
    [
      key('hybrid', '2026-01-01T00:00:00Z', '2026-12-06T00:00:00Z', { suite: 'hybrid' }),
      key('classic', '2026-01-01T00:00:00Z', '2027-06-01T00:00:00Z', { suite: 'classic' }),
    ],
  );
  const line = keyLines(directory, 'vn', NOBODY, NONE, NOW).find(({ kid }) => kid === 'hybrid');
  expect(line).toMatchObject({ alarm: 7, overlapDays: undefined, suite: 'hybrid' });
});

it('says that a key has ended', () => {
  const directory = directoryOf([key('s', '2025-01-01T00:00:00Z', '2026-11-29T11:59:59Z')]);
  expect(keyLines(directory, 'vn', NOBODY, NONE, NOW)[0]).toMatchObject({ daysLeft: -1, alarm: 0 });
});

it('says who holds a key, and lists what processes hold besides the directory', () => {
  const directory = directoryOf([key('s', '2026-01-01T00:00:00Z', '2027-06-01T00:00:00Z')]);
  const office: Holder = {
    app: 'office',
    host: 'one',
    keys: [
      { kid: 's', use: 'signing', unit: 'vn.mps-criminal', fingerprint: '1234' },
      { kid: 'c', use: 'storage', unit: 'vn.mps-criminal', fingerprint: '5678', validTo: '2026-12-29T12:00:00Z' },
      { kid: 'x', use: 'signing', unit: 'vn.mps-criminal', state: 'active' },
      { kid: 'd', use: 'storage', state: 'retired' },
    ],
  };
  const lines = new Map(
    keyLines(directory, 'vn', [office, { ...office, host: 'two' }], new Map([['signing s', '9']]), NOW).map((line) => [
      line.kid,
      line,
    ]),
  );
  expect(lines.get('s')).toMatchObject({
    heldBy: ['office @ one', 'office @ two'],
    fingerprint: '9',
    status: 'active',
  });
  expect(lines.get('c')).toMatchObject({ status: 'local', fingerprint: '5678', alarm: 30, validFrom: undefined });
  expect(lines.get('x')).toMatchObject({ status: 'not_listed', daysLeft: undefined, alarm: undefined });
  expect(lines.get('d')).toMatchObject({ owner: 'vn', status: 'retired', alarm: undefined });
});
