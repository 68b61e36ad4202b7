import { gzipSync } from 'node:zlib';
import { example, exampleBytes, withHeader, type Document } from '../harness/examples';
import { handIn, type RestAnswer } from '../harness/office-rest';
import { NODES, startTwoNodes, type TwoNodes } from '../harness/two-nodes';

const UNIT = 'vn.mps-criminal';
const GOOD = example('referral-protect-adult');

interface Expected {
  readonly code: string;
  readonly pointer: string;
}
const EXPECTED = JSON.parse(exampleBytes('invalid', 'expected').toString()) as Record<string, Expected>;

/** Faults in what the node writes itself: the office replaces them, and brings texts to normal form C. */
const CORRECTED = [
  'header-message-id-not-version-7',
  'header-message-id-upper-case',
  'header-prev-digest-with-seq-1',
  'header-seq-0',
  'header-seq-2-without-prev-digest',
  'date-time-with-offset',
  'date-time-with-space',
  'type-wrong-text-for-number',
  'text-not-nfc',
];

/** The unit that a document names as its sender, as far as that can be read. */
function senderOf(bytes: Uint8Array): { unit: string; type: string } {
  const text = Buffer.from(bytes).toString('latin1');
  const unit = /"senderUnit":\s*"((?:vn|gb)\.[a-z-]+)"/.exec(text)?.[1] ?? UNIT;
  return { unit, type: /"messageType":\s*"(\w+)"/.exec(text)?.[1] ?? '' };
}

const INVALID = Object.entries(EXPECTED).map(([file, expected]) => {
  const name = file.replace(/\.json$/, '');
  const bytes = exampleBytes('invalid', name);
  return { name, bytes: new Uint8Array(bytes), expected, ...senderOf(bytes) };
});
const isAnswer = (type: string) => ['ack', 'accept', 'decline'].includes(type);

