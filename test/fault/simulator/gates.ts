import { TraoError } from '../../../libs/errors';
import type { Dice } from './dice';
import type { Process, Stage } from './stage';
import { CALM, type FaultName, type Weather } from './weather';

/** Store calls within one transaction, at most, before which it may be ended. */
const DEEPEST = 4;

/** What happens at the calls of ports: where processes die, connections break and others get their turn. */
export class Gates {
  weather: Weather = CALM;
  /** How often a task stands at a gate while others go on. */
  parking = 0;

  constructor(
    private readonly stage: Stage,
    private readonly dice: Dice,
    private readonly strike: (fault: FaultName, what: string) => void,
  ) {}

  async before(call: string, isDatabase: boolean): Promise<void> {
    const { stage, dice, weather } = this;
    if (!stage.current) return;
    if (dice.chance(weather.die_before)) await this.die('die_before', call);
    if (isDatabase && dice.chance(weather.cut_before)) this.cut('cut_before', call);
    if (dice.chance(this.parkingAt(call))) await stage.park();
  }

  async after(call: string, isDatabase: boolean): Promise<void> {
    const { stage, dice, weather } = this;
    if (!stage.current) return;
    if (dice.chance(weather.die_after)) await this.die('die_after', call);
    if (isDatabase && dice.chance(weather.cut_after)) this.cut('cut_after', call);
    if (dice.chance(this.parkingAt(call))) await stage.park();
  }

  /** Runs a transaction, which may end at one of its store calls: then nothing of it happened. */
  async transaction<S extends object, T>(
    call: string,
    work: (store: S) => Promise<T>,
    run: (work: (store: S) => Promise<T>) => Promise<T>,
  ): Promise<T> {
    const end = this.endOf();
    if (!end) return run(work);
    let struck: string | undefined;
    const rolledBack = new Error('rolled back');
    try {
      return await run(
        (store) =>
          new Promise<T>((resolve, reject) => {
            let calls = end.after;
            const doomed = guarded(store, (name) => {
              if (struck !== undefined || (calls -= 1) >= 0) return false;
              struck = `${call} ${name}`;
              reject(rolledBack);
              return true;
            });
            work(doomed).then(resolve, reject);
          }),
      );
    } catch (error) {
      if (error !== rolledBack) throw error;
      if (end.fault === 'die_inside') return await this.die(end.fault, struck!);
      return this.cut(end.fault, struck!);
    }
  }

  /** What comes before an end in a transaction is where a worker that stood still does harm. */
  private parkingAt(call: string): number {
    return call.endsWith('.transaction') || call.endsWith('.finish') ? Math.min(0.8, this.parking * 2.5) : this.parking;
  }

  private endOf() {
    const { dice, weather, stage } = this;
    if (!stage.current) return undefined;
    if (dice.chance(weather.die_inside)) return { fault: 'die_inside', after: dice.below(DEEPEST) } as const;
    if (dice.chance(weather.cut_inside)) return { fault: 'cut_inside', after: dice.below(DEEPEST) } as const;
    return undefined;
  }

  private async die(fault: FaultName, call: string): Promise<never> {
    const { process } = this.stage.current!;
    this.strike(fault, `${nameOf(process)} at ${call}`);
    return (await this.stage.kill(process))!;
  }

  private cut(fault: FaultName, call: string): never {
    this.strike(fault, `${nameOf(this.stage.current!.process)} at ${call}`);
    throw new TraoError('database_unavailable');
  }
}

const nameOf = ({ node, name }: Process) => `${node} ${name}`;

type Call = (...args: unknown[]) => Promise<unknown>;

/** A store whose calls never come back once `isOver` says so. */
function guarded<S extends object>(store: S, isOver: (name: string) => boolean): S {
  const calls = Object.entries(store).map(([name, call]) => [
    name,
    (...args: unknown[]) => (isOver(name) ? new Promise<never>(() => undefined) : (call as Call)(...args)),
  ]);
  return Object.fromEntries(calls) as S;
}

/** What is no call to the outside. */
const INSIDE = ['self', 'keys', 'clock', 'random', 'newId', 'deadlinesFor', 'scan', 'hasScanner', 'limits'];
const LINKS = ['post', 'link'];

/** Puts a gate before and after every call that the use cases make over their ports. */
export function gatePorts(ports: object, gates: Gates): void {
  for (const [useCase, own] of Object.entries(ports) as [string, Record<string, unknown>][]) {
    for (const [name, value] of Object.entries(own)) {
      if (INSIDE.includes(name)) continue;
      if (typeof value === 'function') own[name] = gated(`${useCase}.${name}`, value as Call, gates, name);
      else if (name === 'store') own[name] = gatedStore(useCase, value as object, gates);
    }
  }
}

function gatedStore(useCase: string, store: object, gates: Gates): object {
  const calls = Object.entries(store).map(([name, call]) => [
    name,
    gated(`${useCase}.${name}`, call as Call, gates, name),
  ]);
  return Object.fromEntries(calls) as object;
}

function gated(label: string, call: Call, gates: Gates, name: string): Call {
  const isDatabase = !LINKS.includes(name) && name !== 'enqueue';
  return async (...args) => {
    await gates.before(label, isDatabase);
    const work = args.at(-1);
    const result = await (isDatabase && typeof work === 'function'
      ? gates.transaction(label, work as (store: object) => Promise<unknown>, (guard) =>
          call(...args.slice(0, -1), guard),
        )
      : call(...args));
    await gates.after(label, isDatabase);
    return result;
  };
}
