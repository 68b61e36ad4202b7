import type { Command } from 'commander';
import { dataOption, jsonOption, officeClient } from '../local/running';
import type { ShownDelivery } from '../office-client';
import { printJson, printTable } from '../output';
import { addCheckCommand } from './check';

interface MessageOptions {
  readonly data: string;
  readonly json?: boolean;
}

/** `message list|show`: how far messages are, metadata and evidence only; content is for `inbox`. `message check`: files. */
export function addMessageCommands(program: Command): void {
  const message = program.command('message').description('Shows how far messages are, without content; checks files.');
  message
    .command('list')
    .option('--limit <n>', 'how many', '20')
    .option('--state <state>', 'queued, sending, received, delivered, opened, refused, expired or undeliverable')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async ({ limit, state, data, json }: MessageOptions & { limit: string; state?: string }) => {
      const deliveries = await officeClient(data).deliveries(Number(limit), state);
      if (json) return printJson({ deliveries });
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
  message
    .command('show')
    .argument('<id>')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (id: string, { data, json }: MessageOptions) => {
      const delivery = await officeClient(data).delivery(id);
      if (json) return printJson(delivery);
      printDelivery(delivery);
    });
  addCheckCommand(message);
}

function printDelivery(delivery: ShownDelivery): void {
  const { id, senderNode, recipientNode, priority, state, code, sizeBytes, expiresAt } = delivery;
  process.stdout.write(
    `${id}  ${senderNode} to ${recipientNode}, ${priority}, ${sizeBytes} bytes sealed, expires ${expiresAt}\n`,
  );
  process.stdout.write(`state ${state}${code ? ` (${code})` : ''}\n\n`);
  printTable(
    ['state', 'at'],
    delivery.states.map((step) => [step.state, step.at]),
  );
  process.stdout.write('\n');
  printTable(
    ['evidence', 'signed by', 'at', 'verified'],
    delivery.receipts.map((receipt) => [
      receipt.superseded ? `${receipt.event} (earlier bytes)` : receipt.event,
      receipt.issuer,
      receipt.issuedAt,
      receipt.verified ? 'yes' : 'NO',
    ]),
  );
  process.stdout.write('\n');
  printTable(
    ['attempt', 'ms', 'result'],
    delivery.tries.map((attempt) => [attempt.at, String(attempt.durationMs), attempt.code ?? 'received']),
  );
}
