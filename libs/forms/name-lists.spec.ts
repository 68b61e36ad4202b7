import { countryOptions } from './countries';
import { languageOptions } from './languages';
import { validExamples } from './fixtures/examples';

const labelIn = (options: readonly { readonly value: string; readonly label: string }[], value: string) =>
  options.find((option) => option.value === value)?.label;
const valuesNamed = (pattern: RegExp) =>
  [...validExamples('referral/v1'), ...validExamples('consent/v1')].flatMap(([, example]) =>
    [...JSON.stringify(example).matchAll(pattern)].map(([, value]) => value!),
  );

describe('countries', () => {
  it('are all of ISO 3166-1, by the names of the language', () => {
    for (const language of ['en', 'vi'] as const) {
      const options = countryOptions(language);
      expect(options).toHaveLength(251);
      expect(new Set(options.map(({ value }) => value)).size).toBe(251);
      expect(new Set(options.map(({ label }) => label)).size).toBe(251);
      for (const { value, label } of options) {
        expect(value).toMatch(/^[A-Z]{3}$/);
        // A name that the platform does not know would be its code.
        expect(label).not.toMatch(/^[A-Z]{2}$/);
      }
      expect(countryOptions(language)).toBe(options);
    }
    expect(labelIn(countryOptions('en'), 'VNM')).toBe('Viet Nam');
    expect(labelIn(countryOptions('vi'), 'VNM')).toBe('Việt Nam');
    expect(labelIn(countryOptions('vi'), 'GBR')).toBe('Vương quốc Anh');
  });

  it('stand in the alphabet of the language, without a country last', () => {
    const vietnamese = countryOptions('vi').map(({ label }) => label);
    expect(vietnamese.indexOf('Đức')).toBeGreaterThan(vietnamese.indexOf('Dominica'));
    expect(vietnamese.indexOf('Đức')).toBeLessThan(vietnamese.indexOf('Estonia'));
    expect(vietnamese.slice(-2)).toEqual(['Người không quốc tịch', 'Chưa rõ']);
    expect(countryOptions('en').at(-1)).toEqual({ value: 'XXX', label: 'Not known' });
  });

  it('have those of all examples', () => {
    const used = valuesNamed(/"(?:country|departureCountry)":"([A-Z]{3})"/g);
    expect(used.length).toBeGreaterThan(10);
    for (const country of used) expect(labelIn(countryOptions('en'), country)).toBeDefined();
  });
});

describe('languages', () => {
  it('have names in both languages, those of the peoples of Viet Nam too', () => {
    for (const language of ['en', 'vi'] as const) {
      const options = languageOptions(language);
      expect(new Set(options.map(({ value }) => value)).size).toBe(options.length);
      expect(new Set(options.map(({ label }) => label)).size).toBe(options.length);
      for (const { value, label } of options) {
        expect(value).toMatch(/^[a-z]{2,3}$/);
        expect(label).toMatch(/^\p{Lu}/u);
        // A name that the platform does not know would be its tag. Some peoples are called like theirs, of three letters.
        expect(value.length === 2 && label.toLowerCase() === value).toBe(false);
      }
      expect(languageOptions(language)).toBe(options);
    }
    expect(labelIn(languageOptions('vi'), 'mww')).toBe('Tiếng Mông Trắng');
    expect(labelIn(languageOptions('en'), 'jra')).toBe('Jarai');
    expect(
      languageOptions('vi')
        .slice(0, 2)
        .map(({ value }) => value),
    ).toEqual(['vi', 'en']);
    expect(languageOptions('vi').at(-1)).toEqual({ value: 'und', label: 'Chưa rõ' });
  });

  it('have those of all examples', () => {
    const used = valuesNamed(/"(?:language|primary)":"([^"]+)"/g);
    expect(used.length).toBeGreaterThan(10);
    for (const language of used) expect(labelIn(languageOptions('en'), language)).toBeDefined();
  });
});
