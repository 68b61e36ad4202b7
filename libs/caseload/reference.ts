import { createHash } from 'node:crypto';

/** Letters and digits that nobody mistakes for one another, also read aloud (Crockford's base 32). */
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;

/**
 * The reference of a referral for people, such as `TR-7K3M-9QXV`: the same at both sides, to be read out on the telephone. It is drawn
 * from the id alone, so it says nothing of the person.
 */
export function referenceOf(referralId: string): string {
  const bits = createHash('sha256').update(`referral ${referralId}`).digest().readBigUInt64BE();
  const signs = Array.from({ length: LENGTH }, (_, place) => SIGNS[Number((bits >> BigInt(59 - 5 * place)) & 31n)]);
  return `TR-${signs.slice(0, 4).join('')}-${signs.slice(4).join('')}`;
}

/** What somebody typed as a reference in its one form; undefined for what cannot be one. */
export function asReference(typed: string): string | undefined {
  const plain = typed
    .toUpperCase()
    .replace(/^\s*TR/, '')
    .replaceAll(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  if (plain.length !== LENGTH || !/^[0-9A-HJKMNP-TV-Z]*$/.test(plain)) return undefined;
  return `TR-${plain.slice(0, 4)}-${plain.slice(4)}`;
}
