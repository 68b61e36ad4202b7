import type { Person } from '../schema';

const ADULT_AT = 18;
const CHILD_BANDS: readonly unknown[] = ['0-8', '9-17'];

/** The 18th birthday, YYYY-MM-DD. Of 29 February it can be a day that does not exist; compared as text it acts as 1 March. */
export function adultFrom(bornOn: string): string {
  return `${Number(bornOn.slice(0, 4)) + ADULT_AT}${bornOn.slice(4)}`;
}

/**
 * True when a referral of `today` (YYYY-MM-DD) is about a child, or does not say that the person is an adult: uncertain age is
 * treated as child (domain §1.10).
 */
export function isChild(person: Person | undefined, today: string): boolean {
  return person?.ageStatus === undefined || saysChild(person, today);
}

/** True when this is said of a child. What is said of the birth counts more than the word `adult`. */
export function saysChild({ ageStatus, birth }: Person, today: string): boolean {
  if (ageStatus !== undefined && ageStatus !== 'adult') return true;
  if (birth?.date !== undefined) return today < adultFrom(birth.date);
  if (birth?.year !== undefined) return today < adultFrom(`${birth.year}-01-01`);
  return CHILD_BANDS.includes(birth?.ageBand);
}
