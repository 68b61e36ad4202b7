import path from 'node:path';
import { ensureDevelopmentKeys, tlsPassphraseFile, unlockFile } from '../../certs-dev/development-keys';
import { clientsFile, ensureCredentials } from '../../apps/cli/local/credentials';
import { openServer, prepareDatabases, processUrl, type Server } from '../../apps/cli/local/databases';
import { HOST, keyFolder, layoutOf, officeUrl, type Layout, type NodeLayout } from '../../apps/cli/local/layout';
import { startGateway } from '../../apps/gateway/start-gateway';
import { startOffice } from '../../apps/office/start-office';
import { startWorker } from '../../apps/worker/start-worker';
import { readGatewayConfig, readOfficeConfig, readWorkerConfig } from '../../libs/platform';
import type { ProcessRole } from '../../libs/storage';
import { nextPortBase } from '../harness/free-ports';
import { OfficeOfExamples } from '../harness/office-of-examples';

type Environment = Readonly<Record<string, string | undefined>>;

/** Two nodes over a server of their own, with all their processes in this one. */
export interface DrillNodes {
  readonly layout: Layout;
  readonly office: OfficeOfExamples;
  nodeOf(id: string): NodeLayout;
  environmentOf(node: NodeLayout, process: ProcessRole): Environment;
}

/** Makes keys, directory, databases and roles of two nodes. */
export async function prepareDrill(folder: string, adminUrl: string): Promise<DrillNodes> {
  const layout = layoutOf(folder, nextPortBase());
  await ensureDevelopmentKeys(
    keyFolder(layout),
    layout.nodes.map(({ id, name, gatewayPort }) => ({
      id,
      name,
      endpoint: `https://${HOST}:${gatewayPort}`,
      suite: 'hybrid' as const,
    })),
  );
  const server = await serverAt(folder, adminUrl);
  await prepareDatabases(server, layout);
  const access = layout.nodes.map((node) => ({
    id: node.id,
    office: officeUrl(node),
    tokens: ensureCredentials(node).tokens,
  }));
  return {
    layout,
    office: new OfficeOfExamples({ nodes: access }),
    nodeOf: (id) => layout.nodes.find((node) => node.id === id)!,
    environmentOf: (node, process) => environmentOf(layout, node, process, processUrl(server, node, process)),
  };
}

/** As the demonstration uses a server that somebody runs. */
async function serverAt(folder: string, adminUrl: string): Promise<Server> {
  const before = process.env['DATABASE_URL'];
  process.env['DATABASE_URL'] = adminUrl;
  try {
    return await openServer(folder);
  } finally {
    if (before === undefined) delete process.env['DATABASE_URL'];
    else process.env['DATABASE_URL'] = before;
  }
}

function environmentOf(layout: Layout, node: NodeLayout, process: ProcessRole, databaseUrl: string): Environment {
  const keys = path.join(keyFolder(layout), 'nodes', node.id);
  const ports: Partial<Record<ProcessRole, number>> = { gateway: node.gatewayPort, office: node.officePort };
  return {
    TRAO_NODE: node.id,
    DATABASE_URL: databaseUrl,
    TRAO_KEYS: path.join(keys, process),
    TRAO_KEY_FILE: process === 'monitor' ? '' : unlockFile(keyFolder(layout), node.id, process),
    TRAO_DIRECTORY: path.join(keyFolder(layout), 'directory.json'),
    TRAO_TRUST_ANCHOR: path.join(keyFolder(layout), 'trust-anchor.json'),
    TRAO_LOG_LEVEL: 'silent',
    TRAO_PORT: String(ports[process] ?? ''),
    TRAO_CLIENTS: clientsFile(node),
    TRAO_TLS_CERT: path.join(keys, 'tls', 'cert.pem'),
    TRAO_TLS_KEY: path.join(keys, 'tls', 'key.pem'),
    TRAO_TLS_PASSPHRASE_FILE: tlsPassphraseFile(keyFolder(layout), node.id),
  };
}

const STARTS = {
  gateway: (env: Environment) => startGateway(readGatewayConfig(env)),
  office: (env: Environment) => startOffice(readOfficeConfig(env)),
  worker: (env: Environment) => startWorker(readWorkerConfig(env)),
};

export interface Running {
  close(): Promise<void>;
}

/** Starts one process of a node. */
export const startPart = (part: keyof typeof STARTS, env: Environment): Promise<Running> => STARTS[part](env);
