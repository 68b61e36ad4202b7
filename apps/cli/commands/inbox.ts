import type { Command } from 'commander';
import { dataOption, jsonOption, officeClient } from '../local/running';
import { printJson } from '../output';
import { printLines } from './case';

interface InboxOptions {
  readonly as: string;
  readonly message?: string;
  readonly limit: string;
  readonly data: string;
  readonly json?: boolean;
}

export function addInboxCommand(program: Command): void {
  program
    .command('inbox')
    .description('Lists the referrals of a unit, or shows one message in clear.')
    .requiredOption('--as <unit>', 'the unit that reads')
    .option('--message <id>', 'show this message')
    .option('--limit <n>', 'how many', '20')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async ({ as, message, limit, data, json }: InboxOptions) => {
      const office = officeClient(data);
      if (message !== undefined) return printJson(await office.message(as, message));
      const referrals = await office.inbox(as, Number(limit));
      if (json) return printJson({ referrals });
      if (referrals.length === 0) return void process.stdout.write(`${as} has no referrals yet.\n`);
      printLines(referrals);
    });
}
