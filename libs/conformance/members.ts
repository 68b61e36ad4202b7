import { isMembers, type Members } from './recognise';
import { UnreadableCase, type Label } from './verdict';

/** A member that must be text. @throws UnreadableCase */
export function textOf(members: Members, name: string): string {
  const value = members[name];
  if (typeof value !== 'string') throw new UnreadableCase(`no text ${name}`);
  return value;
}

/** A member that must be bytes in hexadecimal. @throws UnreadableCase */
export function hexOf(members: Members, name: string): Buffer {
  const text = textOf(members, name);
  const bytes = Buffer.from(text, 'hex');
  if (bytes.length * 2 !== text.length) throw new UnreadableCase(`${name} is not hexadecimal`);
  return bytes;
}

/** A member that must be a number. @throws UnreadableCase */
export function numberOf(members: Members, name: string): number {
  const value = members[name];
  if (typeof value !== 'number') throw new UnreadableCase(`no number ${name}`);
  return value;
}

/** A member that must be an object. @throws UnreadableCase */
export function membersOf(members: Members, name: string): Members {
  const value = members[name];
  if (!isMembers(value)) throw new UnreadableCase(`no object ${name}`);
  return value;
}

const LABELS: readonly unknown[] = ['valid', 'invalid', 'acceptable'] satisfies Label[];

/** What a case of Wycheproof says should happen. @throws UnreadableCase */
export function labelOf(test: Members): Label {
  const { result } = test;
  if (!LABELS.includes(result)) throw new UnreadableCase('no result valid, invalid or acceptable');
  return result as Label;
}
