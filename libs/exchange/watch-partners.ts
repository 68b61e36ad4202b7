import { asTraoError } from '../errors';
import { adoptNewest, holdAgainst, type Copy } from './adopt-newest';
import { judgeClock, type ClockVerdict } from './judge-clock';
import type { PartnerAnswer, PartnerWatch, WatchPorts } from './watch-ports';

/** Partners that are asked at the same time. */
const AT_ONCE = 8;
/** For so long a partner may serve an older directory: somebody has to put a file in place there, or its own watch will. */
const BEHIND_MS = 24 * 3_600_000;

interface Asked {
  readonly partner: string;
  /** The version that it serves, as far as can be told. */
  readonly version?: number | undefined;
  readonly answer?: PartnerAnswer;
  readonly copy?: Copy;
  /** Why there is no answer. */
  readonly code?: string;
}

/** What a look at all partners has shown. */
export interface WatchReport {
  /** The version in force after it. */
  readonly version: number;
  /** How many partners were asked, and how many answered. */
  readonly asked: number;
  readonly answered: number;
  readonly clock: ClockVerdict;
}

/**
 * Asks all partners for their directory and their clock, adopts the newest valid version, and tells people of what is wrong: copies that
 * are refused, forks, partners that stay behind, clocks that differ. Nothing of it stops the work: what is in force stays in force.
 */
export async function watchPartners(ports: WatchPorts): Promise<WatchReport> {
  const ids = ports.self
    .partners()
    .partnersOf(ports.self.node)
    .map(({ id }) => id);
  const known = new Map((await ports.store.known()).map((watch) => [watch.partner, watch]));
  const asked: Asked[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE)
    asked.push(...(await Promise.all(ids.slice(at, at + AT_ONCE).map((partner) => ask(partner, ports)))));

  const version = await adoptNewest(
    asked.flatMap(({ copy }) => copy ?? []),
    ports,
  );
  const watches = asked.map((one) => noted(one, version, known.get(one.partner), ports.clock.now()));
  await ports.store.note(watches);
  for (const watch of watches) await tellBehind(watch, version, ports);
  const clock = judgeClock(asked.flatMap(({ partner, answer }) => (answer ? [{ partner, ...answer.clock }] : [])));
  await tellClocks(clock, ports);
  return { version, asked: asked.length, answered: asked.filter(({ answer }) => answer).length, clock };
}

async function ask(partner: string, ports: WatchPorts): Promise<Asked> {
  try {
    const { version } = ports.self.partners().directory;
    const answer = await ports.ask(partner, ports.directory.tag());
    if (!answer.signed) return { partner, answer, version };
    const copy = await holdAgainst(partner, answer.signed, ports);
    return { partner, answer, copy, version: copy.comparison.version };
  } catch (error) {
    return { partner, code: asTraoError(error).code };
  }
}

function noted(
  { partner, answer, copy, code, version }: Asked,
  inForce: number,
  known: PartnerWatch | undefined,
  now: Date,
): PartnerWatch {
  const unheard = { answeredAt: undefined, version: undefined, behindSince: undefined, clock: undefined };
  if (!answer) return { ...unheard, ...known, partner, askedAt: now, code };
  const refused = copy?.comparison.kind === 'refused' ? copy.comparison.code : undefined;
  const behind = version !== undefined && version < inForce;
  return {
    partner,
    askedAt: now,
    answeredAt: now,
    version,
    behindSince: behind ? (known?.behindSince ?? now) : undefined,
    clock: answer.clock,
    code: refused,
  };
}

async function tellBehind(
  { partner, behindSince, askedAt, version }: PartnerWatch,
  inForce: number,
  { raiseAlarm }: WatchPorts,
) {
  if (!behindSince || askedAt.getTime() - behindSince.getTime() < BEHIND_MS) return;
  await raiseAlarm('directory_behind', partner, undefined, {
    detail: `It serves version ${version}; ${inForce} is in force.`,
    once: `directory_behind ${partner} ${inForce}`,
  });
}

/** Once a day for each clock, for as long as it is wrong. */
async function tellClocks({ ours, theirs }: ClockVerdict, { raiseAlarm, self, clock }: WatchPorts): Promise<void> {
  const day = clock.now().toISOString().slice(0, 10);
  const off = [
    ...(ours ? [{ subject: self.node, offMs: ours.offMs }] : []),
    ...theirs.map(({ partner, offMs }) => ({ subject: partner, offMs })),
  ];
  for (const { subject, offMs } of off)
    await raiseAlarm('clock_skew', subject, 'clock_skew', {
      detail: sayOff(offMs),
      once: `clock_skew ${subject} ${day}`,
    });
}

/** How wrong a clock is, in words. */
export function sayOff(offMs: number): string {
  return `The clock is ${Math.round(Math.abs(offMs) / 1000)} s ${offMs < 0 ? 'behind' : 'ahead'}.`;
}
