import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { startPlainGateway } from '../../apps/gateway/fixtures/plain-gateway';
import { CATALOGUE, type Code } from '../../libs/errors';
import { contentDigest, MAX_BATCH_BYTES, MESSAGES_MEDIA_TYPE } from '../../libs/exchange';
import { pingDraft } from '../fakes/documents';
import { receiptBy, sealByHand } from '../fakes/hand-made';
import { MemoryManifests } from '../fakes/memory-manifests';
import type { MemoryNode } from '../fakes/memory-node';
import { twoCountries } from '../fakes/two-countries';
import { waitFor } from '../harness/wait-for';
import { caughtLog } from '../integration/log-fixture';

/** What comes over HTTP, at the gateway's own controllers. Whatever is refused leaves no row. */
jest.setTimeout(30_000); // the first load of the framework under jest takes seconds
const MAX_RECEIPTS_BYTES = 512 * 1024;
const log = caughtLog();
let vn: MemoryNode;
let gb: MemoryNode;
let service: { readonly port: number; close(): Promise<void> };
let token: string;
let receipt: string;

beforeAll(async () => {
  ({ vn, gb } = await twoCountries());
  token = (await sealByHand(vn, pingDraft({ senderUnit: 'vn.mps-criminal' }))).token;
  // A receipt for something that the partner has sent.
  const sent = await gb.sent(pingDraft({ recipientUnit: 'vn.mps-criminal' }), 'gb.ho-sca');
  receipt = await receiptBy(vn, 'gb', sent);
  const { accept: acceptPorts, acceptPiece: piecePorts, settle: settlePorts } = gb.ports;
  const manifestPorts = new MemoryManifests(gb).served;
  const parts = { self: acceptPorts.self, acceptPorts, piecePorts, settlePorts, manifestPorts };
  service = await startPlainGateway(parts, 'vn', log.logger);
});
afterAll(() => service?.close());

const MEDIA = { '/v1/messages': MESSAGES_MEDIA_TYPE, '/v1/receipts': 'application/json' } as const;
type Where = keyof typeof MEDIA;
const PLACES = Object.keys(MEDIA) as Where[];
const honest = (where: Where) => (where === '/v1/messages' ? token : JSON.stringify([receipt]));

async function post(where: Where, body: Uint8Array | string, headers: Record<string, string | undefined> = {}) {
  const all = { 'content-type': MEDIA[where], 'content-digest': contentDigest(body), ...headers };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const url = `http://127.0.0.1:${service.port}${where}`;
  const response = await fetch(url, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers: given });
  const { code } = JSON.parse((await response.text()).split('\n')[0]!) as { code?: string };
  return `${response.status} ${code}`;
}
const as = (code: Code) => `${CATALOGUE[code].http} ${code}`;

/** Speaks HTTP by hand, as no honest client would, and answers what came back until the connection ended. */
function raw(pieces: readonly (string | Uint8Array)[], thenEnd = false): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(service.port, '127.0.0.1');
    for (const piece of pieces) socket.write(piece);
    if (thenEnd) socket.end();
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // The gateway may close before it has read everything.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}
const head = (where: Where, body: string, more: string) =>
  `POST ${where} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${MEDIA[where]}\r\n` +
  `Content-Digest: ${contentDigest(body)}\r\n${more}\r\n\r\n`;

it.each(PLACES)('A-07 no text where tokens are expected: %s', async (where) => {
  const bodies = ['[1]', '[null]', '[[]]', '[{"token":"x"}]', '{"0":"x"}', '"x"', 'null', '1'];
  const codes = await Promise.all(bodies.map((body) => post(where, body)));
  // The lines of a batch are text whatever they look like: each is refused by itself.
  expect(new Set(codes)).toEqual(new Set([where === '/v1/messages' ? '200 undefined' : as('bad_request')]));
});

