import { directoryConcerns, type Finding } from '.';
import type { Directory, DirectoryNode, DirectoryUnit } from '../schema';
import { governor, makeWorld, NOW, type World } from './fixtures/world';

type Edit = (directory: Directory, vn: DirectoryNode, unit: DirectoryUnit) => unknown;
const END = '2027-06-01T00:00:00.000Z';

describe('what a directory would bring about', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });

  const concerns = (edit: Edit = () => undefined, at = NOW) => {
    const directory = structuredClone({ ...world.directory, expiresAt: END });
    const vn = directory.nodes[0]!;
    edit(directory, vn, vn.units[0]!);
    return directoryConcerns(directory, at);
  };
  const say = ({ code, place, before, after }: Finding) => [code, place, before, after].filter(Boolean).join(' ');
  const at = (time: string) => new Date(time);

  it('is nothing to worry about where all is well', () => {
    expect(concerns()).toEqual([]);
  });

  const cases: readonly (readonly [string, Edit, readonly string[]])[] = [
    [
      'ends within 60 days',
      (d) => (d.expiresAt = '2027-01-21T05:59:59.999Z'),
      ['expires_soon 2027-01-21T05:59:59.999Z'],
    ],
    ['ends in 60 days', (d) => (d.expiresAt = '2027-01-21T06:00:00Z'), []],
    [
      'was issued in the future',
      (d) => (d.issuedAt = '2026-11-22T06:01:00.001Z'),
      ['issued_ahead 2026-11-22T06:01:00.001Z'],
    ],
    ['was issued just ahead', (d) => (d.issuedAt = '2026-11-22T06:01:00Z'), []],
    ['one country decides', (d) => (d.governance.threshold = 1), ['one_country_decides governance 1']],
    ['all countries are needed', (d) => (d.governance.threshold = 3), ['quorum_without_spare governance 3 3']],
    [
      'more countries are needed than there are',
      (d) => (d.governance.threshold = 4),
      ['quorum_unreachable governance 4 3'],
    ],
    [
      'too few countries are left',
      (d) => {
        d.governance.keys[0]!.status = 'revoked';
        d.governance.keys[1]!.notAfter = '2026-11-22T06:00:00Z';
      },
      ['quorum_unreachable governance 2 1'],
    ],
    [
      'the quorum ends first',
      (d) => {
        d.governance.keys[0]!.notAfter = '2027-05-01T00:00:00Z';
        d.governance.keys[1]!.notAfter = '2027-03-01T00:00:00Z';
      },
      ['quorum_ends_early governance 2 2027-05-01T00:00:00.000Z'],
    ],
    [
      'the quorum ends first, whatever order its keys stand in',
      (d) => {
        d.governance.keys[0]!.notAfter = '2027-05-01T00:00:00Z';
        d.governance.keys[1]!.notAfter = '2027-03-01T00:00:00Z';
        d.governance.keys[2]!.notAfter = '2027-04-01T00:00:00Z';
      },
      ['quorum_ends_early governance 2 2027-04-01T00:00:00.000Z'],
    ],
    [
      'a key of the quorum ended before the others began',
      (d) => {
        d.governance.keys[0]!.notAfter = '2026-11-10T00:00:00Z';
        d.governance.keys[1]!.notBefore = '2026-11-15T00:00:00Z';
        d.governance.keys[2]!.notBefore = '2026-11-15T00:00:00Z';
      },
      ['quorum_without_spare governance 2 2'],
    ],
    ['one key of the quorum ends first', (d) => (d.governance.keys[1]!.notAfter = '2027-03-01T00:00:00Z'), []],
    [
      'the quorum ends with the directory',
      (d) => {
        for (const key of d.governance.keys) key.notAfter = END;
      },
      [],
    ],
    ['a unit has no signing key', (_, __, unit) => unit.signingKeys.pop(), ['unit_cannot_send vn.police']],
    [
      'a unit has only a retired one',
      (_, __, unit) => (unit.signingKeys[0]!.status = 'retired'),
      ['unit_cannot_send vn.police'],
    ],
    [
      'a unit has none yet',
      (_, __, unit) => (unit.signingKeys[0]!.notBefore = '2026-11-22T06:00:00.001Z'),
      ['unit_cannot_send vn.police'],
    ],
    [
      'the signing key of a unit ends first',
      (_, __, unit) => (unit.signingKeys[0]!.notAfter = '2027-01-21T05:59:59Z'),
      ['unit_cannot_send_from vn.police 2027-01-21T05:59:59.000Z'],
    ],
    [
      'it ends in 60 days, time to bring another',
      (_, __, unit) => (unit.signingKeys[0]!.notAfter = '2027-01-21T06:00:00Z'),
      [],
    ],
    [
      'it ends within 60 days, and so does the directory',
      (d, _, unit) => {
        unit.signingKeys[0]!.notAfter = '2026-12-20T00:00:00Z';
        d.expiresAt = '2026-12-20T00:00:00Z';
      },
      ['expires_soon 2026-12-20T00:00:00Z'],
    ],
    ['a unit has no key of the suite', (_, __, unit) => unit.encryptionKeys.shift(), ['unit_cannot_receive vn.police']],
    [
      'a unit has only a revoked one',
      (_, __, unit) => (unit.encryptionKeys[0]!.status = 'revoked'),
      ['unit_cannot_receive vn.police'],
    ],
    [
      'the encryption keys of a unit end, one after the other',
      (_, __, unit) => {
        const [first] = unit.encryptionKeys;
        first!.notAfter = '2027-01-01T00:00:00Z';
        unit.encryptionKeys.push({
          ...first!,
          kid: 'b',
          notBefore: '2026-12-31T00:00:00Z',
          notAfter: '2027-01-15T00:00:00Z',
        });
      },
      ['unit_cannot_receive_from vn.police 2027-01-15T00:00:00.000Z'],
    ],
    [
      'there is a gap between two keys',
      (_, __, unit) => {
        const [first] = unit.encryptionKeys;
        first!.notAfter = '2027-01-01T00:00:00Z';
        unit.encryptionKeys.push({ ...first!, kid: 'b', notBefore: '2027-01-01T00:00:01Z', notAfter: END });
      },
      ['unit_cannot_receive_from vn.police 2027-01-01T00:00:00.000Z'],
    ],
    ['the unit has ended', (_, __, unit) => Object.assign(unit, { status: 'historical', signingKeys: [] }), []],
    [
      'the unit ends now',
      (_, __, unit) => Object.assign(unit, { notAfter: '2026-11-22T06:00:00Z', signingKeys: [] }),
      [],
    ],
    [
      'the unit ends later',
      (_, __, unit) => Object.assign(unit, { notAfter: '2026-11-22T06:00:01Z', signingKeys: [] }),
      ['unit_cannot_send vn.police'],
    ],
    ['a node has no receipt key', (_, vn) => (vn.receiptKeys[0]!.status = 'revoked'), ['node_cannot_vouch vn']],
    [
      'the receipt key of a node ends first',
      (_, vn) => (vn.receiptKeys[0]!.notAfter = '2027-01-01T00:00:00Z'),
      ['node_cannot_vouch_from vn 2027-01-01T00:00:00.000Z'],
    ],
  ];
  it.each(cases)('says when %s', (_when, edit, expected) => {
    expect(concerns(edit).map(say)).toEqual(expected);
  });

  it('says when it lives for 400 days or longer', () => {
    const long = (days: number) =>
      concerns((d) => (d.expiresAt = new Date(NOW.getTime() + days * 86_400_000).toISOString()))
        .map(({ code }) => code)
        .filter((code) => code === 'lives_long');
    expect([long(400), long(399)]).toEqual([['lives_long'], []]);
    const after = '2030-01-01T00:00:00Z';
    expect(concerns((d) => (d.expiresAt = after))).toContainEqual({
      code: 'lives_long',
      weight: 'warning',
      place: '',
      after,
    });
  });

  it('counts two keys of one country as one voice', async () => {
    const second = (await governor('vn', 'vn.gov2')).entry;
    const edit: Edit = (d) => (d.governance.keys = [d.governance.keys[0]!, second]);
    expect(concerns(edit).map(say)).toEqual(['quorum_unreachable governance 2 1']);
  });

  it('judges by the time that it is asked for', () => {
    expect(concerns(undefined, at('2026-10-31T00:00:00Z')).map(({ code }) => code)).toContain('quorum_unreachable');
  });
});
