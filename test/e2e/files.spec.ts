import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto';
import { CHUNK_BYTES, chunkCount, sealChunk } from '../../libs/attachments';
import { contentDigest, contentRange, PIECE_MEDIA_TYPE } from '../../libs/exchange';
import { jpegOf, pdf, pngOf, textOf } from '../fakes/files';
import { FileCalls } from '../harness/file-calls';
import { callGateway, identityOf, postMessages } from '../harness/gateway-client';
import { callOffice } from '../harness/office-rest';
import { RogueSender } from '../harness/rogue-sender';
import { startTwoNodes, type NodeId, type TlsIdentity, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

const { senderUnit: UNIT, recipientUnit: RECIPIENT } = FileCalls.document.header;
const [FROM, TO] = [UNIT, RECIPIENT].map((unit) => unit.split('.')[0]) as [NodeId, NodeId];
const MIB = 1024 * 1024;
const PDF = { name: 'Báo cáo.pdf', type: 'assessment_report', mime: 'application/pdf' };
const PNG = { name: 'scan.png', type: 'other', mime: 'image/png' };
const JPEG = { name: 'trang 1.jpg', type: 'other', mime: 'image/jpeg' };
const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

let nodes: TwoNodes;
beforeAll(async () => {
  nodes = await startTwoNodes();
});
afterAll(() => nodes?.stop());

const at = async <R>(node: NodeId, sql: string, parameters: readonly unknown[] = []): Promise<R[]> =>
  (await nodes.database(node)).query<R>(sql, parameters);
const download = async (node: NodeId, unit: string, id: string) => {
  const office = nodes.access.nodes.find((each) => each.id === node)!;
  const headers = { authorization: `Bearer ${office.tokens[unit] ?? ''}` };
  const response = await fetch(`${office.office}/v1/units/${unit}/files/${id}/content`, { headers });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
};

it('three files at once go to the other country while gateway and worker are killed, and come out as they were', async () => {
  const files = await FileCalls.draft(nodes);
  const all = [
    [PDF, pdf(10 * MIB)],
    [PNG, pngOf(3 * MIB)],
    [JPEG, jpegOf(77_777)],
  ] as const;
  const uploads = await Promise.all(all.map(([claim, bytes]) => files.upload(claim, bytes)));
  expect(uploads.map(({ status, body }) => [status, body['complete']])).toEqual(all.map(() => [200, true]));
  const ids = uploads.map(({ body }) => body['id'] as string);

  await files.send();
  const held = async () => {
    const [row] = await at<{ held: number }>(TO, 'SELECT coalesce(sum(held), 0)::int AS held FROM incoming_file');
    return row!.held;
  };
  await waitFor('the first pieces', async () => (await held()) > 0, { everyMs: 5 });
  await nodes.killApp(TO, 'gateway');
  await nodes.killApp(FROM, 'worker');
  await waitFor(
    'all files to be judged',
    async () => {
      const rows = await at<{ state: string }>(TO, 'SELECT state FROM attachment');
      return rows.length === all.length && rows.every(({ state }) => state === 'clean');
    },
    { timeoutMs: 180_000 },
  );
  for (const [index, [claim, bytes]] of all.entries()) {
    const { response, bytes: got } = await download(TO, RECIPIENT, ids[index]!);
    expect(response.status).toBe(200);
    expect(got.equals(bytes)).toBe(true);
    expect(response.headers.get('content-type')).toBe(claim.mime);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="/);
    expect(response.headers.get('cache-control')).toBe('no-store');
  }
  const [{ id: referralId } = { id: '' }] = await at<{ id: string }>(FROM, 'SELECT referral_id AS id FROM unit_case');
  const listed = async (node: NodeId, unit: string) => {
    const answer = await callOffice(nodes, node, `/v1/units/${unit}/cases/${referralId}/files`, { as: unit });
    return answer.body['files'] as { id: string; name?: string; state: string; delivery: string; sha256: string }[];
  };
  const sent = await waitFor(
    'the receipts',
    async () => {
      const shown = await listed(FROM, UNIT);
      return shown.every(({ delivery }) => delivery === 'received') ? shown : undefined;
    },
    { timeoutMs: 120_000 },
  );
  expect(new Set(sent.map(({ name }) => name))).toEqual(new Set([PDF.name, JPEG.name, PNG.name]));
  const sha256 = all.map(([, bytes]) => createHash('sha256').update(bytes).digest('base64url')).toSorted();
  const received = await listed(TO, RECIPIENT);
  expect(received.map((file) => file.sha256).toSorted()).toEqual(sha256);
  expect(received.map((file) => file.name)).toEqual([undefined, undefined, undefined]);
  expect((await download(FROM, UNIT, ids[0]!)).bytes.equals(all[0][1])).toBe(true);
});

describe('an upload', () => {
  it('goes on where the connection broke', async () => {
    const files = await FileCalls.draft(nodes);
    const bytes = pngOf(2 * MIB);
    const begun = await files.begin({ ...PNG, bytes: bytes.length });
    const id = begun.body['id'] as string;
    await files.breakOff(id, 0, bytes.length, bytes.subarray(0, 1_500_000));
    // The office may still take in what is in its hands: whoever is told of another place asks again.
    const rest = await waitFor('the upload to go on', async () => {
      const { body, headers } = await files.call('GET', `/files/${id}`);
      const offset = body['offset'] as number;
      expect(headers.get('upload-offset')).toBe(String(offset));
      if (offset < CHUNK_BYTES) return undefined;
      expect(offset).toBeLessThanOrEqual(1_500_000);
      const answer = await files.append(id, offset, bytes.subarray(offset));
      return answer.status === 409 ? undefined : answer;
    });
    expect([rest.status, rest.body['complete']]).toEqual([200, true]);
    const head = await files.call('HEAD', `/files/${id}`);
    expect([head.status, head.headers.get('upload-offset')]).toEqual([200, String(bytes.length)]);
    const late = await files.append(id, 0, bytes);
    expect([late.status, late.body.code]).toEqual([409, 'file_complete']);
    expect((await download(FROM, UNIT, id)).bytes.equals(bytes)).toBe(true);
  });

  it.each([
    ['of another type than it says', PDF, pngOf(90_000), 422, 'file_type'],
    ['with a name of another type', { ...PDF, name: 'x.exe' }, pdf(100), 422, 'file_type'],
    ['too large', PDF, pdf(10 * MIB + 1), 413, 'file_too_big'],
    ['empty', PDF, Buffer.alloc(0), 422, 'file_empty'],
    ['with a password', PDF, textOf('trailer << /Encrypt 5 0 R >>', 50_000), 422, 'file_encrypted'],
    ['in which the scanner finds something', PDF, textOf(EICAR, 50_000), 422, 'file_infected'],
    ['of no type that travels', { ...PDF, mime: 'text/html' }, pdf(100), 400, 'bad_request'],
  ])('%s is refused, and nothing of it stays', async (_what, claim, bytes, status, code) => {
    const files = await FileCalls.draft(nodes);
    const answer = await files.upload(claim, bytes);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((await files.call('GET', '/files')).body['files']).toEqual([]);
  });

  it('is described and removed, for officers of the unit only', async () => {
    const files = await FileCalls.draft(nodes);
    const { body } = await files.upload(PDF, pdf(500));
    const at1 = `/files/${String(body['id'])}`;
    const described = await files.call('PUT', `${at1}/description`, { type: 'other', language: 'vi', pages: 2 });
    expect(described.status).toBe(200);
    expect((await files.call('GET', '/files')).body['files']).toMatchObject([
      { type: 'other', language: 'vi', pages: 2 },
    ]);
    expect((await files.call('GET', '/files', undefined, `${UNIT}/systems`)).status).toBe(403);
    expect((await files.call('GET', '/files', undefined, RECIPIENT)).status).toBe(401);
    expect((await files.call('DELETE', at1)).status).toBe(200);
    expect((await files.call('GET', at1)).status).toBe(404);
  });
});

describe('pieces at a gateway', () => {
  let vn: TlsIdentity;
  let rogue: RogueSender;
  beforeAll(async () => {
    vn = identityOf(nodes, FROM);
    rogue = await RogueSender.of(nodes);
  });

  const put = (id: string, start: number, total: number, body: Buffer, headers: Record<string, string> = {}) =>
    callGateway(nodes, TO, {
      method: 'PUT',
      path: `/v1/attachments/${id}`,
      identity: vn,
      headers: {
        'content-type': PIECE_MEDIA_TYPE,
        'content-digest': contentDigest(body),
        'content-range': contentRange(start, body.length, total),
        ...headers,
      },
      body,
    });

  it.each([
    ['without a media type', { 'content-type': 'text/plain' }, 415],
    ['with another digest', { 'content-digest': contentDigest('x') }, 400],
    ['without a place', { 'content-range': 'bytes */9' }, 400],
    ['at a place of another length', { 'content-range': 'bytes 0-7/9' }, 400],
    ['behind a gap', { 'content-range': 'bytes 5-8/9' }, 409],
    ['of a file without end', { 'content-range': 'bytes 0-3/99999999999' }, 413],
  ])('%s are refused', async (_what, headers, status) => {
    expect((await put(randomUUIDv7(), 0, 9, Buffer.from('abcd'), headers)).status).toBe(status);
  });

  it('are taken twice, and other bytes in their place kept off with an alarm', async () => {
    const id = randomUUIDv7();
    expect((await put(id, 0, 9, Buffer.from('abcd'))).status).toBe(200);
    expect(JSON.parse((await put(id, 0, 9, Buffer.from('abcd'))).text)).toEqual({ total: 9, held: 4 });
    expect((await put(id, 0, 9, Buffer.from('abcX'))).status).toBe(409);
    const alarms = await at<{ kind: string; code: string }>(TO, 'SELECT kind, code FROM alarm WHERE subject = $1', [
      id,
    ]);
    expect(alarms).toEqual([{ kind: 'id_reused', code: 'file_conflict' }]);
    const nobody = await callGateway(nodes, TO, { path: `/v1/attachments/${randomUUIDv7()}`, identity: vn });
    expect(nobody.status).toBe(404);
  });

  /** What a partner does that has the keys and breaks the rules: the file is announced in a signed message. */
  const spoilt: Record<string, (chunks: Buffer[], foreign: Buffer[]) => Buffer[]> = {
    'in another order': ([a, b, c]) => [b!, a!, c!],
    'cut off': ([a, b, c]) => [a!, b!, c!.subarray(0, -1)],
    'of another file': ([, b, c], [foreign]) => [foreign!, b!, c!],
  };

  it.each(Object.entries(spoilt))(
    '%s make a damaged file that nobody can open, with an alarm',
    async (_what, spoil) => {
      const id = randomUUIDv7();
      const plain = pdf(2 * CHUNK_BYTES + 100);
      const key = randomBytes(32);
      const cut = { bytes: plain.length, chunkBytes: CHUNK_BYTES };
      const sealed = (fileId: string) =>
        Array.from({ length: chunkCount(cut) }, (_, number) => {
          const part = plain.subarray(number * CHUNK_BYTES, (number + 1) * CHUNK_BYTES);
          return Buffer.from(sealChunk(key, part, { fileId, number, last: number === chunkCount(cut) - 1 }));
        });
      const transfer = { fileId: id, key: key.toString('base64url'), ...cut };
      const sha256 = createHash('sha256').update(plain).digest('base64url');
      const attachments = [{ type: 'other', sha256, mime: 'application/pdf', transfer }];
      const message = await rogue.seal({ ...FileCalls.document, attachments });
      expect((await postMessages(nodes, TO, message.token, { identity: vn })).status).toBe(200);
      const pieces = spoil(sealed(id), sealed(randomUUIDv7()));
      const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
      let start = 0;
      for (const piece of pieces) {
        expect((await put(id, start, total, piece)).status).toBe(200);
        start += piece.length;
      }
      await waitFor('the verdict', async () => {
        const [row] = await at<{ state: string }>(TO, 'SELECT state FROM attachment WHERE id = $1', [id]);
        return row?.state === 'damaged';
      });
      expect(await at(TO, 'SELECT kind FROM alarm WHERE subject = $1', [id])).toEqual([{ kind: 'file_damaged' }]);
      const { response } = await download(TO, RECIPIENT, id);
      expect(response.status).toBe(409);
      expect(await at(TO, 'SELECT 1 FROM incoming_piece WHERE id = $1', [id])).toEqual([]);
    },
  );
});