it.each(PLACES)('A-12 a body above the limit, whatever its length claims to be: %s', async (where) => {
  const limit = where === '/v1/messages' ? MAX_BATCH_BYTES : MAX_RECEIPTS_BYTES;
  const body = honest(where);
  const claimed = await raw([head(where, body, `Content-Length: ${limit + 1}`)]);
  expect(claimed).toContain('"code":"too_large"');

  const chunk = Buffer.alloc(65_536, 'A');
  const size = `${chunk.length.toString(16)}\r\n`;
  const endless = Array.from({ length: limit / chunk.length + 1 }, () => [size, chunk, '\r\n']).flat();
  expect(await raw([head(where, body, 'Transfer-Encoding: chunked'), ...endless])).toContain('"code":"too_large"');

  const both = `Content-Length: ${body.length}\r\nTransfer-Encoding: chunked`;
  expect(await raw([head(where, body, both), body])).toMatch(/^HTTP\/1.1 400 /);
  for (const length of ['-1', '1e3', '0x10', `${body.length}, 5`, `+${body.length}`, ` `]) {
    expect(await raw([head(where, body, `Content-Length: ${length}`), body])).toMatch(/^HTTP\/1.1 400 /);
  }
});

it.each(PLACES)('A-12 a length that is too short or too long: %s', async (where) => {
  const body = honest(where);
  // What is missing of the body is missing in its digest; what is too much is no request.
  const short = await raw([head(where, body, `Content-Length: ${body.length - 1}`), body]);
  expect(short).toMatch(/^HTTP\/1.1 400 /);
  const wrongChunk = `${(body.length + 1).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const before = log.records().length;
  await raw([head(where, body, 'Transfer-Encoding: chunked'), wrongChunk], true);
  await raw([head(where, body, `Content-Length: ${body.length + 1}`), body], true);
  await waitFor('both records', () => log.records().length >= before + 2);
  expect(log.records().slice(before)).toMatchObject([
    { err: { code: 'bad_request' } },
    { err: { code: 'bad_request' } },
  ]);
});

it('A-12 more messages than a batch may have', async () => {
  expect(await post('/v1/messages', Array.from({ length: 65 }, () => token).join('\n'))).toBe(as('too_large'));
  expect(await post('/v1/receipts', JSON.stringify(Array.from({ length: 65 }, () => receipt)))).toBe(as('bad_request'));
});

it.each(PLACES)('A-19 a compressed body: %s', async (where) => {
  const body = honest(where);
  const forms = { gzip: gzipSync(body), deflate: deflateSync(body), br: brotliCompressSync(body), 'x-any': body };
  for (const [encoding, bytes] of Object.entries(forms)) {
    expect(await post(where, bytes, { 'content-encoding': encoding })).toBe(as('unsupported_media_type'));
    // Also when its digest is that of the content instead.
    const headers = { 'content-encoding': encoding, 'content-digest': contentDigest(body) };
    expect(await post(where, bytes, headers)).toBe(as('unsupported_media_type'));
  }
  // A bomb: 32 MiB in 32 KiB. Nobody unfolds it.
  const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024));
  expect(await post(where, bomb, { 'content-encoding': 'gzip, gzip' })).toBe(as('unsupported_media_type'));
});

it.each(PLACES)('A-20 another content type: %s', async (where) => {
  const own = MEDIA[where];
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    `${own};charset=utf-16`,
    '',
    undefined,
  ];
  const other = PLACES.map((place) => MEDIA[place]).filter((type) => type !== own);
  for (const type of [...types, ...other]) {
    expect(await post(where, honest(where), { 'content-type': type })).toBe(as('unsupported_media_type'));
  }
});

it.each(PLACES)('A-20 a body that is not what its digest says: %s', async (where) => {
  const body = honest(where);
  const digests = [
    undefined,
    '',
    contentDigest('other'),
    contentDigest(body).replace('sha-256', 'sha-512'),
    contentDigest(body).slice(0, -3),
  ];
  for (const digest of digests) {
    expect(await post(where, body, { 'content-digest': digest })).toBe(as('digest_mismatch'));
  }
});

it('after all attacks no row is there, and what is honest is taken', async () => {
  const { tables } = gb;
  expect([tables.inbox.size, tables.conflicts.size, tables.receipts.size]).toEqual([0, 0, 0]);
  for (const where of PLACES) expect(await post(where, honest(where))).toBe('200 undefined');
  const receipts = [...tables.receipts.values()].map(({ receipt: { event, issuer } }) => `${event} by ${issuer}`);
  expect([tables.inbox.size, receipts]).toEqual([1, ['received by gb', 'received by vn']]);
});
