import { contentDigest } from '../../libs/exchange';
import { PartnerClient } from '../../libs/transport';
import { client, startPartner, type Partner } from './partner-fixture';

/** What a partner's gateway may answer, and what becomes of it. */
let partner: Partner;
let other: Partner;
let sender: PartnerClient;
beforeAll(async () => {
  [partner, other] = await Promise.all([startPartner(), startPartner()]);
});
afterAll(() => Promise.all([partner?.close(), other?.close()]));
beforeEach(() => {
  partner.got.length = 0;
  sender = new PartnerClient(
    () => client,
    () => partner.endpoint,
    { silenceMs: 500, requestMs: 1_200 },
  );
});
afterEach(() => sender.close());

const TOKENS = ['a.b.c.d.e', 'f.g.h.i.j'];
const ANSWERS = [
  { jti: '1', receipt: 'x.y.z' },
  { jti: '2', problem: { code: 'too_large' } },
];
const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const post = () => sender.postMessages('gb', TOKENS);

it('brings the answers of a good batch, one per message and in order', async () => {
  partner.answer((response) => response.end(lines(ANSWERS)));
  expect(await post()).toEqual(ANSWERS);
  const body = TOKENS.join('\n');
  expect(partner.got).toEqual([
    expect.objectContaining({ url: '/v1/messages', body, client: 'vn', protocol: 'TLSv1.3' }),
  ]);
  expect(partner.got[0]!.headers).toMatchObject({
    'content-type': 'application/vnd.trao.messages',
    'content-digest': contentDigest(body),
  });
});

it('brings the answers to receipts', async () => {
  partner.answer((response) =>
    response.end(JSON.stringify([{ status: 'stored' }, { status: 'refused', code: 'bad_signature' }])),
  );
  expect(await sender.postReceipts('gb', TOKENS)).toEqual([
    { status: 'stored' },
    { status: 'refused', code: 'bad_signature' },
  ]);
  expect(partner.got).toEqual([expect.objectContaining({ url: '/v1/receipts', body: JSON.stringify(TOKENS) })]);
});

it('does not follow a redirect, to whatever place', async () => {
  for (const status of [301, 302, 307, 308]) {
    partner.answer((response) =>
      response.writeHead(status, { location: `${other.endpoint.endpoint}/v1/messages` }).end(),
    );
    await expect(post()).rejects.toMatchObject({ code: 'partner_error', detail: `HTTP ${status}` });
  }
  expect(other.got).toEqual([]);
});

const page = '<html><body>Please sign in to the hotel network</body></html>';
it.each([
  ['a page of a captive portal', page],
  ['nothing', ''],
  ['too few lines', lines(ANSWERS.slice(1))],
  ['too many lines', lines([...ANSWERS, ...ANSWERS])],
  ['lines that are no answers', lines([{ jti: '1' }, 'ok'])],
  ['an answer that names a member twice', '{"jti":"1","jti":"2","receipt":"x"}\n{"jti":"2","receipt":"x"}\n'],
])('takes %s for a bad answer', async (_what, body) => {
  partner.answer((response) => response.writeHead(200, { 'content-type': 'text/html' }).end(body));
  await expect(post()).rejects.toMatchObject({ code: 'bad_answer', retryable: true });
});

it('stops reading an answer that is larger than any honest one', async () => {
  let written = 0;
  partner.answer((response) => {
    const more = () => {
      while (written < 64 * 1024 * 1024 && !response.destroyed) {
        written += 65_536;
        if (!response.write(Buffer.alloc(65_536, 0x20))) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  });
  await expect(post()).rejects.toMatchObject({ code: 'bad_answer' });
  expect(written).toBeLessThan(32 * 1024 * 1024);
});

it('takes an answer that ends half-way for none', async () => {
  partner.answer((response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write(lines(ANSWERS).slice(0, 20), () => response.destroy());
  });
  await expect(post()).rejects.toMatchObject({
    code: expect.stringMatching(/^(partner_|bad_answer)/) as string,
    retryable: true,
  });
});

it('gives up on a partner that is silent, or stops in the middle', async () => {
  partner.answer(() => undefined);
  await expect(post()).rejects.toMatchObject({ code: 'partner_timeout' });
  partner.answer((response) => void response.write('{'));
  await expect(post()).rejects.toMatchObject({ code: 'partner_timeout' });
});

it('gives up on an answer that trickles for longer than the whole exchange may take', async () => {
  partner.answer((response) => {
    const timer = setInterval(() => response.write(' '), 100);
    response.on('close', () => clearInterval(timer));
  });
  await expect(post()).rejects.toMatchObject({ code: 'partner_timeout' });
});

it.each([429, 502, 503, 504])('takes status %d for a busy partner, with its wish', async (status) => {
  partner.answer((response) => response.writeHead(status, { 'retry-after': '7' }).end(page));
  await expect(post()).rejects.toMatchObject({ code: 'partner_busy', retryAfterMs: 7000 });
});

it('reads a date as a wish, and ignores what is neither', async () => {
  partner.answer((response) =>
    response.writeHead(503, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }).end(),
  );
  const error = (await post().catch((thrown: unknown) => thrown)) as { retryAfterMs: number };
  expect(error.retryAfterMs).toBeGreaterThan(55_000);
  expect(error.retryAfterMs).toBeLessThanOrEqual(60_000);
  partner.answer((response) => response.writeHead(503, { 'retry-after': 'soon' }).end());
  await expect(post()).rejects.toMatchObject({ code: 'partner_busy', retryAfterMs: undefined });
});

it.each([400, 403, 404, 413, 500])(
  'takes status %d for a fault of the partner, without reading its page',
  async (status) => {
    partner.answer((response) => response.writeHead(status).end(page));
    const error = await post().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'partner_error', detail: `HTTP ${status}` });
    expect(String(error)).not.toContain('hotel');
  },
);
