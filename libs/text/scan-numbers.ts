import type { Finding } from './finding';

/** Digits that stand together. Code units of the text. */
interface Group {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
}

const DIGITS = /[0-9]+/g;
/** Between two groups of one number. Not the comma, the slash and the colon: those are amounts, dates and times. */
const SEPARATOR = /^[ \u00a0.()\u2010-\u2013-]{1,3}$/;
/** Highest number of digits of an international number (ITU-T E.164), and of "00" before it. */
const MAX_DIGITS = 17;

/** Written numbers of telephones; a number is one when its digits match. `plain`: could as well be an amount of money. */
const PHONES: readonly { readonly digits: RegExp; readonly plain?: true }[] = [
  // Viet Nam and the United Kingdom, with a 0 in brackets after the country code, or without.
  { digits: /^(?:\+|00)(?:84|44)0?[1-9][0-9]{8,9}$/ },
  { digits: /^(?:\+|00)(?!84|44)[1-9][0-9]{7,14}$/ },
  // National, with the 0: Viet Nam 10 or 11 digits, the United Kingdom 10 or 11, Cambodia, Laos and Thailand 9 or 10.
  { digits: /^0[1-9][0-9]{7,9}$/ },
  // With the country code, but without its plus sign.
  { digits: /^(?:84[235789][0-9]{8,9}|44[1237][0-9]{9}|855[1-9][0-9]{7,8})$/, plain: true },
  // China, mobile.
  { digits: /^1[3-9][0-9]{9}$/, plain: true },
];

const CURRENCY_AFTER =
  /^[ \u00a0]?(?:đồng|dong|vnđ|vnd|đ|usd|gbp|eur|cny|thb|khr|dollars|dollar|pounds|pound|euros|euro|yuan|baht|riels|riel|tệ|[₫$£€¥])(?!\p{L})/iu;
const CURRENCY_BEFORE = /(?:vnd|usd|gbp|eur|[₫$£€¥])[ \u00a0]?$/i;
/** The longest of either. */
const CURRENCY_UNITS = 8;

/** One or two letters straight before seven or eight digits, or one capital with a space or hyphen. */
const LETTERS_BEFORE = /(?<![\p{L}\p{N}])(?:[A-Z]{1,2}|[A-Z][ -])$/iu;
const CAPITAL_APART = /^[A-Z][ -]$/;

/** Telephone numbers and numbers of documents. */
export function numbersIn(text: string): Finding[] {
  return runsIn(text).flatMap((run) => numbersInRun(text, run));
}

/** Groups that only separators of a number divide. */
function runsIn(text: string): Group[][] {
  const runs: Group[][] = [];
  let before: Group | undefined;
  for (const { index, 0: digits } of text.matchAll(DIGITS)) {
    const group = { start: index, end: index + digits.length, digits };
    const joined = before && index - before.end <= 3 && SEPARATOR.test(text.slice(before.end, index));
    // A plus sign begins a new number, and is no separator.
    if (joined) runs.at(-1)!.push(group);
    else runs.push([group]);
    before = group;
  }
  return runs;
}

function numbersInRun(text: string, run: readonly Group[]): Finding[] {
  const findings: Finding[] = [];
  let at = 0;
  while (at < run.length) {
    const here = run.slice(at, at + MAX_DIGITS);
    const skipped = dateLength(here) || amountLength(text, here);
    const found = skipped > 0 ? undefined : (documentIn(text, here) ?? phoneIn(text, here));
    if (found) findings.push(found.finding);
    at += found?.groups ?? Math.max(skipped, 1);
  }
  return findings;
}

interface Found {
  readonly finding: Finding;
  readonly groups: number;
}

/** 3 when the groups begin with a date, day or year first, else 0. */
function dateLength(groups: readonly Group[]): number {
  const [a, b, c] = groups.slice(0, 3).map(({ digits }) => digits);
  if (a === undefined || b === undefined || c === undefined) return 0;
  const [day, year] = c.length === 4 ? [a, c] : [c, a];
  const within = (text: string, low: number, high: number) => Number(text) >= low && Number(text) <= high;
  const dated = day.length <= 2 && b.length <= 2 && year.length === 4;
  return dated && within(day, 1, 31) && within(b, 1, 12) && within(year, 1900, 2099) ? 3 : 0;
}

