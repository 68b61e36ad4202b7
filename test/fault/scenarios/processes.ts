import { setTimeout as pause } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { identityOf } from '../../harness/gateway-client';
import type { App, NodeId, TwoNodes } from '../../harness/two-nodes';
import { draw } from '../proxy';
import { startByHand } from './by-hand';
import { count, dishonest, sentTwice } from './refusals';
import type { Scenario } from './scenario';
import { during } from './traffic';
import { gatewayPortOf } from './wires';

const HOST = '127.0.0.1';

async function signal(nodes: TwoNodes, names: readonly (readonly [NodeId, App])[], which: NodeJS.Signals) {
  const pids = await nodes.pids();
  for (const [node, app] of names) process.kill(pids[`${node}-${app}`]!, which);
}

/** Connections that stay open and say nothing. */
function openIdle(nodes: TwoNodes, many: number): TLSSocket[] {
  const identity = identityOf(nodes, 'vn');
  return Array.from({ length: many }, () => {
    const socket = connect({ host: HOST, port: gatewayPortOf(nodes, 'gb'), rejectUnauthorized: false, ...identity });
    return socket.on('error', () => undefined);
  });
}

export const PROCESSES: readonly Scenario[] = [
  {
    name: 'two_workers',
    how: 'a second worker of each node, started by hand; SIGKILL of one of them in mid-flow',
    async run(context, seed) {
      const { nodes } = context;
      const second = [
        await startByHand(context, 'vn', 'worker', { beside: true }),
        await startByHand(context, 'gb', 'worker', { beside: true }),
      ];
      const flow = await during(
        nodes,
        async () => {
          for (let n = 0; n < 2; n += 1) {
            await pause(2_000 + draw(seed, n) * 2_000);
            second[n]!.kill('SIGKILL');
          }
        },
        { least: 25, everyMs: 100 },
      );
      const faults = [...dishonest(flow), ...(await sentTwice(nodes, flow))];
      return {
        promised: flow.promised,
        healedAt: Date.now(),
        alarms: [],
        faults,
        seen: { workers: 2 * second.length },
      };
    },
  },
  {
    name: 'event_loop_blocked',
    how: 'SIGSTOP of the workers of both nodes and of gb’s gateway for 40 s, longer than claims last',
    async run({ nodes }) {
      const names = [
        ['vn', 'worker'],
        ['gb', 'worker'],
        ['gb', 'gateway'],
      ] as const;
      let healedAt = 0;
      const flow = await during(
        nodes,
        async () => {
          await pause(1_500);
          await signal(nodes, names, 'SIGSTOP');
          await pause(40_000);
          await signal(nodes, names, 'SIGCONT');
          healedAt = Date.now();
        },
        { everyMs: 800 },
      );
      const faults = [...dishonest(flow), ...(await sentTwice(nodes, flow))];
      return { promised: flow.promised, healedAt, alarms: [], faults, seen: { refusals: count(flow) } };
    },
  },
  {
    name: 'no_file_handles',
    how: 'gb’s gateway may open 60 files (prlimit) and 200 idle connections of vn wait at it for 15 s',
    needs: ['prlimit'],
    async run(context) {
      const { nodes } = context;
      const gateway = await startByHand(context, 'gb', 'gateway', { under: ['prlimit', '--nofile=60'] });
      let healedAt = 0;
      const flow = await during(
        nodes,
        async () => {
          const idle = openIdle(nodes, 200);
          await pause(15_000);
          for (const socket of idle) socket.destroy();
          healedAt = Date.now();
        },
        { everyMs: 400 },
      );
      const faults = [...dishonest(flow), ...(await sentTwice(nodes, flow))];
      return { promised: flow.promised, healedAt, alarms: [], faults, seen: { pid: gateway.pid } };
    },
  },
];
