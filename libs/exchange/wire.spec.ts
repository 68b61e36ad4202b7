import fc from 'fast-check';
import { CATALOGUE, TraoError, type Code } from '../errors';
import {
  contentDigest,
  contentRange,
  decodeAnswers,
  decodeHeld,
  decodeMessages,
  decodeReceiptAnswers,
  encodeAnswers,
  encodeMessages,
  MAX_BATCH_MESSAGES,
  readContentRange,
  type MessageAnswer,
  type ReceiptAnswer,
} from './wire';

const CODES = Object.keys(CATALOGUE) as Code[];
const token = fc.stringMatching(/^[A-Za-z0-9_.-]{1,80}$/);
const code = fc.constantFrom(...CODES);
const bytes = (text: string) => Buffer.from(text);

/** The value, or the code of the error. */
function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return error instanceof TraoError ? error.code : `not ours: ${String(error)}`;
  }
}

const isClosed = (answer: MessageAnswer) =>
  'receipt' in answer
    ? typeof answer.jti === 'string' && typeof answer.receipt === 'string'
    : CODES.includes(answer.problem.code);

const isClosedVerdict = ({ status, code: given }: ReceiptAnswer) =>
  status === 'refused' ? CODES.includes(given!) : ['stored', 'known'].includes(status) && given === undefined;

describe('a batch of messages', () => {
  it('reads as it was written', () => {
    fc.assert(
      fc.property(fc.array(token, { minLength: 1, maxLength: MAX_BATCH_MESSAGES }), (tokens) => {
        expect(decodeMessages(encodeMessages(tokens))).toEqual(tokens);
        expect(decodeMessages(`${encodeMessages(tokens)}\n`)).toEqual(tokens);
      }),
    );
  });

  it('has 64 lines at most, and one at least', () => {
    const lines = (count: number) =>
      attempt(() => decodeMessages(encodeMessages(Array<string>(count).fill('a'))).length);
    expect([lines(64), lines(65), lines(66), lines(1_000)]).toEqual([64, 'too_large', 'too_large', 'too_large']);
    expect(decodeMessages(`${encodeMessages(Array<string>(64).fill('a'))}\n`)).toHaveLength(64);
    expect(attempt(() => decodeMessages(''))).toBe('bad_request');
    expect(attempt(() => decodeMessages('\n'))).toEqual(['']);
  });
});

describe('answers to messages', () => {
  const answer: fc.Arbitrary<MessageAnswer> = fc.oneof(
    fc.record({ jti: token, receipt: token }),
    fc.record({ jti: token, problem: fc.record({ code }) }),
    fc.record({ problem: fc.record({ code }) }),
  );

  it('read as they were written', () => {
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: MAX_BATCH_MESSAGES }), (answers) => {
        expect(decodeAnswers(bytes(encodeAnswers(answers)), answers.length)).toEqual(answers);
      }),
    );
  });

  it('must be as many as there were messages', () => {
    const body = bytes(encodeAnswers([{ jti: 'a', receipt: 'b' }]));
    expect(attempt(() => decodeAnswers(body, 2))).toBe('bad_answer');
    expect(attempt(() => decodeAnswers(body, 0))).toBe('bad_answer');
    expect(decodeAnswers(Buffer.from('{"jti":"a","receipt":"b"}'), 1)).toEqual([{ jti: 'a', receipt: 'b' }]);
  });

  it.each([
    '<html>sign in</html>',
    'null',
    '7',
    '[]',
    '{}',
    '{"jti":"a"}',
    '{"receipt":"b"}',
    '{"jti":7,"receipt":"b"}',
    '{"jti":"a","problem":null}',
    '{"jti":"a","problem":"x"}',
    '{"jti":"a","jti":"b","receipt":"c"}',
    `{"jti":"a","receipt":"${'x'.repeat(17_000)}"}`,
  ])('%s is no answer', (line) => {
    expect(attempt(() => decodeAnswers(bytes(line), 1))).toBe('bad_answer');
  });

  it.each(['"a_code_of_a_later_version"', '7', '"constructor"', '"__proto__"'])(
    'with the unknown code %s count as a fault that may pass',
    (unknown) => {
      const body = bytes(`{"problem":{"code":${unknown}}}`);
      expect(decodeAnswers(body, 1)).toEqual([{ problem: { code: 'partner_error' } }]);
    },
  );

  it('are bad or closed, whatever the bytes', () => {
    const likely = fc.json().map(bytes);
    const shaped = fc.record(
      { jti: fc.jsonValue(), receipt: fc.jsonValue(), problem: fc.jsonValue() },
      { requiredKeys: [] },
    );
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      likely,
      shaped.map((value) => bytes(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(any, fc.integer({ min: 0, max: 2 }), (body, expected) => {
        const outcome = attempt(() => decodeAnswers(body, expected));
        expect(outcome === 'bad_answer' || (typeof outcome !== 'string' && outcome.every(isClosed))).toBe(true);
      }),
    );
  });
});

