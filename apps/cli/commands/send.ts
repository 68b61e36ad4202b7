import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { TraoError } from '../../../libs/errors';
import { parseStrictJson } from '../../../libs/schema';
import { dataOption, jsonOption, officeClient } from '../local/running';
import { printJson } from '../output';

interface SendOptions {
  readonly as: string;
  readonly to?: string;
  readonly inReplyTo?: string;
  readonly idempotencyKey?: string;
  readonly data: string;
  readonly json?: boolean;
}

export function addSendCommand(program: Command): void {
  program
    .command('send')
    .description('Sends a document of schemas/referral/v1 from a unit to a unit of a partner.')
    .argument('<file>', 'JSON document; message id, referral id, numbering and time are set by the node')
    .requiredOption('--as <unit>', 'the unit that sends, e.g. vn.mps-criminal')
    .option('--to <unit>', 'the unit that receives; must be the one in the document where that names one')
    .option('--in-reply-to <id>', 'the message that this one answers')
    .option('--idempotency-key <key>', 'the same key and document again sends nothing twice')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (file: string, options: SendOptions) => {
      const document = address(parseStrictJson(await read(file)), options);
      const { messageId } = await officeClient(options.data).send(options.as, document, options.idempotencyKey);
      if (options.json) return printJson({ ok: true, messageId });
      process.stdout.write(
        `Sealed and queued as ${messageId}.\nSee how far it is: npm run -s trao -- message show ${messageId}\n`,
      );
    });
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new TraoError('bad_request', { detail: `${file} cannot be read.`, cause });
  }
}

/** Sets recipient and answered message; a document that was written for another unit is not sent to this one. */
function address(document: unknown, { to, inReplyTo }: SendOptions): unknown {
  const { header } = (document ?? {}) as { header?: { recipientUnit?: unknown } };
  if (typeof header !== 'object' || header === null) return document; // the office says what is wrong with it
  if (to !== undefined && header.recipientUnit !== undefined && header.recipientUnit !== to) {
    const rule = `names another unit than --to ${to}`;
    throw new TraoError('wrong_recipient', { faults: [{ pointer: '/header/recipientUnit', rule }] });
  }
  return {
    ...(document as object),
    header: {
      ...header,
      ...(to !== undefined && { recipientUnit: to }),
      ...(inReplyTo !== undefined && { inReplyTo }),
    },
  };
}
