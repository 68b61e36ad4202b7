import type { Command } from 'commander';
import { readAccess } from '../local/access';
import { officeClient } from '../local/running';
import type { ListedMessage, ShownMessage } from '../monitor-answers';
import { firstThatKnows, monitorsOf, withMonitor, type MonitorClient, type MonitorOptions } from '../monitor-client';
import type { ShownDelivery } from '../office-client';
import { printJson, printTable } from '../output';
import { addCheckCommand } from './check';
import { addRecoverCommand } from './recover';

/** A delivery; how an attempt was made only a monitor says. */
type Shown = Omit<ShownDelivery, 'tries'> & {
  readonly tries: readonly (ShownDelivery['tries'][number] & Partial<ShownMessage['tries'][number]>)[];
};
type Listed = Omit<ShownDelivery, 'digest' | 'states' | 'tries' | 'receipts'>;

/**
 * `message list|show|resend|recover`: how far messages are, metadata and evidence only, and sending them again; content is for `inbox`.
 * `message check`: files.
 */
export function addMessageCommands(program: Command): void {
  const message = program
    .command('message')
    .description('Shows how far messages are, without content, and sends them again; checks files.');
  withMonitor(
    message
      .command('list')
      .description('Lists outgoing messages, newest first.')
      .option('--limit <n>', 'how many', '20')
      .option('--state <state>', 'queued, sending, received, delivered, opened, refused, expired or undeliverable'),
  ).action(async ({ limit, state, ...options }: MonitorOptions & { limit: string; state?: string }) => {
    const deliveries = hasMonitor(options)
      ? await listed(monitorsOf(options), limit, state)
      : await officeClient(options.data).deliveries(Number(limit), state);
    if (options.json) return printJson({ deliveries });
    printTable(
      ['id', 'from', 'to', 'priority', 'state', 'code', 'attempts', 'created'],
      deliveries.map((d) => [
        d.id,
        d.senderNode,
        d.recipientNode,
        d.priority,
        d.state,
        d.code ?? '',
        String(d.attempts),
        d.createdAt,
      ]),
    );
  });
  withMonitor(message.command('show').description('Shows one message.').argument('<id>')).action(
    async (id: string, options: MonitorOptions) => {
      const delivery = hasMonitor(options)
        ? await found(monitorsOf(options), id)
        : await officeClient(options.data).delivery(id);
      if (options.json) return printJson(delivery);
      printDelivery(delivery);
    },
  );
  withMonitor(
    message
      .command('resend')
      .description('Gives a message that this node gave up, or that waits, another try at once.')
      .argument('<id>'),
  ).action(async (id: string, options: MonitorOptions) => {
    const path = `/v1/messages/${encodeURIComponent(id)}/resend`;
    const { monitor, answer } = await firstThatKnows(monitorsOf(options), (one) =>
      one.post<{ recovery: string }>(path),
    );
    if (options.json) return printJson({ ok: true, node: monitor.node, id, recovery: answer.recovery });
    process.stdout.write(`${id} is sent again by ${monitor.node}.\n`);
  });
  addRecoverCommand(message);
  addCheckCommand(message);
}

/** A folder of an earlier version has no monitor; its offices know less. */
const hasMonitor = ({ data, monitor, node }: MonitorOptions): boolean =>
  monitor !== undefined || node !== undefined || readAccess(data)?.nodes.some((one) => one.monitor) === true;

async function listed(monitors: readonly MonitorClient[], limit: string, state?: string): Promise<Listed[]> {
  const query = new URLSearchParams({ direction: 'sent', limit, ...(state && { state }) });
  const lists = await Promise.all(
    monitors.map(async (monitor) => {
      const { messages } = await monitor.get<{ messages: ListedMessage[] }>(`/v1/messages?${query.toString()}`);
      return messages.map((message) => delivery({ ...message, code: message.code ?? null }, monitor.node));
    }),
  );
  return lists
    .flat()
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
    .slice(0, Number(limit));
}

/** The node that has sent a message is asked first of all: the one that received it knows of the same id. */
async function found(monitors: readonly MonitorClient[], id: string): Promise<Shown> {
  const ask = (monitor: MonitorClient) =>
    monitor.get<{ node: string; messages: ShownMessage[] }>(`/v1/messages/${encodeURIComponent(id)}`);
  const answers = await Promise.all(
    monitors.map((monitor) => firstThatKnows([monitor], ask).catch((error: unknown) => ({ error }))),
  );
  const known = answers.flatMap((one) => ('answer' in one ? [one.answer] : []));
  const all = known.flatMap(({ node, messages }) => messages.map((message) => ({ node, message })));
  const best = all.find(({ message }) => message.direction === 'sent') ?? all[0];
  if (!best) throw answers.flatMap((one) => ('error' in one ? [one.error] : []))[0];
  const { digest, states, tries, receipts } = best.message;
  return { ...delivery(best.message, best.node), digest, states, tries, receipts };
}

function delivery(message: Omit<ListedMessage, 'code'> & { readonly code: string | null }, node: string): Listed {
  const { id, direction, partner, lane, state, code, attempts, sizeBytes, at, changedAt, expiresAt } = message;
  const [senderNode, recipientNode] = direction === 'sent' ? [node, partner] : [partner, node];
  const times = { createdAt: at, changedAt, expiresAt };
  return { id, senderNode, recipientNode, priority: lane, state, code, attempts, sizeBytes, ...times };
}

function printDelivery(shown: Shown): void {
  const { id, senderNode, recipientNode, priority, state, code, sizeBytes, expiresAt } = shown;
  process.stdout.write(
    `${id}  ${senderNode} to ${recipientNode}, ${priority}, ${sizeBytes} bytes sealed, expires ${expiresAt}\n`,
  );
  process.stdout.write(`state ${state}${code ? ` (${code})` : ''}\n\n`);
  printTable(
    ['state', 'at'],
    shown.states.map((step) => [step.state, step.at]),
  );
  process.stdout.write('\n');
  printTable(
    ['evidence', 'signed by', 'at', 'verified'],
    shown.receipts.map((receipt) => [
      receipt.superseded ? `${receipt.event} (earlier bytes)` : receipt.event,
      receipt.issuer,
      receipt.issuedAt,
      receipt.verified ? 'yes' : 'NO',
    ]),
  );
  process.stdout.write('\n');
  printTable(
    ['attempt', 'ms', 'result', 'host', 'TLS', 'HTTP'],
    shown.tries.map((attempt) => [
      attempt.at,
      String(attempt.durationMs),
      attempt.code ?? 'received',
      attempt.host ?? '',
      attempt.tls ?? '',
      attempt.httpStatus ? String(attempt.httpStatus) : '',
    ]),
  );
}
