import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codeList, codeLists, fieldRules, type CodeList } from '../libs/schema';

interface Definition {
  readonly enum?: readonly unknown[];
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(__dirname, path), 'utf8'));
const definitions = (read('referral/v1/codes.schema.json') as { $defs: { [name: string]: Definition } }).$defs;
const codesOf = (name: string) => codeList(name)?.entries.map(({ code }) => code);

/** Files with a shape of their own. */
const NOT_A_LIST = ['fields.json', 'units.json'];
const files = readdirSync(join(__dirname, 'codes/v1')).filter((file) => !NOT_A_LIST.includes(file));
const lists = files.map((file) => ({ file, ...(read(`codes/v1/${file}`) as CodeList) }));

/** Lists that no enum has: a unit is a pattern, a grade of information a number. */
const WITHOUT_ENUM = ['informationGrade', 'units'];

describe('the code lists', () => {
  it.each(Object.entries(definitions))('%s has the codes of the schema, in its order', (name, definition) => {
    expect(codesOf(name)).toEqual(definition.enum);
  });

  it('have a definition in the schema', () => {
    const names = codeLists().map(({ list }) => list);
    expect(names.filter((name) => !WITHOUT_ENUM.includes(name)).sort()).toEqual(Object.keys(definitions).sort());
  });

  it('that no enum has follow the schema too', () => {
    const { evaluation } = (
      read('referral/v1/referral.schema.json') as {
        $defs: { evaluation: { properties: { information: { minimum: number; maximum: number } } } };
      }
    ).$defs;
    const { minimum, maximum } = evaluation.properties.information;
    const grades = Array.from({ length: maximum - minimum + 1 }, (_each, index) => String(minimum + index));
    expect(codesOf('informationGrade')).toEqual(grades);
  });

  it('of unit classes is the directory’s', () => {
    const { $defs } = read('directory/v1/directory.schema.json') as {
      $defs: { directoryUnit: { properties: { class: Definition } } };
    };
    expect(codesOf('unitClass')).toEqual($defs.directoryUnit.properties.class.enum);
  });

  it('are all bundled, unchanged', () => {
    for (const { file: _, ...list } of lists) expect(codeList(list.list)).toEqual(list);
    expect(codeLists()).toHaveLength(files.length + ['units', 'fieldPath'].length);
  });

  it.each(lists)('$file is named as its list and closed', ({ file, ...list }) => {
    expect(file).toBe(`${list.list.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.json`);
    expect(Object.keys(list)).toEqual(['list', 'version', 'source', 'entries']);
    for (const entry of list.entries) {
      const members = Object.keys(entry).filter((name) => !['note', 'crosswalk', 'confirmed'].includes(name));
      expect(members).toEqual(['code', 'label']);
      expect([undefined, false]).toContain(entry.confirmed);
    }
  });
});

/** All texts below `value`, with where they stand. */
function* textsIn(value: unknown, where: string): Generator<{ where: string; text: string }> {
  if (typeof value === 'string') yield { where, text: value };
  else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) yield* textsIn(part, `${where}/${name}`);
  }
}

describe('the labels', () => {
  const labelled = [
    ...codeLists().map(({ list, entries }) => ({ list, entries })),
    { list: 'fields', entries: fieldRules().map(({ path, label }) => ({ code: path, label })) },
  ];

  it.each(labelled)('of $list are unique, in both languages', ({ entries }) => {
    for (const texts of [
      entries.map(({ code }) => code),
      entries.map(({ label }) => label.en),
      entries.map(({ label }) => label.vi),
    ]) {
      expect(texts.every((text) => text.length > 0)).toBe(true);
      expect(new Set(texts).size).toBe(texts.length);
    }
  });

  it('and all other texts are in NFC, in one line without blanks around', () => {
    const texts = [...readdirSync(join(__dirname, 'codes/v1'))].flatMap((file) => [
      ...textsIn(read(`codes/v1/${file}`), file),
    ]);
    const wrong = texts.filter(({ text }) => text !== text.normalize('NFC').trim() || /[\n\t]| {2}/.test(text));
    expect(wrong).toEqual([]);
  });

  it('are Vietnamese in Vietnamese, but for UK decisions, which stay in English with a gloss', () => {
    const same = labelled.flatMap(({ list, entries }) =>
      entries.filter(({ label }) => label.en === label.vi).map(({ code }) => `${list} ${code}`),
    );
    const decisions = codeList('identificationDecision')?.entries.filter(({ code }) => code.startsWith('uk_')) ?? [];
    expect(same).toEqual(decisions.map(({ code }) => `identificationDecision ${code}`));
    expect(decisions.every(({ note }) => note !== undefined && note.vi !== note.en)).toBe(true);
  });
});

