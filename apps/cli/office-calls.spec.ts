import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { faultAt, type TraoError } from '../../libs/errors';
import { OfficeCalls } from './office-calls';

const UNIT = 'vn.mps-criminal';

describe('what an office refuses', () => {
  let office: Server;
  let answer: { readonly status: number; readonly body: string };
  beforeAll(async () => {
    office = createServer((_request, response) => response.writeHead(answer.status).end(answer.body));
    await new Promise<void>((resolve) => office.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => office.close(resolve)));

  const calls = () => {
    const { port } = office.address() as AddressInfo;
    return new OfficeCalls({ nodes: [{ id: 'vn', office: `http://127.0.0.1:${port}`, tokens: { [UNIT]: 'x' } }] });
  };
  async function refusal(status: number, body: string): Promise<TraoError> {
    answer = { status, body };
    return calls()
      .asOfficer(UNIT, UNIT, '/inbox')
      .then(
        () => Promise.reject(new Error('the office has refused nothing')),
        (error: unknown) => error as TraoError,
      );
  }

  it('keeps its code, its detail and its faults in both languages', async () => {
    const { pointer, code, rule, ruleVi } = faultAt('/words', 'too_long', 200);
    const errors = [{ pointer, code, detail: rule, detailVi: ruleVi }];
    const body = { code: 'bad_request', title: 'x', titleVi: 'x', detail: 'One fault.', errors };
    const error = await refusal(400, JSON.stringify(body));
    expect(error).toMatchObject({
      code: 'bad_request',
      detail: 'One fault.',
      faults: [faultAt('/words', 'too_long', 200)],
    });
    expect(error.message).toBe('The request is not understood. One fault.');
    expect(await refusal(404, '{"code": "not_found"}')).toMatchObject({ code: 'not_found', detail: undefined });
  });

  it.each([
    ['{"code": "code_of_a_newer_office", "detail": "Three."}', 'HTTP 409 code_of_a_newer_office Three.'],
    ['{"code": "toString"}', 'HTTP 409 toString'],
    ['<html>', 'HTTP 409'],
  ])('says what is known of %s', async (body, detail) => {
    expect(await refusal(409, body)).toMatchObject({ code: 'internal', detail, faults: [] });
  });
});
