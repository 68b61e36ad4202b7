import fc from 'fast-check';
import { faultAt, TraoError } from '../errors';
import { parseStrictJson, type JsonLimits } from './strict-json';

const encode = (text: string) => new TextEncoder().encode(text);
const parse = (text: string, limits?: JsonLimits) => parseStrictJson(encode(text), limits);

/** The value, or how it was refused: the code and the pointer of the first fault. */
function outcome(input: string | Uint8Array, limits?: JsonLimits): unknown {
  try {
    return parseStrictJson(typeof input === 'string' ? encode(input) : input, limits);
  } catch (error) {
    if (!(error instanceof TraoError)) throw error;
    return new Refusal(`${error.code} ${error.faults[0]?.pointer ?? '-'}`);
  }
}
class Refusal {
  constructor(readonly text: string) {}
}
const refused = (input: string | Uint8Array, limits?: JsonLimits): string => {
  const result = outcome(input, limits);
  return result instanceof Refusal ? result.text : 'accepted';
};

const faultsOf = (text: string, limits?: JsonLimits): unknown => {
  try {
    return parse(text, limits);
  } catch (error) {
    return (error as TraoError).faults;
  }
};

describe('parseStrictJson accepts', () => {
  it.each([
    ['null', null],
    [' true\t', true],
    ['\r\nfalse\n', false],
    ['0', 0],
    ['-1.5e+3', -1500],
    ['2E-2', 0.02],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', Number.MIN_SAFE_INTEGER],
    ['0.0', 0],
    ['""', ''],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    ['"Nguy\\u1ec5n \\ud83d\\uDE00 😀"', 'Nguyễn 😀 😀'],
    ['[]', []],
    ['[1, [2] ,{}]', [1, [2], {}]],
    ['{"a":{"b":[]},"toString":1}', { a: { b: [] }, toString: 1 }],
  ])('%s', (text, value) => {
    expect(parse(text)).toEqual(value);
  });

  it('the depth, size and number of fields that the limits name, and no more', () => {
    expect(parse(`${'['.repeat(32)}${']'.repeat(32)}`)).toHaveLength(1);
    expect(refused(`${'['.repeat(33)}${']'.repeat(33)}`)).toBe(`too_deep ${'/0'.repeat(32)}`);
    expect(parse('{"a":1,"b":2}', { maxKeys: 2, maxBytes: 13, maxDepth: 1 })).toEqual({ a: 1, b: 2 });
    expect(refused('{"a":1,"b":2,"c":3}', { maxKeys: 2 })).toBe('too_large ');
    expect(refused('{"a":{}}', { maxDepth: 1 })).toBe('too_deep /a');
    expect(refused('{"a":1,"b":2}', { maxBytes: 12 })).toMatch(/^too_large/);
    expect(refused(new Uint8Array(1_048_577))).toBe('too_large -');
  });
});

