import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { waitFor } from '../../test/harness/wait-for';
import { caughtLog } from '../../test/integration/log-fixture';
import { CATALOGUE, type Code } from '../errors';
import { MAX_BYTES, startProbe } from './fixtures/probe';

/** What a body may be. */
jest.setTimeout(30_000); // the first load of the framework under jest takes seconds
const log = caughtLog('info');
let service: { readonly port: number; close(): Promise<void> };
beforeAll(async () => {
  service = await startProbe(log.logger, { thrown: undefined });
});
afterAll(() => service?.close());

const url = (path: string) => `http://127.0.0.1:${service.port}${path}`;

describe('a body', () => {
  const post = async (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) => {
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, headers, duplex: 'half' };
    const response = await fetch(url('/body'), init);
    return { status: response.status, text: await response.text() };
  };
  const refusedAs = (code: Code) => ({
    status: CATALOGUE[code].http,
    text: expect.stringContaining(`"code":"${code}"`) as string,
  });

  it('comes as the bytes that were sent, up to the limit', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 0xc3]);
    expect(await post(bytes)).toEqual({ status: 201, text: bytes.toString('hex') });
    expect(await post(Buffer.alloc(MAX_BYTES))).toMatchObject({ status: 201 });
    expect(await post('')).toEqual({ status: 201, text: '' });
    expect(await post('a', { 'content-encoding': 'identity' })).toEqual({ status: 201, text: '61' });
  });

  it('is refused one byte above the limit', async () => {
    expect(await post(Buffer.alloc(MAX_BYTES + 1))).toEqual(refusedAs('too_large'));
  });

  it('is refused above the limit too when it does not say its length', async () => {
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(Buffer.alloc(300)) });
    expect(await post(endless)).toEqual(refusedAs('too_large'));
  });

  it.each(['gzip', 'deflate', 'br', 'x-unknown', 'gzip, identity', ''])(
    'is refused with the encoding %j',
    async (encoding) => {
      expect(await post(gzipSync('text'), { 'content-encoding': encoding })).toEqual(
        refusedAs('unsupported_media_type'),
      );
    },
  );

  /** Speaks HTTP by hand, as no honest client would, and answers what came back until the connection ended. */
  function raw(text: string, thenEnd = false): Promise<string> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect(service.port, '127.0.0.1', () => (thenEnd ? socket.end(text) : socket.write(text)));
      socket.setTimeout(2_000, () => socket.destroy());
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('error', reject);
      socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    });
  }
  const head = (more: string) => `POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${more}\r\n\r\n`;

  it('is refused by the length it claims, before any of it is read', async () => {
    expect(await raw(head(`Content-Length: ${MAX_BYTES + 1}`))).toContain('"code":"too_large"');
  });

  it('ends where its length says, whatever follows', async () => {
    expect(await raw(`${head('Content-Length: 2')}ab${'c'.repeat(5000)}`)).toMatch(/ 400 |\r\n\r\n6162$/);
  });

  it('is a bad request when it stops before its length', async () => {
    const before = log.records().length;
    await raw(`${head('Content-Length: 500')}abc`, true);
    await waitFor('the record', () => log.records().length > before);
    expect(log.records().slice(before)).toMatchObject([{ err: { code: 'bad_request' }, http: 400 }]);
  });

  it.each(['-1', '1e9', '12abc'])('is refused by the server with the length %s', async (length) => {
    expect(await raw(`${head(`Content-Length: ${length}`)}a`)).toContain(' 400 ');
  });

  it('is refused with a length and chunks at once: the way of smuggled requests', async () => {
    const both = head('Content-Length: 5\r\nTransfer-Encoding: chunked');
    expect(await raw(`${both}0\r\n\r\nGET /fault HTTP/1.1\r\nHost: x\r\n\r\n`)).toContain(' 400 ');
  });
});
