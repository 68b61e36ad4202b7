import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureDevelopmentKeys } from '../../certs-dev/development-keys';
import type { Access } from '../../apps/cli/local/access';
import { ensureCredentials } from '../../apps/cli/local/credentials';
import { keyFolder, layoutOf, type Layout } from '../../apps/cli/local/layout';
import { Database } from '../../libs/storage';
import { nextPortBase } from '../harness/free-ports';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { TwoNodes, type NodeId } from '../harness/two-nodes';
import { openLab, type Lab } from './hosts';
import { PORTS } from './ports';
import { ScaledNode, type Copies } from './scaled-node';

/** Two of everything. */
export const PAIRS: Copies = { gateway: 2, worker: 2, office: 2, postgres: 2 };
/** For a partner that nobody strikes. */
export const SINGLES: Copies = { gateway: 1, worker: 1, office: 1, postgres: 1 };

/** Both countries, each on machines of its own. */
export class ScaledNetwork {
  private constructor(
    readonly lab: Lab,
    readonly layout: Layout,
    readonly nodes: Readonly<Record<NodeId, ScaledNode>>,
    readonly seen: ScaledNodes,
  ) {}

  static async start(copies: Readonly<Record<NodeId, Copies>> = { vn: PAIRS, gb: PAIRS }): Promise<ScaledNetwork> {
    const folder = makeTempFolder('scale');
    const logs = path.join(folder, 'logs');
    mkdirSync(logs);
    const lab = openLab(logs);
    try {
      const layout = layoutOf(folder, nextPortBase());
      const proxies = layout.nodes.map(({ id }) => lab.host(`${id}-haproxy`));
      await ensureDevelopmentKeys(
        keyFolder(layout),
        layout.nodes.map(({ id, name }, index) => ({
          id,
          name,
          endpoint: `https://${proxies[index]!.address}:${PORTS.gateway}`,
          suite: 'hybrid' as const,
        })),
      );
      const [vn, gb] = layout.nodes.map(
        (node, index) => new ScaledNode(lab, proxies[index]!, layout, node, copies[node.id as NodeId]),
      );
      const nodes = { vn: vn!, gb: gb! };
      await Promise.all(Object.values(nodes).map((node) => node.start()));
      const access: Access = {
        nodes: layout.nodes.map((node) => ({
          id: node.id,
          office: nodes[node.id as NodeId].officeUrl,
          tokens: ensureCredentials(node).tokens,
        })),
      };
      writeFileSync(path.join(folder, 'access.json'), JSON.stringify(access), { mode: 0o600 });
      return new ScaledNetwork(lab, layout, nodes, new ScaledNodes(layout, nodes));
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.seen.closeDatabases();
    await this.lab.close();
    removeTempFolder(this.layout.folder);
  }
}

/** The two nodes as the checker of promises sees them: their offices through the proxies, their databases at whichever server leads. */
class ScaledNodes extends TwoNodes {
  private readonly open = new Map<string, Promise<Database>>();

  constructor(
    layout: Layout,
    private readonly scaled: Readonly<Record<NodeId, ScaledNode>>,
  ) {
    // Whoever only looks needs no host process, and no server of both nodes.
    super(layout, undefined as never, '', undefined);
  }

  override database(node: NodeId): Promise<Database> {
    const url = this.scaled[node].databaseUrl;
    let opening = this.open.get(url);
    if (!opening) {
      opening = Database.open({ url, poolSize: 2, applicationName: 'scale-checks' });
      opening.catch(() => this.open.delete(url));
      this.open.set(url, opening);
    }
    return opening;
  }

  async closeDatabases(): Promise<void> {
    for (const opening of this.open.values()) await opening.then((database) => database.close()).catch(() => undefined);
    this.open.clear();
  }
}