/** How many groups are an amount in thousands, as "12.000.000"; one that could be something else needs its currency. */
function amountLength(text: string, groups: readonly Group[]): number {
  const [head] = groups;
  if (!head || head.digits.length > 3 || head.digits.startsWith('0') || hasPlus(text, head)) return 0;
  let length = 1;
  while (groups[length]?.digits.length === 3) length += 1;
  const last = groups[length - 1]!;
  return length > 1 && (last.digits === '000' || hasCurrency(text, head, last)) ? length : 0;
}

function hasCurrency(text: string, first: Group, last: Group): boolean {
  return (
    CURRENCY_AFTER.test(text.slice(last.end, last.end + CURRENCY_UNITS)) ||
    CURRENCY_BEFORE.test(text.slice(Math.max(0, first.start - CURRENCY_UNITS), first.start))
  );
}

function hasPlus(text: string, { start }: Group): boolean {
  return /\+[ (]?$/.test(text.slice(Math.max(0, start - 2), start));
}

/** A passport (one or two letters, seven or eight digits), a personal number of 12 digits, an identity card or British passport of 9. */
function documentIn(text: string, groups: readonly Group[]): Found | undefined {
  const first = groups[0]!;
  const found = (start: number, last: Group, count: number): Found => ({
    finding: { start, end: last.end, kind: 'document_number' },
    groups: count,
  });
  const letters = lettersBefore(text, first);
  if (letters > 0) return found(first.start - letters, first, 1);
  if (hasPlus(text, first) || touchesLetter(text, first)) return undefined;
  for (const count of [1, 3, 4]) {
    const last = groups[count - 1];
    const digits = groups.slice(0, count).map((group) => group.digits);
    const even = last && digits.every((part) => part.length === digits[0]!.length);
    if (even && isPersonalNumber(digits) && !hasCurrency(text, first, last)) return found(first.start, last, count);
  }
  return undefined;
}

/** In groups only with the 0 of a province in front: else it is any long number. Nine digits that end in 000 are an amount. */
function isPersonalNumber(groups: readonly string[]): boolean {
  const digits = groups.join('');
  if (groups.length > 1) return digits.length === 12 && digits.startsWith('0');
  return (
    (digits.length === 12 && !/^84[235789]|000000$/.test(digits)) || (digits.length === 9 && !digits.endsWith('000'))
  );
}

/** Length of the letters, and of what divides them from the digits, that make a number of a passport; 0 when there are none. */
function lettersBefore(text: string, { start, end, digits }: Group): number {
  const letters = LETTERS_BEFORE.exec(text.slice(Math.max(0, start - 3), start))?.[0] ?? '';
  const apart = /[ -]$/.test(letters);
  const alone = !/^[\p{L}\p{N}]/u.test(text.slice(end, end + 2));
  const long = digits.length === 7 || digits.length === 8;
  return long && alone && (!apart || CAPITAL_APART.test(letters)) ? letters.length : 0;
}

function touchesLetter(text: string, { start, end }: Group): boolean {
  return /\p{L}$/u.test(text.slice(Math.max(0, start - 2), start)) || /^\p{L}/u.test(text.slice(end, end + 2));
}

/** The longest telephone number that the groups begin with. */
function phoneIn(text: string, groups: readonly Group[]): Found | undefined {
  const first = groups[0]!;
  const plus = hasPlus(text, first);
  let written = plus ? '+' : '';
  let longest: Found | undefined;
  for (const [index, group] of groups.entries()) {
    written += group.digits;
    if (written.length > MAX_DIGITS) break;
    if (!isPhone(text, written, first, group)) continue;
    const start = plus ? text.lastIndexOf('+', first.start) : first.start;
    longest = { finding: { start, end: group.end, kind: 'phone' }, groups: index + 1 };
  }
  return longest;
}

function isPhone(text: string, written: string, first: Group, last: Group): boolean {
  const shape = PHONES.find(({ digits }) => digits.test(written));
  return shape !== undefined && !(shape.plain && hasCurrency(text, first, last));
}
