import { foldWord, searchWords } from './fold';

/** A word of a text that is scanned. `start` and `end` are code units of that text, half-open. */
export interface Word {
  readonly start: number;
  readonly end: number;
  /** Normal form C, lower case. */
  readonly text: string;
  /** Without diacritics. */
  readonly folded: string;
  /** Letters and marks, whichever letter of a syllable carries the tone: "Hoà" and "Hòa" have the same. */
  readonly letters: string;
  /** Begins with a capital letter. */
  readonly capital: boolean;
  /** Two letters or more, all capitals. */
  readonly shouted: boolean;
}

const LETTERS = /\p{L}[\p{L}\p{M}\p{Cf}]*/gu;
const MARKS = /[\p{M}đ]/gu;
const CAPITAL = /^\p{Lu}/u;
/** Between two words of one name: a space or two, a line break, a hyphen, an apostrophe. */
const JOINED = /^(?:[ \u00a0\t]{1,2}| ?\r?\n ?|[-\u2010-\u2013'’])$/;
/** Between an abbreviation and what it stands before: "Mr. Smith", "TP.HCM". */
const ABBREVIATED = /^\.[ \u00a0]?$/;
/** The longest gap that can match; longer ones are not even looked at. */
const MAX_GAP = 4;

/** The words of a text, digits left out, in one pass. */
export function wordsIn(text: string): Word[] {
  return [...text.matchAll(LETTERS)].map(({ index, 0: raw }) => {
    const written = raw.normalize('NFC');
    return {
      ...spelling(raw),
      start: index,
      end: index + raw.length,
      capital: CAPITAL.test(written),
      shouted: written.length > 1 && written === written.toUpperCase() && written !== written.toLowerCase(),
    };
  });
}

/** How a word is spelt, for comparing it with lists. */
export function spelling(word: string): Pick<Word, 'text' | 'folded' | 'letters'> {
  const text = searchWords(word).join('');
  const folded = foldWord(text);
  const marks = (text.normalize('NFD').match(MARKS) ?? []).toSorted();
  return { text, folded, letters: [folded, ...marks].join('') };
}

/**
 * True when a text has the word of a list: with the same diacritics, or altogether without. Other diacritics make another
 * word: Nguyên is not Nguyễn.
 */
export function isSpelt(word: Word, listed: Pick<Word, 'folded' | 'letters'>): boolean {
  return word.folded === listed.folded && (word.letters === listed.letters || word.text === word.folded);
}

/** True when the two neighbours stand together as words of one name do. */
export function areJoined(text: string, word: Word | undefined, next: Word | undefined): boolean {
  return JOINED.test(gap(text, word, next));
}

/** Like `areJoined`, or with the full stop of an abbreviation between. */
export function areAbbreviated(text: string, word: Word | undefined, next: Word | undefined): boolean {
  const between = gap(text, word, next);
  return JOINED.test(between) || ABBREVIATED.test(between);
}

function gap(text: string, word: Word | undefined, next: Word | undefined): string {
  const far = !word || !next || next.start - word.end > MAX_GAP;
  return far ? '' : text.slice(word.end, next.start);
}
