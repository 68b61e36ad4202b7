import { pingDraft, referralDraft } from '../../test/fakes/documents';
import { sealByHand } from '../../test/fakes/hand-made';
import type { MemoryNode } from '../../test/fakes/memory-node';
import { twoCountries } from '../../test/fakes/two-countries';
import { caughtLog } from '../../test/integration/log-fixture';
import { TraoError } from '../errors';
import { deliver } from '../exchange';
import {
  inBatch,
  Metrics,
  watchAccepting,
  watchDelivery,
  watchExpiry,
  watchFiling,
  watchRelay,
  watchReturning,
  watchSending,
  watchSettling,
} from '.';

const UNIT = 'vn.mps-criminal';
const DAY_MS = 86_400_000;

/** A node whose processes are watched, as the start files of the apps do it. */
function watched(node: MemoryNode) {
  const log = caughtLog();
  const [worker, gateway] = [new Metrics('worker'), new Metrics('gateway')];
  const { ports } = node;
  const [work, take] = [
    { logger: log.logger, metrics: worker },
    { logger: log.logger, metrics: gateway },
  ];
  const run = node.run.bind(node);
  Object.assign(ports, {
    send: watchSending(ports.send, work),
    relay: watchRelay(ports.relay, work),
    expire: watchExpiry(ports.expire, work),
    accept: watchAccepting(ports.accept, take),
    settle: watchSettling(ports.settle, take),
  });
  const plain = { deliver: ports.deliver, ingest: ports.ingest, acknowledge: ports.acknowledge };
  node.run = (batch) => {
    Object.assign(ports, {
      deliver: watchDelivery(plain.deliver, work),
      ingest: watchFiling(plain.ingest, work),
      acknowledge: watchReturning(plain.acknowledge, work),
    });
    return inBatch(batch.id, batch.kind, work, () => run(batch));
  };
  return { log, worker, gateway };
}

async function countries() {
  const both = await twoCountries();
  return { ...both, atHome: watched(both.vn), abroad: watched(both.gb) };
}

/** The events of the lines that name a message. */
const story = ({ log }: ReturnType<typeof watched>, messageId: string) =>
  log
    .records()
    .filter((record) => record['messageId'] === messageId)
    .map(({ event }) => event);
const counted = async (metrics: Metrics, name: string) =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith(name) && !line.startsWith('#'));

it('follows a message through all processes by its id, and names the batch of each job', async () => {
  const { vn, gb, atHome, abroad } = await countries();
  const { messageId } = await vn.send(referralDraft(), UNIT);
  await vn.work();
  await gb.work();
  expect(story(atHome, messageId)).toEqual(['message_sent', 'receipt_stored', 'message_delivered', 'receipt_stored']);
  expect(story(abroad, messageId)).toEqual(['message_accepted', 'message_filed', 'receipt_handed']);
  const lines = [...atHome.log.records(), ...abroad.log.records()];
  const ofJobs = lines.filter(({ event }) => /^(message_(delivered|filed)|receipt_handed)$/.test(String(event)));
  const batches = lines.filter(({ event }) => event === 'batch_queued').map(({ batchId }) => batchId);
  expect(ofJobs).toHaveLength(3);
  for (const { batchId } of ofJobs) expect(batches).toContain(batchId);
});

it('counts attempts, latencies and what was filed', async () => {
  const { vn, gb, atHome, abroad } = await countries();
  await vn.send(referralDraft(), UNIT);
  await vn.work();
  await gb.work();
  expect(await counted(atHome.worker, 'trao_attempts_total')).toEqual([
    'trao_attempts_total{partner="gb",outcome="received"} 1',
  ]);
  expect(await counted(atHome.worker, 'trao_delivery_seconds_count')).toEqual([
    'trao_delivery_seconds_count{partner="gb",event="received"} 1',
  ]);
  expect(await counted(atHome.gateway, 'trao_delivery_seconds_count')).toEqual([
    'trao_delivery_seconds_count{partner="gb",event="delivered"} 1',
  ]);
  expect(await counted(abroad.gateway, 'trao_accepted_total')).toEqual([
    'trao_accepted_total{partner="vn",lane="normal"} 1',
  ]);
  expect(await counted(abroad.worker, 'trao_filed_total')).toEqual([
    'trao_filed_total{partner="vn",outcome="delivered"} 1',
  ]);
});

