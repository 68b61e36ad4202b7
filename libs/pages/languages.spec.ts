import { asLanguage, languageOf } from './languages';

describe('the language of a page', () => {
  it('is what was chosen on this browser, then what the browser asks for, then the own one', () => {
    expect(languageOf('a=b; trao_language=vi', 'en', 'en')).toBe('vi');
    expect(languageOf('trao_language=fr', 'vi-VN,vi;q=0.9,en;q=0.8', 'en')).toBe('vi');
    expect(languageOf(undefined, 'fr, en;q=0.5, vi;q=0.7', 'en')).toBe('vi');
    expect(languageOf(undefined, 'fr;q=0.9, vi;q=0', 'en')).toBe('en');
    expect(languageOf('', undefined, 'vi')).toBe('vi');
    expect(languageOf('not_trao_language=vi', '', 'en')).toBe('en');
  });

  it('is one of two', () => {
    expect([asLanguage('vi'), asLanguage('en'), asLanguage('VI'), asLanguage(undefined)]).toEqual([
      'vi',
      'en',
      undefined,
      undefined,
    ]);
  });
});
