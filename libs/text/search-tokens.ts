import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { TraoError } from '../errors';
import { foldWord, searchWords } from './fold';

/**
 * Search over encrypted cases: the index holds keyed tokens of words, never a word. Whoever has only the database cannot
 * compute a token. What remains visible there: how many tokens a case has, and which cases share one; the commonest token
 * will be the commonest family name. So the tokens belong to the case side, and an operator's role must not read them.
 */
const KEY_BYTES = 32;
const TOKEN_BYTES = 16;
const INFO = 'trao search tokens v1';
/** The rest of a longer word is ignored, in the index and in the query alike. In UTF-16 code units. */
const MAX_WORD_UNITS = 64;
/** Different words of one case, or of one query; later ones are ignored. */
const MAX_WORDS = 200;

/** What a query looks for. */
export interface QueryTokens {
  /** A case matches when it has all of these. Empty when the query has no word: such a query finds nothing. */
  readonly folded: Uint8Array[];
  /** A case that also has all of these was written with the same diacritics: it ranks first. */
  readonly exact: Uint8Array[];
}

/**
 * The key of the search tokens (32 bytes), derived from a storage key with HKDF-SHA-256 (RFC 5869, no salt), so that neither
 * key tells the other.
 * @throws TraoError `internal` for a storage key that is shorter than 32 bytes
 */
export function searchKey(storageKey: Uint8Array): Uint8Array {
  if (storageKey.length < KEY_BYTES) {
    throw new TraoError('internal', { detail: `A storage key has at least ${KEY_BYTES} bytes.` });
  }
  return new Uint8Array(hkdfSync('sha256', createSecretKey(storageKey), new Uint8Array(), INFO, KEY_BYTES));
}

/**
 * The tokens of a case: two for each word of `fields`, one with its diacritics and one without, 16 bytes each, without
 * repetition and sorted, so that their order tells nothing about the text. Put the fields that matter most first.
 */
export function searchTokens(key: Uint8Array, fields: readonly string[]): Uint8Array[] {
  const { folded, exact } = tokensOf(key, fields);
  return distinct([...folded, ...exact]);
}

/** The tokens that a case must have for `query`. */
export function queryTokens(key: Uint8Array, query: string): QueryTokens {
  return tokensOf(key, [query]);
}

function tokensOf(key: Uint8Array, fields: readonly string[]): QueryTokens {
  const words = [...new Set(fields.flatMap(searchWords))].slice(0, MAX_WORDS);
  // Made once: with the bare bytes each of a hundred tokens would cost five times as much.
  const secret = createSecretKey(key);
  return {
    folded: distinct(words.map((word) => token(secret, 'folded', foldWord(word)))),
    exact: distinct(words.map((word) => token(secret, 'exact', word))),
  };
}

/** HMAC-SHA-256(key, kind, 0x00, word), cut to 16 bytes. No kind contains the separator. */
function token(key: KeyObject, kind: keyof QueryTokens, word: string): Uint8Array {
  const bounded = word.slice(0, MAX_WORD_UNITS).toWellFormed();
  const mac = createHmac('sha256', key).update(`${kind}\0${bounded}`, 'utf8').digest();
  return new Uint8Array(mac.subarray(0, TOKEN_BYTES));
}

function distinct(tokens: readonly Uint8Array[]): Uint8Array[] {
  const byText = new Map(tokens.map((bytes) => [Buffer.from(bytes).toString('hex'), bytes]));
  return [...byText.values()].toSorted((a, b) => Buffer.compare(a, b));
}
