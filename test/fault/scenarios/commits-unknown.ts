import path from 'node:path';
import type { App, NodeId } from '../../harness/two-nodes';
import { waitFor } from '../../harness/wait-for';
import { CommitWatcher, FaultProxy, type CommitCut } from '../proxy';
import { commandOf, startByHand } from './by-hand';
import { count, dishonest, sentTwice } from './refusals';
import type { Scenario, ScenarioContext } from './scenario';
import { during } from './traffic';

const HOST = '127.0.0.1';
/** How many commits are cut in one run: some before the server hears, some after it has committed. */
const CUTS = 3;

/** The commits that are meant, by what their transactions write. */
const MEANT = {
  office: { node: 'vn', app: 'office', touching: /INSERT INTO outbox\b/ },
  gateway: { node: 'gb', app: 'gateway', touching: /INSERT INTO inbox\b/ },
  settling_worker: { node: 'vn', app: 'worker', touching: /UPDATE outbox o SET\b/ },
  filing_worker: { node: 'gb', app: 'worker', touching: /INSERT INTO case_event\b/ },
} as const satisfies Record<string, { node: NodeId; app: App; touching: RegExp }>;

/** Puts a proxy between a process and its database that reads its commits. */
async function readCommits(context: ScenarioContext, node: NodeId, app: App, seed: number, cut: () => CommitCut) {
  const { environment } = await commandOf(context.nodes, node, app);
  const url = new URL(environment['DATABASE_URL'] ?? '');
  const socket = path.join(url.searchParams.get('host') ?? '', `.s.PGSQL.${url.searchParams.get('port')}`);
  const watch = () => new CommitWatcher(cut);
  const proxy = await FaultProxy.start({ seed, upstream: { path: socket }, watch });
  context.afterwards(() => proxy.close());
  url.search = '';
  url.hostname = HOST;
  url.port = String(proxy.port);
  await startByHand(context, node, app, { env: { DATABASE_URL: url.href } });
}

/** @param lose what is lost first; the other one comes next, and so on */
function commitUnknown({ node, app, touching }: (typeof MEANT)[keyof typeof MEANT]): Scenario['run'] {
  return async (context, seed) => {
    let cut: CommitCut = { touching, lose: 'answer', left: 0, hits: 0 };
    await readCommits(context, node, app, seed, () => cut);
    const hits = { answer: 0, commit: 0 };
    const flow = await during(
      context.nodes,
      async () => {
        for (let n = 0; n < CUTS * 2; n += 1) {
          const lose = (n + seed) % 2 === 0 ? 'answer' : 'commit';
          cut = { touching, lose, left: 1, hits: 0 };
          await waitFor(`a commit of ${node}-${app} to be cut`, () => cut.hits === 1, {
            timeoutMs: 60_000,
            everyMs: 5,
          });
          hits[lose] += 1;
        }
      },
      { everyMs: 300, from: ['vn'] },
    );
    const healedAt = Date.now();
    const faults = [...dishonest(flow), ...(await sentTwice(context.nodes, flow))];
    return { promised: flow.promised, healedAt, alarms: [], faults, seen: { ...hits, refusals: count(flow) } };
  };
}

export const COMMITS: readonly Scenario[] = Object.entries(MEANT).map(([name, meant]) => ({
  name: `commit_unknown_${name}`,
  how: `proxy before PostgreSQL: the connection of ${meant.node}-${meant.app} cut around its COMMIT, ${CUTS} times before and ${CUTS} times after it was made`,
  run: commitUnknown(meant),
}));
