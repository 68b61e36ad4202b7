import { faultAt, TraoError, type Fault } from '../errors';
import { pointerOf } from './pointer';

const MAX_DEPTH = 32;
/** Is its own normal form, and most strings are ASCII. */
const ASCII = /^[\x20-\x7e]*$/;

/**
 * Faults of every string in `value`, keys included, that is not in Unicode normal form C (domain §10): the same name must
 * have the same bytes everywhere, or search and digests disagree. A lone surrogate is a fault too, as UTF-8 has none.
 * @throws TraoError too_deep, which also ends a walk through a value that contains itself
 */
export function textFaults(value: unknown): Fault[] {
  const faults: Fault[] = [];
  walk(value, [], faults);
  return faults;
}

function walk(value: unknown, path: (string | number)[], faults: Fault[]): void {
  if (typeof value === 'string') {
    if (!isNormal(value)) faults.push(faultAt(pointerOf(path), 'not_nfc'));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= MAX_DEPTH) {
    throw new TraoError('too_deep', { faults: [faultAt(pointerOf(path), 'nested_too_deeply', MAX_DEPTH)] });
  }
  for (const [key, member] of Object.entries(value)) {
    if (!isNormal(key)) {
      faults.push(faultAt(pointerOf(path), 'key_not_nfc'));
    }
    path.push(Array.isArray(value) ? Number(key) : key);
    walk(member, path, faults);
    path.pop();
  }
}

function isNormal(text: string): boolean {
  return ASCII.test(text) || (text.isWellFormed() && text.normalize('NFC') === text);
}
