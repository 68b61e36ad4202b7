import { parseArgs } from 'node:util';
import { BUGS } from './planted/bugs';
import { play, soundChecks } from './planted/play';
import { lineOf, plantedTable } from './planted/report';
import { simulate } from './planted/run-simulator';
import { makeTree } from './planted/tree';

const USAGE = `npm run faults:planted -- [--only NAME,..] [--seeds N] [--json] [--list]

  --only NAME,..  these bugs only
  --seeds N       runs of the simulator until a bug has escaped it (default 600)
  --json          prints what was seen as JSON
  --list          names the bugs and ends
`;

const say = (text: string) => void process.stdout.write(`${text}\n`);
const tell = (text: string) => void process.stderr.write(`${text}\n`);

type Options = NonNullable<ReturnType<typeof optionsOf>>;

function optionsOf(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        seeds: { type: 'string', default: '600' },
        json: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        simulate: { type: 'string' },
      },
    });
    const names = values.only?.split(',');
    const bugs = BUGS.filter(({ name }) => names?.includes(name) ?? true);
    const seeds = Number(values.simulate ?? values.seeds);
    if (bugs.length < (names?.length ?? 1) || !Number.isSafeInteger(seeds) || seeds < 1) return undefined;
    return { ...values, bugs, seeds, simulate: values.simulate !== undefined };
  } catch {
    return undefined;
  }
}

/** @returns the exit code: 1 when a bug escaped a check, or a check fails without any bug; 2 for a misspelt command */
async function main(options: Options | undefined): Promise<number> {
  if (!options) {
    tell(USAGE);
    return 2;
  }
  if (options.simulate) {
    say(JSON.stringify(await simulate(options.seeds)));
    return 0;
  }
  if (options.list) {
    for (const { name, why } of options.bugs) say(`${name}: ${why}`);
    return 0;
  }
  return plant(options);
}

function plant({ bugs, seeds, json }: Options): number {
  const tree = makeTree();
  const unsound = soundChecks(bugs, tree, seeds);
  for (const fault of unsound) tell(`fails although nothing is planted: ${fault}`);
  if (unsound.length > 0) return 1;
  tell('every check passes while nothing is planted');
  const verdicts = bugs.flatMap((bug) => {
    const mine = play(bug, tree, seeds);
    for (const verdict of mine) tell(lineOf(verdict));
    return mine;
  });
  say(json ? JSON.stringify(verdicts) : plantedTable(verdicts));
  const escaped = verdicts.filter(({ caught }) => !caught);
  tell(`${bugs.length} bugs planted, ${verdicts.length} looks, ${escaped.length} in vain`);
  return escaped.length > 0 ? 1 : 0;
}

void main(optionsOf(process.argv.slice(2))).then(
  (code) => process.exit(code),
  (error: unknown) => {
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(3);
  },
);
