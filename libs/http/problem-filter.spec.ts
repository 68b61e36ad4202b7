import { randomUUID } from 'node:crypto';
import { BadRequestException, ForbiddenException, PayloadTooLargeException } from '@nestjs/common';
import { caughtLog } from '../../test/integration/log-fixture';
import { CATALOGUE, faultAt, meaningOf, TraoError, type Code } from '../errors';
import { startProbe, type Fault } from './fixtures/probe';

/** How faults leave the house. */
jest.setTimeout(30_000); // the first load of the framework under jest takes seconds
const log = caughtLog('info');
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
  it.each(Object.keys(CATALOGUE) as Code[])(
    '%s has its status, its code and its meaning in both languages',
    async (code) => {
      const { response, problem } = await problemOf(new TraoError(code));
      const { http, meaning } = CATALOGUE[code];
      expect(response.status).toBe(http);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(problem).toEqual({
        type: `urn:trao:problem:${code}`,
        title: meaning,
        titleVi: meaningOf(code, 'vi'),
        status: http,
        code,
        correlationId: expect.any(String) as string,
      });
    },
  );

  it('names all faults of a document, by place and rule, in both languages', async () => {
    const faults = [faultAt('/a', 'too_long', 40), faultAt('/b', 'required')];
    const { problem } = await problemOf(new TraoError('schema_invalid', { faults, detail: 'Two faults.' }));
    expect(problem).toMatchObject({
      detail: 'Two faults.',
      errors: [
        {
          pointer: '/a',
          code: 'too_long',
          detail: 'must have at most 40 characters',
          detailVi: 'chỉ được có tối đa 40 ký tự',
        },
        { pointer: '/b', code: 'required', detail: 'is required', detailVi: 'là bắt buộc' },
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
        titleVi: 'Đã xảy ra lỗi ngoài dự kiến.',
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
