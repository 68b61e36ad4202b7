/** A promise of the design (I1 to I13), in few words. */
export const PROMISES = {
  I1: 'stored exactly once at the addressed unit, nowhere else',
  I2: 'one verified final receipt at the sender, about the same digest',
  I3: 'nothing is stored that no officer sent',
  I4: 'no state of a sender is ahead of the truth',
  I5: 'the bytes are equal on both sides',
  I6: 'histories and logs are consistent',
  I7: 'no case content outside the places allowed',
  I8: 'queues, claims, connections and memory are back at the baseline',
  I9: 'delivered within 60 s after the fault healed',
  I10: "one partner's failure leaves others alone",
  I11: 'the alarms are those of the fault',
  I12: 'manifests match',
  I13: 'nobody wrote SQL',
} as const;
export type PromiseName = keyof typeof PROMISES;

/** What came of looking at one promise. */
export type PromiseLine =
  | { readonly promise: PromiseName; readonly outcome: 'held' }
  | { readonly promise: PromiseName; readonly outcome: 'broken'; readonly faults: readonly string[] }
  | { readonly promise: PromiseName; readonly outcome: 'not applicable'; readonly reason: string };

export interface PromiseReport {
  /** One for each promise, in order. */
  readonly lines: readonly PromiseLine[];
  /** What is wrong, each beginning with its promise; empty when all hold that apply. */
  readonly faults: readonly string[];
}

/** What a check found wrong; an object with a reason where there was nothing to check. */
export type Finding = readonly string[] | { readonly reason: string };

/** The report of what each check found. A promise without a finding fails: what nobody looked at does not hold. */
export function reportOf(findings: Readonly<Record<PromiseName, Finding>>): PromiseReport {
  const lines = (Object.keys(PROMISES) as PromiseName[]).map((promise): PromiseLine => {
    const finding = findings[promise];
    if ('reason' in finding) return { promise, outcome: 'not applicable', reason: finding.reason };
    if (finding.length === 0) return { promise, outcome: 'held' };
    return { promise, outcome: 'broken', faults: finding };
  });
  return {
    lines,
    faults: lines.flatMap((line) =>
      line.outcome === 'broken' ? line.faults.map((fault) => `${line.promise} ${fault}`) : [],
    ),
  };
}
