import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { layoutOf, type Layout } from '../../apps/cli/local/layout';
import { operatorsOf } from '../../apps/cli/local/operator-people';
import { peopleOf } from '../../apps/cli/local/people';
import type { DemoConfig } from '../../apps/demo/demo-config';
import type { CaughtMail } from '../../apps/demo/mail/mailbox';
import { startProcesses } from '../../libs/launcher';
import { TraoError } from '../../libs/errors';
import { nextPortBase } from './free-ports';
import { ROOT } from './paths';
import { makeTempFolder, removeTempFolder } from './temp-folder';

export const CLIENT_SECRET = 'invented-secret-of-the-office';

/** Identity providers, mailbox and scanner of a demonstration, without the nodes. */
export interface DemoServices {
  readonly layout: Layout;
  readonly config: DemoConfig;
  readonly issuer: (node: string) => string;
  readonly smtpUrl: string;
  readonly mailPage: string;
  /** What was caught, newest first. */
  mails(): Promise<CaughtMail[]>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const ATTEMPTS = 5;

/** Starts them out of dist/, as the demonstration does. */
export async function startDemoServices(): Promise<DemoServices> {
  const folder = makeTempFolder('services');
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startIn(folder, nextPortBase());
    } catch (error) {
      const taken = error instanceof TraoError && (error.cause as { code?: string } | undefined)?.code === 'port_taken';
      if (taken && attempt < ATTEMPTS) continue;
      removeTempFolder(folder);
      throw error;
    }
  }
}

async function startIn(folder: string, portBase: number): Promise<DemoServices> {
  const layout = layoutOf(folder, portBase);
  const config = configOf(layout);
  const files = { TRAO_DEMO: put(folder, 'demo.json', config), TRAO_TRUST_ANCHOR: put(folder, 'anchor.json', ANCHOR) };
  writeFileSync(path.join(folder, 'client.secret'), CLIENT_SECRET);
  const script = path.join(ROOT, 'dist', 'apps', 'demo', 'main.js');
  const spec = { name: 'demo', script, env: files, logFile: path.join(folder, 'demo.log') };
  const supervisor = await startProcesses([spec]);
  const mailPage = `http://127.0.0.1:${config.mailPort}`;
  return {
    layout,
    config,
    issuer: (node) => `http://127.0.0.1:${config.nodes.find(({ id }) => id === node)!.port}`,
    smtpUrl: `smtp://127.0.0.1:${config.smtpPort}`,
    mailPage,
    mails: async () => (await (await fetch(`${mailPage}/messages.json`)).json()) as CaughtMail[],
    restart: async () => void (await supervisor.restart('demo')),
    async stop() {
      await supervisor.stop();
      removeTempFolder(folder);
    },
  };
}

const ANCHOR = { trustDomain: 'demo' };

function put(folder: string, name: string, content: object): string {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function configOf({ folder, portBase, nodes }: Layout): DemoConfig {
  return {
    nodes: nodes.map((node) => ({
      id: node.id,
      name: node.name,
      port: node.identityPort,
      keyFile: path.join(folder, `${node.id}.json`),
      clients: [
        {
          clientId: 'trao-office',
          clientSecretFile: path.join(folder, 'client.secret'),
          origin: `http://127.0.0.1:${node.officePort}`,
          people: peopleOf(node),
        },
        {
          clientId: 'trao-monitor',
          clientSecretFile: path.join(folder, 'client.secret'),
          origin: `http://127.0.0.1:${node.monitorPort}`,
          people: operatorsOf(node),
        },
      ],
    })),
    mailPort: portBase + 5,
    smtpPort: portBase + 6,
    scannerPort: portBase + 7,
  };
}
