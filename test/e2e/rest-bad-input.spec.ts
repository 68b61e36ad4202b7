import { gzipSync } from 'node:zlib';
import { example, exampleBytes, withHeader, type Document } from '../harness/examples';
import { handIn, type RestAnswer } from '../harness/office-rest';
import { NODES, startTwoNodes, type TwoNodes } from '../harness/two-nodes';

const UNIT = 'vn.mps-criminal';
/** A message that its author may send alone. */
const GOOD = example('ping-vn-to-gb');

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

/** Written by the node too, and addressed to a country that is not here. */
const ELSEWHERE = ['ping-in-reply-to'];

/** The unit that a document names as its sender, as far as that can be read. */
function senderOf(bytes: Uint8Array): { unit: string; type: string } {
  const text = Buffer.from(bytes).toString('latin1');
  const unit = /"senderUnit":\s*"([a-z-]+\.[a-z-]+)"/.exec(text)?.[1] ?? UNIT;
  return { unit, type: /"messageType":\s*"(\w+)"/.exec(text)?.[1] ?? '' };
}

/** The unit belongs to one of the two nodes. */
const isHere = (unit: string) => ['vn', 'gb'].includes(unit.split('.')[0]!);

const INVALID = Object.entries(EXPECTED)
  .map(([file, expected]) => {
    const name = file.replace(/\.json$/, '');
    const bytes = exampleBytes('invalid', name);
    return { name, bytes: new Uint8Array(bytes), expected, ...senderOf(bytes) };
  })
  .filter(({ name, unit }) => isHere(unit) && !ELSEWHERE.includes(name));
const isAnswer = (type: string) => !['referral', 'ping', 'stats_report', 'gossip', ''].includes(type);

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
    const isProblem = headers.get('content-type')?.startsWith('application/problem+json');
    if (!isProblem || typeof body['correlationId'] !== 'string') return `no problem: ${status} ${JSON.stringify(body)}`;
    return `${status} ${body.code}`;
  }

  describe('of the contract', () => {
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
    const withHeaders = (headers: Record<string, string>) => handIn(nodes, UNIT, text, { headers });

    it.each<[string, () => Promise<RestAnswer>, string]>([
      ['another sender than its unit', () => send(withHeader(GOOD, { senderUnit: 'vn.mnd-border' })), '403 forbidden'],
      ['an unknown recipient', () => send(withHeader(GOOD, { recipientUnit: 'gb.nobody' })), '404 unknown_unit'],
      ['a recipient in no country', () => send(withHeader(GOOD, { recipientUnit: 'zz.nobody' })), '404 unknown_unit'],
      [
        'a recipient in its own country',
        () => send(withHeader(GOOD, { recipientUnit: 'vn.mnd-border' })),
        '403 wrong_recipient',
      ],
      [
        'a sender that was merged away',
        () => handIn(nodes, 'vn.molisa', JSON.stringify(withHeader(GOOD, { senderUnit: 'vn.molisa' }))),
        '404 unknown_unit',
      ],
      ['no idempotency key', () => withHeaders({ 'idempotency-key': '' }), '400 bad_request'],
      ['a short idempotency key', () => withHeaders({ 'idempotency-key': 'short' }), '400 bad_request'],
      [
        'spaces in the idempotency key',
        () => withHeaders({ 'idempotency-key': 'with space in it' }),
        '400 bad_request',
      ],
      ['a long idempotency key', () => withHeaders({ 'idempotency-key': 'x'.repeat(129) }), '400 bad_request'],
      ['marks in the idempotency key', () => withHeaders({ 'idempotency-key': 'tiêng-viÃt' }), '400 bad_request'],
      ['a text', () => withHeaders({ 'content-type': 'text/plain' }), '415 unsupported_media_type'],
      ['XML', () => withHeaders({ 'content-type': 'application/xml' }), '415 unsupported_media_type'],
      [
        'a form',
        () => withHeaders({ 'content-type': 'application/x-www-form-urlencoded' }),
        '415 unsupported_media_type',
      ],
      [
        'a compressed body',
        () => handIn(nodes, UNIT, new Uint8Array(gzipSync(text)), { headers: { 'content-encoding': 'gzip' } }),
        '415 unsupported_media_type',
      ],
      // Just over the limit: the office may close before it has read much more, and then no answer is seen.
      [
        'more than 1 MiB',
        () => handIn(nodes, UNIT, text + ' '.repeat(1_048_577 - Buffer.byteLength(text))),
        '413 too_large',
      ],
    ])('refuses %s', async (_what, call, refusal) => {
      expect(await refusalOf(call())).toBe(refusal);
    });

    it('names the place of a wrong sender', async () => {
      const { body } = await send(withHeader(GOOD, { senderUnit: 'vn.mnd-border' }));
      expect(body.errors?.map(({ pointer }) => pointer)).toEqual(['/header/senderUnit']);
    });

    it('takes a document of exactly 1 MiB for what it is: too long in a field, not in bytes', async () => {
      const [head, tail] = JSON.stringify(withHeader(GOOD, { extra: 'PLACE' })).split('PLACE') as [string, string];
      const body = head + 'x'.repeat(1_048_576 - Buffer.byteLength(head + tail)) + tail;
      expect(await refusalOf(handIn(nodes, UNIT, body))).toBe('422 schema_invalid');
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
      expect(await refusalOf(handIn(nodes, UNIT, text, { as: '', headers }))).toBe('401 unauthenticated');
    });
  });

  it('has stored nothing of all that', async () => {
    const nothing = { outbox: 0, cases: 0, events: 0, keys: 0 };
    expect(await rows()).toEqual([nothing, nothing]);
  });

  it.each(INVALID.filter(({ name }) => CORRECTED.includes(name)))(
    'writes itself what is wrong in $name: only consent and a second officer are missing',
    async ({ bytes, unit }) => {
      const { status, body } = await handIn(nodes, unit, bytes);
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'protection_refused' });
      expect(body.errors?.map(({ code }) => code)).toEqual(['consent_record_missing', 'approval_missing']);
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
    const other = JSON.stringify(withHeader(GOOD, { priority: 'urgent' }));
    expect(await refusalOf(handIn(nodes, UNIT, other, { headers }))).toBe('409 idempotency_conflict');
  });
});
