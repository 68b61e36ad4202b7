import type { Browser } from 'playwright-core';
import type { ShownManifests, ShownRound } from '../../apps/cli/monitor-answers';
import { manifestDifferences } from '../fault/promises/manifests';
import { startChromium } from '../harness/browser';
import { startCli } from '../harness/cli';
import { example, nodeOf } from '../harness/examples';
import { brokenPromises, untilAllFinal, type Promised } from '../harness/ledger';
import { OperatorWindow } from '../harness/operator-window';
import { backUpNode } from '../harness/restored-node';
import { MONITORED, startTwoNodes, type NodeId, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

/**
 * Two real nodes of which one is restored from an old backup: what the manifests find, they heal, with nobody at the tables. The tests
 * build on each other.
 */
const PATIENCE = { timeoutMs: 240_000 };
const document = example('referral-protect-adult');

let nodes: TwoNodes;
let browser: Browser;
const promised: Promised[] = [];
beforeAll(async () => {
  [nodes, browser] = await Promise.all([startTwoNodes('postgres', MONITORED), startChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await nodes?.stop();
});

/** Sends referrals from vn and waits until they are delivered. */
async function deliver(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1)
    ids.push((await nodes.office.send(document.header.senderUnit, document)).messageId);
  await untilAllFinal(nodes, 'vn', ids, PATIENCE);
  const { senderUnit, recipientUnit } = document.header;
  const [from, to] = [nodeOf(senderUnit) as NodeId, nodeOf(recipientUnit) as NodeId];
  promised.push(...ids.map((id) => ({ id, from, to, unit: recipientUnit })));
  return ids;
}

async function trao<T>(...args: readonly string[]): Promise<T> {
  const { stdout, stderr } = await startCli([...args, '--json', '--data', nodes.folder]).ended;
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

interface Compared {
  readonly ok: boolean;
  readonly comparisons: readonly (ShownRound & {
    readonly node: string;
    readonly findings: readonly { kind: string }[];
  })[];
}
const compare = (node: NodeId) => trao<Compared>('manifest', 'compare', '--node', node);

/** What the page of the partner says at vn, to somebody who only looks. */
async function partnerPage(language: 'vi' | 'en', javaScript = true): Promise<OperatorWindow> {
  const window = await OperatorWindow.open(browser, nodes, { node: 'vn', language, javaScript });
  await window.signIn('monitor/watcher', '/partners/gb');
  return window;
}
/** Of a kind of difference: found in the last comparison, open, healed. */
const countsOf = async (window: OperatorWindow, kind: string) =>
  (await window.page.locator(`[data-kind=${kind}] td`).allInnerTexts()).slice(0, 3);

const stored = async () =>
  (await (await nodes.database('gb')).query<{ id: string }>(`SELECT id FROM inbox WHERE state = 'filed'`)).map(
    ({ id }) => id,
  );

it('agree while nothing is lost', async () => {
  await deliver(3);
  const { ok, comparisons } = await compare('vn');
  expect([ok, comparisons.length, comparisons[0]!.findings]).toEqual([true, 1, []]);
  expect(await manifestDifferences(nodes)).toEqual([]);
});

it('heal a receiver that is restored from an old backup', async () => {
  const restore = await backUpNode(nodes, 'gb');
  const lost = await deliver(8);
  await restore(async () => {
    expect((await stored()).filter((id) => lost.includes(id))).toEqual([]);
    expect((await manifestDifferences(nodes)).length).toBe(8);
  });
  // Asked for where the data was lost: the node that sent is told, and sends again.
  await compare('gb');
  await waitFor(
    'what was lost to be stored again',
    async () => {
      const ids = new Set(await stored());
      return lost.every((id) => ids.has(id)) && (await manifestDifferences(nodes)).length === 0;
    },
    { ...PATIENCE, everyMs: 1000 },
  );
  const { ok, comparisons } = await compare('vn');
  expect([ok, comparisons[0]!.findings]).toEqual([true, []]);
  expect(await brokenPromises(nodes, promised)).toEqual([]);
  const shown = await trao<{ partners: (ShownManifests & { node: string })[] }>('manifest', 'show', '--node', 'vn');
  const kinds = shown.partners[0]!.findings.map(({ kind, healedAt }) => [kind, healedAt !== null]);
  expect(kinds).toEqual(lost.map(() => ['lost_there', true]));
  const page = await partnerPage('en', false);
  expect(await page.page.locator('[data-manifests=agree]').count()).toBe(1);
  expect(await countsOf(page, 'lost_there')).toEqual(['0', '0', '8']);
  expect(await page.text()).toContain(page.t('partners:manifest.noneOpen'));
  expect(page.audit.faults).toEqual([]);
  await page.close();
});

it('bring a sender that is restored its evidence, and list what it does not know any more', async () => {
  const restore = await backUpNode(nodes, 'vn');
  const forgotten = await deliver(2);
  promised.splice(-2);
  await restore();
  const { ok, comparisons } = await compare('vn');
  expect(ok).toBe(false);
  expect(comparisons[0]!.findings.map(({ kind }) => kind)).toEqual(['unknown_here', 'unknown_here']);
  const asked = await trao<{ partners: (ShownManifests & { node: string })[] }>('manifest', 'show', '--node', 'vn');
  const listed = asked.partners[0]!.findings.filter(({ kind }) => kind === 'unknown_here');
  expect(listed.map(({ messageId }) => messageId).toSorted()).toEqual(forgotten.toSorted());
  const alarms = await (
    await nodes.database('vn')
  ).query<{ kind: string }>(`SELECT DISTINCT kind FROM alarm WHERE kind LIKE 'manifest%' ORDER BY kind`);
  expect(alarms.map(({ kind }) => kind)).toEqual(['manifest_differs', 'manifest_unexplained']);
  for (const language of ['vi', 'en'] as const) {
    const page = await partnerPage(language);
    expect(await page.page.locator('[data-manifests=people]').count()).toBe(1);
    expect(await countsOf(page, 'unknown_here')).toEqual(['2', '2', '0']);
    expect(await countsOf(page, 'lost_there')).toEqual(['0', '0', '8']);
    const text = await page.text();
    for (const id of forgotten) expect(text).toContain(id);
    expect(text).toContain(page.t('partners:manifest.does.unknown_here'));
    expect(text).toContain('trao manifest compare --partner gb');
    expect(text).not.toContain(document.header.senderUnit);
    await page.pressAt('[data-kind=unknown_here] a');
    expect(new URL(page.page.url()).pathname).toBe('/runbooks/manifest_unexplained');
    expect(page.audit.faults).toEqual([]);
    await page.close();
  }
  // Nothing of what both know was touched.
  const left = await brokenPromises(nodes, promised);
  expect(left.filter((line) => !line.startsWith('I3 '))).toEqual([]);
});
