import { COUNTS, type Count, type Verdict } from './verdict';

/** What came out of one suite. `cases` is the sum of all counts. */
export interface SuiteResult extends Readonly<Record<Count, number>> {
  readonly name: string;
  /** File, or archive and file in it, or the folder that the suite came from. */
  readonly source: string;
  readonly cases: number;
  /** The cases that were judged wrongly, and those that cannot be read. */
  readonly wrong: readonly CaseRemark[];
  /** The cases whose label is not followed, each with the reason. */
  readonly disputes: readonly CaseRemark[];
  /** Why cases count as refused by policy or as not run, and how many for each reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** What rightly refused cases were refused for, and how many for each code. */
  readonly refusals: Readonly<Record<string, number>>;
}

export interface CaseRemark {
  readonly id: string;
  readonly count: Count;
  readonly why: string;
}

const WRONG: readonly Count[] = ['wronglyAccepted', 'wronglyRejected', 'unreadable'];
/** A list for people; the counts are always whole. */
const MAX_REMARKS = 200;

/** Counts the cases of one suite. */
export class Tally {
  private readonly counts = Object.fromEntries(COUNTS.map((count) => [count, 0])) as Record<Count, number>;
  private readonly wrong: CaseRemark[] = [];
  private readonly disputes: CaseRemark[] = [];
  private readonly reasons = new Map<string, number>();
  private readonly refusals = new Map<string, number>();

  constructor(
    private readonly name: string,
    private readonly source: string,
  ) {}

  add(id: string, { count, why = '' }: Verdict): void {
    this.counts[count] += 1;
    if (WRONG.includes(count)) remark(this.wrong, { id, count, why });
    else if (count === 'disputed') remark(this.disputes, { id, count, why });
    else if (count !== 'passed') increment(this.reasons, why);
    else if (why !== '') increment(this.refusals, why);
  }

  result(): SuiteResult {
    const { name, source, counts, wrong, disputes } = this;
    const cases = COUNTS.reduce((sum, count) => sum + counts[count], 0);
    const [reasons, refusals] = [this.reasons, this.refusals].map((map) => Object.fromEntries(map)) as [Counts, Counts];
    return { name, source, cases, ...counts, wrong, disputes, reasons, refusals };
  }
}

type Counts = Readonly<Record<string, number>>;

const increment = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);

function remark(list: CaseRemark[], entry: CaseRemark): void {
  if (list.length < MAX_REMARKS) list.push(entry);
}

/** True when nothing in the suite was judged wrongly, and nothing was left unread. */
export const isClean = (suite: SuiteResult): boolean => WRONG.every((count) => suite[count] === 0);
