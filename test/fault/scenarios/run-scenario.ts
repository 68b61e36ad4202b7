import { untilAllFinal, type Promised } from '../../harness/ledger';
import {
  NODES,
  startTwoNodes,
  type NodeId,
  type NodesOptions,
  type QueueKind,
  type TwoNodes,
} from '../../harness/two-nodes';
import { removeTempFolder } from '../../harness/temp-folder';
import { waitFor } from '../../harness/wait-for';
import { backToBaseline, baselineOf } from '../promises/baseline';
import { checkPromises } from '../promises/check';
import { TruthWatch } from '../promises/truth-watch';
import type { RaisedKind, Scenario, ScenarioContext, ScenarioResult } from './scenario';

/** What a run of a scenario has shown. */
export interface ScenarioOutcome {
  readonly scenario: string;
  readonly queue: QueueKind;
  readonly seed: number;
  /** One line for each promise that did not hold; empty when all did. */
  readonly faults: readonly string[];
  readonly messages: number;
  /** I9: from the end of the fault to the last delivery, in milliseconds; 0 when all had arrived before. */
  readonly recoveryMs: number;
  /** I11: every kind of alarm and alert that was raised, as `vn clock_skew`. */
  readonly raised: readonly string[];
  readonly seen: ScenarioResult['seen'];
  readonly tookMs: number;
}

/** Promise I9. */
const RECOVERY_MS = 60_000;
/** Beyond the bound it is late, not lost: waited for, so that the two are told apart. */
const PATIENCE_MS = 120_000;
const ALARM_MS = 45_000;
const START_ATTEMPTS = 3;
/** What the machine may have of its own: a disk that is nearly full is no fault of the scenario. */
const OF_THE_MACHINE = ['disk_low'];

/** Runs one scenario on two nodes of its own and judges all promises after it. Never throws for what the scenario finds. */
export async function runScenario(
  scenario: Scenario,
  queue: QueueKind,
  seed: number,
  say: (line: string) => void = () => undefined,
): Promise<ScenarioOutcome> {
  const begun = Date.now();
  const undo: (() => unknown)[] = [];
  const ends: (() => unknown)[] = [];
  const { options = {} } = scenario;
  const nodes = await started(queue, options);
  const told = (outcome: Partial<ScenarioOutcome>): ScenarioOutcome => ({
    scenario: scenario.name,
    queue,
    seed,
    faults: [],
    messages: 0,
    recoveryMs: 0,
    raised: [],
    seen: {},
    ...outcome,
    tookMs: Date.now() - begun,
  });
  let watch: TruthWatch | undefined;
  try {
    const context: ScenarioContext = {
      nodes,
      queue,
      say,
      afterwards: (step) => void undo.unshift(step),
      atEnd: (step) => void ends.unshift(step),
    };
    const baseline = await baselineOf(nodes);
    watch = new TruthWatch(nodes, new Date(0));
    const result = await scenario.run(context, seed);
    const judged = await judge(nodes, result, watch);
    // What a scenario runs itself gives way to what the nodes had before.
    const left = await undone(undo, say);
    const grown = (await backToBaseline(nodes, baseline)).map((fault) => `I8 ${fault}`);
    return told({ ...judged, faults: [...judged.faults, ...left, ...grown] });
  } catch (error) {
    return told({ faults: [`failed: ${error instanceof Error ? error.message : String(error)}`] });
  } finally {
    await watch?.pause();
    await undone(undo, say);
    await nodes.end();
    await undone(ends, say);
    removeTempFolder(nodes.folder);
  }
}

/** A machine that has much else to do may take too long to start nodes, which is not what a scenario is about: it is tried again. */
async function started(queue: QueueKind, options: NodesOptions): Promise<TwoNodes> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Only monitors need what signs people in.
      return await startTwoNodes(queue, { services: options.monitor !== undefined, ...options });
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

