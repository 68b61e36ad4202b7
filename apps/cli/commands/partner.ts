import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { TraoError } from '../../../libs/errors';
import type { ShownPartner, ShownPing, ShownTest } from '../monitor-answers';
import { monitorsOf, monitorWithPartner, withMonitor, type MonitorOptions } from '../monitor-client';
import { printJson, printTable } from '../output';

/** Longer than a test or a ping may take; what is not ended then is given up by the node. */
const PATIENCE_MS = 360_000;
const LOOK_MS = 500;

/** `partner list|test|ping|suspend|resume`. */
export function addPartnerCommands(program: Command): void {
  const command = program.command('partner').description('Shows partners, tests them, suspends and resumes them.');
  withMonitor(command.command('list').description('Lists the partners of each node.')).action(list);
  withMonitor(
    command
      .command('test')
      .description('Tests the connection to a partner step by step. Exit code 1 when a step fails.')
      .argument('<partner>'),
  ).action(test);
  withMonitor(
    command
      .command('ping')
      .description('Sends a message through the whole path to a partner and back. Exit code 1 when it does not arrive.')
      .argument('<partner>'),
  ).action(ping);
  for (const [name, what] of [
    ['suspend', 'Stops sending to a partner; what it sends is received.'],
    ['resume', 'Sends to a partner again.'],
  ] as const)
    withMonitor(
      command
        .command(name)
        .description(what)
        .argument('<partner>')
        .requiredOption('--reason <text>', 'why, for the log of operators; nothing about a person'),
    ).action(async (partner: string, { reason, ...options }: MonitorOptions & { readonly reason: string }) => {
      const monitor = await monitorWithPartner(options, partner);
      await monitor.post(pathOf(partner, name), { reason });
      if (options.json) return printJson({ ok: true, node: monitor.node, partner, suspended: name === 'suspend' });
      process.stdout.write(`${partner} is ${name === 'suspend' ? 'suspended' : 'resumed'} at ${monitor.node}.\n`);
    });
}

async function list(options: MonitorOptions): Promise<void> {
  const lists = await Promise.all(
    monitorsOf(options).map(async (monitor) => {
      const { partners } = await monitor.get<{ partners: ShownPartner[] }>('/v1/partners');
      return partners.map((partner) => ({ node: monitor.node, ...partner }));
    }),
  );
  const partners = lists.flat();
  if (options.json) return printJson({ partners });
  printTable(
    ['node', 'partner', 'state', 'waiting', 'oldest', 'last in', 'last out', 'reason'],
    partners.map((p) => [
      p.node,
      p.id,
      p.state,
      String(p.waiting),
      p.oldestAt ?? '',
      p.lastIn ?? '',
      p.lastOut ?? '',
      p.suspended?.reason ?? '',
    ]),
  );
}

async function test(partner: string, options: MonitorOptions): Promise<void> {
  const monitor = await monitorWithPartner(options, partner);
  const answer = await monitor.post<{ test: string }>(pathOf(partner, 'test'));
  const path = pathOf(partner, `tests/${answer.test}`);
  const found = await ended(
    () => monitor.get<ShownTest>(path),
    ({ finishedAt }) => finishedAt !== null,
  );
  if (options.json) printJson({ ...found, ok: found.ok === true, node: monitor.node, partner });
  else {
    process.stdout.write(`${monitor.node} to ${partner}\n`);
    for (const { step, ok, ms, code, detail } of found.steps)
      process.stdout.write(`${[ok ? '✓' : '✗', step, `${ms} ms`, code, detail].filter(Boolean).join('  ')}\n`);
    if (found.steps.length === 0) process.stdout.write('✗ no worker has run the test\n');
  }
  if (found.ok !== true) process.exitCode = 1;
}

async function ping(partner: string, options: MonitorOptions): Promise<void> {
  const monitor = await monitorWithPartner(options, partner);
  const answer = await monitor.post<{ ping: string }>(pathOf(partner, 'ping'));
  const found = await ended(
    async () => {
      const { pings } = await monitor.get<{ pings: ShownPing[] }>(pathOf(partner, 'pings'));
      return pings.find(({ id }) => id === answer.ping);
    },
    (one) => one !== undefined && one.endedAt !== null,
  );
  const { outcome, code, sentAt, endedAt } = found!;
  const ms = outcome === 'ok' && sentAt && endedAt ? Date.parse(endedAt) - Date.parse(sentAt) : undefined;
  if (options.json) printJson({ ...found, ok: outcome === 'ok', node: monitor.node, partner, ms: ms ?? null });
  else
    process.stdout.write(
      outcome === 'ok'
        ? `✓ ${monitor.node} to ${partner} and back in ${ms} ms\n`
        : `✗ ${monitor.node} to ${partner}: ${code ?? 'failed'}\n`,
    );
  if (outcome !== 'ok') process.exitCode = 1;
}

const pathOf = (partner: string, what: string) => `/v1/partners/${encodeURIComponent(partner)}/${what}`;

/** Looks again and again until something has ended. @throws TraoError `partner_timeout` */
async function ended<T>(look: () => Promise<T>, hasEnded: (found: T) => boolean): Promise<T> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
    const found = await look();
    if (hasEnded(found)) return found;
    await sleep(LOOK_MS);
  }
  throw new TraoError('partner_timeout');
}
