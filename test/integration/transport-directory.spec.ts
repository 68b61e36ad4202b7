import { PartnerClient } from '../../libs/transport';
import { MAX_DIRECTORY_BYTES } from '../../libs/trust';
import { client, startPartner, type GotRequest, type Partner } from './partner-fixture';

/** What a partner may answer when it is asked for its directory and its clock, and what becomes of it. */
let partner: Partner;
let sender: PartnerClient;
beforeAll(async () => {
  partner = await startPartner();
});
afterAll(() => partner?.close());
beforeEach(() => {
  partner.got.length = 0;
  sender = new PartnerClient(
    () => client,
    () => partner.endpoint,
    { silenceMs: 500, requestMs: 1_200 },
  );
});
afterEach(() => sender.close());

type Answer = (response: Parameters<Parameters<Partner['answer']>[0]>[0], got: GotRequest) => void;
/** A partner whose clock is ahead by so much, and that answers the question for its directory so. */
function answerSo(directory: Answer, aheadMs = 0): void {
  const health = () => JSON.stringify({ protocol: 1, clock: new Date(Date.now() + aheadMs).toISOString() });
  partner.answer((response, got) =>
    got.url === '/v1/health' ? void response.end(health()) : directory(response, got),
  );
}
const ask = () => sender.askDirectory('gb', '"known"');

it('brings the directory as bytes, and how far the clock is off', async () => {
  const signed = Buffer.from([0x7b, 0xc3, 0xa9, 0x7d, 0x0a]);
  answerSo((response) => response.end(signed), -400_000);
  const answer = await ask();
  expect(Buffer.from(answer.signed!)).toEqual(signed);
  expect(Math.abs(answer.clock.offsetMs + 400_000)).toBeLessThanOrEqual(answer.clock.doubtMs + 1);
  expect(partner.got.map(({ url }) => url)).toEqual(['/v1/health', '/v1/directory']);
  expect(partner.got[1]!.headers['if-none-match']).toBe('"known"');
});

it('brings nothing where the partner has the one that we know', async () => {
  answerSo((response) => response.writeHead(304).end());
  expect((await ask()).signed).toBeUndefined();
});

it('asks for an earlier version, which the partner may not have', async () => {
  partner.answer((response) => response.end('seven'));
  expect(Buffer.from((await sender.earlierDirectory('gb', 7))!).toString()).toBe('seven');
  expect(partner.got[0]!.url).toBe('/v1/directory/7');
  partner.answer((response) => response.writeHead(404).end());
  expect(await sender.earlierDirectory('gb', 8)).toBeUndefined();
});

it.each<[string, Answer, string]>([
  ['no directory at all', (response) => response.writeHead(404).end(), 'partner_error'],
  ['a redirect', (response) => response.writeHead(302, { location: 'https://other.example' }).end(), 'partner_error'],
  ['a gateway that is away', (response) => response.writeHead(503).end(), 'partner_busy'],
  ['silence', () => undefined, 'partner_timeout'],
  ['half an answer', (response) => void response.writeHead(200, { 'content-length': 9 }).write('{'), 'partner_timeout'],
])('takes %s for a fault of the partner', async (_what, directory, code) => {
  answerSo(directory);
  await expect(ask()).rejects.toMatchObject({ code });
});

it('takes no health for a fault, also when the partner says that it is not modified', async () => {
  for (const status of [304, 404, 500]) {
    partner.answer((response) => response.writeHead(status).end());
    await expect(ask()).rejects.toMatchObject({ code: 'partner_error' });
  }
  partner.answer((response) => response.end('<html>Please sign in</html>'));
  await expect(ask()).rejects.toMatchObject({ code: 'bad_answer' });
  expect(partner.got.filter(({ url }) => url === '/v1/directory')).toEqual([]);
});

it('reads the largest directory that there may be, and stops at anything larger', async () => {
  answerSo((response) => response.end(Buffer.alloc(MAX_DIRECTORY_BYTES, 0x20)));
  expect((await ask()).signed).toHaveLength(MAX_DIRECTORY_BYTES);
  answerSo((response) => response.end(Buffer.alloc(MAX_DIRECTORY_BYTES + 1, 0x20)));
  await expect(ask()).rejects.toMatchObject({ code: 'bad_answer' });
});
