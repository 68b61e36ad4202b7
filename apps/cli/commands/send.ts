import type { Command } from 'commander';
import { faultAt, TraoError } from '../../../libs/errors';
import type { Lang } from '../../../libs/schema';
import { dataOption, jsonOption, officeClient } from '../local/running';
import { langOption, printJson, reportFailure } from '../output';
import { readDocument } from '../read-document';

interface SendOptions {
  readonly as: string;
  readonly to?: string;
  readonly inReplyTo?: string;
  readonly idempotencyKey?: string;
  readonly consent?: string;
  readonly override?: string;
  readonly lang: Lang;
  readonly data: string;
  readonly json?: boolean;
}

export function addSendCommand(program: Command): void {
  program
    .command('send')
    .description(
      'Sends a document of schemas/referral/v1 from a unit to a unit of a partner, with the officers it takes.',
    )
    .argument('<file>', 'JSON document; message id, referral id, numbering and time are set by the node')
    .requiredOption('--as <unit>', 'the unit that sends, e.g. vn.mps-criminal')
    .option('--to <unit>', 'the unit that receives; must be the one in the document where that names one')
    .option('--in-reply-to <id>', 'the message that this one answers')
    .option('--consent <file>', 'record of what the person agreed to (schemas/consent/v1); stays at this node')
    .option('--override <file>', 'record of the decision to share without consent; stays at this node')
    .option('--idempotency-key <key>', 'the same key and document again sends nothing twice')
    .addOption(langOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (file: string, options: SendOptions) => {
      try {
        await sendFile(file, options);
      } catch (error) {
        process.exitCode = reportFailure(error, options.json === true, options.lang);
      }
    });
}

async function sendFile(file: string, options: SendOptions): Promise<void> {
  const { as: unit, idempotencyKey, data, json } = options;
  const document = address(await readDocument(file), options);
  const records = {
    ...(options.consent !== undefined && { consent: await readDocument(options.consent) }),
    ...(options.override !== undefined && { override: await readDocument(options.override) }),
  };
  const { messageId, kept } = await officeClient(data).send(unit, document, idempotencyKey, records);
  if (json) return printJson({ ok: true, messageId, kept });
  if (kept.length > 0) {
    process.stdout.write(`Kept as written, although the scan found names or numbers there: ${kept.join(', ')}\n`);
  }
  process.stdout.write(
    `Sealed and queued as ${messageId}.\nSee how far it is: npm run -s trao -- message show ${messageId}\n`,
  );
}

/** Sets recipient and answered message; a document that was written for another unit is not sent to this one. */
function address(document: unknown, { to, inReplyTo }: SendOptions): unknown {
  const { header } = (document ?? {}) as { header?: { recipientUnit?: unknown } };
  if (typeof header !== 'object' || header === null) return document; // the office says what is wrong with it
  if (to !== undefined && header.recipientUnit !== undefined && header.recipientUnit !== to) {
    throw new TraoError('wrong_recipient', {
      faults: [faultAt('/header/recipientUnit', 'other_recipient', `--to ${to}`)],
    });
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
