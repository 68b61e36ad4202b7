import type { DueGroup } from '../../libs/exchange';
import { deliverStore, relayStore } from '../../libs/storage';
import { waitFor } from '../harness/wait-for';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { putOutbox } from './rows-fixture';

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('double_run');
});
afterAll(() => node?.remove());

/** Statements that wait for a lock. */
const waiting = async () => {
  const [row] = await node.owner.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return row!.n;
};

it('notes once that a message is being sent when a queue that stalled runs a job twice at the same time', async () => {
  const [id] = (await putOutbox(node.owner, [{}])) as [string];
  const group = { kind: 'deliver', lane: 'normal', partner: 'gb' } as DueGroup;
  const batch = await relayStore(node.worker, () => ['gb']).claim(group, 64);
  const delivering = deliverStore(node.worker);
  const runs: Promise<unknown>[] = [];
  // Both have begun, and seen the message as it was, before either may write.
  await node.owner.transaction(async (query) => {
    await query('SELECT 1 FROM outbox WHERE id = $1 FOR UPDATE', [id]);
    runs.push(delivering.begin(batch!.id), delivering.begin(batch!.id));
    await waitFor('both to wait', async () => (await waiting()) === 2);
  });
  expect(await Promise.all(runs)).toHaveLength(2);
  const steps = await node.owner.query<{ state: string }>(`SELECT state FROM delivery_event WHERE message_id = $1`, [
    id,
  ]);
  expect(steps.filter(({ state }) => state === 'sending')).toHaveLength(1);
});
