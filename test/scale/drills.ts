import type { NodeId } from '../harness/two-nodes';
import type { AppKind } from './app-process';
import type { ScaledNetwork } from './scaled-network';

/** Something that ends, and what brings it back. */
export interface Drill {
  readonly name: string;
  /** What happens, for the table. */
  readonly what: string;
  /** Before the traffic; what is prepared here stays for the drill. */
  readonly prepare?: (network: ScaledNetwork) => Promise<void>;
  readonly strike: (network: ScaledNetwork) => Promise<void>;
  /** Done while the node is down, as its operators or their init system would. Absent where the node must help itself. */
  readonly help?: (network: ScaledNetwork) => Promise<void>;
  /** How long after the strike the help comes. */
  readonly helpAfterMs?: number;
  /** After the measurement: all is there again for the next drill. */
  readonly mend?: (network: ScaledNetwork) => Promise<void>;
}

/** The machines of this node are struck; the other one is its partner. */
const STRUCK: NodeId = 'vn';

/** One of two machines of a kind loses its power; the other one goes on alone. */
const powerCut = (kind: AppKind): Drill => ({
  name: kind,
  what: `one of two ${kind}s loses its power`,
  strike: (network) => network.nodes[STRUCK].apps[kind][0]!.host.cut(),
  async mend(network) {
    const node = network.nodes[STRUCK];
    const app = node.apps[kind][0]!;
    app.host.mend();
    await app.start();
    if (kind !== 'worker') await node.haproxy.untilUp(`${kind}s_ready`, 2);
  },
});

/** A crash that an init system answers: the proxy is up again two seconds later. */
const haproxy: Drill = {
  name: 'haproxy',
  what: 'haproxy is killed and started again after 2 s',
  strike: (network) => network.nodes[STRUCK].haproxy.kill(),
  async help(network) {
    network.nodes[STRUCK].haproxy.start();
  },
  helpAfterMs: 2_000,
};

const postgres: Drill = {
  name: 'postgres-primary',
  what: 'the primary loses its power; the standby is promoted after 5 s',
  strike: (network) => network.nodes[STRUCK].postgres.primary.host.cut(),
  help: (network) => network.nodes[STRUCK].postgres.promote(),
  helpAfterMs: 5_000,
  async mend(network) {
    const { postgres: pair, haproxy: proxy } = network.nodes[STRUCK];
    pair.standby.host.mend();
    await pair.pair();
    await proxy.untilUp('postgres', 1);
  },
};

const standby: Drill = {
  name: 'postgres-standby',
  what: 'the standby loses its power, so that nothing can be confirmed; it is back after 10 s',
  strike: (network) => network.nodes[STRUCK].postgres.standby.host.cut(),
  async help(network) {
    const { standby: server } = network.nodes[STRUCK].postgres;
    server.host.mend();
    await server.start();
  },
  helpAfterMs: 10_000,
};

/** What the others are to be compared with: on a busy machine messages take their time without any fault. */
const calm: Drill = { name: 'calm', what: 'nothing, for comparison', strike: async () => undefined };

export const DRILLS: readonly Drill[] = [
  calm,
  powerCut('gateway'),
  powerCut('worker'),
  powerCut('office'),
  haproxy,
  postgres,
  standby,
];
