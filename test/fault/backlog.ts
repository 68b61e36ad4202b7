import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { judgeBacklog } from './backlog/judge-backlog';
import { canMoveClocks } from './backlog/moved-clock';
import { LONGEST_DAYS, runBacklog } from './backlog/run-backlog';

const USAGE = `usage: npm run backlog -- [--messages 2000] [--days 10] [--queue postgres|redis] [--limit-minutes 60] [--json] [--ci]
--ci lets only promises and the order of lanes decide, no times. Days: 1 to ${LONGEST_DAYS}. Needs Debian's package libfaketime. TRAO_KEEP=1 keeps the folder.`;

/** A partner is away for days and comes back: `npm run backlog`. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      messages: { type: 'string', default: '2000' },
      days: { type: 'string', default: '10' },
      queue: { type: 'string', default: 'postgres' },
      'limit-minutes': { type: 'string', default: '60' },
      json: { type: 'boolean', default: false },
      ci: { type: 'boolean', default: false },
    },
  });
  const [messages, days, minutes] = [Number(values.messages), Number(values.days), Number(values['limit-minutes'])];
  const sound = [messages, days, minutes].every((value) => Number.isInteger(value) && value > 0);
  if (!sound || days > LONGEST_DAYS || !['postgres', 'redis'].includes(values.queue)) return refuse(USAGE);
  if (!canMoveClocks()) {
    const code = refuse('Clocks cannot be moved here: install libfaketime.');
    // A check of a machine without it is left out where people can see it; CI has it.
    return values.ci && !process.env['CI'] ? 0 : code;
  }
  const began = Date.now();
  const say = (line: string) =>
    process.stderr.write(`${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
  const folder = makeTempFolder('backlog');
  try {
    const queue = values.queue as 'postgres' | 'redis';
    const result = await runBacklog({ folder, queue, messages, days, limitMs: minutes * 60_000, say });
    const verdict = judgeBacklog(result);
    const report = {
      ...result,
      newIds: result.newIds.length,
      machine: { cores: cpus().length, load: loadavg().map((value) => Math.round(value)) },
      verdict,
    };
    process.stdout.write(`${JSON.stringify(report, null, values.json ? undefined : 2)}\n`);
    return verdict.every(({ holds, ofMachine }) => holds || (values.ci && ofMachine)) ? 0 : 1;
  } finally {
    removeTempFolder(folder);
  }
}

function refuse(why: string): number {
  process.stderr.write(`${why}\n`);
  return 2;
}

// The host of the nodes keeps nobody waiting, so that a test that fails half-way ends; a program has to wait for it.
setInterval(() => undefined, 60_000);
void main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
