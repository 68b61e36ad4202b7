import { exportFaults, forwardFaults, type Exporter, type ExportUse, type UnitClass } from '.';
import type { Caveat, Handling, HandlingCode } from '../schema';
import { listed } from './fixtures/examples';

const handling = (change: Partial<Handling> = {}): Handling => ({
  code: 'H0',
  caveats: ['no_judicial_use'],
  onward: 'allowed_listed_units',
  onwardUnits: ['gb.police'],
  ...change,
});
const to = (unitClass: UnitClass, unit = 'gb.police') => ({ unit, unitClass });

describe('passing content on', () => {
  it('is forbidden, listed or permitted', () => {
    expect(listed(forwardFaults(handling(), to('police')))).toEqual([]);
    expect(listed(forwardFaults(handling(), to('police', 'gb.nca')))).toEqual([
      'onward_unit_not_listed /handling/onwardUnits',
    ]);
    expect(listed(forwardFaults({ ...handling(), onwardUnits: undefined as never }, to('police')))).toEqual([
      'onward_unit_not_listed /handling/onwardUnits',
    ]);
    expect(listed(forwardFaults(handling({ onward: 'forbidden' }), to('police'), ['gb.police']))).toEqual([
      'onward_forbidden /handling/onward',
    ]);
    const asking = handling({ onward: 'with_permission' });
    expect(listed(forwardFaults(asking, to('police'), ['gb.nca', 'gb.police']))).toEqual([]);
    for (const permitted of [undefined, [], ['gb.nca']]) {
      expect(listed(forwardFaults(asking, to('police'), permitted))).toEqual([
        'onward_needs_permission /handling/onward',
      ]);
    }
  });

  it.each<[Caveat, UnitClass[]]>([
    ['no_immigration_enforcement', ['border']],
    ['victim_services_only', ['police', 'border']],
    ['no_consular_contact', ['consular']],
    ['no_family_contact', []],
    ['no_judicial_use', []],
  ])('%s keeps out %j', (caveat, kept) => {
    const classes: UnitClass[] = [
      'police',
      'border',
      'consular',
      'social',
      'child_protection',
      'hotline',
      'competent_authority',
    ];
    for (const unitClass of classes) {
      const faults = listed(forwardFaults(handling({ caveats: ['no_judicial_use', caveat] }), to(unitClass)));
      expect(faults).toEqual(kept.includes(unitClass) ? ['caveat_bars_unit /handling/caveats/1'] : []);
    }
  });

  it('shows all that is wrong', () => {
    const closed = handling({ onward: 'forbidden', caveats: ['victim_services_only', 'no_immigration_enforcement'] });
    expect(listed(forwardFaults(closed, to('border')))).toEqual([
      'caveat_bars_unit /handling/caveats/0',
      'caveat_bars_unit /handling/caveats/1',
      'onward_forbidden /handling/onward',
    ]);
  });
});

describe('exporting content', () => {
  const USES: ExportUse[] = ['case_file', 'judicial', 'statistics', 'onward'];
  const free = { case_file: [], judicial: [], statistics: [], onward: [] };
  const never = ['use_forbidden /handling/code'];
  type Expected = { readonly [use in ExportUse]: readonly string[] };

  it.each<[HandlingCode, Exporter | undefined, Expected]>([
    ['H0', undefined, free],
    ['H0', 'recipient', free],
    ['H1', undefined, { ...free, judicial: never }],
    ['H1', 'sender', { ...free, judicial: never }],
    ['H2', 'recipient', { ...free, judicial: never, onward: ['use_needs_permission /handling/code'] }],
    ['H2', undefined, { ...free, judicial: never, onward: ['use_needs_permission /handling/code'] }],
    ['H2', 'permitted_recipient', { ...free, judicial: never }],
    ['H2', 'sender', { ...free, judicial: never }],
    ['H3', 'recipient', { case_file: [], judicial: never, statistics: never, onward: never }],
    ['H3', 'permitted_recipient', { case_file: [], judicial: never, statistics: never, onward: never }],
    ['H3', 'sender', { case_file: [], judicial: never, statistics: never, onward: never }],
    [
      'H3',
      undefined,
      { case_file: ['use_by_parties_only /handling/code'], judicial: never, statistics: never, onward: never },
    ],
    [
      'H3',
      'other_unit',
      { case_file: ['use_by_parties_only /handling/code'], judicial: never, statistics: never, onward: never },
    ],
  ])('%s by %s', (code, exporter, expected) => {
    for (const use of USES) {
      const found = listed(exportFaults(handling({ code, caveats: ['no_family_contact'] }), use, exporter));
      expect({ [use]: found }).toEqual({ [use]: expected[use] });
    }
  });

  it('is kept from courts by a caveat, whatever the code', () => {
    const caveats: Caveat[] = ['no_family_contact', 'no_judicial_use'];
    expect(listed(exportFaults(handling({ caveats }), 'judicial', 'sender'))).toEqual([
      'use_forbidden /handling/caveats/1',
    ]);
    for (const use of ['case_file', 'statistics', 'onward'] as const) {
      expect(exportFaults(handling({ caveats }), use)).toEqual([]);
    }
    expect(listed(exportFaults(handling({ code: 'H1', caveats }), 'judicial'))).toEqual([
      'use_forbidden /handling/caveats/1',
      'use_forbidden /handling/code',
    ]);
  });

  it('says which use is meant', () => {
    const [fault] = exportFaults(handling({ code: 'H1' }), 'judicial');
    expect([fault?.rule, fault?.ruleVi]).toEqual(['forbids the use in court', 'cấm sử dụng trước tòa án']);
  });
});
