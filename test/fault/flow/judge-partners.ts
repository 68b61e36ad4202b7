import { percentilesOf, rounded } from '../../bench/percentiles';
import type { Flooded } from './flood-order';
import type { Round } from './rounds';

/** I10: others may be slowed down by so much. */
const MOST = 1.2;

/** What the third partner does in a round. */
export const FAULTS = {
  nothing: 'the third partner has nothing to do with us',
  slow: 'answers late, with messages of all lanes waiting for it',
  'its rate': 'sends as much as it may',
  flood: 'sends 50 times as much as it may',
} as const;
export type Fault = keyof typeof FAULTS;

export interface Played extends Round {
  readonly fault: Fault;
  readonly flooded?: Flooded;
  /** While the partner sends what it may send at once; told apart from the rest. */
  readonly beginning?: Round;
}

export interface PartnerRow {
  readonly fault: Fault;
  readonly rounds: number;
  readonly messages: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Against the rounds in which nothing happened; of a flood, against those in which the same partner sends what it may. */
  readonly p50Ratio: number | null;
  readonly p99Ratio: number | null;
  readonly against: Fault;
  /** The same ratio of the p99 within each turn, and of those the median: what others do to the machine in one turn counts once. */
  readonly p99RatioOfTurns: number | null;
  /** In the first seconds of the fault. */
  readonly p99BeginningMs: number | null;
  /** The p99 of each round, in order: what the machine does by itself shows here. */
  readonly p99OfRoundsMs: readonly (number | null)[];
  /** CPU of each process a second, mean of the rounds. */
  readonly cpu: Readonly<Record<string, number>>;
}

/** One row for each fault. The times of all its rounds are taken together. */
export function rowsOf(rounds: readonly Played[]): PartnerRow[] {
  const names = (Object.keys(FAULTS) as Fault[]).filter((fault) => rounds.some((round) => round.fault === fault));
  const all = names.map((fault) => rounds.filter((round) => round.fault === fault));
  const ends = all.map((mine) => percentilesOf(mine.flatMap(({ times }) => times)));
  return names.map((fault, index) => {
    const mine = all[index]!;
    const { p50, p99 } = ends[index]!;
    const against: Fault = fault === 'flood' && names.includes('its rate') ? 'its rate' : 'nothing';
    const still = ends[names.indexOf(against)];
    const beginning = mine.flatMap((round) => round.beginning?.times ?? []);
    const ratio = (value: number | null, base: number | null | undefined) =>
      value === null || !base ? null : rounded(value / base, 2);
    return {
      fault,
      rounds: mine.length,
      messages: mine.reduce((sum, { times }) => sum + times.length, 0),
      p50Ms: rounded(p50, 0),
      p99Ms: rounded(p99, 0),
      p50Ratio: ratio(p50, still?.p50),
      p99Ratio: ratio(p99, still?.p99),
      against,
      p99RatioOfTurns: medianRatio(
        mine,
        rounds.filter((round) => round.fault === against),
      ),
      p99BeginningMs: rounded(percentilesOf(beginning).p99, 0),
      p99OfRoundsMs: mine.map(({ times }) => rounded(percentilesOf(times).p99, 0)),
      cpu: meanCpu(mine),
    };
  });
}

/** Rounds of one turn stand at the same place in both lists. */
function medianRatio(rounds: readonly Round[], base: readonly Round[]): number | null {
  const p99 = ({ times }: Round) => percentilesOf(times).p99;
  const ratios = rounds.flatMap((round, turn) => {
    const [mine, its] = [p99(round), base[turn] && p99(base[turn])];
    return mine === null || !its ? [] : [mine / its];
  });
  return rounded(percentilesOf(ratios).p50, 2);
}

function meanCpu(rounds: readonly Round[]): Record<string, number> {
  const names = Object.keys(rounds[0]?.cpu ?? {});
  const mean = (name: string) => rounds.reduce((sum, { cpu }) => sum + (cpu[name] ?? 0), 0) / rounds.length;
  return Object.fromEntries(names.map((name) => [name, rounded(mean(name), 2)]));
}

const IS_TROUBLE: Readonly<Record<Fault, boolean>> = { nothing: false, slow: true, 'its rate': false, flood: true };

/** I10: what of others' p99 changed by 20 % or more. To send what one may is no trouble: that has to be carried. */
export const slowedDown = (rows: readonly PartnerRow[]): string[] =>
  rows
    .filter(({ fault, p99Ratio }) => IS_TROUBLE[fault] && (p99Ratio === null || p99Ratio >= MOST))
    .map(
      ({ fault, p99Ratio }) => `p99 of another partner is ${p99Ratio} times as long: the third one ${FAULTS[fault]}`,
    );

/** What a flood must and must not do to the one who floods, one line each. */
export function floodFaults(rounds: readonly Played[]): string[] {
  return rounds.flatMap(({ fault, flooded }) => {
    if (!flooded) return [];
    const { normal, emergencies } = flooded;
    const strange = [...Object.entries(normal.other), ...Object.entries(emergencies.other)];
    return [
      ...strange.map(([what, count]) => `${fault}: ${count} requests ended with ${what}`),
      ...(emergencies.taken < emergencies.asked || emergencies.asked === 0
        ? [`${fault}: ${emergencies.taken} of ${emergencies.asked} emergencies got through`]
        : []),
      ...(fault === 'flood' && normal.putOff === 0 ? ['flood: nothing was put off'] : []),
    ];
  });
}

/** For people. */
export function tableOf(rows: readonly PartnerRow[], rounds: readonly Played[]): string {
  const lines = rows.map((row) => {
    const { fault, messages, p50Ms, p99Ms, p50Ratio, p99Ratio, against, p99RatioOfTurns } = row;
    const times = [row.p99OfRoundsMs.join(', '), row.p99BeginningMs];
    const cells = [fault, messages, p50Ms, p99Ms, p50Ratio, p99Ratio, p99RatioOfTurns, against, ...times];
    return `| ${cells.join(' | ')} |`;
  });
  const floods = rounds.flatMap(({ fault, flooded }) =>
    flooded
      ? [
          `${fault}: ${flooded.perS}/s asked, ${flooded.normal.taken} taken, ${flooded.normal.putOff} put off; ` +
            `${flooded.emergencies.taken} of ${flooded.emergencies.asked} emergencies taken, the slowest in ${flooded.emergencies.slowestMs} ms`,
        ]
      : [],
  );
  const busy = rows.map(
    ({ fault, cpu }) =>
      `CPU ${fault}: ${Object.entries(cpu)
        .map(([name, s]) => `${name} ${s}`)
        .join(', ')}`,
  );
  const head = [
    'third partner',
    'messages',
    'p50 ms',
    'p99 ms',
    'p50 ×',
    'p99 ×',
    'p99 × within turns',
    'against',
    'p99 of each round',
    'p99 as it begins',
  ];
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...lines, '', ...floods, ...busy].join('\n');
}
