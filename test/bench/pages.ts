import { join } from 'node:path';
import { unlockFile } from '../../certs-dev/development-keys';
import { readAccess } from '../../apps/cli/local/access';
import { databaseOf } from '../../apps/cli/local/databases';
import { keyFolder } from '../../apps/cli/local/layout';
import { tellStories } from '../../apps/cli/local/journeys/replay';
import { startNetwork } from '../../apps/cli/local/network';
import { OfficeClient } from '../../apps/cli/office-client';
import { openKeystore } from '../../libs/keystore';
import { Database } from '../../libs/storage';
import { OfficerSession } from '../harness/officer-session';
import type { TwoNodes } from '../harness/two-nodes';
import type { Cleanup } from './cleanup';
import { copyCase } from './many-cases';
import { percentilesOf, rounded, type Percentiles } from './percentiles';
import { clusterOf } from './postgres';
import { peakMbOf } from './proc';
import { say } from './say';

const UNIT = 'gb.ho-sca';
const NODE = 'gb';
const REQUESTS = 100;
const WARM_UP = 10;

/** Time from request to the last byte of the answer over loopback, one request at a time, in milliseconds; sizes as sent. */
export interface PageRow extends Percentiles {
  readonly page: string;
  readonly bytes: number;
}

export interface PagesResult {
  readonly cases: number;
  /** The first page of a unit after the start of the office: it opens all cases. */
  readonly firstMs: number;
  /** The most memory that the office held, in MiB. */
  readonly officePeakMb: number | undefined;
  readonly pages: readonly PageRow[];
}

/** Measures what officers wait for in a unit with many cases, at an office of the demonstration. */
export async function measurePages(
  folder: string,
  portBase: number,
  cases: number,
  cleanup: Cleanup,
): Promise<PagesResult> {
  const network = await startNetwork({ folder, portBase, respawn: false });
  cleanup.add('network', () => network.stop());
  cleanup.addCluster(clusterOf(folder));
  const { layout, server, supervisor } = network;
  const access = readAccess(folder)!;
  const story = { title: 'the case that is copied', messages: ['referral-protect-adult', 'ack-protect-adult'] };
  await tellStories([story], new OfficeClient(access));
  const url = new URL(server.adminUrl);
  url.pathname = `/${databaseOf(layout.nodes.find(({ id }) => id === NODE)!)}`;
  const database = await Database.open({ url: url.href, poolSize: 2, applicationName: 'trao-bench' });
  const keys = await openKeystore({
    folder: join(keyFolder(layout), 'nodes', NODE, 'office'),
    unlock: { keyFile: unlockFile(keyFolder(layout), NODE, 'office') },
    pinFile: undefined,
    published: () => true,
  });
  say(`pages: ${cases} cases`);
  await copyCase(database, UNIT, await keys.storageKey(UNIT), cases);
  await database.close();
  const office = new OfficerSession({ access } as TwoNodes, NODE);
  // No page with a list yet.
  await office.signIn(UNIT, '/help');
  const begun = performance.now();
  await office.get('/work');
  const firstMs = performance.now() - begun;
  const list = await office.get('/cases');
  const [, caseId] = /href="\/cases\/([0-9a-f-]{36})"/.exec(list.text)!;
  const draft = (await office.browser.follow(await office.get(`/cases/${caseId}/reply/accept`))).url.replace(
    office.office,
    '',
  );
  const token = await office.token();
  const pages: PageRow[] = [];
  for (const [page, visit] of Object.entries({
    'work queue': () => office.get('/work'),
    'list of cases': () => office.get('/cases'),
    'list, last page': () => office.get(`/cases?page=${Math.ceil(cases / 25)}`),
    'list, filtered and sorted by name': () =>
      office.get('/cases?state=acknowledged&side=recipient&sort=name&order=up'),
    'search by name': () => office.browser.post(`${office.office}/cases/search`, { words: 'nguyen duc', _csrf: token }),
    case: () => office.get(`/cases/${caseId}`),
    timeline: () => office.get(`/cases/${caseId}/timeline`),
    question: () => office.get(draft),
    statistics: () => office.get('/statistics'),
  })) {
    pages.push({ page, ...(await timed(visit)) });
  }
  const pid = supervisor.pids()[`${NODE}-office`];
  const peak = pid === undefined ? undefined : peakMbOf(pid);
  await cleanup.run('network');
  const officePeakMb = peak === undefined ? undefined : rounded(peak, 0);
  return { cases, firstMs: rounded(firstMs, 0), officePeakMb, pages };
}

async function timed(visit: () => Promise<{ status: number; text: string }>) {
  const times: number[] = [];
  let bytes = 0;
  for (let n = -WARM_UP; n < REQUESTS; n += 1) {
    const begun = performance.now();
    const { status, text } = await visit();
    if (status !== 200) throw new Error(`a page answered ${status}`);
    bytes = Buffer.byteLength(text);
    if (n >= 0) times.push(performance.now() - begun);
  }
  const { p50, p95, p99 } = percentilesOf(times);
  return { bytes, p50: rounded(p50, 1), p95: rounded(p95, 1), p99: rounded(p99, 1) };
}
