import type { Attributes } from '@opentelemetry/api';
import type { tracing } from '@opentelemetry/sdk-node';

/** Names, ids, codes and route templates: one word. No sentence of a library has this shape. */
const WORD = /^[\w.:/@*{}-]{1,128}$/;
/** Names of spans: a method and a route, an operation and a queue, a statement and a database. */
const NAME = /^[\w.:/@*{}-]{1,128}(?: [\w.:/@*{}-]{1,128}){0,2}$/;

/** What a span or an event of it may say. Whatever instrumentations add to this list's names stays here. */
const ALLOWED = new Set([
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'network.protocol.version',
  'db.system.name',
  'db.operation.name',
  'bullmq.queue.name',
  'bullmq.queue.operation',
  'bullmq.job.name',
  'bullmq.job.id',
  'bullmq.job.attempts.made',
  'error.type',
]);
/** Fields of log lines, which the catalogue of log events has admitted. */
const OWN = /^trao\.\w+$/;

/** Wraps an exporter: spans leave with admitted attributes only, and without texts of errors, which may quote values. */
export function bare(exporter: tracing.SpanExporter): tracing.SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(bareSpan), done),
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush && { forceFlush: () => exporter.forceFlush!() }),
  };
}

function bareSpan(span: tracing.ReadableSpan): tracing.ReadableSpan {
  const { code } = span.status;
  const events = span.events.map(({ name, time, attributes = {} }) => ({
    name: WORD.test(name) ? name : 'event',
    time,
    attributes: bareAttributes(attributes),
  }));
  // A span reads some of its facts from itself, so it stays behind the copy.
  return Object.create(span, {
    name: { value: NAME.test(span.name) ? span.name : 'span' },
    attributes: { value: bareAttributes(span.attributes) },
    events: { value: events },
    links: { value: span.links.map(({ context }) => ({ context })) },
    status: { value: { code } },
  }) as tracing.ReadableSpan;
}

function bareAttributes(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([name, value]) =>
        (ALLOWED.has(name) || OWN.test(name)) &&
        (typeof value !== 'string' || WORD.test(value)) &&
        !Array.isArray(value),
    ),
  );
}
