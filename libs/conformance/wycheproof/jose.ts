import { isMembers, type Members } from '../recognise';
import { hexOf } from '../members';
import { declining, decryptStrictly, publicPart, verifyStrictly } from '../strict-jose';
import { ACCEPT, sameResult, UnreadableCase, type Outcome } from '../verdict';

/** A test of the JOSE files: a token and the keys that its receiver has. */
export function joseCase(group: Members, test: Members): Promise<Outcome> {
  if ('jws' in test) return declining(() => jws(group, test));
  if ('jwe' in test) return declining(() => jwe(group, test));
  throw new UnreadableCase('neither jws nor jwe');
}

async function jws(group: Members, test: Members): Promise<Outcome> {
  const keys = keysOf(group['public'] ?? group['private']);
  await verifyStrictly(test['jws'], group['public'] === undefined ? keys.map(publicPart) : keys);
  return ACCEPT;
}

async function jwe(group: Members, test: Members): Promise<Outcome> {
  const plaintext = await decryptStrictly(test['jwe'], keysOf(group['private']));
  return 'pt' in test ? sameResult(plaintext, hexOf(test, 'pt')) : ACCEPT;
}

/** A key, or a set of keys. */
function keysOf(value: unknown): readonly Members[] {
  if (!isMembers(value)) throw new UnreadableCase('no key');
  const { keys } = value;
  if (!Array.isArray(keys)) return [value];
  if (!keys.every(isMembers)) throw new UnreadableCase('no set of keys');
  return keys;
}
