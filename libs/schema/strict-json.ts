import { faultAt, TraoError, type Code, type RuleCode } from '../errors';
import { pointerOf } from './pointer';
import { decodeUtf8 } from './utf8';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

export interface JsonLimits {
  /** Size of the document in bytes; default 1 MiB. */
  readonly maxBytes?: number;
  /** How deep arrays and objects may nest; default 32. The parser recurses, so keep it below 1,000. */
  readonly maxDepth?: number;
  /** Members of one object; default 200. */
  readonly maxKeys?: number;
}

/** Keys that reach into JavaScript's prototypes; no schema of ours uses them. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const ESCAPES: { readonly [letter: string]: string } = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const PLAIN_CHARACTERS = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const HEX = /^[0-9A-Fa-f]{4}$/;
const NOT_ZERO = /^-?[0.]*[1-9]/;

/**
 * Parses `bytes` as JSON (RFC 8259) with nothing left to the reader's choice (I-JSON, RFC 7493, and stricter): UTF-8
 * without BOM, no key twice after unescaping, no prototype keys, no lone surrogates, no U+0000, no number that a double
 * would change beyond rounding (integers over 2^53-1, overflow, underflow to zero, minus zero), bounded size and depth.
 *
 * @throws TraoError too_large, invalid_utf8, malformed_json, duplicate_key, forbidden_key, too_deep or
 *   number_out_of_range, with the JSON pointer of the place and never with a value.
 */
export function parseStrictJson(bytes: Uint8Array, limits: JsonLimits = {}): JsonValue {
  const { maxBytes = 1_048_576, maxDepth = 32, maxKeys = 200 } = limits;
  if (bytes.length > maxBytes) throw new TraoError('too_large', { detail: `At most ${maxBytes} bytes are allowed.` });
  return new Parser(decodeUtf8(bytes), maxDepth, maxKeys).document();
}

class Parser {
  private at = 0;
  /** Keys and indexes that lead to the value being read. */
  private readonly path: (string | number)[] = [];

  constructor(
    private readonly text: string,
    private readonly maxDepth: number,
    private readonly maxKeys: number,
  ) {}

  document(): JsonValue {
    const value = this.value();
    this.skipSpace();
    if (this.at < this.text.length) throw this.unexpected();
    return value;
  }

  private value(): JsonValue {
    this.skipSpace();
    switch (this.text.charAt(this.at)) {
      case '{':
        return this.object();
      case '[':
        return this.array();
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private object(): JsonValue {
    const result: { [key: string]: JsonValue } = {};
    this.enter();
    for (let count = 1; !this.take('}'); count += 1) {
      if (count > 1) this.expect(',');
      if (count > this.maxKeys) throw this.fault('too_large', 'too_many_keys', this.maxKeys);
      this.skipSpace();
      if (this.text[this.at] !== '"') throw this.unexpected();
      const key = this.string();
      this.path.push(key);
      if (FORBIDDEN_KEYS.has(key)) throw this.fault('forbidden_key', 'key_never_allowed');
      if (Object.hasOwn(result, key)) throw this.fault('duplicate_key', 'key_twice');
      this.expect(':');
      result[key] = this.value();
      this.path.pop();
    }
    return result;
  }

  private array(): JsonValue {
    const result: JsonValue[] = [];
    this.enter();
    while (!this.take(']')) {
      if (result.length > 0) this.expect(',');
      this.path.push(result.length);
      result.push(this.value());
      this.path.pop();
    }
    return result;
  }

  private enter(): void {
    if (this.path.length >= this.maxDepth) throw this.fault('too_deep', 'nested_too_deeply', this.maxDepth);
    this.at += 1;
  }

  private string(): string {
    this.at += 1;
    let result = this.plainCharacters();
    if (this.text[this.at] === '"') {
      this.at += 1;
      return result;
    }
    while (this.text[this.at] !== '"') result += this.escape() + this.plainCharacters();
    // Decoded UTF-8 is always well formed: only an escape can bring a lone surrogate.
    if (!result.isWellFormed()) throw this.fault('malformed_json', 'half_surrogate');
    this.at += 1;
    return result;
  }

  private plainCharacters(): string {
    const start = this.at;
    PLAIN_CHARACTERS.lastIndex = start;
    PLAIN_CHARACTERS.test(this.text);
    this.at = PLAIN_CHARACTERS.lastIndex;
    return this.text.slice(start, this.at);
  }

  private escape(): string {
    if (this.text[this.at] !== '\\') throw this.unexpected();
    const letter = this.text[this.at + 1] ?? '';
    if (letter === 'u') return this.unicodeEscape();
    const character = ESCAPES[letter];
    if (character === undefined) throw this.unexpected();
    this.at += 2;
    return character;
  }

  private unicodeEscape(): string {
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (!HEX.test(digits)) throw this.unexpected();
    if (digits === '0000') throw this.fault('malformed_json', 'nul_character');
    this.at += 6;
    return String.fromCharCode(parseInt(digits, 16));
  }

  private number(): number {
    NUMBER.lastIndex = this.at;
    const literal = NUMBER.exec(this.text)?.[0];
    if (literal === undefined) throw this.unexpected();
    this.at = NUMBER.lastIndex;
    const value = Number(literal);
    const lost = Math.abs(value) > Number.MAX_SAFE_INTEGER || (value === 0 && NOT_ZERO.test(literal));
    if (lost || Object.is(value, -0)) throw this.fault('number_out_of_range', 'number_changed');
    return value;
  }

  private word<T extends JsonValue>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.unexpected();
    this.at += word.length;
    return value;
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at += 1;
    }
  }

  private take(character: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private expect(character: string): void {
    if (!this.take(character)) throw this.unexpected();
  }

  private unexpected(): TraoError {
    const rule = this.at < this.text.length ? 'unexpected_character' : 'ends_too_early';
    return this.fault('malformed_json', rule, this.at);
  }

  private fault(code: Code, rule: RuleCode, ...bounds: number[]): TraoError {
    return new TraoError(code, { faults: [faultAt(pointerOf(this.path), rule, ...bounds)] });
  }
}