describe('bad input over REST', () => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await startTwoNodes();
  });
  afterAll(() => nodes?.stop());

  async function rows(): Promise<Record<string, number>[]> {
    const counts = `SELECT (SELECT count(*)::int FROM outbox) AS outbox, (SELECT count(*)::int FROM unit_case) AS cases,
      (SELECT count(*)::int FROM case_event) AS events, (SELECT count(*)::int FROM idempotency) AS keys`;
    return Promise.all(
      NODES.map(async (node) => (await (await nodes.database(node)).query<Record<string, number>>(counts))[0]!),
    );
  }

  /** `403 forbidden`; anything else when the answer is no well-formed problem. */
  async function refusalOf(call: Promise<RestAnswer>): Promise<string> {
    const { status, headers, body } = await call;
    const isProblem = /^application\/problem\+json/.test(headers.get('content-type') ?? '');
    if (!isProblem || typeof body['correlationId'] !== 'string') return `no problem: ${status} ${JSON.stringify(body)}`;
    return `${status} ${body.code}`;
  }

  describe('of the contract', () => {
    afterAll(async () => {
      expect(await rows()).toEqual([
        { outbox: 0, cases: 0, events: 0, keys: 0 },
        { outbox: 0, cases: 0, events: 0, keys: 0 },
      ]);
    });

    it.each(INVALID.filter(({ name, type }) => !CORRECTED.includes(name) && !isAnswer(type)))(
      'refuses $name with $expected.code',
      async ({ bytes, unit, expected }) => {
        const { status, body, text } = await handIn(nodes, unit, bytes);
        expect({ status, code: body.code }).toEqual({ status: expect.any(Number), code: expected.code });
        expect([400, 422]).toContain(status);
        expect(body.errors?.map(({ pointer }) => pointer)).toContain(expected.pointer);
        // Values are case content: an answer names the place and the rule, never the value.
        for (const value of ['Nguyễn', 'Ví Dụ', '+44 7700', 'hoa sen']) expect(text).not.toContain(value);
      },
    );

    it.each(INVALID.filter(({ type }) => isAnswer(type)))(
      'refuses $name, an answer to no referral of the unit',
      async ({ bytes, unit }) => {
        const { status, body } = await handIn(nodes, unit, bytes);
        expect({ status, code: body.code }).toEqual({ status: 404, code: 'unknown_referral' });
      },
    );
  });

  describe('of the request', () => {
    const text = JSON.stringify(GOOD);
    const send = (document: Document) => handIn(nodes, UNIT, JSON.stringify(document));

    afterAll(async () => expect((await rows()).map(({ outbox }) => outbox)).toEqual([0, 0]));

    it('another sender than the unit of the path', () =>
      expectRefused(send(withHeader(GOOD, { senderUnit: 'vn.mnd-border' })), 403, 'forbidden', '/header/senderUnit'));

    it.each(['gb.nobody', 'zz.nobody'])('unknown recipient %s', (recipientUnit) =>
      expectRefused(send(withHeader(GOOD, { recipientUnit })), 404, 'unknown_unit'),
    );

    it('a recipient in the own country', () =>
      expectRefused(send(withHeader(GOOD, { recipientUnit: 'vn.mnd-border' })), 403, 'wrong_recipient'));

    it('a unit that was merged away, as sender', () =>
      expectRefused(
        handIn(nodes, 'vn.molisa', JSON.stringify(withHeader(GOOD, { senderUnit: 'vn.molisa' }))),
        404,
        'unknown_unit',
      ));

    it.each(['', 'short', 'with space in it', 'x'.repeat(129), 'ky-tu-tieng-viet-Ã'])('idempotency key %p', (key) =>
      expectRefused(handIn(nodes, UNIT, text, { headers: { 'idempotency-key': key } }), 400, 'bad_request'),
    );

    it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', ''])('content type %p', (type) =>
      expectRefused(handIn(nodes, UNIT, text, { headers: { 'content-type': type } }), 415, 'unsupported_media_type'),
    );

    it('a compressed body', () =>
      expectRefused(
        handIn(nodes, UNIT, new Uint8Array(gzipSync(text)), { headers: { 'content-encoding': 'gzip' } }),
        415,
        'unsupported_media_type',
      ));

    it('more than 1 MiB', async () => {
      // The answer may come while we still send, so the connection may break first; accepted it never is.
      const answer = await handIn(nodes, UNIT, text + ' '.repeat(1_048_577)).catch(() => undefined);
      if (answer) expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 413, code: 'too_large' });
      // Just over the limit, so that the answer is read for sure.
      await expectRefused(
        handIn(nodes, UNIT, text + ' '.repeat(1_048_577 - Buffer.byteLength(text))),
        413,
        'too_large',
      );
    });

    it.each(['', 'null', '[]', '"text"', '{}', '{"header": null}', '{"header": []}', '{"header": "x"}'])(
      'the document %p',
      async (body) => {
        const { status, body: problem } = await handIn(nodes, UNIT, body);
        expect([400, 422]).toContain(status);
        expect(['malformed_json', 'schema_invalid']).toContain(problem.code);
      },
    );

    it.each(['', 'x', 'GARBAGE'.repeat(10), '😀'])('never a 500 for the token %p', async (token) => {
      const headers = { authorization: `Bearer ${encodeURIComponent(token)}` };
      await expectRefused(handIn(nodes, UNIT, text, { as: '', headers }), 401, 'unauthenticated');
    });
  });

  it.each(INVALID.filter(({ name }) => CORRECTED.includes(name)))(
    'writes itself what is wrong in $name',
    async ({ bytes, unit }) => {
      const { status, body } = await handIn(nodes, unit, bytes);
      expect({ status, body }).toEqual({ status: 202, body: { messageId: expect.any(String), replayed: false } });
    },
  );

  it('sends the same document once, however often it comes with one key', async () => {
    const headers = { 'idempotency-key': 'the-same-key-0001' };
    const text = JSON.stringify(GOOD);
    const before = (await rows())[0]!['outbox']!;
    const answers = await Promise.all(Array.from({ length: 10 }, () => handIn(nodes, UNIT, text, { headers })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
    expect(new Set(answers.map(({ body }) => body['messageId'])).size).toBe(1);
    expect(answers.filter(({ body }) => body['replayed'] === false)).toHaveLength(1);
    expect((await rows())[0]!['outbox']).toBe(before + 1);
    const other = JSON.stringify(withHeader(GOOD, { priority: 'normal' }));
    await expectRefused(handIn(nodes, UNIT, other, { headers }), 409, 'idempotency_conflict');
  });
});
