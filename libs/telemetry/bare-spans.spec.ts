import type { tracing } from '@opentelemetry/sdk-node';
import { bare } from './bare-spans';

const CANARY = 'Nguyễn Thị Mai';

/** What leaves of a span as an instrumentation has made it. */
function exported(made: object): tracing.ReadableSpan {
  const left: tracing.ReadableSpan[] = [];
  const span = { name: 'GET', attributes: {}, events: [], links: [], status: { code: 0 }, ...made } as never;
  const to: tracing.SpanExporter = { export: (spans) => void left.push(...spans), shutdown: () => Promise.resolve() };
  bare(to).export([span], () => undefined);
  return left[0]!;
}

it('lets names, ids and codes pass', () => {
  const attributes = {
    'http.request.method': 'GET',
    'http.route': '/v1/messages/:id',
    'http.response.status_code': 200,
    'trao.messageId': '01a1c0a0-91d8-7f7c-8fa6-000000000000',
  };
  const span = exported({ name: 'GET /v1/messages/:id', attributes, startTime: [1, 2] });
  expect([span.name, span.attributes, span.startTime]).toEqual(['GET /v1/messages/:id', attributes, [1, 2]]);
});

it('keeps back what instrumentations add of requests and statements', () => {
  const { attributes } = exported({
    attributes: {
      'url.full': `https://gb.example/v1/cases?name=${CANARY}`,
      'url.query': CANARY,
      'url.path': '/cases/1',
      'user_agent.original': CANARY,
      'client.address': '192.0.2.1',
      'db.query.text': `SELECT '${CANARY}'`,
      'db.postgresql.values': [CANARY],
      'exception.message': CANARY,
    },
  });
  expect(attributes).toEqual({});
});

it('keeps back a value that is no word, under whatever name', () => {
  const { attributes } = exported({
    attributes: {
      'http.route': CANARY,
      'error.type': `no ${CANARY} here`,
      'trao.code': CANARY,
      'bullmq.job.id': [CANARY],
    },
  });
  expect(attributes).toEqual({});
});

it('keeps back the texts of errors, and the names of spans that are sentences', () => {
  const span = exported({
    name: `pg.query:${CANARY}`,
    status: { code: 2, message: `duplicate key (${CANARY})` },
    events: [
      { name: 'exception', time: [0, 0], attributes: { 'exception.message': CANARY, 'exception.stacktrace': CANARY } },
      { name: 'message_delivered', time: [0, 0], attributes: { 'trao.partner': 'gb' } },
    ],
    links: [{ context: { traceId: 't' }, attributes: { x: CANARY } }],
  });
  expect(span.name).toBe('span');
  expect(span.status).toEqual({ code: 2 });
  expect(span.events).toEqual([
    { name: 'exception', time: [0, 0], attributes: {} },
    { name: 'message_delivered', time: [0, 0], attributes: { 'trao.partner': 'gb' } },
  ]);
  expect(span.links).toEqual([{ context: { traceId: 't' } }]);
});
