import type { Command } from 'commander';
import type { Lang } from '../../../libs/schema';
import { checkFile, type CheckedFile } from '../check-document';
import { jsonOption } from '../local/running';
import { langOption, printJson, WHOLE } from '../output';

interface CheckOptions {
  readonly lang: Lang;
  readonly json?: boolean;
}

/** `message check`: whether files follow the contract. No node is asked, and nothing is sent. */
export function addCheckCommand(message: Command): void {
  message
    .command('check')
    .description(
      'Checks files against schemas/referral/v1, without a node: strict JSON, schema, and for referrals and statistics the ' +
        'rules of protection. What depends on a case, on the record of consent or on second officers is checked when it is sent.',
    )
    .argument('<file...>', 'JSON documents as they travel, with the header members that a node assigns')
    .addOption(langOption())
    .addOption(jsonOption())
    .action(async (files: readonly string[], { lang, json }: CheckOptions) => {
      const checked: CheckedFile[] = [];
      for (const file of files) checked.push(await checkFile(file, lang));
      if (json) printJson(checked);
      else for (const each of checked) printChecked(each, lang);
      if (checked.some(({ valid }) => !valid)) process.exitCode = 1;
    });
}

const SAYS = { en: { true: 'valid', false: 'NOT valid' }, vi: { true: 'hợp lệ', false: 'KHÔNG hợp lệ' } } as const;

function printChecked({ file, valid, errors }: CheckedFile, language: Lang): void {
  process.stdout.write(`${valid ? '✓' : '✗'} ${file}: ${SAYS[language][`${valid}`]}\n`);
  for (const { code, path, message } of errors) {
    process.stdout.write(`  ${path || WHOLE[language]}: ${message} (${code})\n`);
  }
}