it('says that a message is given up, and counts why', async () => {
  const { vn, atHome } = await countries();
  const { messageId } = await vn.send(pingDraft(), UNIT);
  const batch = await vn.claim('deliver');
  const post = async (_partner: string, tokens: readonly string[]) =>
    tokens.map(() => ({ problem: { code: 'too_large' as const } }));
  const watch = { logger: atHome.log.logger, metrics: atHome.worker };
  await deliver(batch.id, watchDelivery({ ...vn.ports.deliver, post }, watch));
  expect(story(atHome, messageId)).toEqual(['message_sent', 'message_given_up']);
  expect(await counted(atHome.worker, 'trao_attempts_total')).toEqual([
    'trao_attempts_total{partner="gb",outcome="too_large"} 1',
  ]);
  expect(await counted(atHome.worker, 'trao_failures_total')).toEqual([
    'trao_failures_total{partner="gb",code="too_large"} 1',
  ]);
});

it('says that a message is tried again, and counts no failure', async () => {
  const { vn, link, atHome } = await countries();
  link.fault = 'down';
  const { messageId } = await vn.send(pingDraft(), UNIT);
  await vn.run(await vn.claim('deliver'));
  expect(story(atHome, messageId)).toEqual(['message_sent', 'message_not_delivered']);
  expect(await counted(atHome.worker, 'trao_attempts_total')).toEqual([
    'trao_attempts_total{partner="gb",outcome="partner_unreachable"} 1',
  ]);
  expect(await counted(atHome.worker, 'trao_failures_total')).toEqual([]);
});

it('counts what has expired', async () => {
  const { vn, link, clock, atHome } = await countries();
  link.fault = 'down';
  const { messageId } = await vn.send(pingDraft({ priority: 'emergency' }), UNIT);
  clock.advance(14 * DAY_MS);
  await vn.expire();
  expect(story(atHome, messageId)).toEqual(['message_sent', 'message_expired']);
  expect(await counted(atHome.worker, 'trao_failures_total')).toEqual([
    'trao_failures_total{partner="gb",code="expired"} 1',
  ]);
});

it('counts what was refused, on both sides, by the code that the partner is told', async () => {
  const { vn, gb, atHome, abroad } = await countries();
  const bad = await sealByHand(vn, referralDraft(), { senderUnit: UNIT }, { trustDomain: 'production' });
  await gb.accept([bad.token], 'vn');
  await gb.file();
  const [refused] = abroad.log.records().filter(({ event }) => event === 'message_refused');
  expect(refused).toMatchObject({ partner: 'vn', code: expect.stringMatching(/^\w+$/) as string });
  expect(await counted(abroad.worker, 'trao_filed_total')).toEqual([
    `trao_filed_total{partner="vn",outcome="${String(refused!['code'])}"} 1`,
  ]);
  expect(atHome.log.text()).not.toContain('message_refused');
});

it('says when other bytes come under the id of a message', async () => {
  const { vn, gb, abroad } = await countries();
  const { messageId } = await vn.send(referralDraft(), UNIT);
  await vn.work();
  const again = await sealByHand(vn, referralDraft(), { senderUnit: UNIT, messageId });
  await gb.accept([again.token], 'vn');
  expect(story(abroad, messageId)).toEqual(['message_accepted', 'message_conflicts']);
});

it('writes nothing of what is not committed', async () => {
  const { vn } = await twoCountries();
  const atHome = caughtLog();
  const { transaction } = vn.ports.send;
  const rolledBack: typeof transaction = (unit, work) =>
    transaction(unit, async (store) => {
      await work(store);
      throw new TraoError('database_unavailable');
    });
  const watch = { logger: atHome.logger, metrics: new Metrics('office') };
  Object.assign(vn.ports, { send: watchSending({ ...vn.ports.send, transaction: rolledBack }, watch) });
  await expect(vn.send(pingDraft(), UNIT)).rejects.toMatchObject({ code: 'database_unavailable' });
  expect(atHome.records()).toEqual([]);
});

it('says which batch was not done, with its code', async () => {
  const log = caughtLog();
  const run = () => Promise.reject(new TraoError('database_unavailable'));
  const watch = { logger: log.logger, metrics: new Metrics('worker') };
  await expect(inBatch('b-1', 'deliver', watch, run)).rejects.toMatchObject({ code: 'database_unavailable' });
  expect(log.records()).toMatchObject([
    { event: 'batch_failed', batchId: 'b-1', work: 'deliver', err: { code: 'database_unavailable' } },
  ]);
});
