import { join } from 'node:path';

/** The folder and ports of a demonstration on this machine. */
export interface Layout {
  readonly folder: string;
  readonly portBase: number;
  readonly nodes: readonly NodeLayout[];
}

export interface NodeLayout {
  readonly id: string;
  readonly name: { readonly en: string; readonly vi: string };
  readonly gatewayPort: number;
  readonly officePort: number;
  /** The demonstration's identity provider of this node. */
  readonly identityPort: number;
  readonly monitorPort: number;
  readonly timeZone: string;
  readonly language: 'vi' | 'en';
  readonly home: string;
}

/** The repository or package, seen from dist/apps/cli/local. */
const ROOT = join(__dirname, '..', '..', '..', '..');
export const EXAMPLES = join(ROOT, 'schemas', 'referral', 'v1', 'examples', 'valid');
/** Records of consent for those examples, and decisions to share without it. */
export const CONSENT_EXAMPLES = join(ROOT, 'schemas', 'consent', 'v1', 'examples', 'valid');

/** The processes of a node. */
export const APPS = ['gateway', 'office', 'worker', 'monitor'] as const;
export type App = (typeof APPS)[number];

export const HOST = '127.0.0.1';
export const DEFAULT_PORT_BASE = 7100;
export const DEFAULT_FOLDER = join('.data', 'demo');

const COUNTRIES = [
  { id: 'vn', name: { en: 'Viet Nam', vi: 'Việt Nam' }, timeZone: 'Asia/Ho_Chi_Minh', language: 'vi' },
  { id: 'gb', name: { en: 'United Kingdom', vi: 'Vương quốc Anh' }, timeZone: 'Europe/London', language: 'en' },
] as const;

/** Gateway, office, identity provider and monitor of node n listen on portBase + 10·n + 1, + 2, + 3 and + 4. */
export function layoutOf(folder: string, portBase: number): Layout {
  const nodes = COUNTRIES.map((country, index) => ({
    ...country,
    gatewayPort: portBase + 10 * index + 1,
    officePort: portBase + 10 * index + 2,
    identityPort: portBase + 10 * index + 3,
    monitorPort: portBase + 10 * index + 4,
    home: join(folder, 'nodes', country.id),
  }));
  return { folder, portBase, nodes };
}

/** What a demonstration has once, beside its nodes: the page of caught mail, where mail is caught, what answers like a scanner. */
export const mailPort = ({ portBase }: Layout) => portBase + 5;
export const smtpPort = ({ portBase }: Layout) => portBase + 6;
export const scannerPort = ({ portBase }: Layout) => portBase + 7;

export const officeUrl = (node: NodeLayout) => `http://${HOST}:${node.officePort}`;
export const monitorUrl = (node: NodeLayout) => `http://${HOST}:${node.monitorPort}`;

/** Where a process tells about itself: portBase + 20 + 10·n + 1 (gateway), + 2 (office), + 3 (worker), + 4 (monitor). */
export function operationsPort({ portBase, nodes }: Layout, node: NodeLayout, app: App): number {
  return portBase + 20 + 10 * nodes.indexOf(node) + 1 + APPS.indexOf(app);
}

export const keyFolder = (layout: Layout) => join(layout.folder, 'keys');
