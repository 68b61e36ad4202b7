import { databaseOf } from '../../apps/cli/local/databases';
import { readAccess } from '../../apps/cli/local/access';
import { startNetwork } from '../../apps/cli/local/network';
import { Database } from '../../libs/storage';
import { OperatorSession } from '../harness/operator-session';
import type { TwoNodes } from '../harness/two-nodes';
import type { Cleanup } from './cleanup';
import { measureCost, type WatchingCost } from './monitor-cost';
import { DAYS, fillMessages } from './monitor-rows';
import { percentile, rounded } from './percentiles';
import { clusterOf } from './postgres';
import { say } from './say';

const NODE = 'vn';
const REQUESTS = 30;
const WARM_UP = 3;

/** Time from request to the last byte of the answer over loopback, one request at a time, in milliseconds. */
export interface ListRow {
  readonly page: string;
  readonly rows: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

export interface ListsResult {
  readonly messages: number;
  readonly lists: readonly ListRow[];
  readonly cost: WatchingCost;
}

/** Every filter, common, rare and without a find, and combinations of them. */
const FILTERS = [
  'direction=sent',
  'direction=received',
  'partner=gb',
  'partner=kh',
  'partner=la',
  'partner=fr',
  'state=waiting',
  'state=failed',
  'state=arrived',
  'state=delivered',
  'state=opened',
  'state=received',
  'state=undeliverable',
  'state=queued',
  'state=held',
  'lane=emergency',
  'lane=normal',
  'code=partner_unreachable',
  'code=id_reused',
  'code=too_large',
  'code=never_seen',
  'since=DAY',
  'until=OLD',
  'until=BEFORE',
  'id=ID8',
  'id=ID32',
  'id=ffffffff',
  'partner=la&state=failed',
  'partner=la&state=opened',
  'partner=fr&state=arrived',
  'partner=kh&lane=emergency',
  'partner=la&lane=emergency&state=delivered',
  'direction=received&state=refused&code=too_large',
  'direction=received&partner=la&state=held',
  'partner=th&state=failed&code=policy_blocked&lane=urgent',
  'since=OLDER&until=OLD',
  'lane=emergency&since=OLD',
  'partner=la&until=OLD',
  'id=ID8&state=delivered&partner=gb',
] as const;

/** Measures the list of messages of a node with very many, through its monitor as an operator's browser asks. */
export async function measureLists(
  folder: string,
  portBase: number,
  messages: number,
  seconds: number,
  cleanup: Cleanup,
): Promise<ListsResult> {
  const network = await startNetwork({ folder, portBase, respawn: false });
  cleanup.add('network', () => network.stop());
  cleanup.addCluster(clusterOf(folder));
  const url = new URL(network.server.adminUrl);
  url.pathname = `/${databaseOf(network.layout.nodes.find(({ id }) => id === NODE)!)}`;
  const database = await Database.open({ url: url.href, poolSize: 1, applicationName: 'trao-bench' });
  say(`monitor: writing ${messages} messages`);
  await fillMessages(database, messages);
  const [middle] = await database.query<{ id: string }>(
    'SELECT id::text AS id FROM outbox ORDER BY created_at DESC OFFSET 1000 LIMIT 1',
  );
  const operator = await OperatorSession.of({ access: readAccess(folder)! } as TwoNodes, NODE, 'monitor/watcher');
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const filled = (filter: string) =>
    filter
      .replace('DAY', day(1))
      .replace('OLDER', day(DAYS - 8))
      .replace('OLD', day(DAYS - 10))
      .replace('BEFORE', day(DAYS + 10))
      .replace('ID8', middle!.id.slice(0, 8))
      .replace('ID32', middle!.id);
  const lists: ListRow[] = [];
  const measure = async (page: string, path: string) => {
    say(`monitor: ${page}`);
    lists.push({ page, ...(await timed(operator, path)) });
  };
  await measure('first page', '/messages');
  await measure('next page', await pageBehind(operator, '/messages'));
  await measure('page deep in the list', await pageBehind(operator, `/messages?until=${day(DAYS / 2)}`));
  for (const filter of FILTERS) await measure(filter, `/messages?${filled(filter)}`);
  await measure('one message', `/messages/${middle!.id}`);
  await measure('overview', '/overview');
  say('monitor: what an operator costs who looks all the time');
  const cost = await measureCost(operator, network.supervisor.pids()[`${NODE}-monitor`]!, database, seconds * 2);
  await database.close();
  await cleanup.run('network');
  return { messages, lists, cost };
}

async function pageBehind(operator: OperatorSession, path: string): Promise<string> {
  const [, next] = /rel="next" href="([^"]+)"/.exec((await operator.get(path)).text) ?? [];
  if (next === undefined) throw new Error(`there is no page behind ${path}`);
  return next.replaceAll('&amp;', '&');
}

async function timed(operator: OperatorSession, path: string): Promise<Omit<ListRow, 'page'>> {
  const times: number[] = [];
  let rows = 0;
  for (let n = -WARM_UP; n < REQUESTS; n += 1) {
    const begun = performance.now();
    const { status, text } = await operator.get(path);
    const took = performance.now() - begun;
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    rows = (text.match(/href="\/messages\/[0-9a-f]{8}-/g) ?? []).length;
    if (n >= 0) times.push(took);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const of = (percent: number) => rounded(percentile(sorted, percent), 1);
  return { rows, p50: of(50), p95: of(95), max: of(100) };
}
