import type { Command } from 'commander';
import type { ShownAlert } from '../monitor-answers';
import { firstThatKnows, monitorsOf, withMonitor, type MonitorOptions } from '../monitor-client';
import { printJson, printTable } from '../output';

interface ListOptions extends MonitorOptions {
  readonly state: string;
  readonly level?: string;
  readonly kind?: string;
}

/** `alerts list|ack`: what is wrong, and that somebody has taken it. */
export function addAlertsCommands(program: Command): void {
  const command = program.command('alerts').description('Lists alerts of each node and acknowledges them.');
  withMonitor(
    command
      .command('list')
      .description('Lists alerts, what was seen last first.')
      .option('--state <state>', 'open, new, acknowledged or resolved', 'open')
      .option('--level <level>', 'warn, high or critical')
      .option('--kind <kind>', 'a kind of alert, such as no_workers'),
  ).action(async ({ state, level, kind, ...options }: ListOptions) => {
    const query = new URLSearchParams({ state, ...(level && { level }), ...(kind && { kind }) });
    const lists = await Promise.all(
      monitorsOf(options).map(async (monitor) => {
        const { alerts } = await monitor.get<{ alerts: ShownAlert[] }>(`/v1/alerts?${query.toString()}`);
        return alerts.map((alert) => ({ node: monitor.node, ...alert }));
      }),
    );
    const alerts = lists.flat();
    if (options.json) return printJson({ alerts });
    printTable(
      ['id', 'node', 'level', 'kind', 'state', 'about', 'times', 'last'],
      alerts.map((a) => [a.id, a.node, a.level, a.kind, a.state, a.subject, String(a.count), a.lastAt]),
    );
  });
  withMonitor(
    command
      .command('ack')
      .description('Acknowledges an alert: nobody is told again while it gets no worse.')
      .argument('<id>'),
  ).action(async (id: string, options: MonitorOptions) => {
    const path = `/v1/alerts/${encodeURIComponent(id)}/acknowledge`;
    const { monitor, answer } = await firstThatKnows(monitorsOf(options), (one) => one.post<ShownAlert>(path));
    if (options.json) return printJson({ ok: true, node: monitor.node, alert: answer });
    process.stdout.write(`${answer.kind} of ${monitor.node} is acknowledged.\n`);
  });
}
