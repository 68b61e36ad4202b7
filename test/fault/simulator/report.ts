import { coverageOf, type Totals } from './totals';
import { TRANSITIONS } from './transitions';
import { UNREACHABLE, whyNever } from './unreachable';
import { FAULTS, type FaultName } from './weather';

/** From so many seeds on, a transition that was never taken is a failure. */
export const ALL_COVERED_FROM = 20_000;

const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');

/** How often each transition was taken; those that cannot be are said with their reason. */
export function transitionsTable(totals: Totals): string {
  const { counts } = coverageOf(totals);
  const rows = [...TRANSITIONS].map(([key, { machine, from, on, to }]) => {
    const why = whyNever(TRANSITIONS.get(key)!);
    return [machine, from, on, to, counts.get(key) ?? (why ? `never: ${UNREACHABLE[why]}` : 0)];
  });
  return table(['Machine', 'From', 'Event', 'To', 'Taken'], rows);
}

export function faultsTable({ faults }: Totals): string {
  return table(
    ['Fault', 'Struck'],
    Object.entries(FAULTS).map(([name, says]) => [says, faults[name as FaultName] ?? 0]),
  );
}

/** What is wrong with the totals, a line each; nothing when all is well. */
export function verdictOf(totals: Totals): string[] {
  const { counts } = coverageOf(totals);
  const failed = totals.failures.flatMap(({ seed, start, breaches: [first] }) => [
    `seed ${seed} broke ${first!.promise}: ${first!.what} (from: ${start})`,
    `  replay it with: npm run simulate -- --seed ${seed} --trace`,
  ]);
  const taken = [...TRANSITIONS].flatMap(([key, transition]) =>
    whyNever(transition) && counts.has(key) ? [`taken although it cannot be: ${key}`] : [],
  );
  const missing = [...TRANSITIONS].flatMap(([key, transition]) =>
    whyNever(transition) || counts.has(key) ? [] : [`never taken: ${key}`],
  );
  return [...failed, ...taken, ...(totals.seeds >= ALL_COVERED_FROM ? missing : [])];
}
