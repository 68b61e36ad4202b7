import { parseArgs } from 'node:util';
import { FAULTS, tableOf, type Fault } from './flow/judge-partners';
import { runCrowd } from './flow/run-crowd';
import { runPartners, type PartnersResult } from './flow/run-partners';

const USAGE = `usage: node test/run.cjs test/fault/flow.ts partners [--only slow,flood] [--turns 3] [--seconds 20] [--rate 8] [--allowed 10]
                                               [--late 30] [--queue postgres|redis] [--json]
       node test/run.cjs test/fault/flow.ts crowd [--turns 3] [--seconds 20] [--rate 8] [--json]
partners: what a third partner's trouble does to messages between two others (${Object.keys(FAULTS).join(', ')});
          --rate: messages a second between those, --allowed: what one partner may send a second, --late: seconds until it answers
crowd:    5,000 idle connections and 50 that trickle, at gateway, office and monitor in turn`;
const MOST_LINES = 40;

const say = (line: string) => process.stderr.write(`${line}\n`);
const tell = (line: string) => process.stdout.write(`${line}\n`);

/** Flow control on real nodes: `node test/run.cjs test/fault/flow.ts`. */
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
  const [what] = positionals;
  if (!sound || !known || positionals.length !== 1 || (what !== 'partners' && what !== 'crowd')) {
    say(USAGE);
    return 2;
  }
  const [turns = 0, seconds = 0, perS = 0, allowedPerS = 0, late = 0] = numbers;
  if (what === 'crowd') {
    const result = await runCrowd({ turns, seconds, perS, say });
    tell(JSON.stringify(result, null, values.json ? undefined : 2));
    return result.faults.length > 0 ? 1 : 0;
  }
  const faults = [...new Set<Fault>(['nothing', ...(asked as Fault[])])];
  const queue = values.queue as 'postgres' | 'redis';
  const result = await runPartners({ queue, faults, turns, seconds, perS, allowedPerS, lateMs: late * 1_000, say });
  tell(values.json ? jsonOf(result) : textOf(result));
  return brokenOf(result).length > 0 ? 1 : 0;
}

const brokenOf = ({ promises, faults }: PartnersResult) => [...promises.faults, ...faults];

function jsonOf({ rounds, ...result }: PartnersResult): string {
  return JSON.stringify({ ...result, rounds: rounds.map(({ ids, ...round }) => ({ ...round, messages: ids.length })) });
}

function textOf(result: PartnersResult): string {
  const { rows, rounds, promises, load } = result;
  const kept = promises.lines.map(({ promise, outcome }) => `${promise} ${outcome}`).join(', ');
  const broken = brokenOf(result).slice(0, MOST_LINES);
  return [tableOf(rows, rounds), '', kept, `load ${load.join(', ')}`, ...broken].join('\n');
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
