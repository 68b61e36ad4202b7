import { Option, type Command } from 'commander';
import { TraoError } from '../../../libs/errors';
import { codeList, codeLists, STANDARDS, type CodeEntry, type CodeList, type Lang } from '../../../libs/schema';
import { jsonOption } from '../local/running';
import { printJson, printTable } from '../output';

interface CodesOptions {
  readonly json?: boolean;
}

/** `codes list|show`: the code lists of the contract. They are part of the program; no node is asked. */
export function addCodesCommands(program: Command): void {
  const codes = program.command('codes').description('Shows the code lists of the messages.');
  codes
    .command('list')
    .description('Lists the code lists.')
    .addOption(jsonOption())
    .action(({ json }: CodesOptions) => {
      const lists = codeLists().map(({ list, version, source, entries }) => ({
        list,
        version,
        codes: entries.length,
        source,
      }));
      if (json) return printJson({ lists });
      printTable(
        ['list', 'version', 'codes', 'source'],
        lists.map(({ list, version, codes: count, source }) => [list, version, String(count), source]),
      );
    });
  codes
    .command('show')
    .description('Shows the codes of a list with their labels and their counterparts in other standards.')
    .argument('<list>')
    .addOption(new Option('--lang <language>', 'language of the labels').choices(['en', 'vi']).default('en'))
    .addOption(jsonOption())
    .action((name: string, { lang, json }: CodesOptions & { lang: Lang }) => {
      const list = named(name);
      if (json) return printJson(list);
      printList(list, lang);
    });
}

function named(name: string): CodeList {
  const list = codeList(name);
  if (list !== undefined) return list;
  const known = codeLists().map((each) => each.list);
  throw new TraoError('not_found', { detail: `The code lists are: ${known.join(', ')}` });
}

function printList({ list, version, source, entries }: CodeList, language: Lang): void {
  process.stdout.write(`${list} ${version}: ${source}\n\n`);
  const columns = (Object.keys(STANDARDS) as (keyof typeof STANDARDS)[]).filter((column) =>
    entries.some(({ crosswalk }) => crosswalk?.[column] !== undefined),
  );
  const remarked = entries.some((entry) => remark(entry, language) !== '');
  printTable(
    ['code', 'label', ...columns.map((column) => STANDARDS[column]), ...(remarked ? ['remark'] : [])],
    entries.map((entry) => [
      entry.code,
      entry.label[language],
      ...columns.map((column) => entry.crosswalk?.[column]?.join(', ') ?? ''),
      remark(entry, language),
    ]),
  );
}

const REMARKS = {
  unconfirmed: { en: 'to be confirmed', vi: 'cần xác nhận' },
  until: { en: 'until', vi: 'đến' },
} as const;

function remark({ confirmed, to, note }: CodeEntry, language: Lang): string {
  const parts = [
    confirmed === false ? REMARKS.unconfirmed[language] : undefined,
    to === undefined ? undefined : `${REMARKS.until[language]} ${to}`,
    note?.[language],
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}
