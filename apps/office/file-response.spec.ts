import { PassThrough } from 'node:stream';
import type { Response } from 'express';
import type { ReadableFile } from '../../libs/casework';
import { streamOf } from '../../test/fakes/files';
import { sendFile } from './file-response';

/** A response that keeps what it is told. */
function answerTo(file: Partial<ReadableFile>) {
  const headers = new Map<string, unknown>();
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const response = Object.assign(stream, { setHeader: (name: string, value: unknown) => headers.set(name, value) });
  const whole: ReadableFile = {
    name: 'a.pdf',
    mime: 'application/pdf',
    bytes: 3,
    sha256: '',
    content: streamOf(Buffer.from('abc')),
    ...file,
  };
  return {
    headers,
    stream,
    body: () => Buffer.concat(chunks).toString(),
    done: sendFile(response as unknown as Response, whole),
  };
}

it('hands a file over to be saved, never to be shown inside a page', async () => {
  const { headers, body, done } = answerTo({});
  await done;
  expect(body()).toBe('abc');
  expect(Object.fromEntries(headers)).toEqual({
    'content-type': 'application/pdf',
    'content-length': 3,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': `attachment; filename="a.pdf"; filename*=UTF-8''a.pdf`,
  });
});

it.each([
  ['Báo cáo.pdf', 'B_o c_o.pdf', 'B%C3%A1o%20c%C3%A1o.pdf'],
  ['a"; filename="x.exe', 'a_; filename=_x.exe', 'a%22%3B%20filename%3D%22x.exe'],
  [`it's (1)*.pdf`, `it's (1)*.pdf`, 'it%27s%20%281%29%2A.pdf'],
  ['100%.pdf', '100_.pdf', '100%25.pdf'],
])('writes the name %j so that no reader takes it for anything else', async (name, plain, encoded) => {
  const { headers, done } = answerTo({ name });
  await done;
  expect(headers.get('content-disposition')).toBe(`attachment; filename="${plain}"; filename*=UTF-8''${encoded}`);
});

it('breaks off when a chunk does not open', async () => {
  const { stream, done } = answerTo({ content: streamOf(Buffer.from('a'), new Error('damaged')) });
  await expect(done).rejects.toThrow('damaged');
  expect(stream.destroyed).toBe(true);
});
