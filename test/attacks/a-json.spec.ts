import { type Craft, withHeader, withHeaderText } from '../fakes/craft';
import { bothSuites, verdicts, verdictsOn, type BothSuites } from './verdicts';

/** what two readers of JSON could read differently, in headers and in the signed payload. */
let suites: BothSuites;
beforeAll(async () => {
  suites = await bothSuites();
});

type ChangeText = (text: string) => string;

/** Verdicts on a header changed as text: of the envelope, and of the signed message inside. */
const inHeaders = async (...changes: readonly ChangeText[]) => ({
  outer: await verdictsOn(suites, (token) => changes.map((change) => withHeaderText(token, change))),
  inner: await verdicts(
    suites,
    changes.map((innerText) => ({ innerText })),
  ),
});
const BAD_HEADERS = { outer: ['bad_header'], inner: ['bad_header'] };
const inPayload = (...changes: readonly NonNullable<Craft['payload']>[]) =>
  verdicts(
    suites,
    changes.map((payload) => ({ payload })),
  );
/** Puts a member in front of the others. */
const member =
  (text: string): ChangeText =>
  (json) =>
    json.replace('{', `{${text},`);
const nested = (levels: number, open: string, inside: string, close: string) =>
  open.repeat(levels) + inside + close.repeat(levels);

it('A-07 JSON that is no object where a message is expected', async () => {
  const values = ['null', 'true', '1', '-1.5', '"text"', '[]', '[{}]', '"{}"'];
  expect(await inPayload(...values.map((value) => () => value))).toEqual(['schema_invalid']);
  expect(
    await inPayload(
      (json) => `[${json}]`,
      (json) => JSON.stringify(json),
    ),
  ).toEqual(['schema_invalid']);
  expect(
    await inPayload(
      () => '',
      () => ' ',
    ),
  ).toEqual(['malformed_json', 'not_canonical']);
});

it('A-08 a header that is no object', async () => {
  const values = ['[]', '1', 'null', 'true', '"ES256"', '{}', ''].map((value) => () => value);
  const last = values.pop()!;
  expect(await inHeaders(...values, (header) => `[${header}]`)).toEqual({
    // An object without `alg` names no suite.
    outer: ['bad_algorithm', 'bad_header'],
    inner: ['bad_header'],
  });
  expect(await inHeaders(last)).toEqual({ outer: ['not_canonical'], inner: ['not_canonical'] });
});

it('A-09 a member twice, also once escaped', async () => {
  const twice = ['"alg":"none"', '"\\u0061lg":"none"', '"aud":"la"', '"\\u0061ud":"la"', '"typ":"JWT"'].map(member);
  const behind = (header: string) => header.replace(/\}$/, ',"kid":"x"}');
  expect(await inHeaders(...twice, behind)).toEqual(BAD_HEADERS);
  const inside = ['"ping":{}', '"\\u0070ing":{}', '"header":{}'].map(member);
  const deeper = (json: string) => json.replace('"seq":1', '"seq":1,"\\u0073eq":2');
  expect(await inPayload(...inside, deeper)).toEqual(['duplicate_key']);
});

it('A-10 byte order mark, UTF-16, overlong forms, lone surrogates', async () => {
  const utf16 = (text: string) => Buffer.from(text, 'utf16le');
  const overlong = (text: string) => Buffer.concat([Buffer.from(text.replace('{', '')), Buffer.from([0xc1, 0xbb])]);
  const surrogate = (text: string) => Buffer.concat([Buffer.from(text), Buffer.from([0xed, 0xa0, 0x80])]);
  expect(await inPayload((json) => `\ufeff${json}`, utf16, overlong, surrogate)).toEqual([
    'invalid_utf8',
    // UTF-16 without a mark is valid UTF-8 with U+0000 in it.
    'malformed_json',
  ]);
  const halves = ['\\ud800', '\\udc00\\ud800', '\\u0000'].map(
    (half) => (json: string) => json.replace('"seq"', `"${half}":1,"seq"`),
  );
  expect(await inPayload(...halves)).toEqual(['malformed_json']);
  const mark = (header: string) => `\ufeff${header}`;
  expect(await inHeaders(mark, member('"x":"\\ud800"'), member('"kid\\u0000":"x"'))).toEqual(BAD_HEADERS);
});

