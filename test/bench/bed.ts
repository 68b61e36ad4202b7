import { join } from 'node:path';
import { ensureCredentials } from '../../apps/cli/local/credentials';
import { databaseOf } from '../../apps/cli/local/databases';
import { keyFolder, officeUrl } from '../../apps/cli/local/layout';
import { startNetwork, type Network } from '../../apps/cli/local/network';
import { OfficeCalls } from '../../apps/cli/office-calls';
import { unlockFile } from '../../certs-dev/development-keys';
import { TraoError } from '../../libs/errors';
import { openKeystore } from '../../libs/keystore';
import { Database } from '../../libs/storage';
import { THROUGH_QUEUE } from '../harness/two-nodes';
import type { Cleanup } from './cleanup';
import { SENDER_UNIT } from './document';
import type { DraftOffice } from './draft-pool';
import type { Measured } from './meter';
import { clusterOf, postmasterPid, serverVersion } from './postgres';
import { probeFlags } from './profile/probes';
import { startProfile, type LoadProfile } from './profile/profiler';
import { STATEMENT_SETTINGS } from './profile/statements';
import { findRedis, startRedis } from './redis';
import { SenderDatabase } from './sender-database';
import type { Backend } from './settings';

/** Two nodes that run, and how they are reached and watched. */
export interface TestBed {
  readonly office: { readonly url: string; readonly unit: string; readonly token: string };
  /** The same office, where drafts are written. */
  readonly writing: DraftOffice;
  readonly database: SenderDatabase;
  /** The server, as its administrator. */
  readonly admin: Database;
  /** The databases of the nodes by their names, as their owner. */
  readonly owners: ReadonlyMap<string, Database>;
  /** Where gateways listen. */
  readonly gatewayPorts: readonly number[];
  readonly processes: readonly Measured[];
  /** Looks into everything while the maximum is measured. */
  readonly profile?: (() => Promise<() => Promise<LoadProfile>>) | undefined;
  readonly cleanup: Cleanup;
}

export interface BedOptions {
  readonly folder: string;
  readonly portBase: number;
  readonly cleanup: Cleanup;
  readonly throughQueue: boolean;
  /** Where CPU profiles go; undefined to look into nothing. */
  readonly profiles?: string | undefined;
  readonly onServer: (version: string) => void;
}

const SENDER = 'vn';

/** Starts two nodes, as the demonstration does, with their queue on one back end. */
export async function startBed(
  backend: Backend,
  options: BedOptions,
): Promise<{ readonly bed: TestBed; stop(): Promise<void> }> {
  const { folder, portBase, cleanup, profiles } = options;
  const redis = backend === 'redis' ? await ownRedis(options) : undefined;
  const looking = profiles && { settings: STATEMENT_SETTINGS, flags: (name: string) => probeFlags(profiles, name) };
  const worker = options.throughQueue ? THROUGH_QUEUE : {};
  const network = await startNetwork({ folder, portBase, respawn: false, redisUrl: redis?.url, worker, ...looking });
  cleanup.add('network', () => network.stop());
  cleanup.addCluster(clusterOf(folder));
  options.onServer(await serverVersion(network.server.adminUrl));
  const bed = await testBedOf(network, redis?.measured, cleanup, profiles);
  const stop = async () => {
    for (const step of ['database connections', 'network', 'Redis']) await cleanup.run(step);
  };
  return { bed, stop };
}

async function ownRedis({ folder, portBase, cleanup }: BedOptions) {
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
  const sender = layout.nodes.find((node) => node.id === SENDER)!;
  const { tokens } = ensureCredentials(sender);
  const apps = Object.entries(supervisor.pids()).map(([name, pid]): Measured => ({ name, pid, kind: 'single' }));
  const postgres: Measured = { name: 'postgres', pid: await postmasterPid(server.adminUrl), kind: 'tree' };
  const urlOf = (database: string) => {
    const url = new URL(server.adminUrl);
    url.pathname = `/${database}`;
    return url.href;
  };
  // A million rows take as long as they take.
  const open = (url: string) =>
    Database.open({ url, poolSize: 1, applicationName: 'trao-bench', patienceMs: 3_600_000 });
  const database = await SenderDatabase.open(urlOf(databaseOf(sender)));
  const admin = await open(server.adminUrl);
  const owners = new Map<string, Database>();
  for (const node of layout.nodes) owners.set(node.id, await open(urlOf(databaseOf(node))));
  cleanup.add('database connections', () => Promise.all([database, admin, ...owners.values()].map((o) => o.close())));
  const keys = await openKeystore({
    folder: join(keyFolder(layout), 'nodes', sender.id, 'office'),
    unlock: { keyFile: unlockFile(keyFolder(layout), sender.id, 'office') },
  });
  // The identity provider of the demonstration is no part of a node: nobody signs in while messages are measured.
  const probed = apps.filter(({ name }) => layout.nodes.some(({ id }) => name.startsWith(`${id}-`)));
  return {
    office: { url: officeUrl(sender), unit: SENDER_UNIT, token: tokens[SENDER_UNIT] ?? '' },
    writing: {
      calls: new OfficeCalls({ nodes: [{ id: sender.id, office: officeUrl(sender), tokens }] }),
      database: owners.get(sender.id)!,
      storageKey: await keys.storageKey(SENDER_UNIT),
    },
    database,
    admin,
    owners,
    gatewayPorts: layout.nodes.map(({ gatewayPort }) => gatewayPort),
    profile: profiles === undefined ? undefined : () => startProfile(profiles, probed, admin),
    processes: [...apps, postgres, ...(redis ? [redis] : [])],
    cleanup,
  };
}
