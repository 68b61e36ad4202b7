import { reconciling } from '../../libs/exchange';
import { manifestWork } from '../../libs/storage';
import { referralDraft } from '../fakes/documents';
import { describeWithPostgres, missingInCi } from '../harness/debian-postgres';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { LaggingPair } from './failover-postgres';
import { compare, deliverAll, storedCountries, type StoredNode } from './manifests-fixture';
import { storeIn } from './stored-node';

it('misses no tool in CI', () => {
  expect(missingInCi()).toEqual([]);
});

/** A standby that missed the last commits takes over at the receiver: what it had proven to have is there no more. */
describeWithPostgres('an asynchronous failover of the receiver', () => {
  let folder: string;
  let sender: NodeDatabase;
  let pair: LaggingPair;
  let vn: StoredNode;
  let gb: StoredNode;
  const today = reconciling.dayOf(new Date());

  beforeAll(async () => {
    folder = makeTempFolder('failover');
    sender = await startNodeDatabase('failover_vn');
    const receiver = await LaggingPair.start(folder, 'failover_gb');
    pair = receiver.pair;
    ({ vn, gb } = await storedCountries(sender, receiver.database));
  }, 600_000); // two servers are made, and one of them twice
  afterAll(async () => {
    await pair?.stop();
    await sender?.remove();
    if (folder) removeTempFolder(folder);
  });

  async function delivered(count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let at = 0; at < count; at += 1) ids.push((await vn.node.send(referralDraft(), 'vn.mps-criminal')).messageId);
    await deliverAll(vn, gb);
    return ids;
  }
  const states = async () =>
    (await sender.owner.query<{ state: string }>('SELECT state FROM outbox ORDER BY id')).map(({ state }) => state);
  const copies = async () =>
    gb.database.owner.query<{ copies: number }>(
      `SELECT count(*)::int AS copies FROM case_event WHERE direction = 'filed' GROUP BY message_id`,
    );
  const planned = async () => {
    await manifestWork.roundStore(gb.database.worker).plan(['vn'], today, today);
    return gb.database.owner.query<{ reason: string }>('SELECT reason FROM manifest_round ORDER BY requested_at');
  };

  it('is known by the timeline of the database, and what was lost is sent again', async () => {
    await delivered(2);
    expect(await planned()).toEqual([{ reason: 'daily' }]);
    await pair.lag();
    await delivered(3);
    expect(await states()).toEqual(Array.from({ length: 5 }, () => 'delivered'));

    gb = { node: gb.node, database: await pair.failOver() };
    storeIn(gb.node, gb.database);
    expect(await copies()).toHaveLength(2);
    expect(await planned()).toEqual([{ reason: 'daily' }, { reason: 'failover' }]);
    expect(await compare(gb, vn, today)).toEqual(['received missing_here 3']);
    expect(await compare(vn, gb, today)).toEqual(['sent lost_there 3']);
    await deliverAll(vn, gb);
    expect(await states()).toEqual(Array.from({ length: 5 }, () => 'delivered'));
    expect(await copies()).toEqual(Array.from({ length: 5 }, () => ({ copies: 1 })));
    expect(await compare(vn, gb, today)).toEqual([]);
    expect(await compare(gb, vn, today)).toEqual([]);
  });
});
