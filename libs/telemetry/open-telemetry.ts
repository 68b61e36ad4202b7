import {
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { core, NodeSDK, resources } from '@opentelemetry/sdk-node';
import { BullMQOtel } from 'bullmq-otel';
import { followTrace, routeOf, templateOf, type TraceFollower } from '../platform';
import { bare } from './bare-spans';

/** Traces that are on. */
export interface Tracing {
  /** For the queue: `Telemetry` of BullMQ. */
  readonly jobs: unknown;
  /** Runs work in a span of its own. */
  span<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Sends what was seen. */
  end(): Promise<void>;
}

/** Exporting takes as long as it takes, and no longer: a collector that is away must not keep a process from ending. */
const END_MS = 3_000;
/** Who asks for metrics and health is no news. */
const OWN_PATHS = /^\/(?:metrics|health)(?:[/?]|$)/;

/**
 * Traces HTTP, PostgreSQL and the queue to a collector. What leaves are names, ids, codes and times (`bare`). No trace goes to a partner
 * or comes from one: there is no propagator, so nothing is written into a request and nothing is read from it. Only jobs of our own queue
 * carry where they come from.
 */
export function traceTo(endpoint: string, service: string, node: string | undefined): Tracing {
  const sdk = new NodeSDK({
    serviceName: service,
    // The detectors would send host, command line and user of the process along.
    autoDetectResources: false,
    resource: resources.resourceFromAttributes({ ...(node && { 'trao.node': node }) }),
    traceExporter: bare(new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })),
    metricReaders: [],
    logRecordProcessors: [],
    textMapPropagator: null,
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: ({ url }) => OWN_PATHS.test(url ?? ''),
        // Known only when the request was answered: the route and the name of the span.
        applyCustomAttributesOnSpan: (span, request) => nameRequest(span, request),
      }),
      new PgInstrumentation({ enhancedDatabaseReporting: false, requireParentSpan: true }),
      new UndiciInstrumentation({
        requestHook: (span, { method, path }) => void span.updateName(`${method} ${templateOf(path)}`),
      }),
    ],
  });
  sdk.start();
  // They are loaded already, by what reads settings and by modules of ECMAScript; the instrumentation sees them when they are asked for.
  require('http');
  require('https');
  followTrace(follower);
  return {
    jobs: tracedJobs(),
    span: (name, work) =>
      trace.getTracer('trao').startActiveSpan(name, (span) =>
        work()
          .catch((error: unknown) => {
            span.setStatus({ code: SpanStatusCode.ERROR });
            throw error;
          })
          .finally(() => span.end()),
      ),
    end: () => Promise.race([sdk.shutdown().catch(() => undefined), pause(END_MS)]),
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());

function nameRequest(span: Span, request: object): void {
  if (!('method' in request) || !('headers' in request)) return; // one that we made
  const route = routeOf(request as { readonly route?: unknown });
  span.updateName(`${String(request.method)} ${route}`).setAttribute('http.route', route);
}

/** Each line of the log that is written within a span is an event of it, with the fields of the line. */
const follower: TraceFollower = {
  current() {
    const context = trace.getActiveSpan()?.spanContext();
    if (!context || !isSpanContextValid(context)) return undefined;
    return { trace_id: context.traceId, span_id: context.spanId };
  },
  line(event, fields) {
    trace.getActiveSpan()?.addEvent(event, attributesOf(fields));
  },
};

function attributesOf(fields: Readonly<Record<string, unknown>>): Attributes {
  const { err, ...plain } = fields;
  const code = (err as { code?: unknown } | undefined)?.code;
  const named = Object.entries({ ...plain, ...(typeof code === 'string' && { code }) });
  return Object.fromEntries(named.map(([name, value]) => [`trao.${name}`, value])) as Attributes;
}

/** BullMQ's spans. A job carries the trace that it comes from: the queue is ours alone. */
function tracedJobs(): unknown {
  const { tracer } = new BullMQOtel({ tracerName: 'trao-queue' });
  const w3c = new core.W3CTraceContextPropagator();
  return {
    tracer,
    contextManager: {
      active: () => context.active(),
      with: (within: Context, run: () => unknown) => context.with(within, run),
      root: () => ROOT_CONTEXT,
      getMetadata(within: Context): string {
        const carrier: Record<string, string> = {};
        w3c.inject(within, carrier, defaultTextMapSetter);
        return JSON.stringify(carrier);
      },
      fromMetadata: (within: Context, text: string) =>
        w3c.extract(within, JSON.parse(text) as object, defaultTextMapGetter),
    },
  };
}
