import { Readable } from 'node:stream';
import type { Request } from 'express';
import { asTraoError, TraoError } from '../../../../libs/errors';
import { formToken } from '../../../../libs/sign-in';
import { readFiles, type ComingFile } from './multipart';

const BOUNDARY = 'b0undary';
const field = (name: string, value: string) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = (name: string, content: string) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/pdf\r\n\r\n${content}\r\n`;
const END = `--${BOUNDARY}--\r\n`;

/** A form as a browser sends it, in pieces of 7 bytes. @param parts with `TOKEN` for the token of the session */
function posted(parts: string, type = `multipart/form-data; boundary=${BOUNDARY}`): Request {
  const session = {};
  const holder = { session, get: () => undefined } as unknown as Request;
  const bytes = Buffer.from(parts.replace('TOKEN', formToken(holder)));
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) => bytes.subarray(at * 7, at * 7 + 7));
  const headers = { 'content-type': type };
  return Object.assign(Readable.from(pieces), { headers, session, get: () => undefined }) as unknown as Request;
}

async function taken(request: Request) {
  const got: { name: string; text: string; fields: ComingFile['fields'] }[] = [];
  const count = await readFiles(request, async ({ name, content, fields }) => {
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk as Buffer);
    got.push({ name, text: Buffer.concat(chunks).toString(), fields });
  });
  return { count, got };
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => asTraoError(error).code,
  );

describe('a form with files', () => {
  it('gives each file as it comes, with the fields that stood before it', async () => {
    const request = posted(
      field('_csrf', 'TOKEN') + field('type', 'photo') + file('đơn.pdf', 'one') + file('b.pdf', 'two') + END,
    );
    const { count, got } = await taken(request);
    expect(count).toBe(2);
    expect(got.map(({ name, text }) => [name, text])).toEqual([
      ['đơn.pdf', 'one'],
      ['b.pdf', 'two'],
    ]);
    expect(got[0]?.fields['type']).toBe('photo');
  });

  it('has no file when none was chosen', async () => {
    expect(await taken(posted(field('_csrf', 'TOKEN') + file('', '') + END))).toEqual({ count: 0, got: [] });
  });

  it('is refused before its first byte is kept when it is of another session', async () => {
    const request = posted(field('_csrf', 'x'.repeat(64)) + file('a.pdf', 'one') + END);
    const take = jest.fn(() => Promise.resolve());
    expect(await codeOf(readFiles(request, take))).toBe('form_expired');
    expect(take).not.toHaveBeenCalled();
    expect(await codeOf(readFiles(posted(field('type', 'photo') + END), take))).toBe('form_expired');
  });

  it('ends with the fault of its first file, and reads the others to their end', async () => {
    const take = jest.fn(() => Promise.reject(new TraoError('file_type')));
    const request = posted(field('_csrf', 'TOKEN') + file('a.pdf', 'one') + file('b.pdf', 'two') + END);
    expect(await codeOf(readFiles(request, take))).toBe('file_type');
    expect(take).toHaveBeenCalledTimes(1);
  });

  it('goes on behind a file of which nobody reads the end', async () => {
    const request = posted(field('_csrf', 'TOKEN') + file('a.pdf', 'x'.repeat(100_000)) + file('b.pdf', 'two') + END);
    const reading = readFiles(request, async ({ content }) => {
      for await (const _bytes of content) throw new TraoError('file_type');
    });
    expect(await codeOf(reading)).toBe('file_type');
  });

  it('ends where the line breaks, in the file that was being read', async () => {
    const session = {};
    const token = formToken({ session, get: () => undefined } as unknown as Request);
    const line = new Readable({ read: () => undefined });
    const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
    const request = Object.assign(line, { headers, session, get: () => undefined }) as unknown as Request;
    line.push(field('_csrf', token) + file('a.pdf', 'one') + file('b.pdf', 'x'.repeat(200)));
    const reading = readFiles(request, async ({ name, content }) => {
      for await (const _bytes of content) if (name === 'b.pdf') line.emit('aborted');
    });
    expect(await codeOf(reading)).toBe('file_interrupted');
  });

  it('is no such form when it says so, or when it breaks off', async () => {
    expect(await codeOf(readFiles(posted(END, 'text/plain'), () => Promise.resolve()))).toBe('bad_request');
    const broken = posted(field('_csrf', 'TOKEN') + '--other');
    expect(await codeOf(readFiles(broken, () => Promise.resolve()))).toBe('bad_request');
  });
});
