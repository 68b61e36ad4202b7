import { randomUUID } from 'node:crypto';
import { TraoError } from '../../libs/errors';
import { followTrace, inLogContext } from '../../libs/platform';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { caughtLog, type CaughtLog } from './log-fixture';

/** Nothing that a case holds may get into a log, by whatever error and whatever field. */
let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('logger');
});
afterAll(() => node?.remove());

let log: CaughtLog;
let canary: string;
beforeEach(() => {
  log = caughtLog('trace');
  canary = `Nguyễn-${randomUUID()}`;
});
/** Whether the planted text stands anywhere in the log, in whole or without the letters that may be written in other ways. */
const leaked = () => [canary, canary.slice(8)].some((text) => log.text().includes(text));
/** A line about an error. */
const say = (err: unknown) => log.logger.log('step_failed', { err });

it('says which process and node speaks, when, and which event it is', () => {
  const messageId = randomUUID();
  log.logger.log('message_sent', { messageId, partner: 'gb', lane: 'urgent' });
  expect(log.records()).toEqual([
    {
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      app: 'test',
      node: 'vn',
      event: 'message_sent',
      messageId,
      partner: 'gb',
      lane: 'urgent',
      msg: 'message sealed and queued',
    },
  ]);
});

it('writes from its level upwards', () => {
  const quiet = caughtLog('warn');
  quiet.logger.log('gateway_up', { port: 1 });
  quiet.logger.log('framework_warned', {});
  expect(quiet.records()).toMatchObject([{ level: 40, event: 'framework_warned' }]);
});

describe('a field that its event does not list', () => {
  it('does not compile, and is left out where it comes all the same', () => {
    // @ts-expect-error `gateway_up` carries a port and no text
    log.logger.log('gateway_up', { port: 8443, text: canary });
    const spread: object = { port: 8443, constructor: canary, __proto__: { body: canary }, toString: canary };
    log.logger.log('gateway_up', spread);
    expect(log.records()).toMatchObject([
      { port: 8443, leftOut: 1 },
      { port: 8443, leftOut: 2 },
    ]);
    expect(leaked()).toBe(false);
  });

  it('is not taken from an event that does not exist', () => {
    // @ts-expect-error the catalogue is closed
    expect(() => log.logger.log('person_seen', { name: canary })).toThrow(TypeError);
    expect(log.records()).toEqual([]);
  });
});

it.each<[string, () => void]>([
  ['an id', () => log.logger.log('message_sent', { messageId: canary })],
  ['a node', () => log.logger.log('message_sent', { partner: canary })],
  ['a name', () => log.logger.log('message_sent', { lane: canary })],
  ['a code', () => log.logger.log('tls_refused', { tls: canary })],
  ['an address', () => log.logger.log('tls_refused', { from: canary })],
  // What types forbid may still come, from a cast or from JavaScript.
  ['a count', () => log.logger.log('gateway_up', { port: canary as unknown as number })],
  ['milliseconds', () => log.logger.log('request_answered', { ms: { canary } as unknown as number })],
])('leaves out what has not the shape of %s', (_, write) => {
  write();
  expect(log.records()).toMatchObject([{ leftOut: 1 }]);
  expect(leaked()).toBe(false);
});

it('leaves out what a library says in its error, and keeps name, code and places', () => {
  say(
    Object.assign(new RangeError(`cannot parse ${canary}\n${canary} is the second line`), {
      code: 'ERR_X',
      input: canary,
    }),
  );
  const [{ err }] = log.records() as [{ err: { code: string; cause: string; causeCode: string; stack: string[] } }];
  expect(err).toMatchObject({ code: 'internal', cause: 'RangeError', causeCode: 'ERR_X' });
  expect(err.stack[0]).toMatch(/^\s+at /);
  expect(leaked()).toBe(false);
});

it('leaves out what a library puts in place of a name or a code', () => {
  say(Object.assign(new Error('x'), { name: `Error about ${canary}`, code: `no ${canary}` }));
  expect(log.records()).toMatchObject([{ err: { code: 'internal' } }]);
  expect(leaked()).toBe(false);
});

it('leaves out a cause below an error of ours, however deep', () => {
  const deep = new Error(canary, { cause: new Error(canary) });
  say(new TraoError('bad_answer', { cause: deep, detail: 'HTTP 500' }));
  expect(log.records()).toMatchObject([{ err: { code: 'bad_answer', detail: 'HTTP 500', cause: 'Error' } }]);
  expect(leaked()).toBe(false);
});

it('takes what is thrown and no error', () => {
  for (const thrown of [canary, { message: canary, detail: canary }, null, undefined, [canary]]) say(thrown);
  expect(log.records()).toHaveLength(5);
  for (const record of log.records()) expect(record).toMatchObject({ err: { code: 'internal' } });
  expect(leaked()).toBe(false);
});

it('leaves out the values in a unique violation of PostgreSQL', async () => {
  const insert = () =>
    node.owner.query(
      `INSERT INTO idempotency (client_id, key, request_digest, message_id) VALUES ('client', $1, 'd', gen_random_uuid())`,
      [canary],
    );
  await insert();
  const fault = await insert().catch((thrown: unknown) => thrown);
  expect((fault as { detail: string }).detail).toContain(canary); // the bait is there
  say(fault);
  expect(log.records()).toMatchObject([{ err: { code: 'internal', causeCode: '23505' } }]);
  expect(leaked()).toBe(false);
});

it('leaves out the values that PostgreSQL quotes in a message', async () => {
  const fault = await node.owner.query('SELECT $1::text::uuid', [canary]).catch((thrown: unknown) => thrown);
  expect(String(fault)).toContain(canary);
  say(fault);
  expect(log.records()).toMatchObject([{ err: { causeCode: '22P02' } }]);
  expect(leaked()).toBe(false);
});

it('lets every line of a request or a job carry what it belongs to', async () => {
  await inLogContext({ correlationId: 'c' }, async () => {
    await Promise.resolve();
    inLogContext({ batchId: 'b' }, () => log.logger.log('tls_changed'));
    log.logger.log('tls_changed');
  });
  log.logger.log('tls_changed');
  expect(log.records().map(({ correlationId, batchId }) => [correlationId, batchId])).toEqual([
    ['c', 'b'],
    ['c', undefined],
    [undefined, undefined],
  ]);
});

it('says where a line stands in a trace, when there is one', () => {
  const seen: unknown[] = [];
  const current = () => ({ trace_id: '1'.repeat(32), span_id: '2'.repeat(16) });
  followTrace({ current, line: (event, fields) => void seen.push([event, fields]) });
  const more: object = { port: 1, text: canary };
  log.logger.log('gateway_up', more);
  followTrace(undefined);
  log.logger.log('tls_changed');
  expect(log.records()).toMatchObject([{ trace_id: '1'.repeat(32), span_id: '2'.repeat(16) }, {}]);
  expect(log.records()[1]).not.toHaveProperty('trace_id');
  // A trace gets what the line carries, and no more.
  expect(seen).toEqual([['gateway_up', { port: 1, leftOut: 1 }]]);
});
