import type { Command } from 'commander';
import { asTraoError } from '../../../libs/errors';
import type { ShownStatus } from '../monitor-answers';
import { monitorsOf, withMonitor, type MonitorClient, type MonitorOptions } from '../monitor-client';
import { agoText, graveOf, missingApps, type Grave } from '../node-health';
import { printJson } from '../output';

/** A node as it stands, or why its monitor does not say. */
type NodeStatus =
  | { readonly node: string; readonly grave: Grave; readonly status: ShownStatus }
  | { readonly node: string; readonly grave: 'fault'; readonly error: { readonly code: string; readonly url: string } };

const MARK = { ok: '✓', warning: '!', fault: '✗' } as const;
const EXIT = { ok: 0, warning: 1, fault: 2 } as const;

/** `status`: how it stands with each node. Exit 0 all well, 1 something to look at, 2 something is down or critical. */
export function addStatusCommand(program: Command): void {
  withMonitor(
    program.command('status').description('Says how it stands with each node, as its monitor sees it.'),
  ).action(async (options: MonitorOptions) => {
    const nodes = await Promise.all(monitorsOf(options).map(statusOf));
    if (options.json) printJson({ ok: nodes.every(({ grave }) => grave === 'ok'), nodes: nodes.map(shownOf) });
    else for (const node of nodes) process.stdout.write(`${linesOf(node).join('\n')}\n`);
    process.exitCode = Math.max(...nodes.map(({ grave }) => EXIT[grave]));
  });
}

async function statusOf(monitor: MonitorClient): Promise<NodeStatus> {
  try {
    const status = await monitor.get<ShownStatus>('/v1/status');
    return { node: status.node, grave: graveOf(status), status };
  } catch (error) {
    const { code } = asTraoError(error);
    return { node: monitor.node, grave: 'fault', error: { code, url: monitor.url } };
  }
}

const shownOf = (node: NodeStatus) =>
  'status' in node
    ? { ...node.status, result: node.grave }
    : { node: node.node, result: node.grave, error: node.error };

function linesOf(node: NodeStatus): string[] {
  if (!('status' in node))
    return [`${MARK.fault} ${node.node}: no answer of the monitor at ${node.error.url} (${node.error.code})`];
  const { processes, partners, oldestWaitingAt, openAlerts, heldQueues, at } = node.status;
  const running = processes.map(({ app, host, version, up }) => `${up ? '✓' : '✗'} ${app} ${version} (${host})`);
  const missing = missingApps(node.status);
  const ago = (time: string | null) => (time === null ? 'never' : agoText(Date.parse(at) - Date.parse(time)));
  const { critical, high, warn } = openAlerts;
  return [
    `${MARK[node.grave]} ${node.node}`,
    `  processes: ${running.join(', ')}${missing.length > 0 ? `; NOT RUNNING: ${missing.join(', ')}` : ''}`,
    ...partners.map(
      ({ id, state, lastIn, lastOut, waiting, suspended }) =>
        `  partner ${id}: ${state}${suspended ? ` (${suspended.reason})` : ''}, last in ${ago(lastIn)}, last out ${ago(lastOut)}, ${waiting} waiting`,
    ),
    `  oldest waiting: ${oldestWaitingAt === null ? 'none' : ago(oldestWaitingAt)}`,
    `  open alerts: ${critical} critical, ${high} high, ${warn} warning`,
    ...(heldQueues.length > 0 ? [`  queues on hold: ${heldQueues.join(', ')}`] : []),
  ];
}
