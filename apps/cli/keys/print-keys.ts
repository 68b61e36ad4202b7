import type { KeyMetadata } from '../../../libs/keystore';
import type { Expiry } from '../../../libs/trust';
import { printTable } from '../output';
import type { KeyList } from './list-keys';

export const say = (line = '') => void process.stdout.write(`${line}\n`);

/** What was made, for people: the fingerprint is what they read to each other. */
export function printMade(keys: readonly KeyMetadata[]): void {
  for (const { kid, use, unit, kind, notBefore, notAfter, where, fingerprint } of keys) {
    say(
      `${kid}  ${use}${unit === undefined ? '' : ` of ${unit}`}, ${kind}, ${day(notBefore)} to ${day(notAfter)}, ${where}`,
    );
    say(`    ${fingerprint}`);
  }
}

/** A key as programs get it: no more than people. */
export function shownKey({ public: _public, pkcs11: _place, ...key }: KeyMetadata) {
  return key;
}

export function printList({ keys, notHeld, faults, expiries }: KeyList): void {
  printTable(
    ['KID', 'USE', 'UNIT', 'KIND', 'FROM', 'UNTIL', 'DAYS', 'STATE', 'DIRECTORY', 'WHERE', 'FINGERPRINT'],
    keys.map((key) => [
      key.kid,
      key.use,
      key.unit ?? '',
      key.kind ?? '',
      day(key.notBefore),
      day(key.notAfter),
      key.state === 'destroyed' ? '' : String(key.daysLeft),
      key.state,
      key.published ?? '',
      key.where ?? '',
      key.fingerprint ?? '',
    ]),
  );
  for (const { kid, use, holder } of notHeld) say(`! ${kid}: ${use} of ${holder} is in the directory, and not here`);
  for (const { code, message } of faults) say(`✗ ${message} (${code})`);
  for (const expiry of expiries) say(`! ${endOf(expiry)}`);
}

/** When something ends, as one line. */
export function endOf({ subject, use, where, notAfter, daysLeft, level }: Expiry): string {
  const when = level === 0 ? `ended ${day(notAfter)}` : `ends in ${daysLeft} days, ${day(notAfter)}`;
  if (use === 'rotation') return `${subject}: the weekly encryption keys run out: the last one ${when}`;
  const what = use === subject ? use : `${use}${subject === '' ? '' : ` of ${subject}`}`;
  return `${what} (${where}) ${when}`;
}

const day = (time: string) => time.slice(0, 10);