/** Takes every step back, also when one of them fails. Answers what failed. */
async function undone(steps: (() => unknown)[], say: (line: string) => void): Promise<string[]> {
  const faults: string[] = [];
  for (let step = steps.shift(); step; step = steps.shift()) {
    try {
      await step();
    } catch (error) {
      faults.push(`not undone: ${String(error)}`);
      say(faults.at(-1)!);
    }
  }
  return faults;
}

async function judge(nodes: TwoNodes, result: ScenarioResult, watch: TruthWatch) {
  const { promised, healedAt, faults: found = [], seen } = result;
  const late = await untilSettled(nodes, promised);
  const recoveryMs = Math.max(0, (await lastDelivery(nodes, promised)) - healedAt);
  const slow =
    recoveryMs > RECOVERY_MS ? [`I9 the last delivery came ${recoveryMs} ms after the end of the fault`] : [];
  const report = await checkPromises(nodes, promised, { watch });
  const alarms = await judgeAlarms(nodes, result);
  const faults = [...late, ...slow, ...report.faults, ...alarms.faults, ...found];
  return { faults, messages: promised.length, recoveryMs, raised: alarms.raised, seen };
}

async function untilSettled(nodes: TwoNodes, promised: readonly Promised[]): Promise<string[]> {
  try {
    for (const from of NODES) {
      const ids = promised.filter((message) => message.from === from).map(({ id }) => id);
      if (ids.length > 0) await untilAllFinal(nodes, from, ids, { timeoutMs: PATIENCE_MS });
    }
    return [];
  } catch (error) {
    return [`I1 ${(error as Error).message}`];
  }
}

/** When the last of the messages was delivered, as the sender's database saw it. */
async function lastDelivery(nodes: TwoNodes, promised: readonly Promised[]): Promise<number> {
  const last = await Promise.all(
    NODES.map(async (node) => {
      const ids = promised.filter(({ from }) => from === node).map(({ id }) => id);
      const [row] = await (
        await nodes.database(node)
      ).query<{ at: Date | null }>(
        `SELECT max(at) AS at FROM delivery_event WHERE state = 'delivered' AND message_id = ANY ($1::uuid[])`,
        [ids],
      );
      return row?.at?.getTime() ?? 0;
    }),
  );
  return Math.max(...last);
}

/** Every kind of alarm and alert of both nodes. */
async function raisedKinds(nodes: TwoNodes): Promise<RaisedKind[]> {
  const found: RaisedKind[] = [];
  for (const node of NODES) {
    const rows = await (
      await nodes.database(node)
    ).query<{ kind: string }>('SELECT kind FROM alarm UNION SELECT kind FROM alert ORDER BY kind');
    found.push(...rows.map(({ kind }) => ({ node, kind })));
  }
  return found.filter(({ kind }) => !OF_THE_MACHINE.includes(kind));
}

const nameOf = ({ node, kind }: RaisedKind) => `${node} ${kind}`;

/** I11: what must be raised is, and nothing else that this fault does not explain. */
async function judgeAlarms(nodes: TwoNodes, { alarms, mayRaise = [] }: ScenarioResult) {
  const names = async () => (await raisedKinds(nodes)).map(nameOf);
  const must = alarms.map(nameOf);
  const all = async () => {
    const raised = await names();
    return must.every((name) => raised.includes(name));
  };
  await waitFor('the alarms', all, { timeoutMs: ALARM_MS, everyMs: 500 }).catch(() => undefined);
  const raised = await names();
  const explained = new Set([...must, ...mayRaise.map(nameOf)]);
  return {
    raised,
    faults: [
      ...must.filter((name) => !raised.includes(name)).map((name) => `I11 ${name} was not raised`),
      ...raised.filter((name) => !explained.has(name)).map((name) => `I11 ${name} was raised without a cause`),
    ],
  };
}

/** Who is asked for on one node. */
export const on = (node: NodeId, ...kinds: readonly string[]): RaisedKind[] => kinds.map((kind) => ({ node, kind }));
