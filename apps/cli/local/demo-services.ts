import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PortClaim, ProcessSpec } from '../../../libs/launcher';
import { ensureCredentials, operatorsFile, oidcSecretFile, sessionSecretFile } from './credentials';
import {
  HOST,
  keyFolder,
  mailPort,
  monitorUrl,
  officeUrl,
  scannerPort,
  smtpPort,
  type Layout,
  type NodeLayout,
} from './layout';
import { operatorsOf } from './operator-people';
import { peopleOf } from './people';

/** The name of the process in the supervisor. */
const DEMO_SERVICES = 'demo-services';
/** What the apps are called at their identity provider. */
const CLIENT_IDS = { office: 'trao-office', monitor: 'trao-monitor' } as const;

/** What the services around the offices listen on. */
export function serviceClaims(layout: Layout): PortClaim[] {
  return [
    ...layout.nodes.map((node) => ({
      port: node.identityPort,
      host: HOST,
      purpose: `identity provider of ${node.name.en}`,
    })),
    { port: mailPort(layout), host: HOST, purpose: 'page of caught mail' },
    { port: smtpPort(layout), host: HOST, purpose: 'catching mail' },
    { port: scannerPort(layout), host: HOST, purpose: 'scanner of the demonstration' },
  ];
}

/** The process that runs identity providers, mailbox and scanner, with what it has to know written down (apps/demo). */
export function serviceSpec(layout: Layout): ProcessSpec {
  const home = join(layout.folder, 'services');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const config = join(home, 'demo.json');
  writeFileSync(config, JSON.stringify(configOf(layout, home)), { mode: 0o600 });
  return {
    name: DEMO_SERVICES,
    script: join(__dirname, '..', '..', 'demo', 'main.js'),
    env: { TRAO_DEMO: config, TRAO_TRUST_ANCHOR: join(keyFolder(layout), 'trust-anchor.json') },
    logFile: join(layout.folder, 'logs', `${DEMO_SERVICES}.log`),
  };
}

function configOf(layout: Layout, home: string) {
  return {
    nodes: layout.nodes.map((node) => {
      ensureCredentials(node);
      return {
        id: node.id,
        name: node.name,
        port: node.identityPort,
        keyFile: join(home, `${node.id}-identity.json`),
        clients: [
          { ...clientOf(node, 'office'), origin: officeUrl(node), people: peopleOf(node) },
          { ...clientOf(node, 'monitor'), origin: monitorUrl(node), people: operatorsOf(node) },
        ],
      };
    }),
    mailPort: mailPort(layout),
    smtpPort: smtpPort(layout),
    scannerPort: scannerPort(layout),
  };
}

const clientOf = (node: NodeLayout, app: keyof typeof CLIENT_IDS) => ({
  clientId: CLIENT_IDS[app],
  clientSecretFile: oidcSecretFile(node, app),
});

/** What an office needs to know to let officers in, to write to them, and to have files looked at. */
export function officeSettings(layout: Layout, node: NodeLayout): Record<string, string> {
  return {
    ...pageSettings(layout, node, 'office', officeUrl(node)),
    TRAO_SCANNER: `${HOST}:${scannerPort(layout)}`,
  };
}

/** What a monitor needs to know to let operators in and to write to them. */
export function monitorSettings(layout: Layout, node: NodeLayout): Record<string, string> {
  return { ...pageSettings(layout, node, 'monitor', monitorUrl(node)), TRAO_OPERATORS: operatorsFile(node) };
}

function pageSettings(
  layout: Layout,
  node: NodeLayout,
  app: 'office' | 'monitor',
  url: string,
): Record<string, string> {
  return {
    TRAO_OIDC_ISSUER: `http://${HOST}:${node.identityPort}`,
    TRAO_OIDC_CLIENT_ID: CLIENT_IDS[app],
    TRAO_OIDC_CLIENT_SECRET_FILE: oidcSecretFile(node, app),
    TRAO_SESSION_SECRET_FILE: sessionSecretFile(node, app),
    TRAO_OIDC_ROLES_CLAIM: 'trao_roles',
    TRAO_INVENTED: 'true',
    TRAO_LANGUAGE: node.language,
    TRAO_PUBLIC_URL: url,
    TRAO_TIME_ZONE: node.timeZone,
    TRAO_SMTP_URL: `smtp://${HOST}:${smtpPort(layout)}`,
    TRAO_MAIL_FROM: `trao@${node.id}.example`,
  };
}
