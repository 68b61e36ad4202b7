import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureDevelopmentKeys } from '../../certs-dev/development-keys';
import { officeSettings, serviceSpec } from '../../apps/cli/local/demo-services';
import { keyFolder, layoutOf, officeUrl, type Layout } from '../../apps/cli/local/layout';
import { nextPortBase } from '../harness/free-ports';
import { SiteSession } from '../harness/site-session';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { waitFor } from '../harness/wait-for';
import { openLab, type Lab } from './hosts';
import { PORTS } from './ports';
import { ScaledNode } from './scaled-node';

const OFFICER = 'vn.mps-criminal';
const PAGES = ['/work', '/cases', '/new'];
const ROUNDS = 4;

/** What came of one officer at two offices. */
export interface SessionResult {
  /** Requests that each office answered: both must have had some. */
  readonly answered: readonly number[];
  readonly faults: readonly string[];
}

/**
 * One officer signs in, works and signs out while a proxy sends one request to the one office and the next to the other; then one office
 * is killed and the officer goes on. The demonstration's identity provider serves the loopback only, so the machines are addresses of it.
 */
export async function oneSession(): Promise<SessionResult> {
  const folder = makeTempFolder('session');
  const logs = path.join(folder, 'logs');
  mkdirSync(logs);
  const lab = openLab(logs, 'loopback');
  try {
    const node = await startOffices(lab, layoutOf(folder, nextPortBase()));
    const session = new SiteSession(node.officeUrl, '/work', 'en');
    const faults: string[] = [];
    const expectPage = (what: string, { status }: { readonly status: number }, wished = 200) =>
      status === wished || faults.push(`${what}: ${status} instead of ${wished}`);
    expectPage('signing in', await session.signIn(OFFICER));
    for (let round = 0; round < ROUNDS; round += 1) for (const page of PAGES) expectPage(page, await session.get(page));
    const answered = await node.haproxy.answeredBy('offices_ready');
    await node.apps.office[0]!.host.cut();
    for (const page of PAGES) expectPage(`${page} with one office`, await untilAnswered(session, page));
    expectPage('signing out', await session.post('/sign-out'), 303);
    const after = await session.get('/work');
    if (after.status === 200) faults.push('the session goes on after its officer has left');
    return { answered, faults };
  } finally {
    await lab.close();
    removeTempFolder(folder);
  }
}

/** The proxy needs a moment to see that an office is gone. */
const untilAnswered = (session: SiteSession, page: string) =>
  waitFor(`an answer to ${page}`, async () => {
    const visit = await session.get(page);
    return visit.status >= 500 ? undefined : visit;
  });

async function startOffices(lab: Lab, both: Layout): Promise<ScaledNode> {
  const vn = both.nodes[0]!;
  const layout: Layout = { ...both, nodes: [vn] };
  const proxy = lab.host('vn-haproxy');
  const url = `http://${proxy.address}:${PORTS.office}`;
  const endpoint = `https://${proxy.address}:${PORTS.gateway}`;
  await ensureDevelopmentKeys(keyFolder(layout), [{ id: vn.id, name: vn.name, endpoint, suite: 'hybrid' }]);
  const copies = { gateway: 1, worker: 1, office: 2, postgres: 1 } as const;
  const node = new ScaledNode(lab, proxy, layout, vn, copies, (kind) =>
    kind === 'office' ? { ...officeSettings(layout, vn), TRAO_PUBLIC_URL: url } : {},
  );
  startServices(lab, layout, officeUrl(vn), url);
  await node.start();
  return node;
}

/** Identity provider, mailbox and scanner of the demonstration; officers come to the office by the proxy. */
function startServices(lab: Lab, layout: Layout, office: string, url: string): void {
  const { script, env } = serviceSpec(layout);
  const config = env['TRAO_DEMO']!;
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll(office, url));
  // The source names the script beside itself; what runs is built.
  const built = path.join(__dirname, '..', '..', 'dist', 'apps', path.basename(path.dirname(script)), 'main.js');
  lab.host('services').spawn(process.execPath, [built], { env });
}
