import { join } from 'node:path';
import { ensureCredentials } from '../../apps/cli/local/credentials';
import { databaseOf } from '../../apps/cli/local/databases';
import { officeUrl } from '../../apps/cli/local/layout';
import { startNetwork, type Network } from '../../apps/cli/local/network';
import { TraoError } from '../../libs/errors';
import { measureCell, type CellResult, type TestBed } from './cell';
import type { Cleanup } from './cleanup';
import { documentOf, SENDER_UNIT } from './document';
import type { Measured } from './meter';
import { clusterOf, postmasterPid, serverVersion } from './postgres';
import { findRedis, startRedis } from './redis';
import { say } from './say';
import { SenderDatabase } from './sender-database';
import type { Backend } from './settings';

export interface LoadResult extends CellResult {
  readonly backend: Backend;
  readonly sizeBytes: number;
}

/** Light load: what a busy national desk may hand in. Above 20 KB half a second of thought is plausible, so less of it. */
const LIGHT_PER_S = { small: 20, large: 5 } as const;
const LARGE_BYTES = 20_480;
const FULL_WARM_UP_S = 3;
const WARM_UP_S = 1;
const EIGHTY_PERCENT = 0.8;

export interface LoadOptions {
  readonly folder: string;
  readonly portBase: number;
  readonly sizes: readonly number[];
  readonly seconds: number;
  readonly cleanup: Cleanup;
  readonly onServer: (version: string) => void;
}

/** Loads two nodes, as the demonstration starts them, with their queue on one back end. */
export async function measureLoad(backend: Backend, options: LoadOptions): Promise<LoadResult[]> {
  const { sizes, seconds, cleanup } = options;
  const folder = join(options.folder, backend);
  const redis = backend === 'redis' ? await ownRedis(folder, options) : undefined;
  const network = await startNetwork({ folder, portBase: options.portBase, respawn: false, redisUrl: redis?.url });
  cleanup.add('network', () => network.stop());
  cleanup.addCluster(clusterOf(folder));
  options.onServer(await serverVersion(network.server.adminUrl));
  const bed = await testBedOf(network, redis?.measured, cleanup);
  cleanup.add('database connections', () => bed.database.close());

  const results: LoadResult[] = [];
  for (const sizeBytes of sizes) {
    for (const result of await measureSize(backend, sizeBytes, seconds, bed))
      results.push({ backend, sizeBytes, ...result });
  }
  for (const step of ['database connections', 'network', 'Redis']) await cleanup.run(step);
  return results;
}

async function measureSize(backend: Backend, sizeBytes: number, seconds: number, bed: TestBed): Promise<CellResult[]> {
  const document = documentOf(sizeBytes);
  const announce = (what: string) => say(`load on ${backend}, ${sizeBytes} bytes, ${what}`);
  announce('maximum');
  const shared = { document, seconds };
  const maximum = await measureCell(bed, { ...shared, load: 'maximum', ratePerS: undefined, warmUpS: FULL_WARM_UP_S });
  const light = sizeBytes > LARGE_BYTES ? LIGHT_PER_S.large : LIGHT_PER_S.small;
  announce(`${light} per second`);
  const atLight = await measureCell(bed, { ...shared, load: 'light', ratePerS: light, warmUpS: WARM_UP_S });
  const eighty = Number((maximum.throughputPerS * EIGHTY_PERCENT).toFixed(1));
  if (eighty === 0) throw new TraoError('internal', { detail: 'Nothing was delivered at maximum load.' });
  announce(`${eighty} per second`);
  const atEighty = await measureCell(bed, { ...shared, load: '80%', ratePerS: eighty, warmUpS: WARM_UP_S });
  return [maximum, atLight, atEighty];
}

async function ownRedis(folder: string, { portBase, cleanup }: LoadOptions) {
  const binary = findRedis();
  if (!binary) throw new TraoError('start_failed', { detail: 'There is no redis-server on the PATH.' });
  return startRedis(binary, folder, portBase + 90, cleanup);
}

async function testBedOf(
  { layout, server, supervisor }: Network,
  redis: Measured | undefined,
  cleanup: Cleanup,
): Promise<TestBed> {
  const sender = layout.nodes.find((node) => node.id === 'vn')!;
  const token = ensureCredentials(sender).tokens[SENDER_UNIT] ?? '';
  const apps = Object.entries(supervisor.pids()).map(([name, pid]): Measured => ({ name, pid, kind: 'single' }));
  const postgres: Measured = { name: 'postgres', pid: await postmasterPid(server.adminUrl), kind: 'tree' };
  const url = new URL(server.adminUrl);
  url.pathname = `/${databaseOf(sender)}`;
  return {
    office: { url: officeUrl(sender), unit: SENDER_UNIT, token },
    database: await SenderDatabase.open(url.href),
    processes: [...apps, postgres, ...(redis ? [redis] : [])],
    cleanup,
  };
}
