import { fork } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { faultsTable, transitionsTable, verdictOf } from './report';
import { runSeed } from './run';
import { addCrash, addOutcome, addTotals, noTotals, type Totals } from './totals';

const USAGE = `npm run simulate -- [--seeds N] [--from S] [--jobs J] [--minutes M] [--json]
npm run simulate -- --seed X [--trace]

  --seeds N   how many runs (default 1000)
  --from S    the first seed (default 1)
  --jobs J    processes that share the runs (default 1)
  --minutes M ends after so long, however many runs that were
  --seed X    one run
  --trace     prints every step of it
  --json      prints the totals as JSON`;

const say = (text: string) => void process.stdout.write(`${text}\n`);
const tell = (text: string) => void process.stderr.write(`${text}\n`);

/** Seeds that a process does before it tells how far it is. */
const CHUNK = 100;
/** Failures after which a run of many seeds ends. */
const ENOUGH_FAILURES = 20;

/** @returns the exit code: 1 when a promise was broken or a transition never taken, 2 for a misspelt command */
export async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (!options) {
    tell(USAGE);
    return 2;
  }
  if (options.share) return share(options.from, options.seeds, options.step);
  if (options.seed !== undefined) return one(options.seed, options.trace);
  return many(options);
}

type Options = NonNullable<ReturnType<typeof optionsOf>>;

function optionsOf(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seeds: { type: 'string', default: '1000' },
        from: { type: 'string', default: '1' },
        jobs: { type: 'string', default: '1' },
        minutes: { type: 'string', default: '1000000' },
        step: { type: 'string', default: '1' },
        seed: { type: 'string' },
        trace: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        share: { type: 'boolean', default: false },
      },
    });
    const numbers = [values.seeds, values.jobs, values.step, values.minutes, values.from].map(Number);
    const [seeds, jobs, step, minutes, from] = numbers as [number, number, number, number, number];
    const seed = values.seed === undefined ? undefined : Number(values.seed);
    const positive = [seeds, jobs, step, minutes].every((number) => Number.isSafeInteger(number) && number > 0);
    if (!positive || ![from, seed ?? 0].every((number) => Number.isSafeInteger(number) && number >= 0))
      return undefined;
    return { seeds, from, jobs, step, minutes, seed, trace: values.trace, json: values.json, share: values.share };
  } catch {
    return undefined;
  }
}

async function one(seed: number, trace: boolean): Promise<number> {
  const { breaches, messages, start } = await runSeed(seed, trace ? { trace: (line) => say(line) } : {});
  for (const { promise, what } of breaches) say(`broken: ${promise}: ${what}`);
  if (breaches.length === 0) say(`seed ${seed}: every promise held, ${messages} messages, from: ${start}`);
  return breaches.length > 0 ? 1 : 0;
}

async function many(options: Options): Promise<number> {
  const { seeds, from, jobs, minutes, json } = options;
  const begun = performance.now();
  const totals = noTotals();
  let isOver = false;
  const hear = (more: Totals) => {
    addTotals(totals, more);
    const elapsed = (performance.now() - begun) / 1000;
    const failed = more.failures.map(({ seed }) => `, seed ${seed} failed`).join('');
    tell(`simulate: ${totals.seeds} of ${seeds} seeds, ${(totals.seeds / elapsed).toFixed(0)} a second${failed}`);
    isOver = elapsed > minutes * 60;
    return !isOver && totals.failures.length < ENOUGH_FAILURES;
  };
  const shares: Promise<void>[] = [];
  for (let job = 0; job < Math.min(jobs, seeds); job += 1) {
    const mine = Math.floor(seeds / jobs) + (job < seeds % jobs ? 1 : 0);
    shares.push(ask(from + job, mine, jobs, hear));
  }
  await Promise.all(shares);
  const seconds = (performance.now() - begun) / 1000;
  const verdict = verdictOf(totals);
  if (json) say(JSON.stringify({ ...totals, seconds, verdict }));
  else {
    say(`${transitionsTable(totals)}\n\n${faultsTable(totals)}\n`);
    const longest = (totals.longestHealMs / 1000).toFixed(0);
    say(
      `${totals.seeds} seeds from ${from}, ${totals.messages} messages, ${seconds.toFixed(0)} s; settled at the latest ${longest} simulated seconds after everything was mended`,
    );
  }
  for (const line of verdict) tell(line);
  return verdict.length > 0 || (totals.seeds < seeds && !isOver) ? 1 : 0;
}

/** Has another process do a share of the seeds. @param hear answers whether to go on */
function ask(from: number, seeds: number, step: number, hear: (more: Totals) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const root = path.join(__dirname, '../../..');
    const program = path.join(__dirname, '../simulate.ts');
    const args = [program, '--share', '--from', String(from), '--seeds', String(seeds), '--step', String(step)];
    const execArgv = ['--disable-warning=ExperimentalWarning'];
    const child = fork(path.join(root, 'test/run.cjs'), args, {
      execArgv,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.on('message', (more) => {
      if (!hear(more as Totals)) child.kill();
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 || signal ? resolve() : reject(new Error(`A share of the seeds ended with ${code}.`)),
    );
  });
}

/** The other side of `ask`. */
async function share(from: number, seeds: number, step: number): Promise<number> {
  let totals = noTotals();
  for (let at = 0; at < seeds; at += 1) {
    await runSeed(from + at * step).then(
      (outcome) => addOutcome(totals, outcome),
      (error: unknown) => addCrash(totals, from + at * step, error),
    );
    if (totals.seeds < CHUNK && at < seeds - 1) continue;
    process.send!(totals);
    totals = noTotals();
  }
  return 0;
}
