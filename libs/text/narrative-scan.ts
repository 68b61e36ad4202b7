import { FINDING_KINDS, type Finding } from './finding';
import { addressesIn } from './scan-addresses';
import { namesIn } from './scan-names';
import { numbersIn } from './scan-numbers';

/** Letters, digits and signs of double width, which Chinese keyboards write. Each is one code unit, like the sign it stands for. */
const WIDE = /[\uff01-\uff5e]/g;
const WIDE_OFFSET = 0xfee0;

/** What is known about the person whose case it is. */
interface Known {
  /** Names of the person and of people of the case: full, Latin form, aliases. */
  readonly names?: readonly string[];
}

/**
 * Pieces of a free text, in Vietnamese or English, that may tell who somebody is or how to reach them: to be shown to the
 * author before the text is sent. It warns, people decide: it does not know every name, and some of what it shows is harmless.
 *
 * Found are: e-mail and web addresses and names of accounts; telephone numbers, international, of Viet Nam, of the United
 * Kingdom and of neighbours; numbers of passports and identity cards; the known names, with other diacritics and in another
 * order too; Vietnamese names by their family name; any capitalised name after a title (Mr, bà, em …).
 * Not found are: given names alone that are not known, names of other countries without a title, and addresses of places.
 * A street named after a person counts as a name; a person named like a province (Hà Nam) does not, nor does "chị Hà Nam".
 *
 * Findings are sorted and do not overlap; what overlaps is one finding, of the surest kind. The time grows with the length
 * of the text, whatever it holds.
 */
export function scanText(text: string, known: Known = {}): Finding[] {
  const plain = text.replaceAll(WIDE, (sign) => String.fromCharCode(sign.charCodeAt(0) - WIDE_OFFSET));
  return merged([...addressesIn(plain), ...numbersIn(plain), ...namesIn(plain, known.names ?? [])]);
}

function merged(findings: readonly Finding[]): Finding[] {
  const result: Finding[] = [];
  for (const next of findings.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && next.start < last.end) result[result.length - 1] = union(last, next);
    else result.push(next);
  }
  return result;
}

function union(first: Finding, second: Finding): Finding {
  const surer = FINDING_KINDS.indexOf(first.kind) <= FINDING_KINDS.indexOf(second.kind) ? first : second;
  return { start: first.start, end: Math.max(first.end, second.end), kind: surer.kind };
}
