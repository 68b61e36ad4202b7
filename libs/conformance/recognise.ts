import { TraoError } from '../errors';
import type { VectorFile } from './vector-file';

/** A JSON object of which nothing is known yet. */
export type Members = Readonly<Record<string, unknown>>;

/** A file whose content says what it is. */
export type Recognised =
  | { readonly format: 'wycheproof'; readonly path: string; readonly document: Members }
  | { readonly format: 'x509-limbo'; readonly path: string; readonly document: Members }
  | { readonly format: 'json-schema'; readonly path: string; readonly groups: readonly unknown[] }
  /** A schema that tests refer to, by the address that the suite gives it. */
  | { readonly format: 'remote-schema'; readonly path: string; readonly address: string; readonly schema: Members }
  | { readonly format: 'jose-cookbook'; readonly path: string; readonly document: Members }
  /** A sealed message whose key is in another file. */
  | { readonly format: 'jwe'; readonly path: string; readonly jwe: string | Members }
  | { readonly format: 'keys'; readonly path: string; readonly keys: readonly Members[] }
  | { readonly format: 'unknown'; readonly path: string };

const COMPACT_JWE = /^[\w-]+(?:\.[\w-]*){4}$/;
/** The one thing that a name decides: the JSON Schema suite says what address the files of this folder have. */
const REMOTE = /(?:^|\/)remotes\/(.+)$/;
const REMOTES_AT = 'http://localhost:1234/';
const JSON_START = /^\s*[[{]/;

/**
 * Says what a file is by what is in it; its name does not matter.
 * @throws TraoError `malformed_json` when it is called .json and is none
 */
export function recognise({ path, bytes }: VectorFile): Recognised {
  const text = asText(bytes);
  const unknown = { format: 'unknown', path } as const;
  if (text === undefined) return unknown;
  if (COMPACT_JWE.test(text.trim())) return { format: 'jwe', path, jwe: text.trim() };
  if (!JSON_START.test(text)) return unknown;
  const document = parsed(text, path);
  if (Array.isArray(document))
    return isSchemaTest(document[0]) ? { format: 'json-schema', path, groups: document } : unknown;
  if (!isMembers(document)) return unknown;
  if (Array.isArray(document['testGroups'])) return { format: 'wycheproof', path, document };
  if (Array.isArray(document['testcases'])) return { format: 'x509-limbo', path, document };
  if (isCookbook(document)) return { format: 'jose-cookbook', path, document };
  const [, address] = REMOTE.exec(path) ?? [];
  if (address !== undefined)
    return { format: 'remote-schema', path, address: `${REMOTES_AT}${address}`, schema: document };
  if (typeof document['ciphertext'] === 'string') return { format: 'jwe', path, jwe: document };
  if (typeof document['kty'] === 'string') return { format: 'keys', path, keys: [document] };
  const { keys } = document;
  return Array.isArray(keys) ? { format: 'keys', path, keys: keys.filter(isMembers) } : unknown;
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isSchemaTest = (value: unknown) => isMembers(value) && 'schema' in value && Array.isArray(value['tests']);

/** One operation (`output` with serialised forms), or the nested one (`sign`, then `encrypt`). */
const isCookbook = ({ input, output, sign, encrypt }: Members) =>
  (isMembers(input) && isMembers(output)) || (isMembers(sign) && isMembers(encrypt));

function asText(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parsed(text: string, path: string): unknown {
  try {
    // Not the strict parser: vectors hold what it refuses on purpose, such as `__proto__` and numbers beyond 2^53.
    return JSON.parse(text);
  } catch (cause) {
    if (path.endsWith('.json'))
      throw new TraoError('malformed_json', { detail: 'The file is cut off or damaged.', cause });
    return undefined;
  }
}
