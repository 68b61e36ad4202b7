import { setTimeout as pause } from 'node:timers/promises';
import { untilFinal } from '../../harness/ledger';
import { publish } from '../../harness/rotation';
import { NODES, type NodeId, type TwoNodes } from '../../harness/two-nodes';
import { waitFor } from '../../harness/wait-for';
import { FaultProxy, type Mode } from '../proxy';
import type { ScenarioContext } from './scenario';
import { send } from './traffic';

const HOST = '127.0.0.1';

/** The proxies in front of the gateways, by the node that is reached through each. */
export type Wires = Readonly<Record<NodeId, FaultProxy>>;

export const gatewayPortOf = (nodes: TwoNodes, node: NodeId): number =>
  nodes.layout.nodes.find(({ id }) => id === node)!.gatewayPort;

/** Publishes other endpoints, as `https://host:port` by node, and waits until the workers call there. */
export async function publishEndpoints(nodes: TwoNodes, endpoints: Partial<Record<NodeId, string>>): Promise<void> {
  await publish(nodes, ({ nodes: entries }) => {
    for (const entry of entries) entry.endpoint = endpoints[entry.id as NodeId] ?? entry.endpoint;
  });
}

/** Puts a proxy in front of each gateway and sends until both are in use. */
export async function wire(context: ScenarioContext, seed: number): Promise<Wires> {
  const { nodes, afterwards } = context;
  const proxies = await Promise.all(
    NODES.map((node, index) =>
      FaultProxy.start({ seed: seed + index, upstream: { host: HOST, port: gatewayPortOf(nodes, node) } }),
    ),
  );
  for (const proxy of proxies) afterwards(() => proxy.close());
  const wires: Wires = { vn: proxies[0]!, gb: proxies[1]! };
  const endpointOf = (node: NodeId) => `https://${HOST}:${wires[node].port}`;
  await publishEndpoints(nodes, { vn: endpointOf('vn'), gb: endpointOf('gb') });
  await waitFor(
    'the proxies to be in use',
    async () => {
      await untilFinal(nodes, (await send(nodes)).id);
      return proxies.every(({ connections }) => connections > 0);
    },
    { everyMs: 500 },
  );
  return wires;
}

/** Both directions, or one, get into a mode for a while and pass again. */
export async function troubled(wires: Wires, modes: Partial<Record<NodeId, Mode>>, forMs: number): Promise<void> {
  for (const [node, mode] of Object.entries(modes)) await wires[node as NodeId].set(mode);
  await pause(forMs);
  await heal(wires);
}

export async function heal(wires: Wires): Promise<void> {
  for (const node of NODES) await wires[node].set({ kind: 'pass' });
}

/** How many things the proxies did, beyond letting pass. */
export const deeds = (wires: Wires): number =>
  NODES.reduce((sum, node) => sum + wires[node].log.filter(({ connection }) => connection > 0).length, 0);
