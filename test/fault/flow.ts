import { loadavg } from 'node:os';
import { keyFolder, officeUrl } from '../../apps/cli/local/layout';
import { percentile, rounded } from '../bench/percentiles';
import { untilAllFinal } from '../harness/ledger';
import { startTwoNodes, type TwoNodes } from '../harness/two-nodes';
import { Filler } from './backlog/filler';
import { Crowd } from './flow/crowd';

const IDLE = 5_000;
const SLOW = 50;
const ROUNDS = 3;
const MESSAGES = 20;
const PATIENCE = { timeoutMs: 180_000 };

const say = (line: string) => process.stderr.write(`${line}\n`);

/**
 * A crowd holds connections of a gateway without use while a partner goes on sending to it: `node test/run.cjs test/fault/flow.ts`.
 * Rounds without and with the crowd take turns on the same processes. What must hold is that everything is delivered and that the
 * office answers; the times are for reading, since a machine that others load has no steady ones.
 */
async function main(): Promise<void> {
  const nodes = await startTwoNodes('postgres');
  const alone: number[] = [];
  const crowded: number[] = [];
  const crowds: { readonly opened: number; readonly refused: number }[] = [];
  try {
    const filler = await Filler.of(await nodes.database('vn'), keyFolder(nodes.layout), () => new Date());
    await round(nodes, filler); // the first of a node is slower than all others
    for (let turn = 1; turn <= ROUNDS; turn += 1) {
      say(`round ${turn} of ${ROUNDS}`);
      alone.push(...(await round(nodes, filler)));
      const gateway = nodes.layout.nodes.find(({ id }) => id === 'gb')!.gatewayPort;
      const crowd = new Crowd(nodes, gateway);
      try {
        await Promise.all([crowd.idle(IDLE), crowd.slow(SLOW)]);
        crowded.push(...(await round(nodes, filler)));
        await answers(nodes);
        crowds.push({ opened: IDLE + SLOW, refused: crowd.refused });
      } finally {
        crowd.leave();
      }
    }
  } finally {
    await nodes.stop();
  }
  const of = (values: number[]) => {
    const sorted = [...values].sort((a, b) => a - b);
    return {
      count: sorted.length,
      p50Ms: rounded(percentile(sorted, 50), 0),
      p99Ms: rounded(percentile(sorted, 99), 0),
    };
  };
  const report = { alone: of(alone), crowded: of(crowded), crowds, load: loadavg().map((value) => Math.round(value)) };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

/** The pages and the interface of the same node go on. @throws Error when they do not answer */
async function answers({ layout }: TwoNodes): Promise<void> {
  const office = officeUrl(layout.nodes.find(({ id }) => id === 'gb')!);
  const answer = await fetch(`${office}/health/ready`, { signal: AbortSignal.timeout(20_000) });
  if (answer.status !== 200) throw new Error(`the office answers ${answer.status}`);
}

/** Sends messages one after the other and answers how long each took to be delivered, in milliseconds. */
async function round(nodes: TwoNodes, filler: Filler): Promise<number[]> {
  const ids: string[] = [];
  for (let n = 0; n < MESSAGES; n += 1) {
    const [sent] = await filler.fill(1, () => 'normal');
    ids.push(sent!.id);
    await untilAllFinal(nodes, 'vn', [sent!.id], PATIENCE);
  }
  const rows = await (
    await nodes.database('vn')
  ).query<{ ms: number }>(
    `SELECT 1000 * extract(epoch FROM max(at) FILTER (WHERE state = 'delivered') - min(at) FILTER (WHERE state = 'queued'))::float8 AS ms
     FROM delivery_event WHERE message_id = ANY ($1::uuid[]) GROUP BY message_id`,
    [ids],
  );
  return rows.map(({ ms }) => ms);
}

// The host of the nodes keeps nobody waiting; a program has to wait for it.
setInterval(() => undefined, 60_000);
void main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
