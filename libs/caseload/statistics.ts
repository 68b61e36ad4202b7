import type { CaseList, ListedNow } from './case-list';

/** Counts of one row of a table, by the code that it counts. */
export type Counts = ReadonlyMap<string, number>;

/** How long something takes, in whole hours: half of the cases are at most `median`, nine of ten at most `p90`. */
export interface Times {
  readonly count: number;
  readonly medianHours: number;
  readonly p90Hours: number;
}

/** What a unit has done with its referrals in a time: counts only, of this unit alone. They stay in the country. */
export interface UnitStatistics {
  readonly total: number;
  readonly children: number;
  readonly overdue: number;
  readonly byDirection: Counts;
  readonly byMonth: Counts;
  readonly byPurpose: Counts;
  readonly byState: Counts;
  readonly byOutcome: Counts;
  readonly byDecline: Counts;
  readonly toAcknowledgement: Times | undefined;
  readonly toDecision: Times | undefined;
}

const ALL = { offset: 0, limit: Number.MAX_SAFE_INTEGER };
const HOUR_MS = 3_600_000;

/**
 * Counts the referrals of a unit that were opened from `from` to before `to`. An erased case counts nowhere: nothing of it is left
 * to count.
 */
export async function unitStatistics(list: CaseList, from: Date, to: Date, now: Date): Promise<UnitStatistics> {
  const { cases } = await list.find(ALL);
  const counted = cases.filter(({ milestones: { sent } }) => sent !== undefined && isWithin(sent, from, to));
  const by = (codeOf: (one: ListedNow) => string | undefined) => countsOf(counted.map(codeOf));
  return {
    total: counted.length,
    children: counted.filter(({ child }) => child).length,
    overdue: counted.filter(({ duties }) => duties.some(({ due }) => due < now)).length,
    byDirection: by(({ side }) => side),
    byMonth: by(({ milestones }) => milestones.sent?.slice(0, 7)),
    byPurpose: by(({ purpose }) => purpose),
    byState: by((one) => one.now.state),
    byOutcome: by(({ milestones }) => milestones.outcome),
    byDecline: by(({ milestones }) => milestones.declined),
    toAcknowledgement: timesOf(counted.map(({ milestones: { sent, acknowledged } }) => [sent, acknowledged])),
    toDecision: timesOf(counted.map(({ milestones: { acknowledged, decided } }) => [acknowledged, decided])),
  };
}

const isWithin = (at: string, from: Date, to: Date) => new Date(at) >= from && new Date(at) < to;

function countsOf(codes: readonly (string | undefined)[]): Counts {
  const counts = new Map<string, number>();
  for (const code of codes) if (code !== undefined) counts.set(code, (counts.get(code) ?? 0) + 1);
  return new Map([...counts.keys()].toSorted().map((code) => [code, counts.get(code)!]));
}

function timesOf(spans: readonly (readonly [string | undefined, string | undefined])[]): Times | undefined {
  const hours = spans
    .flatMap(([start, end]) => (start && end ? [(Date.parse(end) - Date.parse(start)) / HOUR_MS] : []))
    .toSorted((a, b) => a - b);
  if (hours.length === 0) return undefined;
  const within = (part: number) => Math.round(hours[Math.ceil(hours.length * part) - 1]!);
  return { count: hours.length, medianHours: within(0.5), p90Hours: within(0.9) };
}
