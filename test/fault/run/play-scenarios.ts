import type { QueueKind } from '../../harness/two-nodes';
import { missing, notInstalled, runScenario, SCENARIOS, type Scenario, type ScenarioOutcome } from '../scenarios';
import { shuffled } from './cells';

/** A scenario on a queue. */
export interface Play {
  readonly scenario: Scenario;
  readonly queue: QueueKind;
  readonly seed: number;
}

/** @param names of scenarios, or `all` @throws Error for one that is not there */
export function playsOf(names: readonly string[], queues: readonly QueueKind[], seeds: readonly number[]): Play[] {
  const known = SCENARIOS.map(({ name }) => name);
  const strange = names.find((name) => name !== 'all' && !known.includes(name));
  if (strange) throw new Error(`There is no scenario ${strange}. The scenarios are: ${known.join(', ')}`);
  const chosen = SCENARIOS.filter(({ name }) => names.includes('all') || names.includes(name));
  return seeds.flatMap((seed) =>
    chosen.flatMap((scenario) =>
      queues
        .filter((queue) => scenario.queues === undefined || scenario.queues.includes(queue))
        .map((queue) => ({ scenario, queue, seed })),
    ),
  );
}

/** All scenarios in an order that the seed decides, each on one queue that it decides. */
export function selectedPlays(queues: readonly QueueKind[], seed: number): Play[] {
  const mixed = shuffled(playsOf(['all'], queues, [seed]), seed);
  return mixed.filter((play, index) => mixed.findIndex(({ scenario }) => scenario === play.scenario) === index);
}

/**
 * Runs scenarios one after the other until the list or the time is over. One that this machine cannot run is left out, visibly.
 * @returns what came of those that ran
 * @throws Error in CI for one whose programs are not installed there
 */
export async function playScenarios(plays: readonly Play[], until: number): Promise<ScenarioOutcome[]> {
  const outcomes: ScenarioOutcome[] = [];
  for (const { scenario, queue, seed } of plays) {
    if (Date.now() >= until) break;
    const lacking = missing(scenario.needs ?? []);
    if (lacking.length > 0) {
      const line = `scenario ${scenario.name} needs ${lacking.join(', ')}`;
      // A container of CI may not mount nor make networks; what it needs of Debian it has to have.
      if (process.env['CI'] && notInstalled(lacking).length > 0) throw new Error(line);
      process.stdout.write(`${line}: NOT run\n`);
      continue;
    }
    const outcome = await runScenario(scenario, queue, seed);
    outcomes.push(outcome);
    tell(outcome);
  }
  return outcomes;
}

function tell({ scenario, queue, seed, faults, messages, recoveryMs, tookMs }: ScenarioOutcome): void {
  const held = faults.length === 0 ? 'held' : 'BROKEN';
  const times = `${(tookMs / 1000).toFixed(1)} s, healed in ${(recoveryMs / 1000).toFixed(1)} s, ${messages} messages`;
  process.stdout.write(`scenario ${scenario}/${queue}/${seed} ${held} (${times})\n`);
  for (const fault of faults) process.stdout.write(`  ${fault}\n`);
  if (faults.length > 0)
    process.stdout.write(
      `  replay: npm run faults -- --scenario ${scenario} --queue ${queue} --from ${seed} --seeds 1\n`,
    );
}
