import { TraoError } from '../../../libs/errors';
import { fictionalWorld, type FictionalWorld } from '../../fakes/fictional-world';
import { makePair, type FictionalPair } from '../../fakes/fictional-keys';
import { ManualClock } from '../../fakes/manual-clock';
import type { MemoryNode } from '../../fakes/memory-node';
import { replaceKeys, withPair } from '../../fakes/rotation';
import { Dice } from './dice';
import { gatePorts, Gates } from './gates';
import { UNITS } from './moves';
import { Network, type Flight } from './network';
import { NodeClock } from './node-clock';
import { replaceCall } from './replace-call';
import { Process, Stage } from './stage';
import { nodesAt, CROSSINGS, START_POINTS, startPoint, type StartPoint } from './start-points';
import { FaultCounts, FAULTS, weatherOf, type FaultName, type Weather } from './weather';
import { Watch } from './watch';

/** A node with its processes: one gateway, two workers, one office, over the same tables. */
export interface SimNode {
  readonly name: string;
  readonly memory: MemoryNode;
  readonly clock: NodeClock;
  readonly gateway: Process;
  readonly workers: readonly Process[];
  readonly office: Process;
  /** Jobs that were handed out: a queue may hand one out again. */
  readonly handedOut: MemoryNode['queue'];
  /** Until when its gateway cannot be reached, in milliseconds of the right time. */
  downUntil: number;
}

export interface WorldOptions {
  /** Called with every step. */
  readonly trace?: ((line: string) => void) | undefined;
  /** Changes a node before the run: a bug that is planted. */
  readonly plant?: ((node: MemoryNode) => void) | undefined;
}

/** How many runs begin with messages that cross. */
const CROSSED = 0.08;

/** Everything of one run. */
export class World {
  readonly dice: Dice;
  readonly right: ManualClock;
  readonly stage = new Stage();
  readonly faults = new FaultCounts();
  readonly weather: Weather;
  readonly gates: Gates;
  readonly network: Network;
  readonly nodes: readonly SimNode[];
  readonly watch: Watch;
  /** How far a clock was ahead at most, in milliseconds: what it put off stays put off when it is right again. */
  aheadMs = 0;
  /** The directory that all have agreed on; nodes may not have heard of it. */
  newest: FictionalWorld;
  private rotations: readonly string[] = [];

  private constructor(
    readonly seed: number,
    readonly start: StartPoint,
    /** Moves that are to cross each other. */
    readonly crossing: readonly string[],
    first: FictionalWorld,
    dice: Dice,
    private readonly options: WorldOptions,
  ) {
    this.dice = dice;
    this.right = new ManualClock(start.at);
    this.right.advance(60_000);
    this.weather = weatherOf(dice);
    this.newest = first;
    const strike = (fault: FaultName, what: string) => {
      this.faults.add(fault);
      this.note(`fault: ${FAULTS[fault]}: ${what}`);
    };
    this.gates = new Gates(this.stage, dice, strike);
    this.gates.weather = this.weather;
    this.gates.parking = 0.05 + 0.3 * dice.next();
    this.network = new Network({
      stage: this.stage,
      dice,
      weather: () => this.gates.weather,
      strike,
      isUp: (node) => this.now() >= this.node(node).downUntil,
      serve: (flight) => this.serve(flight),
      note: (what) => this.note(what),
      now: () => this.now(),
    });
    const clocks: Record<string, NodeClock> = { vn: new NodeClock(this.right), gb: new NodeClock(this.right) };
    const memories = nodesAt(start, first, (name) => clocks[name]!, dice.next);
    this.watch = new Watch(memories, start);
    this.nodes = Object.entries(memories).map(([name, memory]) => this.populate(name, memory, clocks[name]!));
  }

  static async begin(seed: number, options: WorldOptions = {}): Promise<World> {
    const dice = new Dice(seed);
    const [name, ...crossing] = dice.chance(CROSSED) ? dice.pick(CROSSINGS) : [dice.pick(START_POINTS)];
    return new World(seed, await startPoint(name), crossing, await fictionalWorld(), dice, options);
  }

  private populate(name: string, memory: MemoryNode, clock: NodeClock): SimNode {
    memory.link = this.network.linkOf(name);
    this.options.plant?.(memory);
    // A database answers rows in any order.
    replaceCall(
      memory.ports.acknowledge,
      'begin',
      (begin) => async (batch) => this.dice.shuffled((await begin(batch)) as unknown[]),
    );
    this.watch.listen(memory);
    gatePorts(memory.ports, this.gates);
    const process = (kind: string) => new Process(name, kind);
    const workers = [process('worker 1'), process('worker 2')];
    const [gateway, office] = [process('gateway'), process('office')];
    gateway.died = () => this.network.interrupt(name);
    return { name, memory, clock, gateway, workers, office, handedOut: [], downUntil: 0 };
  }

  node(name: string): SimNode {
    return this.nodes.find((node) => node.name === name)!;
  }

  /** The right time, in milliseconds. */
  now(): number {
    return this.right.now().getTime();
  }

  strike(fault: FaultName, what: string): void {
    this.faults.add(fault);
    this.note(`fault: ${FAULTS[fault]}: ${what}`);
  }

  note(what: string): void {
    this.options.trace?.(`${this.right.now().toISOString()} ${what}`);
  }

  private async serve(flight: Flight): Promise<void> {
    const { gateway, memory } = this.node(flight.to);
    this.note(`${flight.to} gateway takes request ${flight.id} (${flight.kind}, ${flight.tokens.length})`);
    await this.stage.start(gateway, `request ${flight.id}`, async () => {
      const serving =
        flight.kind === 'messages'
          ? memory.accept(flight.tokens, flight.from)
          : memory.settle(flight.tokens, flight.from);
      const answer = await serving.catch((error: unknown) => {
        if (!(error instanceof TraoError)) throw error;
        return new TraoError('partner_error', { cause: error });
      });
      this.network.answered(flight, answer);
    });
  }

  /** The unit of a node destroys its key and takes another. The node itself has heard of it; its partner may not have. */
  async rotate(node: SimNode): Promise<void> {
    this.rotations = [...this.rotations, node.name];
    const { world, pair } = await rotated(this.rotations);
    this.newest = world;
    node.memory.world = world;
    await replaceKeys(node.memory, UNITS[node.name]!, pair);
    this.note(`${node.name} has a new key ${pair.kid}`);
  }
}

interface Rotated {
  readonly world: FictionalWorld;
  readonly pair: FictionalPair;
}

const worlds = new Map<string, Promise<Rotated>>();

/** The world after these nodes have changed their keys, one after the other; made once per process. */
function rotated(order: readonly string[]): Promise<Rotated> {
  const key = order.join(' ');
  let made = worlds.get(key);
  if (!made) worlds.set(key, (made = rotate(order)));
  return made;
}

async function rotate(order: readonly string[]): Promise<Rotated> {
  const before = order.length === 1 ? await fictionalWorld() : (await rotated(order.slice(0, -1))).world;
  const unit = UNITS[order.at(-1)!]!;
  const suite = before.directory.nodes.find(({ units }) => units.some(({ id }) => id === unit))!.suites[0]!;
  const pair = await makePair(`${unit}.new${order.length}`, suite);
  return { world: withPair(before, unit, pair), pair };
}