it('A-11 depth above 32, more than 200 members, a header above 4 KiB', async () => {
  const deep = [32, 33, 1000, 100_000].map((levels) => member(`"x":${nested(levels, '[', '', ']')}`));
  expect(await inPayload(...deep, member(`"x":${nested(40, '{"a":', '1', '}')}`))).toEqual(['too_deep']);
  const many = Array.from({ length: 201 }, (_, n) => `"m${n}":${n}`).join();
  expect(await inPayload(member(many), member(`"x":{${many}}`))).toEqual(['too_large']);
  const large = [4096, 8192, 1_000_000].map((length) => member(`"x":"${'a'.repeat(length)}"`));
  expect(await inHeaders(...large, member('"x":[[[1]]]'), member(many))).toEqual({
    outer: ['bad_header'],
    inner: ['bad_header'],
  });
});

it('A-13 numbers that a double changes, or that JSON has not', async () => {
  const seq = (literal: string) => (json: string) => json.replace('"seq":1', `"seq":${literal}`);
  const changed = ['9007199254740993', '9007199254740992', '1e400', '-1e400', '-0', '-0.0', '1e-400', '1e16'];
  expect(await inPayload(...changed.map(seq))).toEqual(['number_out_of_range']);
  const noJson = ['01', '+1', '.5', '1.', '0x1', 'NaN', 'Infinity', '1_000', '١'];
  expect(await inPayload(...noJson.map(seq))).toEqual(['malformed_json']);
  const times = ['9007199254740993', '1e400', '-0', '01', '1.5', '"1"'].map(
    (literal) => (header: string) => header.replace(/"iat":\d+/, `"iat":${literal}`),
  );
  expect(await inHeaders(...times)).toEqual(BAD_HEADERS);
});

it('A-14 keys that reach into prototypes, at every depth', async () => {
  const keys = ['__proto__', 'constructor', 'prototype', '__pr\\u006fto__'];
  for (const key of keys) {
    const planted = Array.from({ length: 31 }, (_, depth) => {
      const inside = `{"${key}":{"polluted":1}}`;
      return depth === 0 ? member(inside.slice(1, -1)) : member(`"x":${nested(depth - 1, '{"a":', inside, '}')}`);
    });
    expect(
      await verdicts(
        [suites[1]],
        planted.map((payload) => ({ payload })),
      ),
    ).toEqual(['forbidden_key']);
    expect(await inHeaders(member(`"${key}":{"alg":"none"}`))).toEqual(BAD_HEADERS);
  }
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

it('A-15 an unencoded payload: b64 false (RFC 7797)', async () => {
  const headers = [{ b64: false }, { b64: true }, { b64: false, crit: ['b64'] }];
  expect(
    await verdicts(suites, [...headers.map((inner) => ({ inner })), ...headers.map((outer) => ({ outer }))]),
  ).toEqual(['bad_header']);
  // The payload as it is, between the dots: no reader of ours gets to the header.
  const raw: Craft = { original: (jws) => jws.split('.').with(1, '{"header":{}}').join('.') };
  expect(await verdicts(suites, [raw])).toEqual(['not_canonical']);
});

it('A-20 another typ or cty: a token of another kind, ours or not', async () => {
  const types = [
    'JWT',
    'JOSE',
    'at+jwt',
    'secevent+jwt',
    'trao-directory+jws',
    'trao-envelope+jwe',
    'trao-message+jws',
  ];
  const others = (own: string) => [
    ...types.filter((type) => type !== own),
    own.toUpperCase(),
    `application/${own}`,
    undefined,
  ];
  const inner = others('trao-message+jws').map((typ): Craft => ({ inner: { typ } }));
  expect(await verdicts(suites, [...inner, { inner: { cty: 'json' } }])).toEqual(['bad_header']);
  const outer = (token: string) => [
    ...others('trao-envelope+jwe').map((typ) => withHeader(token, { typ })),
    ...others('trao-message+jws').map((cty) => withHeader(token, { cty })),
  ];
  expect(await verdictsOn(suites, outer)).toEqual(['bad_header']);
});