/** Crosswalk of the domain model: code | HTCDS | CTDC | UK NRM component; a dash where there is no counterpart. */
const EXPLOITATION = `
  forced_labour       | ForcedLabour       | isForcedLabour                | ForcedToWorkForNothing, WagesTaken
  domestic_servitude  | Servitude          | typeOfLabourDomesticWork      | DomesticServitude
  sexual_prostitution | SexualExploitation | typeOfSexProstitution         | Prostitution
  sexual_other        | SexualExploitation | typeOfSex*                    | Sexuallyassaulted
  child_sexual        | SexualExploitation | isSexualExploit + minor       | ChildExploitation
  criminal_cannabis   | Other              | typeOfLabourIllicitActivities | ForcedCrime
  criminal_other      | Other              | typeOfLabourIllicitActivities | ForcedCrime
  criminal_scam       | Other              | -                             | Fraud, ForcedCrime
  financial_fraud     | Other              | -                             | Fraud, WagesTaken
  forced_begging      | ForcedBegging      | typeOfLabourBegging           | ForcedCrime
  forced_marriage     | ForcedMarriage     | isForcedMarriage              | -
  illegal_adoption    | ForcedAdoption     | -                             | -
  surrogacy           | Surrogacy          | -                             | -
  organ_removal       | OrganRemoval       | isOrganRemoval                | OrgansRemoved
  forced_military     | ForcedMilitaryByNonStateActors | isForcedMilitary  | -
  slavery_like        | Servitude          | isSlaveryAndPractices         | -
  child_labour        | ChildLabour        | -                             | -
  intended_not_yet    | -                  | -                             | -
  other               | -                  | -                             | -
  unknown             | -                  | -                             | -
`;

describe('the crosswalk', () => {
  const columnOf = (list: string, column: 'htcds' | 'ctdc' | 'uk_nrm' | 'fhir' | 'primero') =>
    codeList(list)?.entries.map(({ code, crosswalk }) => [code, crosswalk?.[column]?.join(', ')]);
  const pascal = (code: string) => code.replaceAll(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());

  it('has columns with counterparts only', () => {
    const columns = new Set<string>();
    for (const { entries } of codeLists()) {
      for (const { crosswalk = {} } of entries) {
        expect(Object.values(crosswalk).every((names) => names.length > 0)).toBe(true);
        for (const column of Object.keys(crosswalk)) columns.add(column);
      }
    }
    expect([...columns].sort()).toEqual(['ctdc', 'fhir', 'htcds', 'primero', 'uk_nrm']);
  });

  it('of forms of exploitation is the one of the domain model', () => {
    const rows = EXPLOITATION.trim()
      .split('\n')
      .map((row) => row.split('|').map((cell) => cell.trim()));
    const has = codeList('exploitationType')?.entries.map(({ code, crosswalk }) => [
      code,
      crosswalk?.htcds?.join(', ') ?? '-',
      crosswalk?.ctdc?.join(', ') ?? '-',
      crosswalk?.uk_nrm?.map((name) => name.replace('Component', '')).join(', ') ?? '-',
    ]);
    expect(has).toEqual(rows);
  });

  it('of means of control has the names of HTCDS and CTDC, which are the same', () => {
    const codes = codesOf('controlMethod') ?? [];
    expect(columnOf('controlMethod', 'ctdc')).toEqual(codes.map((code) => [code, `meansOfControl${pascal(code)}`]));
    // HTCDS has no value for what is not specified.
    expect(columnOf('controlMethod', 'htcds')).toEqual(
      codes.map((code) => [code, code === 'not_specified' ? undefined : pascal(code)]),
    );
  });

  it('of other lists follows their standards', () => {
    expect(columnOf('ageBand', 'ctdc')).toEqual(codesOf('ageBand')?.map((code) => [code, code.replace('-', '--')]));
    expect(columnOf('gender', 'fhir')).toEqual(codesOf('gender')?.map((code) => [code, code]));
    expect(columnOf('declineCode', 'fhir')).toEqual(codesOf('declineCode')?.map((code) => [code, 'rejected']));
    expect(columnOf('declineCode', 'primero')).toEqual(codesOf('declineCode')?.map((code) => [code, 'rejected']));
    expect(columnOf('placeEvent', 'htcds')).toEqual(codesOf('placeEvent')?.map((code) => [code, pascal(code)]));
    expect(columnOf('sector', 'htcds')?.every(([code, name]) => name?.startsWith(`${code}_`))).toBe(true);
    expect(columnOf('recruitmentMethod', 'htcds')?.every(([, name]) => name !== undefined)).toBe(true);
    expect(columnOf('lastContact', 'uk_nrm')?.map(([, name]) => name)).toEqual([
      ...['week', 'month', '3-month', '6-month', '6-12-month'].map((span) => `within-the-last-${span}`),
      'over-a-year-ago',
      'not-sure',
    ]);
  });
});
