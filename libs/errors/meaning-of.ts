import { entryOf, type Code } from './catalogue';
import { MEANINGS_VI } from './meanings-vi';

/** What `code` means, as one sentence for people. It holds nothing of the case. */
export function meaningOf(code: Code, language: 'en' | 'vi'): string {
  return language === 'vi' ? MEANINGS_VI[code] : entryOf(code).meaning;
}
