import { open } from '../../libs/envelope';
import { asTraoError, TraoError } from '../../libs/errors';
import { percentile, rounded } from './percentiles';
import { failureGroups, type FailureClass, type FailureGroup } from './timing-failures';

/** How long refusals of one class take, beside those of the first class of its group. Times in microseconds by the clock. */
export interface TimingRow {
  readonly group: string;
  readonly failure: string;
  readonly samples: number;
  readonly medianUs: number;
  /** Without the slowest twentieth, which is other work on the machine. */
  readonly meanUs: number;
  readonly medianRatio: number;
  readonly meanRatio: number;
  /** Welch's t of the two means; beyond 4.5 a difference is there, however small it is. */
  readonly welchT: number;
}

const WARM_UP_ROUNDS = 100;
/** The part of the samples that counts, in percent. */
const KEPT_PERCENT = 95;

/** Measures refusals in turns: each round has one of every class, in an order of its own. @param samples of each class */
export async function measureTiming(samples: number): Promise<TimingRow[]> {
  const rows: TimingRow[] = [];
  for (const group of await failureGroups()) {
    await inRounds(group, WARM_UP_ROUNDS);
    const times = await inRounds(group, samples);
    const [reference] = times;
    rows.push(...group.classes.map(({ failure }, at) => rowOf(group.group, failure, times[at]!, reference!)));
  }
  return rows;
}

async function inRounds({ classes }: FailureGroup, rounds: number): Promise<number[][]> {
  const times = classes.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const at of shuffled(classes.length)) times[at]!.push(await timeOf(classes[at]!, round));
  }
  return times;
}

/** Microseconds until the message is refused. @throws TraoError `internal` when it is not */
async function timeOf({ failure, tokens, context }: FailureClass, round: number): Promise<number> {
  const token = tokens[round % tokens.length]!;
  const begun = performance.now();
  const code = await open(token, context).then(
    () => 'opened',
    (error: unknown) => asTraoError(error).code,
  );
  const elapsedUs = (performance.now() - begun) * 1000;
  if (!REFUSALS.includes(code))
    throw new TraoError('internal', { detail: `A message with ${failure} ended as ${code}.` });
  return elapsedUs;
}

const REFUSALS: readonly string[] = ['undecryptable', 'bad_signature', 'unknown_sender'];

function shuffled(length: number): number[] {
  const order = Array.from({ length }, (_, index) => index);
  for (let at = length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}

/** The row of a class from its times and those of the class that it is compared with. */
export function rowOf(
  group: string,
  failure: string,
  times: readonly number[],
  reference: readonly number[],
): TimingRow {
  const [own, other] = [summaryOf(times), summaryOf(reference)];
  const error = Math.sqrt(own.variance / own.kept + other.variance / other.kept);
  return {
    group,
    failure,
    samples: times.length,
    medianUs: rounded(own.median, 1),
    meanUs: rounded(own.mean, 1),
    medianRatio: rounded(own.median / other.median),
    meanRatio: rounded(own.mean / other.mean),
    welchT: error === 0 ? 0 : rounded((own.mean - other.mean) / error, 1),
  };
}

function summaryOf(times: readonly number[]) {
  const sorted = [...times].sort((a, b) => a - b);
  const kept = sorted.slice(0, Math.max(Math.ceil((sorted.length * KEPT_PERCENT) / 100), 1));
  const mean = kept.reduce((sum, time) => sum + time, 0) / kept.length;
  const variance = kept.reduce((sum, time) => sum + (time - mean) ** 2, 0) / Math.max(kept.length - 1, 1);
  return { median: percentile(sorted, 50)!, mean, variance, kept: kept.length };
}
