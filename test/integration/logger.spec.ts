import { randomUUID } from 'node:crypto';
import { TraoError } from '../../libs/errors';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { caughtLog, type CaughtLog } from './log-fixture';

/** Nothing that a case holds may get into a log, by whatever error. */
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

it('says which process and node speaks, and when', () => {
  log.logger.info({ messageId: 'm' }, 'said');
  expect(log.records()).toEqual([
    {
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      app: 'test',
      node: 'vn',
      messageId: 'm',
      msg: 'said',
    },
  ]);
});

it('leaves out what a library says in its error, and keeps name, code and places', () => {
  const fault = Object.assign(new RangeError(`cannot parse ${canary}\n${canary} is the second line`), {
    code: 'ERR_X',
    input: canary,
  });
  log.logger.error({ err: fault }, 'failed');
  const [{ err }] = log.records() as [{ err: { code: string; cause: string; causeCode: string; stack: string[] } }];
  expect(err).toMatchObject({ code: 'internal', cause: 'RangeError', causeCode: 'ERR_X' });
  expect(err.stack[0]).toMatch(/^\s+at .*logger\.spec/);
  expect(leaked()).toBe(false);
});

it('leaves out a cause below an error of ours, however deep', () => {
  const deep = new Error(canary, { cause: new Error(canary) });
  log.logger.error({ err: new TraoError('bad_answer', { cause: deep, detail: 'HTTP 500' }) }, 'failed');
  expect(log.records()).toMatchObject([{ err: { code: 'bad_answer', detail: 'HTTP 500', cause: 'Error' } }]);
  expect(leaked()).toBe(false);
});

it('takes an error as its only argument too', () => {
  log.logger.error(new Error(canary));
  log.logger.error(new TraoError('case_busy', { cause: new Error(canary) }));
  expect(log.records()).toMatchObject([{ err: { code: 'internal' } }, { err: { code: 'case_busy' } }]);
  expect(leaked()).toBe(false);
});

it('takes what is thrown and no error', () => {
  for (const thrown of [canary, { message: canary, detail: canary }, null, undefined, [canary]])
    log.logger.error({ err: thrown }, 'failed');
  expect(log.records()).toHaveLength(5);
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
  log.logger.error({ err: fault }, 'failed');
  log.logger.error(fault as Error);
  expect(log.records()).toMatchObject([
    { err: { code: 'internal', causeCode: '23505' } },
    { err: { causeCode: '23505' } },
  ]);
  expect(leaked()).toBe(false);
});

it('leaves out the values that PostgreSQL quotes in a message', async () => {
  const fault = await node.owner.query('SELECT $1::text::uuid', [canary]).catch((thrown: unknown) => thrown);
  expect(String(fault)).toContain(canary);
  log.logger.warn({ err: fault }, 'failed');
  expect(log.records()).toMatchObject([{ err: { causeCode: '22P02' } }]);
  expect(leaked()).toBe(false);
});

it('covers fields that may hold bytes of a message or a secret', () => {
  for (const field of ['token', 'sealed', 'body', 'authorization']) {
    log.logger.info({ [field]: canary, inner: { [field]: canary } }, 'said');
    log.logger.child({ [field]: canary }).info('said');
  }
  expect(log.records()[0]).toMatchObject({ token: '[redacted]', inner: { token: '[redacted]' } });
  expect(leaked()).toBe(false);
});
