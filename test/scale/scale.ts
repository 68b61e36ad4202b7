import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { debianPrograms } from '../harness/debian-programs';
import { DRILLS as OF_THE_NODE } from './drills';
import { hasHaproxy } from './haproxy';
import { REDIS_DRILLS } from './redis-drills';
import { resultLine, resultTable } from './report';
import { runDrill, type DrillResult, type Pace } from './run-drill';
import { PAIRS, ScaledNetwork, SINGLES } from './scaled-network';
import { Traffic } from './traffic';

const DRILLS = [...OF_THE_NODE, ...REDIS_DRILLS];
/** Five each way are ten messages a second. */
const FULL: Pace = { perSecond: 5, beforeMs: 5_000, afterMs: 10_000 };
const SHORT: Pace = { perSecond: 2, beforeMs: 2_000, afterMs: 2_000 };
/** What CI strikes, one of each kind. */
const IN_CI = ['gateway', 'worker', 'office', 'haproxy', 'postgres-primary'];

const USAGE = `Kills one machine after the other of two nodes that run on many, while officers send.
usage: npm run scale -- [--only NAME,…] [--short] [--json]
  --only   of ${DRILLS.map(({ name }) => name).join(', ')}
  --short  fewer messages, a partner of one machine of each kind, and only ${IN_CI.join(', ')}
  --json   one JSON text on stdout instead of a table`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      short: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${USAGE}\n`);
  const wished = values.only?.split(',') ?? (values.short ? IN_CI : DRILLS.map(({ name }) => name));
  const unknown = wished.filter((name) => !DRILLS.some((drill) => drill.name === name));
  if (unknown.length > 0) throw new Error(`There is no drill ${unknown.join(', ')}.\n${USAGE}`);
  if (!hasHaproxy() || !debianPrograms) throw new Error('haproxy and postgresql of Debian are needed.');
  const results = await runAll(wished, values.short);
  const broken = results.some((result) => result.broken.length > 0);
  process.stdout.write(values.json ? `${JSON.stringify(results)}\n` : `${resultTable(results)}\n`);
  process.exitCode = broken ? 1 : 0;
}

async function runAll(wished: readonly string[], short: boolean): Promise<DrillResult[]> {
  const begun = Date.now();
  const network = await ScaledNetwork.start({ vn: PAIRS, gb: short ? SINGLES : PAIRS });
  const results: DrillResult[] = [];
  try {
    say(
      `up after ${Date.now() - begun} ms; ${network.lab.separate ? 'every machine is a network namespace' : 'machines are addresses of the loopback: no link can be cut'}; load average ${loadavg()[0]!.toFixed(1)}`,
    );
    const traffic = new Traffic(network.seen);
    await traffic.prepare();
    for (const drill of DRILLS.filter(({ name }) => wished.includes(name))) {
      say(`${drill.name}: ${drill.what}`);
      const result = await runDrill(drill, network, traffic, short ? SHORT : FULL);
      results.push(result);
      say(resultLine(result));
    }
  } finally {
    await network.stop();
  }
  return results;
}

function say(line: string): void {
  process.stderr.write(`scale: ${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
