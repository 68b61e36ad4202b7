import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { untilFinal } from '../../harness/ledger';
import { waitFor } from '../../harness/wait-for';
import { draw } from '../proxy';
import { startByHand } from './by-hand';
import { on } from './run-scenario';
import type { Scenario, ScenarioContext } from './scenario';
import { during, send } from './traffic';
import { gatewayPortOf, publishEndpoints } from './wires';

const run = (...words: readonly string[]) =>
  execFileSync(words[0]!, words.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });

interface Hosts {
  /** Drops or rejects all packets between the nodes; `undefined` lets them pass again. */
  filter(verdict: 'drop' | 'reject with tcp reset' | undefined): void;
}

/**
 * Moves gateway and worker of gb into a network of their own, behind a pair of virtual cables. Its database is reached through its unix
 * socket, which namespaces of the network do not part; the gateway of vn listens on this side of the cable.
 */
async function twoHosts(context: ScenarioContext): Promise<Hosts> {
  const { nodes, afterwards } = context;
  const name = `trao${process.pid}`;
  // A number of its own, so that runs side by side do not meet.
  const net = `10.${80 + (process.pid % 100)}.${Math.floor(process.pid / 100) % 250}`;
  const [here, there] = [`${net}.1`, `${net}.2`];
  const inside = (...words: readonly string[]) => run('ip', 'netns', 'exec', name, ...words);
  run('ip', 'netns', 'add', name);
  afterwards(() => run('ip', 'netns', 'del', name));
  run('ip', 'link', 'add', `${name}h`, 'type', 'veth', 'peer', 'name', `${name}g`, 'netns', name);
  run('ip', 'addr', 'add', `${here}/24`, 'dev', `${name}h`);
  run('ip', 'link', 'set', `${name}h`, 'up');
  inside('ip', 'addr', 'add', `${there}/24`, 'dev', `${name}g`);
  inside('ip', 'link', 'set', `${name}g`, 'up');
  inside('ip', 'link', 'set', 'lo', 'up');
  inside('nft', 'add', 'table', 'inet', 'trao');
  const hooks = ['input', 'output'];
  for (const hook of hooks)
    inside('nft', 'add', 'chain', 'inet', 'trao', hook, `{ type filter hook ${hook} priority 0; policy accept; }`);
  const under = ['ip', 'netns', 'exec', name];
  await startByHand(context, 'vn', 'gateway', { env: { TRAO_HOST: here } });
  await startByHand(context, 'gb', 'gateway', { env: { TRAO_HOST: there }, under });
  await startByHand(context, 'gb', 'worker', { under });
  await publishEndpoints(nodes, {
    vn: `https://${here}:${gatewayPortOf(nodes, 'vn')}`,
    gb: `https://${there}:${gatewayPortOf(nodes, 'gb')}`,
  });
  return {
    filter(verdict) {
      for (const hook of hooks) {
        inside('nft', 'flush', 'chain', 'inet', 'trao', hook);
        // What comes in is judged by its port at either end, so that answers are meant, too.
        if (verdict !== undefined && (verdict === 'drop' || hook === 'input'))
          inside('nft', 'add', 'rule', 'inet', 'trao', hook, 'meta', 'l4proto', 'tcp', ...verdict.split(' '));
      }
    },
  };
}

/** Sends until one message each way has passed over the cable. */
async function untilJoined({ nodes }: ScenarioContext): Promise<void> {
  for (const node of ['vn', 'gb'] as const)
    await waitFor(`messages of ${node} to pass`, async () => {
      await untilFinal(nodes, (await send(nodes, node)).id, { timeoutMs: 60_000 });
      return true;
    });
}

export const NAMESPACES: readonly Scenario[] = (
  [
    ['drop', 30_000],
    ['reject with tcp reset', 15_000],
  ] as const
).map(([verdict, forMs]) => ({
  name: verdict === 'drop' ? 'packets_dropped' : 'packets_rejected',
  how: `gb in a network namespace of its own behind a veth pair; nftables: ${verdict}, ${forMs / 1_000} s`,
  needs: ['namespaces'],
  // Redis listens on the loopback of the first namespace, which the other does not reach.
  queues: ['postgres'],
  async run(context, seed) {
    const hosts = await twoHosts(context);
    await untilJoined(context);
    const { promised } = await during(
      context.nodes,
      async () => {
        await pause(1_000 + draw(seed, 1) * 1_000);
        hosts.filter(verdict);
        await pause(forMs);
        hosts.filter(undefined);
      },
      { everyMs: 1_000 },
    );
    const mayRaise = (['vn', 'gb'] as const).flatMap((node) => on(node, 'partner_tls'));
    return { promised, healedAt: Date.now(), alarms: [], mayRaise, seen: { seconds: forMs / 1_000 } };
  },
}));
