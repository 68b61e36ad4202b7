import { isMembers, type Members } from './recognise';

/** A token of JOSE: compact, or in JSON serialisation (flattened or general). */
export type Serialised = string | Members;

export interface Flipped {
  /** Which segment or member has one bit changed. */
  readonly where: string;
  readonly token: Serialised;
}

/** Members of the JSON serialisations whose bytes are authenticated; `header` is outside of the authenticated part. */
const AUTHENTICATED = ['protected', 'payload', 'signature', 'aad', 'encrypted_key', 'iv', 'ciphertext', 'tag'];

/** The token once for each of its parts that is not empty, with one bit in the middle of that part changed. */
export function flips(token: Serialised): Flipped[] {
  if (typeof token === 'string') {
    const segments = token.split('.');
    return segments.flatMap((segment, index) =>
      segment === '' ? [] : [{ where: `segment ${index}`, token: segments.with(index, flipped(segment)).join('.') }],
    );
  }
  return [...flipsOfMembers(token), ...flipsInside(token, 'signatures'), ...flipsInside(token, 'recipients')];
}

function flipsOfMembers(members: Members): (Flipped & { readonly token: Members })[] {
  return AUTHENTICATED.flatMap((name) => {
    const value = members[name];
    return typeof value === 'string' && value !== ''
      ? [{ where: name, token: { ...members, [name]: flipped(value) } }]
      : [];
  });
}

/** General serialisation with one signature or recipient: with more, the others stay whole. */
function flipsInside(token: Members, list: 'signatures' | 'recipients'): Flipped[] {
  const value = token[list];
  const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : undefined;
  if (!isMembers(only)) return [];
  return flipsOfMembers(only).map((part) => ({
    where: `${list} ${part.where}`,
    token: { ...token, [list]: [part.token] },
  }));
}

function flipped(text: string): string {
  const bytes = Buffer.from(text, 'base64url');
  // A payload may stand there as it is (RFC 7797).
  const encoding = bytes.toString('base64url') === text ? 'base64url' : 'utf8';
  const changed = Buffer.from(text, encoding);
  const middle = changed.length >> 1;
  changed[middle] = changed[middle]! ^ 1;
  return changed.toString(encoding);
}
