import { codeList, codeLists, fieldRule, fieldRules, labelOf, listedUnits } from './codes';

describe('the code lists', () => {
  it('are found by name, in the order of their names', () => {
    const names = codeLists().map(({ list }) => list);
    expect(names).toEqual([...names].sort());
    for (const list of codeLists()) expect(codeList(list.list)).toBe(list);
    expect(codeList('colour')).toBeUndefined();
  });

  it('have labels in two languages', () => {
    expect(labelOf('exploitationType', 'organ_removal', 'en')).toBe('Organ removal');
    expect(labelOf('exploitationType', 'organ_removal', 'vi')).toBe('Lấy bộ phận cơ thể');
    expect(labelOf('exploitationType', 'colour', 'en')).toBeUndefined();
    expect(labelOf('colour', 'red', 'en')).toBeUndefined();
  });

  it('include the units by id, with the end of those that ceased to be', () => {
    const entries = codeList('units')?.entries ?? [];
    expect(entries).toContainEqual({
      code: 'vn.hotline-111',
      label: { en: 'National hotline 111', vi: 'Tổng đài điện thoại quốc gia 111' },
    });
    expect(entries.filter(({ to }) => to !== undefined).map(({ code, to }) => [code, to])).toEqual([
      ['vn.molisa', '2025-03-01'],
    ]);
  });

  it('include the fields that a request for information may name, and no others', () => {
    const paths = codeList('fieldPath')?.entries.map(({ code }) => code) ?? [];
    expect(paths).toEqual(fieldRules().flatMap(({ path, askable }) => (askable ? [path] : [])));
    expect(paths).toContain('exploitation.types');
    expect(paths).not.toContain('header.seq');
    expect(labelOf('fieldPath', 'person.birth', 'vi')).toBe(fieldRule('person.birth')?.label.vi);
  });
});

describe('the rules of fields', () => {
  it('are found by path', () => {
    expect(fieldRule('person.photo')).toMatchObject({ sensitivity: 'S3', scope: 'photo', cells: { VERIFY: 'C' } });
    for (const rule of fieldRules()) expect(fieldRule(rule.path)).toBe(rule);
    expect(fieldRule('person.shoeSize')).toBeUndefined();
  });
});

describe('the listed units', () => {
  it('of a node are its own, under ids that begin with the node', () => {
    for (const node of ['vn', 'gb']) {
      const units = listedUnits(node);
      expect(units.length).toBeGreaterThan(3);
      expect(units.every(({ id }) => id.startsWith(`${node}.`))).toBe(true);
      expect(units.every(({ name }) => name.en.length > 0 && name.vi.length > 0)).toBe(true);
    }
  });

  it('of a node that nobody knows are none', () => {
    expect(listedUnits('zz')).toEqual([]);
  });

  it('say when a unit ceased to be', () => {
    expect(listedUnits('vn').find(({ id }) => id === 'vn.molisa')?.to).toBe('2025-03-01');
  });
});
