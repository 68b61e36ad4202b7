import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { documentsWith, newCanaries } from '../harness/canary';
import { Needles } from '../harness/canary-needles';
import { untilFinal } from '../harness/ledger';
import { ROOT } from '../harness/paths';
import { startTraceCollector, type TraceCollector } from '../harness/trace-collector';
import { startTwoNodes, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';
/** A trace that somebody outside claims to be in: its id must come back nowhere. */
const FOREIGN = 'abad1dea'.repeat(4);

/** The records of a process. */
const linesOf = (nodes: TwoNodes, name: string) =>
  readFileSync(path.join(nodes.folder, 'logs', `${name}.log`), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('real processes that write traces', () => {
  const canaries = newCanaries();
  const needles = new Needles({ ...canaries });
  const { protect } = documentsWith(canaries);
  let collector: TraceCollector;
  let nodes: TwoNodes;
  let messageId: string;

  beforeAll(async () => {
    collector = await startTraceCollector();
    process.env[ENDPOINT] = collector.url;
    try {
      nodes = await startTwoNodes();
    } finally {
      delete process.env[ENDPOINT];
    }
    const sent = await nodes.office.send(protect.header.senderUnit, protect);
    messageId = sent.messageId;
    await untilFinal(nodes, messageId);
    const { office } = nodes.access.nodes.find(({ id }) => id === 'vn')!;
    await fetch(`${office}/v1/units/${protect.header.senderUnit}/drafts?name=${encodeURIComponent(canaries.name)}`, {
      headers: { traceparent: `00-${FOREIGN}-00f067aa0ba902b7-01`, 'user-agent': canaries.latin },
    });
  });
  afterAll(async () => {
    await nodes?.stop();
    await collector?.close();
  });

  const has = (text: string) => collector.bytes().includes(text);

  it('send spans of HTTP, of PostgreSQL and of the queue, named by route, statement and queue', async () => {
    for (const name of [
      'POST /v1/messages',
      'POST /v1/receipts',
      'POST /v1/units/:unit/drafts/:id/send',
      'pg.query:',
      'batch deliver',
      'bullmq.queue.name',
      'trao-gateway',
      'trao-worker',
      'trao-office',
    ])
      await waitFor(`a span with ${name}`, () => has(name));
    for (const { path: where } of collector.requests()) expect(where).toBe('/v1/traces');
  });

  it('write down in them what became of the message', async () => {
    await waitFor('its id', () => has(messageId));
    const events = ['message_sent', 'message_delivered', 'message_accepted', 'message_filed'];
    await waitFor('its events', () => events.every(has));
    expect(events.filter(has)).toEqual(events);
  });

  it('say in their logs where each line stands in a trace', async () => {
    const line = linesOf(nodes, 'gb-worker').find(
      (record) => record['event'] === 'message_filed' && record['messageId'] === messageId,
    );
    expect(line).toMatchObject({
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      batchId: expect.any(String) as string,
    });
    const trace = Buffer.from(String(line!['trace_id']), 'hex');
    await waitFor('its trace', () => collector.bytes().includes(trace));
  });

  it('send nothing that a case holds, no query, no statement and no text of a request', async () => {
    await waitFor('the refused request', () => has('GET /v1/units/:unit/drafts'));
    expect(needles.find(collector.bytes())).toEqual([]);
    expect(has(protect.header.senderUnit)).toBe(false);
    const texts = ['user_agent', 'url.', 'client.', '?name=', 'db.statement', 'db.query.text', 'host.name', 'process.'];
    expect(texts.filter(has)).toEqual([]);
    expect(has('SELECT ') || has('INSERT INTO')).toBe(false);
  });

  it('are in no trace of somebody else', () => {
    expect(collector.bytes().includes(Buffer.from(FOREIGN, 'hex'))).toBe(false);
    expect(has(FOREIGN)).toBe(false);
  });

  it('are in one trace from the claim to the delivery, and in another at the partner', () => {
    const traceOf = (name: string, event: string) =>
      linesOf(nodes, name).find((record) => record['event'] === event && record['messageId'] === messageId)![
        'trace_id'
      ];
    expect(traceOf('vn-worker', 'message_delivered')).toMatch(/^[0-9a-f]{32}$/);
    expect(traceOf('gb-gateway', 'message_accepted')).toMatch(/^[0-9a-f]{32}$/);
    expect(traceOf('gb-gateway', 'message_accepted')).not.toBe(traceOf('vn-worker', 'message_delivered'));
  });
});

/** Runs a program with the compiled telemetry; answers what it wrote. */
function runTraced(program: string, env: Readonly<Record<string, string>>): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', program], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (status !== 0) throw new Error(`it ended with ${status}: ${stderr}`);
  return stdout;
}

const START = `require('./dist/libs/telemetry/index.js').startTracing('worker');`;
const LOADED = `const of = (name) => Object.keys(require.cache).filter((file) => file.includes(name)).length;`;

it('gives no partner a trace to follow', () => {
  const program = `${START}
    const { createServer } = require('node:http');
    const { request } = require('undici');
    const { trace } = require('@opentelemetry/api');
    const server = createServer((asked, answer) => answer.end(JSON.stringify(asked.headers))).listen(0, async () => {
      const url = 'http://127.0.0.1:' + server.address().port + '/v1/messages';
      await trace.getTracer('t').startActiveSpan('s', async (span) => {
        const { body } = await request(url);
        process.stdout.write(JSON.stringify({ traced: span.isRecording(), headers: await body.json() }));
        process.exit(0);
      });
    });`;
  const { traced, headers } = JSON.parse(runTraced(program, { [ENDPOINT]: 'http://127.0.0.1:9' })) as {
    traced: boolean;
    headers: Record<string, string>;
  };
  expect(traced).toBe(true);
  expect(Object.keys(headers).toSorted()).toEqual(['connection', 'host']);
});

it('loads nothing of OpenTelemetry where no traces are wanted', () => {
  const program = `${START} ${LOADED} process.stdout.write(String(of('@opentelemetry/sdk-node') + of('bullmq-otel') + of('instrumentation')));`;
  expect(runTraced(program, {})).toBe('0');
  expect(Number(runTraced(program, { [ENDPOINT]: 'http://127.0.0.1:9' }))).toBeGreaterThan(0);
});
