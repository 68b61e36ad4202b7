import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { BadRequestException, ForbiddenException, PayloadTooLargeException } from '@nestjs/common';
import { CATALOGUE, TraoError, type Code } from '../../libs/errors';
import { waitFor } from '../harness/wait-for';
import { MAX_BYTES, startProbe, type Fault } from './http-fixture';
import { caughtLog } from './log-fixture';

/** How faults leave the house, and what a body may be. */
const log = caughtLog();
const fault: Fault = { thrown: undefined };
let service: { readonly port: number; close(): Promise<void> };
beforeAll(async () => {
  service = await startProbe(log.logger, fault);
});
afterAll(() => service?.close());

const url = (path: string) => `http://127.0.0.1:${service.port}${path}`;

async function problemOf(thrown: unknown) {
  fault.thrown = thrown;
  const response = await fetch(url('/fault'));
  const text = await response.text();
  return { response, text, problem: JSON.parse(text) as Record<string, unknown> };
}

describe('a problem', () => {
  it.each(Object.keys(CATALOGUE) as Code[])('%s has its status, its code and its meaning', async (code) => {
    const { response, problem } = await problemOf(new TraoError(code));
    const { http, meaning } = CATALOGUE[code];
    expect(response.status).toBe(http);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(problem).toEqual({
      type: `urn:trao:problem:${code}`,
      title: meaning,
      status: http,
      code,
      correlationId: expect.any(String) as string,
    });
  });

  it('names all faults of a document, by place and rule', async () => {
    const faults = [
      { pointer: '/a', rule: 'must be a string' },
      { pointer: '/b', rule: 'is missing' },
    ];
    const { problem } = await problemOf(new TraoError('schema_invalid', { faults, detail: 'Two faults.' }));
    expect(problem).toMatchObject({
      detail: 'Two faults.',
      errors: [
        { pointer: '/a', detail: 'must be a string' },
        { pointer: '/b', detail: 'is missing' },
      ],
    });
  });

  it('tells nothing about what is not ours, and the log has the same number', async () => {
    const canary = randomUUID();
    const library = Object.assign(new Error(`cannot read ${canary}`), { detail: canary, parameters: [canary] });
    for (const thrown of [library, canary, { status: 'x', message: canary }, null, undefined]) {
      const { response, text, problem } = await problemOf(thrown);
      expect(response.status).toBe(500);
      expect(problem).toEqual({
        type: 'urn:trao:problem:internal',
        title: CATALOGUE.internal.meaning,
        status: 500,
        code: 'internal',
        correlationId: expect.any(String) as string,
      });
      expect(text).not.toContain(canary);
      expect(log.records().at(-1)).toMatchObject({ correlationId: problem['correlationId'], http: 500, level: 50 });
    }
    expect(log.text()).not.toContain(canary);
  });

  it('keeps details of our own machine to the log', async () => {
    const { text } = await problemOf(new TraoError('key_missing', { detail: 'signing/vn.police.json' }));
    expect(text).not.toContain('police');
    expect(log.records().at(-1)).toMatchObject({ err: { code: 'key_missing', detail: 'signing/vn.police.json' } });
  });

  it('asks to wait when that helps', async () => {
    expect((await problemOf(new TraoError('database_unavailable'))).response.headers.get('retry-after')).toBe('5');
    expect((await problemOf(new TraoError('key_missing'))).response.headers.get('retry-after')).toBeNull();
  });

  it.each([
    [new BadRequestException('secret'), 'bad_request'],
    [new ForbiddenException('secret'), 'forbidden'],
    [new PayloadTooLargeException('secret'), 'too_large'],
    [Object.assign(new Error('secret'), { status: 415 }), 'unsupported_media_type'],
    [Object.assign(new Error('secret'), { status: 418 }), 'internal'],
  ])('becomes of an error of the framework by its status', async (thrown, code) => {
    const { problem, text } = await problemOf(thrown);
    expect(problem).toMatchObject({ code, status: CATALOGUE[code as Code].http });
    expect(text).not.toContain('secret');
  });

  it('answers for a path that does not exist', async () => {
    const response = await fetch(url('/nowhere/secret-path'));
    expect(await response.json()).toMatchObject({ code: 'not_found', status: 404 });
    expect(response.headers.get('x-powered-by')).toBeNull();
  });
});

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
