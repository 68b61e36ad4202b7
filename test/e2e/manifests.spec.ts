import type { ShownManifests, ShownRound } from '../../apps/cli/monitor-answers';
import { manifestDifferences } from '../fault/promises/manifests';
import { startCli } from '../harness/cli';
import { example, nodeOf } from '../harness/examples';
import { brokenPromises, untilAllFinal, type Promised } from '../harness/ledger';
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
const promised: Promised[] = [];
beforeAll(async () => {
  nodes = await startTwoNodes('postgres', MONITORED);
});
afterAll(() => nodes?.stop());

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
  // Nothing of what both know was touched.
  const left = await brokenPromises(nodes, promised);
  expect(left.filter((line) => !line.startsWith('I3 '))).toEqual([]);
});
