import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { untilFinal, type Promised } from '../../harness/ledger';
import { NODES, type App, type NodeId, type TwoNodes } from '../../harness/two-nodes';
import { waitFor } from '../../harness/wait-for';
import { startByHand } from './by-hand';
import { FAKETIME } from './needs';
import { on } from './run-scenario';
import type { Scenario, ScenarioContext, ScenarioResult } from './scenario';
import { during, send } from './traffic';
import { heal, wire } from './wires';

/** Processes whose clock differs from that of the machine, and of the databases. */
interface MovedClock {
  /** Sets it while the processes run: seconds ahead of the right time, negative behind. */
  set(seconds: number): void;
}

/** Starts processes of a node with a clock of their own. Timers go on as they are: only the time of day moves. */
async function moveClocks(
  context: ScenarioContext,
  node: NodeId,
  apps: readonly App[],
  seconds: number,
): Promise<MovedClock> {
  const file = path.join(context.nodes.folder, `clock-${node}`);
  const set = (offset: number) => writeFileSync(file, `${offset < 0 ? '' : '+'}${offset}\n`);
  set(seconds);
  const env = {
    LD_PRELOAD: FAKETIME ?? '',
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_DONT_RESET: '1',
  };
  for (const app of apps) await startByHand(context, node, app, { env });
  return { set };
}

const SKEW = NODES.flatMap((node) => on(node, 'clock_skew'));
const ALL: readonly App[] = ['gateway', 'worker', 'office'];

/** What is filed at a node of these messages. */
async function filed(nodes: TwoNodes, node: NodeId, promised: readonly Promised[]): Promise<number> {
  const [row] = await (
    await nodes.database(node)
  ).query<{ n: number }>(
    `SELECT count(DISTINCT message_id)::int AS n FROM case_event WHERE direction = 'filed' AND message_id = ANY ($1::uuid[])`,
    [promised.map(({ id }) => id)],
  );
  return row!.n;
}

export const CLOCKS: readonly Scenario[] = [
  {
    name: 'clock_behind',
    how: 'faketime: gateway, worker and office of gb half an hour behind, set right after 15 s',
    needs: ['faketime'],
    async run(context): Promise<ScenarioResult> {
      const { nodes } = context;
      const clock = await moveClocks(context, 'gb', ALL, -1_800);
      // Of gb they seem half an hour old, which is nothing; to gb they come from the future, which is a clock that is wrong: they wait.
      const old = [await send(nodes, 'gb'), await send(nodes, 'gb')];
      const early = [await send(nodes, 'vn'), await send(nodes, 'vn'), await send(nodes, 'vn')];
      for (const { id } of old) await untilFinal(nodes, id, { timeoutMs: 60_000 });
      await pause(15_000);
      const before = await filed(nodes, 'gb', early);
      clock.set(0);
      const faults = before === 0 ? [] : [`${before} messages of the future were filed`];
      return { promised: [...old, ...early], healedAt: Date.now(), alarms: SKEW, faults, seen: { held: early.length } };
    },
  },
  {
    name: 'clock_ahead',
    how: 'faketime: worker of vn ten minutes ahead while gb is unreachable; set right when gb is back, after 20 s',
    needs: ['faketime'],
    async run(context, seed): Promise<ScenarioResult> {
      const { nodes } = context;
      const wires = await wire(context, seed);
      const clock = await moveClocks(context, 'vn', ['worker'], 600);
      const { promised } = await during(
        nodes,
        async () => {
          const vn = await nodes.database('vn');
          const compared = async () => (await vn.query(`SELECT 1 FROM alarm WHERE kind = 'clock_skew'`)).length;
          await waitFor('the clocks to be compared', compared, { timeoutMs: 60_000 });
          for (const node of NODES) await wires[node].set({ kind: 'refuse' });
          await pause(20_000);
          clock.set(0);
          await heal(wires);
        },
        { everyMs: 2_000 },
      );
      const healedAt = Date.now();
      const mayRaise = NODES.flatMap((node) => on(node, 'partner_tls', 'clock_skew'));
      return { promised, healedAt, alarms: on('vn', 'clock_skew'), mayRaise, seen: { minutes: 10 } };
    },
  },
  {
    name: 'clock_skew',
    how: 'faketime: all processes of gb two minutes ahead of vn, for good',
    needs: ['faketime'],
    async run(context): Promise<ScenarioResult> {
      const { nodes } = context;
      await moveClocks(context, 'gb', ALL, 120);
      const { promised } = await during(nodes, () => pause(5_000));
      return { promised, healedAt: Date.now(), alarms: on('gb', 'clock_skew'), mayRaise: SKEW, seen: { seconds: 120 } };
    },
  },
];