describe('parseStrictJson refuses', () => {
  it.each(['', ' ', '{', '[', '[1', '[1,', '{"a"', '{"a":', '{"a":1', '{"a":1,', '"a', '"\\', '"\\u00', '-'])(
    'what ends too early: %s',
    (text) => {
      expect(refused(text)).toMatch(/^malformed_json/);
    },
  );

  it.each([
    ['[1,]', '/1'],
    ['[,1]', '/0'],
    ['[1 2]', ''],
    ['{"a":1,}', ''],
    ['{,}', ''],
    ['{a:1}', ''],
    ['{"a" 1}', '/a'],
    ['{"a":1 "b":2}', ''],
    ['tru', ''],
    ['nul1', ''],
    ['NaN', ''],
    ['Infinity', ''],
    ['+1', ''],
    ['.5', ''],
    ['1.', ''],
    ['01', ''],
    ['0x1', ''],
    ['1 1', ''],
    ['"\\x41"', ''],
    ['"\\u12g4"', ''],
    ['"\u0001"', ''],
    ["'a'", ''],
    ['/**/1', ''],
    ['\u00a01', ''],
    ['[1]\u0000', ''],
    ['["\\u0000"]', '/0'],
    ['["\\ud800"]', '/0'],
    ['["\\udc00\\ud800"]', '/0'],
  ])('malformed %j', (text, pointer) => {
    expect(refused(text)).toBe(`malformed_json ${pointer}`);
  });

  it.each(['-0', '-0.0', '1e400', '-1e400', '1e-400', '9007199254740992', '-9007199254740993', '1e16'])(
    'the number %s, which a double changes',
    (text) => {
      expect(refused(`{"n":${text}}`)).toBe('number_out_of_range /n');
    },
  );

  it('keys that are there twice, also when written differently', () => {
    expect(refused('{"a":1,"b":{"c":1,"c":2}}')).toBe('duplicate_key /b/c');
    expect(refused('{"a":1,"\\u0061":2}')).toBe('duplicate_key /a');
  });

  it.each(['__proto__', 'constructor', 'prototype', '__pr\\u006fto__'])('the key %s', (key) => {
    expect(refused(`{"${key}":{"x":1}}`)).toMatch(/^forbidden_key/);
  });

  it.each([
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x31]],
    ['overlong encoding', [0x22, 0xc0, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a cut character', [0x22, 0xe1, 0xbb]],
    ['UTF-16', [0xff, 0xfe, 0x31, 0x00]],
  ])('bytes with %s', (_what, bytes) => {
    expect(refused(Uint8Array.from(bytes))).toBe('invalid_utf8 ');
  });

  it.each([
    ['{', 'ends_too_early', 'ends too early at offset 1', 'kết thúc quá sớm tại vị trí 1'],
    ['[?]', 'unexpected_character', 'has an unexpected character at offset 1', 'có ký tự không hợp lệ tại vị trí 1'],
    ['{"a":1,"a":1}', 'key_twice', 'is there twice', 'xuất hiện hai lần'],
    [
      '{"prototype":1}',
      'key_never_allowed',
      'is never allowed as a key',
      'không bao giờ được phép dùng làm tên trường',
    ],
    ['"\\u0000"', 'nul_character', 'has the character U+0000', 'có ký tự U+0000'],
  ])('%s in words of both languages', (text, code, rule, ruleVi) => {
    expect(faultsOf(text)).toMatchObject([{ code, rule, ruleVi }]);
  });

  it('what is too large or too deep, with the limit', () => {
    expect(faultsOf('{"a":1,"b":2}', { maxKeys: 1 })).toEqual([faultAt('', 'too_many_keys', 1)]);
    expect(faultsOf('[[[]]]', { maxDepth: 2 })).toEqual([faultAt('/0/0', 'nested_too_deeply', 2)]);
    expect(faultsOf('["\\ud800"]')).toEqual([faultAt('/0', 'half_surrogate')]);
    expect(faultsOf('[1e999]')).toEqual([faultAt('/0', 'number_changed')]);
  });

  it('without showing keys that may be content', () => {
    expect(refused('{"list":[{"Nguyễn Thị Ví Dụ":{"a":x}}]}')).toBe('malformed_json /list/0');
    expect(refused('{"https://trao.example/events/x":x}')).toBe('malformed_json /https:~1~1trao.example~1events~1x');
  });
});

describe('parseStrictJson, for any input,', () => {
  const changed = (value: unknown): boolean =>
    typeof value === 'number'
      ? Object.is(value, -0) || Math.abs(value) > Number.MAX_SAFE_INTEGER
      : typeof value === 'object' &&
        value !== null &&
        Object.entries(value).some(
          ([key, member]) => ['__proto__', 'constructor', 'prototype'].includes(key) || changed(member),
        );

  it('gives back every value that JSON can carry unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!changed(value) && !text.includes('\\u0000'));
        expect(parse(text)).toEqual(value);
      }),
      { numRuns: 1000 },
    );
  });

  const fragment = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"\\u0061"',
    '"',
    '\\',
    '1',
    '-',
    '0',
    'e9',
    ' ',
    'null',
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.array(fragment, { maxLength: 25 }).map((parts) => encode(parts.join(''))),
    fc.json({ noUnicodeString: false }).map(encode),
  );

  it('never throws anything but TraoError and never accepts what JSON.parse reads otherwise', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const value = outcome(input);
        fc.pre(!(value instanceof Refusal));
        expect(value).toEqual(JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(input)));
      }),
      { numRuns: 1000, maxSkipsPerRun: 1000 },
    );
  });

  it('is quick: 100 KB within 50 ms even on a busy machine', () => {
    const text = JSON.stringify(
      Array.from({ length: 700 }, (_, i) => ({
        id: i,
        name: 'Nguyễn Thị Ví Dụ',
        list: [1.5, true, null],
        text: 'a\nb "c"'.repeat(10),
      })),
    );
    expect(text.length).toBeGreaterThan(100_000);
    parse(text);
    const start = performance.now();
    parse(text);
    expect(performance.now() - start).toBeLessThan(50);
  });
});
