import type { MemoryNode } from '../../fakes/memory-node';
import { sweep, type Director } from './director';
import type { World } from './world';
import { CALM } from './weather';

/** Rounds after which it is plain that something never settles. */
const ROUNDS = 400;
const LONGEST_STEP_MS = 30_000;
const FAR_MS = 3_600_000;
/** Rounds without progress, more than any circuit stays open: claims made by a clock that was ahead hold a lane. */
const BLOCKED_ROUNDS = 45;

/**
 * Mends everything and lets both nodes work until nothing is left.
 * @returns the simulated time that this took, in milliseconds
 */
export async function heal(world: World, director: Director): Promise<number> {
  world.note('everything is mended');
  world.gates.weather = CALM;
  world.gates.parking = 0;
  for (const node of world.nodes) {
    node.clock.skewMs = 0;
    node.downUntil = 0;
    node.memory.world = world.newest;
    for (const process of [node.gateway, node.office, ...node.workers]) process.stopped = false;
  }
  const begun = world.now();
  let waited = 0;
  let patient = 0;
  let idle = 0;
  let settledAt = begun;
  await finish(world);
  await director.people.pressAll();
  for (let round = 0; round < ROUNDS && world.watch.breaches.length === 0; round += 1) {
    director.people.recover();
    let jobs = 0;
    for (const { memory, workers } of world.nodes) {
      const [first, second] = workers as [(typeof workers)[0], (typeof workers)[0]];
      await world.stage.start(first, 'timers', () => sweep({ memory }));
      await world.stage.start(first, 'relay', () => memory.relay());
      // That a held message is looked at again is no progress.
      const hasNew = [...memory.tables.inbox.values()].some(({ state }) => state === 'stored');
      jobs += memory.queue.filter(({ kind }) => kind !== 'ingest' || hasNew).length;
      for (const [at, batch] of memory.queue.splice(0).entries())
        await world.stage.start(at % 2 === 0 ? first : second, `${batch.kind} ${batch.id}`, () => memory.run(batch));
      await finish(world);
    }
    if (world.nodes.every(({ memory }) => isSettled(memory)) && world.network.flights.length === 0) break;
    // A copy of a request that comes late must change nothing: that is waited for, and does not count.
    if (!world.nodes.every(({ memory }) => isSettled(memory))) settledAt = world.now();
    idle = jobs > 0 ? 0 : idle + 1;
    patient = onlyHeld(world) ? patient + 1 : 0;
    if (patient > PATIENT_ROUNDS) {
      waited += HELD_MS;
      world.right.advance(HELD_MS);
    } else world.right.advance(untilDue(world, idle));
  }
  return settledAt - begun - waited;
}

/** A message that waits for an earlier one, or for its own time, is held for a day at most and then refused. */
const HELD_MS = 24 * 3_600_000;
/** Looks at held messages after which it is plain that only time ends their wait. */
const PATIENT_ROUNDS = 3;

/** True when nothing is left but messages that are held. */
function onlyHeld({ nodes }: World): boolean {
  return nodes.every(
    ({ memory: { tables } }) =>
      ![...tables.outbox.values()].some(({ state }) => state === 'queued' || state === 'sending') &&
      ![...tables.inbox.values()].some(({ state }) => state === 'stored') &&
      ![...tables.receipts.values()].some(({ place }) => place === 'waiting'),
  );
}

/** Lets everything that stands or travels go to its end. */
async function finish(world: World): Promise<void> {
  for (;;) {
    const standing = [...world.stage.tasks].find(({ resume }) => resume);
    const [flight] = world.network.movable();
    if (standing) await world.stage.resume(standing);
    else if (flight) await world.network.move(flight);
    else return;
    world.watch.look();
  }
}

const isSettled = ({ tables, queue }: MemoryNode): boolean =>
  queue.length === 0 &&
  dueTimes(tables).length === 0 &&
  ![...tables.inbox.values()].some(({ state }) => state === 'held');

/** When the rows are due that still wait for something; what is held waits for other rows. */
function dueTimes({ outbox, inbox, receipts, batches }: MemoryNode['tables']): number[] {
  const claims = new Map(
    [...batches.values()].flatMap(({ keys, until }) => keys.map((key) => [key, until.getTime()] as const)),
  );
  const times: number[] = [];
  const due = (key: string, dueAt: Date) => times.push(Math.max(dueAt.getTime(), claims.get(key) ?? 0));
  for (const [key, { state, dueAt, code, resealAt }] of outbox) {
    if (state === 'queued' || state === 'sending') due(key, dueAt);
    // What was given up for good is never looked at again.
    if (state === 'refused' && code === 'stale_key' && !isNever(resealAt)) times.push(resealAt?.getTime() ?? 0);
  }
  for (const [key, { state, dueAt }] of inbox) if (state === 'stored') due(key, dueAt);
  for (const [key, { place, dueAt }] of receipts) if (place === 'waiting') due(key, dueAt);
  return times;
}

const isNever = (time: Date | undefined) => time !== undefined && time.getTime() === 8_640_000_000_000_000;

/** @param idle rounds in which there was nothing to do: a circuit that is open is waited for with longer steps */
function untilDue({ nodes, right }: World, idle: number): number {
  const now = right.now().getTime();
  const waits = nodes.flatMap(({ memory }) => dueTimes(memory.tables)).map((time) => time - now);
  const [next = 0] = waits.filter((wait) => wait > 0).toSorted((a, b) => a - b);
  // What a clock that was ahead has put off for long is waited for in one step.
  const isBlocked = idle > BLOCKED_ROUNDS || !waits.some((wait) => wait <= 0);
  if (next > FAR_MS && isBlocked) return next;
  return Math.min(LONGEST_STEP_MS, Math.max(500 * 2 ** Math.min(idle, 6), next));
}
