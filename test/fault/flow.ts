import { parseArgs } from 'node:util';
import { runCrowd } from './flow/run-crowd';
import { FAULTS, tableOf, type Fault } from './flow/judge-partners';
import { runPartners } from './flow/run-partners';

const USAGE = `usage: node test/run.cjs test/fault/flow.ts partners [--only slow,flood] [--turns 3] [--seconds 20] [--rate 8] [--allowed 10]
                                               [--late 30] [--queue postgres|redis] [--json]
       node test/run.cjs test/fault/flow.ts crowd
partners: what a third partner's trouble does to messages between two others (${Object.keys(FAULTS).join(', ')});
          --rate: messages a second between those, --allowed: what one partner may send a second, --late: seconds until it answers
crowd:    5,000 idle connections and 50 that trickle, at gateway, office and monitor`;

const say = (line: string) => process.stderr.write(`${line}\n`);

/** Flow control on real nodes: \`node test/run.cjs test/fault/flow.ts\`. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      turns: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '20' },
      rate: { type: 'string', default: '8' },
      allowed: { type: 'string', default: '10' },
      late: { type: 'string', default: '30' },
      queue: { type: 'string', default: 'postgres' },
      json: { type: 'boolean', default: false },
    },
  });
  const numbers = [values.turns, values.seconds, values.rate, values.allowed, values.late].map(Number);
  const sound = numbers.every((value) => Number.isInteger(value) && value > 0);
  const asked = values.only?.split(',') ?? Object.keys(FAULTS);
  const known = asked.every((fault) => Object.hasOwn(FAULTS, fault)) && ['postgres', 'redis'].includes(values.queue);
  if (!sound || !known || positionals.length !== 1) return refuse();
  const [turns = 0, seconds = 0, perS = 0, allowedPerS = 0, late = 0] = numbers;
  const queue = values.queue as 'postgres' | 'redis';
  switch (positionals[0]) {
    case 'partners': {
      const faults = [...new Set<Fault>(['nothing', ...(asked as Fault[])])];
      const result = await runPartners({ queue, faults, turns, seconds, perS, allowedPerS, lateMs: late * 1_000, say });
      const broken = [...result.promises.faults, ...result.faults];
      process.stdout.write(
        values.json
          ? `${JSON.stringify({ ...result, rounds: result.rounds.map(({ ids, ...round }) => ({ ...round, messages: ids.length })) })}\n`
          : `${tableOf(result.rows, result.rounds)}\n\n${result.promises.lines.map(({ promise, outcome }) => `${promise} ${outcome}`).join(', ')}\nload ${result.load.join(', ')}\n${broken.join('\n')}\n`,
      );
      return broken.length > 0 ? 1 : 0;
    }
    case 'crowd':
      process.stdout.write(`${JSON.stringify(await runCrowd(say), null, 2)}\n`);
      return 0;
    default:
      return refuse();
  }
}

function refuse(): number {
  say(USAGE);
  return 2;
}

// The host of the nodes keeps nobody waiting; a program has to wait for it.
setInterval(() => undefined, 60_000);
void main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
