import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { faultAt, TraoError } from '../../../libs/errors';
import type { ShownRecovery } from '../monitor-answers';
import { monitorWithPartner, withMonitor, type MonitorClient, type MonitorOptions } from '../monitor-client';
import { printJson, printTable } from '../output';

interface RecoverOptions extends MonitorOptions {
  readonly partner: string;
  readonly since: string;
  readonly until?: string;
  readonly state?: readonly string[];
  readonly perMinute: string;
  readonly dryRun?: boolean;
  readonly wait: string;
}

interface Counted {
  readonly found: number;
  readonly problem: { readonly code: string; readonly detail: string } | null;
}

interface Recovered {
  readonly id: string;
  readonly ordinal: number;
  readonly outcome: string;
  readonly state: string;
  readonly code: string | null;
}

const LOOK_MS = 1_000;
/** What goes on after the command has ended. */
const STILL_RUNS = 3;

/** `message recover`: counts first, then sends many messages again, and says of each how it ended. */
export function addRecoverCommand(message: Command): void {
  withMonitor(
    message
      .command('recover')
      .description('Sends the messages of a time to a partner again: counted first, then so many a minute.')
      .requiredOption('--partner <node>', 'the partner that messages go to')
      .requiredOption('--since <time>', 'from when on, as 2026-11-29T14:00Z, or as an age such as 90m, 6h or 2d')
      .option('--until <time>', 'up to when; now otherwise')
      .option(
        '--state <states...>',
        'failed (given up), never_tried, waiting (tried, and due later); all three otherwise',
      )
      .option('--per-minute <n>', 'how many a minute, 1 to 600', '60')
      .option('--dry-run', 'only count')
      .option('--wait <seconds>', 'how long to watch it', '600'),
  ).action(recover);
}

async function recover(options: RecoverOptions): Promise<void> {
  const monitor = await monitorWithPartner(options, options.partner);
  const now = Date.now();
  const plan = {
    partner: options.partner,
    since: timeOf(options.since, now),
    ...(options.until !== undefined && { until: timeOf(options.until, now) }),
    ...(options.state && { states: options.state }),
    perMinute: Number(options.perMinute),
  };
  const counted = await monitor.post<Counted>('/v1/recoveries', { ...plan, dryRun: true });
  const { found, problem } = counted;
  process.stderr.write(`${found} messages of ${monitor.node} to ${options.partner}\n`);
  if (options.dryRun) {
    if (options.json) printJson({ ok: true, node: monitor.node, ...counted });
    else if (problem) process.stdout.write(`Nothing would be sent again: the window ${problem.detail}.\n`);
    else process.stdout.write(`${found} messages would be sent again.\n`);
    return;
  }
  if (found === 0) {
    if (options.json) printJson({ ok: true, node: monitor.node, recovery: null, messages: [] });
    else process.stdout.write('Nothing to send again.\n');
    return;
  }
  const key = { 'idempotency-key': randomUUID() };
  const begun = await monitor.post<ShownRecovery>('/v1/recoveries', plan, key);
  const last = await watch(monitor, begun, now + Number(options.wait) * 1000);
  await report(monitor, last, options.json === true);
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time as it is, or an age as the time that it means. @throws TraoError `bad_request` for an age beyond all times */
export function timeOf(text: string, now: number): string {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count === undefined) return text;
  const at = new Date(now - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]);
  if (Number.isNaN(at.getTime())) throw new TraoError('bad_request', { faults: [faultAt('/since', 'bad_parameter')] });
  return at.toISOString();
}

/** Follows a recovery until nothing of it waits, or the time is over: a bar on a terminal, lines elsewhere. */
async function watch(monitor: MonitorClient, begun: ShownRecovery, until: number): Promise<ShownRecovery> {
  const progress = process.stderr.isTTY ? barOf(begun.total) : linesOf(begun.total);
  let last = begun;
  for (;;) {
    progress.update(begun.total - last.outcomes.waiting);
    if (last.done || Date.now() >= until) break;
    await sleep(LOOK_MS);
    last = await monitor.get<ShownRecovery>(`/v1/recoveries/${begun.id}`);
  }
  progress.stop();
  return last;
}

function barOf(total: number) {
  const bar = new SingleBar({ format: '{bar} {value}/{total}', stream: process.stderr, hideCursor: true });
  bar.start(total, 0);
  return { update: (done: number) => bar.update(done), stop: () => bar.stop() };
}

function linesOf(total: number) {
  let said = -1;
  return {
    update(done: number) {
      if (done !== said) process.stderr.write(`${done}/${total}\n`);
      said = done;
    },
    stop: () => undefined,
  };
}

async function report(monitor: MonitorClient, recovery: ShownRecovery, asJson: boolean): Promise<void> {
  const messages: Recovered[] = [];
  for (let from: number | null = 0; from !== null;) {
    const path: string = `/v1/recoveries/${recovery.id}/messages?from=${from}`;
    const page: { messages: Recovered[]; next: number | null } = await monitor.get(path);
    messages.push(...page.messages);
    from = page.next;
  }
  const { outcomes, done } = recovery;
  const ok = done && outcomes.failed + outcomes.stopped === 0;
  if (asJson) printJson({ ok, node: monitor.node, recovery: recovery.id, done, outcomes, messages });
  else {
    printTable(
      ['message', 'result', 'state', 'code'],
      messages.map(({ id, outcome, state, code }) => [id, outcome, state, code ?? '']),
    );
    const { arrived, waiting, failed, stopped } = outcomes;
    process.stdout.write(`\n${arrived} arrived, ${waiting} wait, ${failed} failed, ${stopped} stopped\n`);
  }
  if (!done) process.exitCode = STILL_RUNS;
  else if (!ok) process.exitCode = 1;
}
