import { layoutOf } from '../../../apps/cli/local/layout';
import { nextPortBase } from '../../harness/free-ports';
import { Host, HostError } from '../../harness/host';
import { startRedis } from '../../harness/redis-server';
import { TwoNodes, type QueueKind } from '../../harness/two-nodes';

const ATTEMPTS = 5;

export interface Place {
  readonly folder: string;
  readonly queue: QueueKind;
  /** Of an earlier start in the folder: an address in the directory does not change by itself. */
  readonly portBase?: number;
  /** Of the host, e.g. a moved clock. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Nodes that can be ended and started again on what they hold. */
export interface StartedNodes {
  readonly nodes: TwoNodes;
  readonly portBase: number;
  /** Ends all processes and keeps the folder. */
  end(): Promise<void>;
}

/** Starts two nodes in a folder that outlives them. */
export async function startNodesOf(place: Place): Promise<StartedNodes> {
  const redis = place.queue === 'redis' ? await startRedis(`${place.folder}/redis`) : undefined;
  for (let attempt = 1; ; attempt += 1) {
    const portBase = place.portBase ?? nextPortBase();
    const host = new Host(place.environment);
    try {
      const options = {
        folder: place.folder,
        portBase,
        respawn: true,
        redisUrl: redis?.url,
        monitor: false,
        services: false,
      };
      const { adminUrl } = await host.ask<{ adminUrl: string }>('start', options);
      const nodes = new TwoNodes(layoutOf(place.folder, portBase), host, adminUrl, redis);
      return { nodes, portBase, end: () => nodes.end() };
    } catch (error) {
      await host.close();
      const taken = error instanceof HostError && error.codes.includes('port_taken');
      if (taken && place.portBase === undefined && attempt < ATTEMPTS) continue;
      await redis?.stop();
      throw error;
    }
  }
}
