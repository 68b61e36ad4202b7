import type { Finding } from './finding';
import {
  isCommonFamilyName,
  isFamilyName,
  isForeignTitle,
  isLocalTitle,
  isMarkerAfter,
  isMiddleName,
  needsMiddleName,
  opensPhrase,
  tellsWho,
} from './name-lists';
import { placeAt } from './places';
import { areAbbreviated, areJoined, wordsIn, type Word } from './scan-words';

/** Words after a family name, after a title, and before a family name that stands last. */
const MAX_AFTER_FAMILY = 3;
const MAX_AFTER_TITLE = 4;
const MAX_BEFORE_FAMILY = 2;

interface Reading {
  readonly text: string;
  readonly words: readonly Word[];
  /** For each word, how many words from it on are the name of a place. */
  readonly place: readonly number[];
}

/** Words of one name: from `first` to before `end`, indices into the words. */
interface Run {
  readonly first: number;
  readonly end: number;
}

/** People named in a text: by a listed name of the case, a title, or a Vietnamese family name. May overlap. */
export function namesIn(text: string, known: readonly string[]): Finding[] {
  const words = wordsIn(text);
  const reading = { text, words, place: words.map((_word, at) => placeAt(text, words, at)) };
  return [
    ...strangers(reading).map((run) => finding(reading, run, 'person_name')),
    ...known.flatMap((name) => knownRuns(reading, wordsIn(name))).map((run) => finding(reading, run, 'known_name')),
  ];
}

function finding({ words }: Reading, { first, end }: Run, kind: Finding['kind']): Finding {
  return { start: words[first]!.start, end: words[end - 1]!.end, kind };
}

function strangers(reading: Reading): Run[] {
  const runs: Run[] = [];
  let done = 0;
  for (let at = 0; at < reading.words.length; at += 1) {
    if (at < done) continue;
    const place = reading.place[at]!;
    const run =
      place > 0 ? undefined : (familyFirst(reading, at) ?? titled(reading, at) ?? familyLast(reading, at, done));
    if (run) runs.push(run);
    done = run?.end ?? (place > 0 ? at + place : done);
  }
  return runs;
}

/** A family name before one to three capitalised words, or before Văn or Thị and a word, in any case. */
function familyFirst({ text, words }: Reading, at: number): Run | undefined {
  const [family, second, third] = words.slice(at, at + 3) as [Word, ...Word[]];
  if (!isFamilyName(family) || !second || !areJoined(text, family, second)) return undefined;
  if (isMarkerAfter(family, second) && areJoined(text, second, third)) {
    return { first: at, end: capitalsUntil(text, words, at + 2, 1) };
  }
  if (!family.capital || (needsMiddleName(family) && !isMiddleName(second))) return undefined;
  const end = capitalsUntil(text, words, at, MAX_AFTER_FAMILY);
  return end > at + 1 ? { first: at, end } : undefined;
}

/** One to four capitalised words after a title. A place of several words is none: "chị Hà Nội" is the woman from there. */
function titled({ text, words, place }: Reading, at: number): Run | undefined {
  const title = words[at]!;
  const next = words[at + 1];
  const opens = isForeignTitle(title)
    ? areAbbreviated(text, title, next)
    : isLocalTitle(title) && areJoined(text, title, next);
  if (!opens || !next?.capital || place[at + 1]! > 1) return undefined;
  return { first: at + 1, end: capitalsUntil(text, words, at + 1, MAX_AFTER_TITLE - 1) };
}

/** One or two capitalised words before a family name that stands last, as English writes: "Linh Nguyen". */
function familyLast({ text, words }: Reading, at: number, from: number): Run | undefined {
  if (!words[at]!.capital || !isCommonFamilyName(words[at]!)) return undefined;
  let first = at;
  while (first > Math.max(from, at - MAX_BEFORE_FAMILY) && belongs(words[first - 1]!, words[first]!)) first -= 1;
  return first < at ? { first, end: at + 1 } : undefined;

  function belongs(before: Word, word: Word): boolean {
    return before.capital && !opensPhrase(before) && areJoined(text, before, word);
  }
}

/** The end of the capitalised words that are joined to `words[at]`, at most `most` of them. An initial may have a full stop. */
function capitalsUntil(text: string, words: readonly Word[], at: number, most: number): number {
  let end = at + 1;
  while (end <= at + most && words[end]?.capital && follows(words[end - 1]!, words[end]!)) end += 1;
  return end;

  function follows(before: Word, word: Word): boolean {
    const initial = end > at + 1 && before.text.length === 1;
    return initial ? areAbbreviated(text, before, word) : areJoined(text, before, word);
  }
}

/**
 * Where a text has a known name: all its words together, in any order, case and diacritics; or one word that tells who it is,
 * capitalised or after a title ("em hoa"), outside the name of a place.
 */
function knownRuns(reading: Reading, name: readonly Word[]): Run[] {
  const telling = name.filter(tellsWho);
  return [...wholeName(reading, name), ...(telling.length > 0 ? partsOfName(reading, telling) : [])];
}

function wholeName({ text, words }: Reading, name: readonly Word[]): Run[] {
  // One word, in any case, would be found in half of all sentences.
  if (name.length < 2) return [];
  const parts = new Set(name.map(({ folded }) => folded));
  const wanted = inOrder(name);
  return words.flatMap((word, first) => {
    const here = parts.has(word.folded) ? words.slice(first, first + name.length) : [];
    const together = here.every((next, index) => index === 0 || areAbbreviated(text, here[index - 1], next));
    return together && inOrder(here) === wanted ? [{ first, end: first + name.length }] : [];
  });
}

const inOrder = (words: readonly Word[]) =>
  words
    .map(({ folded }) => folded)
    .toSorted()
    .join(' ');

function partsOfName({ text, words, place }: Reading, parts: readonly Word[]): Run[] {
  const inPlace = new Set(place.flatMap((length, at) => Array.from({ length }, (_, index) => at + index)));
  return words.flatMap((word, first) => {
    if (inPlace.has(first) || !parts.some((part) => sameName(word, part))) return [];
    const addressed = first > 0 && isLocalTitle(words[first - 1]!) && areJoined(text, words[first - 1], word);
    return word.capital || addressed ? [{ first, end: first + 1 }] : [];
  });
}

/** The same letters with the same diacritics, or with none on either side: machine readable names have none. */
function sameName(word: Word, part: Word): boolean {
  if (word.folded !== part.folded) return false;
  return word.letters === part.letters || word.text === word.folded || part.text === part.folded;
}
