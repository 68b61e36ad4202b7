import { randomUUID } from 'node:crypto';
import { waitFor } from '../../test/harness/wait-for';
import { caughtLog } from '../../test/integration/log-fixture';
import { TraoError } from '../errors';
import { startProbe, type Fault } from './fixtures/probe';
import type { SeenRequest } from './index';

/** By what a request is found again. */
jest.setTimeout(30_000); // the first load of the framework under jest takes seconds
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const log = caughtLog();
const fault: Fault = { thrown: undefined };
const seen: SeenRequest[] = [];
let service: { readonly port: number; close(): Promise<void> };
beforeAll(async () => {
  service = await startProbe(log.logger, fault, (request) => seen.push(request));
});
afterAll(() => service?.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${service.port}${path}`, { headers });
/** The line about a request, once it is there. */
const lineOf = (correlationId: string | null, event = 'request_answered') =>
  waitFor('the line', () =>
    log.records().find((line) => line['event'] === event && line['correlationId'] === correlationId),
  );

it('gives every answer an id, which its lines carry', async () => {
  const { headers } = await get('/things/1');
  const id = headers.get('x-correlation-id');
  expect(id).toMatch(UUID);
  expect(await lineOf(id)).toMatchObject({
    method: 'GET',
    route: '/things/:id',
    http: 200,
    ms: expect.any(Number) as number,
  });
});

it('gives a refused request one id: in its header, its problem and its lines', async () => {
  fault.thrown = new TraoError('case_busy');
  const response = await get('/fault');
  const id = response.headers.get('x-correlation-id');
  expect(await response.json()).toMatchObject({ correlationId: id });
  expect(await lineOf(id, 'request_refused')).toMatchObject({ err: { code: 'case_busy' } });
  expect(await lineOf(id)).toMatchObject({ route: '/fault', http: 409 });
});

it('takes no id from outside', async () => {
  const foreign = randomUUID();
  const { headers } = await get('/things/1', { 'x-correlation-id': foreign, 'x-request-id': foreign });
  expect(headers.get('x-correlation-id')).toMatch(UUID);
  await lineOf(headers.get('x-correlation-id'));
  expect(log.text()).not.toContain(foreign);
});

it('keeps paths and queries to itself: they may name a person', async () => {
  const name = `mai-${randomUUID()}`;
  const answers = [await get(`/things/${name}?name=${name}`), await get(`/nowhere/${name}`)];
  for (const { headers } of answers) await lineOf(headers.get('x-correlation-id'));
  expect(seen.slice(-2).map(({ method, route, http }) => [method, route, http])).toEqual([
    ['GET', '/things/:id', 200],
    ['GET', 'none', 404],
  ]);
  expect(log.text() + JSON.stringify(seen)).not.toContain(name);
});

it('keeps requests apart that come at the same time', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => get(`/things/${n}`)));
  const ids = answers.map(({ headers }) => headers.get('x-correlation-id'));
  expect(new Set(ids).size).toBe(20);
  for (const id of ids) await lineOf(id);
});
