import { accept, settle } from '../../libs/exchange';
import { attemptStore, deliverStore, relayStore } from '../../libs/storage';
import { referralDraft } from '../fakes/documents';
import { twoCountries } from '../fakes/two-countries';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { claim, ingestAll, storeIn } from './stored-node';

/**
 * Plans are made while the tables of a new node are empty, without statistics, and kept while they grow: what read a whole table then would
 * do so for every message.
 */
const TABLES = ['outbox', 'inbox', 'receipt', 'unit_case', 'case_event', 'search_token', 'idempotency'];

let sender: NodeDatabase;
let recipient: NodeDatabase;
beforeAll(async () => {
  [sender, recipient] = await Promise.all([startNodeDatabase('plans_vn'), startNodeDatabase('plans_gb')]);
});
afterAll(() => Promise.all([sender?.remove(), recipient?.remove()]));

/** How often each table was read from its first row to its last. */
async function wholeReads({ owner }: NodeDatabase): Promise<Record<string, number>> {
  await owner.query('SELECT pg_stat_clear_snapshot()');
  const rows = await owner.query<{ table: string; reads: string }>(
    `SELECT relname AS "table", seq_scan AS reads FROM pg_stat_user_tables WHERE relname = ANY ($1::text[]) AND seq_scan > 0`,
    [TABLES],
  );
  return Object.fromEntries(rows.map(({ table, reads }) => [table, Number(reads)]));
}

it('reads no table from end to end on the way of a message, from the very first one on', async () => {
  const { vn, gb } = await twoCountries(7, new Date().toISOString());
  storeIn(vn, sender);
  storeIn(gb, recipient);
  // Making the indexes has read each table once.
  const before = [await wholeReads(sender), await wholeReads(recipient)];
  for (let n = 0; n < 3; n += 1) {
    await vn.send(referralDraft(), 'vn.mps-criminal');
    const due = await relayStore(sender.worker, () => ['gb']).dueGroups();
    expect(due).toHaveLength(1);
    const batch = (await claim(sender, 'deliver'))!;
    const messages = await deliverStore(sender.worker).begin(batch.id);
    const tokens = messages.map(({ token }) => token);
    const answers = await accept(tokens, 'vn', gb.ports.accept);
    const received = answers.flatMap((answer) => ('receipt' in answer ? [answer.receipt] : []));
    await settle(received, 'gb', vn.ports.settle);
    await sender.worker.transaction((query) => attemptStore(query).finish(batch.id, [], []));
    await ingestAll(gb, recipient);
    const handing = (await claim(recipient, 'acknowledge', 'vn'))!;
    await gb.run(handing);
  }
  // What a session has counted is told at the latest when it ends.
  await Promise.all(
    [sender, recipient]
      .flatMap(({ gateway, worker, office }) => [gateway, worker, office])
      .map((role) => endSessions(role)),
  );
  expect([await wholeReads(sender), await wholeReads(recipient)]).toEqual(before);
});

/** Servers up to 17 compile a plan that has to do what is switched off, 0.4 s of CPU at each call, unless they are told not to. */
it('has nothing compiled, whatever the server does by default', async () => {
  for (const role of [sender.gateway, sender.worker, sender.office]) {
    const rows = await role.query(`SELECT setting, source FROM pg_settings WHERE name = 'jit'`);
    expect(rows).toEqual([{ setting: 'off', source: 'client' }]);
  }
});

const endSessions = ({ query }: NodeDatabase['worker']) => query('SELECT pg_stat_force_next_flush()');
