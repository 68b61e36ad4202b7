import { join } from 'node:path';
import { ensureCredentials } from '../../apps/cli/local/credentials';
import { databaseOf } from '../../apps/cli/local/databases';
import { officeUrl } from '../../apps/cli/local/layout';
import { startNetwork, type Network } from '../../apps/cli/local/network';
import { TraoError } from '../../libs/errors';
import { Database } from '../../libs/storage';
import { OfficeCalls } from '../../apps/cli/office-calls';
import { DRAIN_LIMIT_MS, measureCell, type CellResult, type Load, type TestBed } from './cell';
import type { Cleanup } from './cleanup';
import { documentOf, SENDER_UNIT } from './document';
import { DraftPool } from './draft-pool';
import { MAX_UNDER_WAY } from './drivers';
import type { Measured } from './meter';
import { probeFlags } from './profile/probes';
import { startProfile } from './profile/profiler';
import { STATEMENT_SETTINGS } from './profile/statements';
import { nowMs, OfficeLoad } from './office-load';
import { clusterOf, postmasterPid, serverVersion } from './postgres';
import { findRedis, startRedis } from './redis';
import { say } from './say';
import { totalCount } from './schedule';
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
/** Messages of the try, and how much faster than it the maximum may be. */
const TRIED = 128;
const HEADROOM = 2;

export interface LoadOptions {
  readonly folder: string;
  readonly portBase: number;
  readonly sizes: readonly number[];
  readonly seconds: number;
  readonly cleanup: Cleanup;
  /** Where CPU profiles go; undefined to look into nothing. */
  readonly profiles?: string | undefined;
  readonly onServer: (version: string) => void;
}

/** Loads two nodes, as the demonstration starts them, with their queue on one back end. */
export async function measureLoad(backend: Backend, options: LoadOptions): Promise<LoadResult[]> {
  const { sizes, seconds, cleanup } = options;
  const folder = join(options.folder, backend);
  const redis = backend === 'redis' ? await ownRedis(folder, options) : undefined;
  const profiles = options.profiles === undefined ? undefined : join(options.profiles, backend);
  const looking = profiles && { settings: STATEMENT_SETTINGS, flags: (name: string) => probeFlags(profiles, name) };
  const network = await startNetwork({
    folder,
    portBase: options.portBase,
    respawn: false,
    redisUrl: redis?.url,
    ...looking,
  });
  cleanup.add('network', () => network.stop());
  cleanup.addCluster(clusterOf(folder));
  options.onServer(await serverVersion(network.server.adminUrl));
  const bed = await testBedOf(network, redis?.measured, cleanup, profiles);

  const results: LoadResult[] = [];
  for (const sizeBytes of sizes) {
    for (const result of await measureSize(backend, sizeBytes, seconds, bed))
      results.push({ backend, sizeBytes, ...result });
  }
  for (const step of ['database connections', 'network', 'Redis']) await cleanup.run(step);
  return results;
}

async function measureSize(backend: Backend, sizeBytes: number, seconds: number, bed: TestBed): Promise<CellResult[]> {
  const drafts = new DraftPool(bed.calls, documentOf(sizeBytes));
  const announce = (what: string) => say(`load on ${backend}, ${sizeBytes} bytes, ${what}`);
  const shared = { drafts, seconds };
  announce('writing and approving referrals');
  const roughly = await tryOut(bed, drafts);
  await drafts.fill(MAX_UNDER_WAY + Math.ceil(roughly * HEADROOM * (FULL_WARM_UP_S + seconds)));
  announce('maximum');
  const maximum = await measureCell(bed, { ...shared, load: 'maximum', ratePerS: undefined, warmUpS: FULL_WARM_UP_S });
  const light = sizeBytes > LARGE_BYTES ? LIGHT_PER_S.large : LIGHT_PER_S.small;
  const atLight = await measureAtRate(light, 'light');
  const eighty = Number((maximum.throughputPerS * EIGHTY_PERCENT).toFixed(1));
  if (eighty === 0) throw new TraoError('internal', { detail: 'Nothing was delivered at maximum load.' });
  return [maximum, atLight, await measureAtRate(eighty, '80%')];

  async function measureAtRate(ratePerS: number, load: Load): Promise<CellResult> {
    await drafts.fill(totalCount({ ratePerS, seconds: WARM_UP_S + seconds }));
    announce(`${ratePerS} per second`);
    return measureCell(bed, { ...shared, load, ratePerS, warmUpS: WARM_UP_S });
  }
}

/** About how many messages a second are delivered, to know how many have to be written beforehand. */
export async function tryOut({ office, database }: TestBed, drafts: DraftPool): Promise<number> {
  await drafts.fill(TRIED);
  const load = new OfficeLoad(office, drafts);
  const begun = nowMs();
  await Promise.all(Array.from({ length: TRIED }, () => load.submit(nowMs())));
  await database.drain(DRAIN_LIMIT_MS);
  await load.close();
  return (load.submitted.length * 1000) / (nowMs() - begun);
}

async function ownRedis(folder: string, { portBase, cleanup }: LoadOptions) {
  const binary = findRedis();
  if (!binary) throw new TraoError('start_failed', { detail: 'There is no redis-server on the PATH.' });
  return startRedis(binary, folder, portBase + 90, cleanup);
}

export async function testBedOf(
  { layout, server, supervisor }: Network,
  redis: Measured | undefined,
  cleanup: Cleanup,
  profiles?: string,
): Promise<TestBed> {
  const sender = layout.nodes.find((node) => node.id === 'vn')!;
  const { tokens } = ensureCredentials(sender);
  const apps = Object.entries(supervisor.pids()).map(([name, pid]): Measured => ({ name, pid, kind: 'single' }));
  const postgres: Measured = { name: 'postgres', pid: await postmasterPid(server.adminUrl), kind: 'tree' };
  const url = new URL(server.adminUrl);
  url.pathname = `/${databaseOf(sender)}`;
  const database = await SenderDatabase.open(url.href);
  const admin = await Database.open({ url: server.adminUrl, poolSize: 1, applicationName: 'trao-bench' });
  cleanup.add('database connections', () => Promise.all([database.close(), admin.close()]));
  // The identity provider of the demonstration is no part of a node: nobody signs in while messages are measured.
  const probed = apps.filter(({ name }) => layout.nodes.some(({ id }) => name.startsWith(`${id}-`)));
  return {
    office: { url: officeUrl(sender), unit: SENDER_UNIT, token: tokens[SENDER_UNIT] ?? '' },
    calls: new OfficeCalls({ nodes: [{ id: sender.id, office: officeUrl(sender), tokens }] }),
    database,
    admin,
    gatewayPorts: layout.nodes.map(({ gatewayPort }) => gatewayPort),
    profile: profiles === undefined ? undefined : () => startProfile(profiles, probed, admin),
    processes: [...apps, postgres, ...(redis ? [redis] : [])],
    cleanup,
  };
}
