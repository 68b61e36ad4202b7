import { setTimeout as pause } from 'node:timers/promises';
import type { NodeId } from '../../harness/two-nodes';
import { draw, type Mode } from '../proxy';
import { on } from './run-scenario';
import type { Scenario, ScenarioContext, ScenarioResult } from './scenario';
import { during } from './traffic';
import { deeds, heal, troubled, wire } from './wires';

const BOTH: readonly NodeId[] = ['vn', 'gb'];
/** Three connections in a row that the other side ended look like a certificate that it refuses. */
const DISTRUST = BOTH.flatMap((node) => on(node, 'partner_tls'));

interface Weather {
  readonly modes: (seed: number) => Partial<Record<NodeId, Mode>>;
  readonly forMs: number;
  readonly mayRaise?: ScenarioResult['mayRaise'];
}

/** The link between the nodes is bad for a while, in the middle of the flow, and good again. */
function badLink({ modes, forMs, mayRaise = [] }: Weather): Scenario['run'] {
  return async (context: ScenarioContext, seed: number) => {
    const wires = await wire(context, seed);
    const before = wires.vn.connections + wires.gb.connections;
    const { promised } = await during(context.nodes, async () => {
      await pause(500 + draw(seed, 0) * 1_500);
      await troubled(wires, modes(seed), forMs);
    });
    const healedAt = Date.now();
    return {
      promised,
      healedAt,
      alarms: [],
      mayRaise,
      seen: { deeds: deeds(wires), connections: wires.vn.connections + wires.gb.connections - before },
    };
  };
}

const both = (mode: Mode) => () => ({ vn: mode, gb: mode });

export const NETWORK: readonly Scenario[] = [
  {
    name: 'partition',
    how: 'proxy: nothing passes in either direction for 75 s',
    options: { monitor: {} },
    async run(context, seed) {
      const wires = await wire(context, seed);
      const { nodes } = context;
      // The shortest that an operator may choose.
      for (const node of BOTH)
        await (
          await nodes.database(node)
        ).query(`INSERT INTO setting (name, value, changed_by) VALUES ('alert_unsent_warn_minutes', '1', 'nobody')`);
      let healedAt = 0;
      const { promised } = await during(
        nodes,
        async () => {
          await troubled(wires, both({ kind: 'black_hole' })(), 75_000);
          healedAt = Date.now();
        },
        { everyMs: 5_000 },
      );
      return {
        promised,
        healedAt,
        alarms: BOTH.flatMap((node) => on(node, 'oldest_unsent')),
        // The lane of one of the messages may be the urgent one; a ping of the monitor's may fall into the fault.
        mayRaise: BOTH.flatMap((node) => on(node, 'ping_failed')),
        seen: { deeds: deeds(wires) },
      };
    },
  },
  {
    name: 'refused',
    how: 'proxy: nobody listens at the gateways for 10 s',
    run: badLink({ modes: both({ kind: 'refuse' }), forMs: 10_000, mayRaise: DISTRUST }),
  },
  {
    name: 'one_way_answers',
    how: 'proxy: requests to gb pass and its answers do not, for 25 s',
    run: badLink({ modes: () => ({ gb: { kind: 'one_way', passes: 'up' } }), forMs: 25_000, mayRaise: DISTRUST }),
  },
  {
    name: 'one_way_requests',
    how: 'proxy: answers pass and requests do not, both ways, for 25 s',
    run: badLink({ modes: both({ kind: 'one_way', passes: 'down' }), forMs: 25_000, mayRaise: DISTRUST }),
  },
  {
    name: 'half_open',
    how: 'proxy: open connections are gone without a word, three times; new ones pass',
    async run(context, seed) {
      const wires = await wire(context, seed);
      const { promised } = await during(
        context.nodes,
        async () => {
          for (let n = 0; n < 3; n += 1) {
            await pause(1_000 + draw(seed, n) * 2_000);
            for (const node of BOTH) await wires[node].set({ kind: 'half_open' });
          }
        },
        { everyMs: 400 },
      );
      return { promised, healedAt: Date.now(), alarms: [], seen: { deeds: deeds(wires) } };
    },
  },
  {
    name: 'latency',
    how: 'proxy: every segment 1 s to 2 s late, each way, for 30 s',
    run: badLink({ modes: both({ kind: 'latency', ms: 1_000, jitterMs: 1_000 }), forMs: 30_000 }),
  },
  {
    name: 'slow_link',
    how: 'proxy: 8 kbit/s for each connection, each way, for 40 s',
    run: badLink({ modes: both({ kind: 'throttle', bytesPerSecond: 1_000 }), forMs: 40_000 }),
  },
  {
    name: 'loss',
    how: 'proxy: 30 % of all segments lost, each 300 ms late, for 20 s',
    run: badLink({ modes: both({ kind: 'loss', share: 0.3, stallMs: 300 }), forMs: 20_000 }),
  },
  {
    name: 'resets',
    how: 'proxy: every connection reset after 200 to 12,000 bytes of requests, for 15 s',
    run: badLink({ modes: both({ kind: 'reset', afterBytes: [200, 12_000] }), forMs: 15_000, mayRaise: DISTRUST }),
  },
  {
    name: 'truncated',
    how: 'proxy: every connection ended after 200 to 6,000 bytes of answers, for 15 s',
    run: badLink({ modes: both({ kind: 'truncate', afterBytes: [200, 6_000] }), forMs: 15_000, mayRaise: DISTRUST }),
  },
  {
    name: 'silent_after_headers',
    how: 'proxy: every connection silent for good after 1,500 to 4,000 bytes of answers, for 25 s',
    run: badLink({
      modes: both({ kind: 'silent_after', afterBytes: [1_500, 4_000] }),
      forMs: 25_000,
      mayRaise: DISTRUST,
    }),
  },
  {
    name: 'reordered',
    how: 'proxy: half of all connections held up for 3 s, so that later ones overtake; connections cut every second',
    async run(context, seed) {
      const wires = await wire(context, seed);
      const mode: Mode = { kind: 'reorder', share: 0.5, delayMs: 3_000 };
      const { promised } = await during(
        context.nodes,
        async () => {
          for (const node of BOTH) await wires[node].set(mode);
          for (let n = 0; n < 15; n += 1) {
            await pause(1_000);
            for (const node of BOTH) wires[node].cut();
          }
          await heal(wires);
        },
        { everyMs: 300 },
      );
      return { promised, healedAt: Date.now(), alarms: [], mayRaise: DISTRUST, seen: { deeds: deeds(wires) } };
    },
  },
];
