import { People } from './people';
import type { Process } from './stage';
import { Trouble, type Choice } from './trouble';
import type { SimNode, World } from './world';

/** Decides what happens next, until it has decided often enough. */
export class Director {
  readonly people: People;
  private readonly trouble: Trouble;

  constructor(private readonly world: World) {
    this.people = new People(world);
    this.trouble = new Trouble(world);
  }

  async run(): Promise<void> {
    const { world } = this;
    const acts = world.dice.between(40, 180);
    for (let act = 0; act < acts; act += 1) {
      await world.dice.weighted(this.choices())!();
      world.watch.look();
      if (world.watch.breaches.length > 0) return;
    }
  }

  private choices(): Choice[] {
    const { world, people } = this;
    const standing = [...world.stage.tasks].filter(({ resume, process }) => resume && !process.stopped);
    const choices: Choice[] = [
      ...standing.map((task) => ({ weight: 5, item: () => world.stage.resume(task) })),
      ...world.network.movable().map((flight) => ({ weight: 6, item: () => world.network.move(flight) })),
      ...world.network.overdue().map((flight) => ({ weight: 2, item: () => world.network.giveUp(flight) })),
      { weight: 2, item: () => this.wait() },
    ];
    if (people.writings > 0) choices.push({ weight: 4, item: () => people.write() });
    if (people.unanswered.length > 0) choices.push({ weight: 2, item: () => people.pressAgain() });
    for (const node of world.nodes) choices.push(...this.choicesOf(node));
    return choices;
  }

  private choicesOf(node: SimNode): Choice[] {
    const { world, people } = this;
    const { memory, workers } = node;
    const choices: Choice[] = [];
    for (const worker of workers.filter(({ stopped }) => !stopped)) {
      if (!worker.busy.has('relay'))
        choices.push({ weight: 1.5, item: () => this.only(worker, 'relay', () => memory.relay()) });
      if (!worker.busy.has('timers'))
        choices.push({ weight: 0.3, item: () => this.only(worker, 'timers', () => sweep(node)) });
      if (memory.queue.length > 0) choices.push({ weight: 8, item: () => this.job(node, worker) });
    }
    choices.push({ weight: 0.5, item: () => people.open(node) });
    const gaveUp = [...memory.tables.outbox.values()].some(({ state }) => state === 'undeliverable');
    choices.push({ weight: gaveUp ? 3 : 0.2, item: () => people.resendOne(node) });
    if (memory.world !== world.newest) choices.push({ weight: 1, item: () => this.hear(node) });
    for (const process of [...workers, node.gateway])
      if (process.stopped) choices.push({ weight: 0.8, item: () => this.goOn(process) });
    return [...choices, ...this.trouble.choicesOf(node)];
  }

  private wait(): void {
    const { dice, right } = this.world;
    const ms = dice.pick([100, 500, 1_000, 2_000, 5_000, 15_000, 31_000, 120_000]);
    right.advance(ms);
    this.world.note(`${ms / 1000} s pass`);
  }

  /** Work that a process does once at a time. */
  private async only(process: Process, name: string, work: () => Promise<unknown>): Promise<void> {
    process.busy.add(name);
    this.world.note(`${process.node} ${process.name} begins ${name}`);
    await this.world.stage.start(process, name, () => work().finally(() => process.busy.delete(name)));
  }

  private async job({ memory, handedOut, name }: SimNode, worker: Process): Promise<void> {
    const [batch] = memory.queue.splice(this.world.dice.below(memory.queue.length), 1);
    handedOut.push(batch!);
    this.world.note(`${name} ${worker.name} takes job ${batch!.kind} ${batch!.id}`);
    await this.world.stage.start(worker, `${batch!.kind} ${batch!.id}`, () => memory.run(batch!));
  }

  private hear(node: SimNode): void {
    node.memory.world = this.world.newest;
    this.world.note(`${node.name} hears of the newest directory`);
  }

  private goOn(process: Process): void {
    process.stopped = false;
    this.world.note(`${process.node} ${process.name} goes on`);
  }
}

/** Everything that the clock brings about, as the worker does it. */
export async function sweep({ memory }: Pick<SimNode, 'memory'>): Promise<void> {
  await memory.expire();
  await memory.noteOverdue();
  await memory.acknowledgeOpened();
  await memory.reseal();
  await memory.sweep();
}
