import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { ROOT } from '../harness/paths';
import { debianPrograms } from '../harness/debian-programs';
import { measureCost, type Cost } from './cost';
import { DRILLS as OF_THE_NODE } from './drills';
import { hasHaproxy } from './haproxy';
import { oneSession, type SessionResult } from './one-session';
import { REDIS_DRILLS } from './redis-drills';
import { costLine, reportText, resultLine, sessionLine } from './report';
import { runDrill, type DrillResult, type Pace } from './run-drill';
import { PAIRS, ScaledNetwork, SINGLES } from './scaled-network';
import { Traffic } from './traffic';

const DRILLS = [...OF_THE_NODE, ...REDIS_DRILLS];
/** Five each way are ten messages a second. */
const FULL: Pace = { perSecond: 5, beforeMs: 5_000, afterMs: 10_000 };
const SHORT: Pace = { perSecond: 2, beforeMs: 2_000, afterMs: 2_000 };
/** What CI does: one of each kind is struck. */
const IN_CI = ['session', 'calm', 'gateway', 'worker', 'office', 'haproxy', 'postgres-primary'];

/** What is no drill: one officer at two offices, and what a message costs. */
const BESIDE = ['session', 'cost'];
const NAMES = [...DRILLS.map(({ name }) => name), ...BESIDE];

const USAGE = `Kills one machine after the other of two nodes that run on many, while officers send.
usage: npm run scale -- [--only NAME,…] [--short] [--json]
  --only   of ${NAMES.join(', ')}
  --short  fewer messages, a partner of one machine of each kind, and only ${IN_CI.join(', ')}
  --json   one JSON text on stdout instead of a table`;

/** Everything that one run has found. */
export interface ScaleReport {
  readonly drills: readonly DrillResult[];
  readonly session?: SessionResult;
  readonly cost?: Cost;
}

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
  const wished = values.only?.split(',') ?? (values.short ? IN_CI : NAMES);
  const unknown = wished.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0) throw new Error(`There is no drill ${unknown.join(', ')}.\n${USAGE}`);
  if (!hasHaproxy() || !debianPrograms) throw new Error('haproxy and postgresql of Debian are needed.');
  // The processes come from dist/.
  const { buildIfNeeded } = require('../../bin/steps/build.cjs') as { buildIfNeeded(root: string): Promise<void> };
  await buildIfNeeded(ROOT);
  const report = await runAll(wished, values.short);
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `${reportText(report)}\n`);
  const broken = report.drills.some((result) => result.broken.length > 0) || (report.session?.faults ?? []).length > 0;
  process.exitCode = broken ? 1 : 0;
}

async function runAll(wished: readonly string[], short: boolean): Promise<ScaleReport> {
  const session = wished.includes('session') ? await oneSession() : undefined;
  if (session) say(sessionLine(session));
  const others = wished.filter((name) => name !== 'session');
  return { ...(session && { session }), ...(others.length > 0 ? await onMachines(others, short) : { drills: [] }) };
}

async function onMachines(wished: readonly string[], short: boolean): Promise<Omit<ScaleReport, 'session'>> {
  const begun = Date.now();
  const network = await ScaledNetwork.start({ vn: PAIRS, gb: short ? SINGLES : PAIRS });
  const drills: DrillResult[] = [];
  const pace = short ? SHORT : FULL;
  try {
    const machines = network.lab.separate
      ? 'every machine is a network namespace'
      : 'machines are addresses of the loopback: no link can be cut';
    say(`up after ${Date.now() - begun} ms; ${machines}; load average ${loadavg()[0]!.toFixed(1)}`);
    const traffic = new Traffic(network.seen);
    await traffic.prepare();
    const cost = wished.includes('cost') ? await measureCost(network, traffic, pace.perSecond) : undefined;
    if (cost) say(costLine(cost));
    for (const drill of DRILLS.filter(({ name }) => wished.includes(name))) {
      say(`${drill.name}: ${drill.what}`);
      const result = await runDrill(drill, network, traffic, pace);
      drills.push(result);
      say(resultLine(result));
    }
    return { drills, ...(cost && { cost }) };
  } finally {
    await network.stop();
  }
}

function say(line: string): void {
  process.stderr.write(`scale: ${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
