import type { App, NodeId, TwoNodes } from './two-nodes';

const APPS: readonly App[] = ['gateway', 'worker', 'office', 'monitor'];

/**
 * A backup of the database of one node, and its restore: copies of the database by its server, while no process of the node works with it.
 * A restored database has no rights of its own on it, so roles get back what they may.
 * A restore lets its caller look at the old state before the processes, which mend it soon after they start.
 */
export async function backUpNode(
  nodes: TwoNodes,
  node: NodeId,
): Promise<(look?: () => Promise<void>) => Promise<void>> {
  const name = `trao_${node}`;
  await standing(nodes, node, () => copied(nodes, node, name, `${name}_kept`));
  return (look) =>
    standing(nodes, node, async () => {
      await copied(nodes, node, `${name}_kept`, name);
      await look?.();
    });
}

async function standing(nodes: TwoNodes, node: NodeId, work: () => Promise<void>): Promise<void> {
  const running = APPS.filter((app) => app !== 'monitor' || nodes.access.nodes.some(({ monitor }) => monitor));
  for (const app of running) await nodes.stopApp(node, app);
  await work();
  for (const app of running) await nodes.startApp(node, app);
}

async function copied(nodes: TwoNodes, node: NodeId, from: string, to: string): Promise<void> {
  // The other node's database is the place to say it from: a database cannot be copied while somebody works in it.
  const { query } = await nodes.database(node === 'vn' ? 'gb' : 'vn');
  await query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY ($1::text[])', [[from, to]]);
  await query(`DROP DATABASE IF EXISTS ${to} WITH (FORCE)`);
  await query(`CREATE DATABASE ${to} TEMPLATE ${from}`);
}