describe('answers to receipts', () => {
  const answer: fc.Arbitrary<ReceiptAnswer> = fc.oneof(
    fc.constant<ReceiptAnswer>({ status: 'stored' }),
    fc.constant<ReceiptAnswer>({ status: 'known' }),
    fc.record({ status: fc.constant('refused' as const), code }),
  );

  it('read as they were written', () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: MAX_BATCH_MESSAGES }), (answers) => {
        expect(decodeReceiptAnswers(bytes(JSON.stringify(answers)), answers.length)).toEqual(answers);
      }),
    );
  });

  it.each(['', '{}', '[]', '[null]', '[7]', '[{}]', '[{"status":"lost"}]', '[{"status":"stored"},{"status":"known"}]'])(
    '%s is no answer to one receipt',
    (body) => {
      expect(attempt(() => decodeReceiptAnswers(bytes(body), 1))).toBe('bad_answer');
    },
  );

  it('with an unknown code count as a fault of the partner', () => {
    const body = bytes('[{"status":"refused"},{"status":"refused","code":"new"}]');
    const unknown = { status: 'refused', code: 'partner_error' };
    expect(decodeReceiptAnswers(body, 2)).toEqual([unknown, unknown]);
  });

  it('are bad or closed, whatever the bytes', () => {
    const item = fc.record({ status: fc.oneof(fc.constant('refused'), fc.jsonValue()), code: fc.jsonValue() });
    const shaped = fc.array(item, { maxLength: 2 }).map((value) => bytes(JSON.stringify(value)));
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 200 }), shaped),
        fc.integer({ min: 0, max: 2 }),
        (body, expected) => {
          const outcome = attempt(() => decodeReceiptAnswers(body, expected));
          expect(outcome === 'bad_answer' || (typeof outcome !== 'string' && outcome.every(isClosedVerdict))).toBe(
            true,
          );
        },
      ),
    );
  });
});

describe('the digest of a body', () => {
  it('is that of RFC 9530, for text and bytes alike', () => {
    // RFC 9530, appendix B.1: the body {"hello": "world"} and a line feed.
    const body = '{"hello": "world"}\n';
    expect(contentDigest(body)).toBe('sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:');
    expect(contentDigest(bytes(body))).toBe(contentDigest(body));
  });
});

describe('what a gateway says of a file', () => {
  const read = (text: string) => decodeHeld(Buffer.from(text));

  it('is how much is there, and the receipt when that is all', () => {
    expect(read('{"total":9,"held":4}')).toEqual({ total: 9, held: 4 });
    expect(read('{"total":9,"held":9,"receipt":"a.b.c"}')).toEqual({ total: 9, held: 9, receipt: 'a.b.c' });
  });

  it.each([
    'null',
    '{}',
    '[]',
    '<html>',
    '{"total":9}',
    '{"total":9,"held":-1}',
    '{"total":9,"held":10}',
    '{"total":"9","held":1}',
    '{"total":9,"held":9,"receipt":7}',
  ])('is not %s', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'bad_answer' }));
  });
});

describe('the place of a piece', () => {
  it('is said as Content-Range, and read', () => {
    expect(contentRange(10, 5, 40)).toBe('bytes 10-14/40');
    expect(readContentRange('bytes 10-14/40')).toEqual({ start: 10, end: 14, total: 40 });
  });

  it.each([undefined, '', 'bytes */40', 'bytes 10-14/*', 'bytes 1-2/3, 4-5/6', 'items 1-2/3', 'bytes -1-2/3'])(
    'is not %j',
    (header) => {
      expect(readContentRange(header)).toBeUndefined();
    },
  );
});
