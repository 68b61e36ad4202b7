import { OTHER } from './moves';
import type { SimNode, World } from './world';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** How long a partner may be away, in milliseconds. */
const OUTAGES_MS = [1_000, 5_000, 20_000, 60_000, 30 * MINUTE];

export type Act = () => Promise<void> | void;
export interface Choice {
  readonly weight: number;
  readonly item: Act;
}

/** Faults that strike a node between the calls of its work. */
export class Trouble {
  constructor(private readonly world: World) {}

  /** Each fault at its own rate; a rate of 0.1 is about one in a run. */
  choicesOf(node: SimNode): Choice[] {
    const { world } = this;
    const { weather } = world.gates;
    const at = (rate: number, item: Act): Choice => ({ weight: rate * 5, item });
    const faults: Choice[] = [
      at(weather.stand_still, () => this.standStill(node)),
      at(weather.down, () => this.goDown(node, world.dice.pick(OUTAGES_MS))),
      at(weather.flush, () => this.flush(node)),
      at(weather.again, () => this.again(node)),
      at(weather.clock_forward, () => this.skew(node, world.dice.between(1, 240) * 1_000, 'clock_forward')),
      at(weather.clock_back, () => this.skew(node, -world.dice.between(1, 240) * 1_000, 'clock_back')),
      at(weather.rotate, () => this.rotate(node)),
      at(weather.long_wait, () => this.longWait(node)),
      at(weather.wild_clock, () => this.skew(node, world.dice.between(-15 * 24, 40 * 24) * 60 * MINUTE, 'wild_clock')),
    ];
    return faults.filter(({ weight }) => weight > 0);
  }

  private standStill(node: SimNode): void {
    const { dice, right } = this.world;
    const running = [node.gateway, ...node.workers].filter(({ stopped }) => !stopped);
    // Rather one that has something in hand.
    const atWork = running.filter((process) => [...this.world.stage.tasks].some((task) => task.process === process));
    if (running.length === 0) return;
    const process = dice.pick(atWork.length > 0 ? atWork : running);
    process.stopped = true;
    this.world.strike('stand_still', `${process.node} ${process.name}`);
    right.advance(dice.between(31, 95) * 1_000);
  }

  private goDown(node: SimNode, ms: number): void {
    node.downUntil = Math.max(node.downUntil, this.world.now() + ms);
    this.world.strike('down', `${node.name} for ${ms / 1000} s`);
  }

  private flush({ memory, name }: SimNode): void {
    if (memory.queue.length === 0) return;
    this.world.strike('flush', `${name}, ${memory.queue.length} jobs`);
    memory.queue.length = 0;
  }

  private again({ memory, handedOut, name }: SimNode): void {
    if (handedOut.length === 0) return;
    // Rather one that is still at work.
    const names = new Set([...this.world.stage.tasks].map((task) => task.name));
    const atWork = handedOut.filter(({ kind, id }) => names.has(`${kind} ${id}`));
    const batch = this.world.dice.pick(atWork.length > 0 ? atWork : handedOut.slice(-2));
    memory.queue.push(batch);
    this.world.strike('again', `${name}, ${batch.kind} ${batch.id}`);
  }

  private skew(node: SimNode, ms: number, fault: 'clock_forward' | 'clock_back' | 'wild_clock'): void {
    node.clock.skewMs = ms;
    this.world.aheadMs = Math.max(this.world.aheadMs, ms);
    this.world.strike(fault, `${node.name} is ${ms / 1000} s off`);
  }

  private async rotate(node: SimNode): Promise<void> {
    this.world.strike('rotate', node.name);
    await this.world.rotate(node);
  }

  /** Nobody reaches the partner for days: what is not received expires, and what was received is proven late. */
  private longWait(node: SimNode): void {
    const days = this.world.dice.between(5, 35);
    // A worker that waits for an answer may stand still all the while.
    for (const { caller } of this.world.network.flights) {
      const process = caller?.task.process;
      if (process && process.node !== node.name && this.world.dice.chance(0.5)) process.stopped = true;
    }
    this.world.strike('long_wait', `${OTHER[node.name]} does not reach ${node.name} for ${days} days`);
    node.downUntil = this.world.now() + days * DAY + 1;
    this.world.right.advance(days * DAY);
  }
}
