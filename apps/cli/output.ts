import { Option } from 'commander';
import { asTraoError, meaningOf, type Fault } from '../../libs/errors';
import type { Lang } from '../../libs/schema';

/** Exit codes: 0 done, 1 refused or failed, 2 cannot run (settings, ports, nothing there). */
const CANNOT_RUN = [
  'config_invalid',
  'port_taken',
  'start_failed',
  'partner_unreachable',
  'key_missing',
  'key_folder_missing',
  'key_unreadable',
  'key_exposed',
  'key_plain',
  'key_locked',
  'token_unavailable',
  'token_refused',
  'backup_tool_missing',
  'backup_tool_old',
  'schema_newer',
];

/** `--lang`: the language in which failures and broken rules are explained. */
export const langOption = () =>
  new Option('--lang <language>', 'language in which failures and rules are explained')
    .choices(['en', 'vi'])
    .default('en');

/** The sentence of a rule. */
export const sentenceOf = ({ rule, ruleVi }: Fault, language: Lang): string => (language === 'vi' ? ruleVi : rule);

/**
 * Prints a failure: for people on stderr, with `--json` as one document on stdout. Answers the exit code. The meaning is in
 * `language`, by default that of `--lang`; the detail behind it is for operators and always English.
 */
export function reportFailure(error: unknown, json: boolean, language: Lang = languageAsked(process.argv)): number {
  const { code, detail, faults, cause } = asTraoError(error);
  const message = [meaningOf(code, language), ...(detail ? [detail] : [])].join(' ');
  // Only an unexpected fault shows its origin; ours explain themselves.
  const origin = code === 'internal' && cause instanceof Error ? cause.message : undefined;
  if (json)
    process.stdout.write(
      `${JSON.stringify({ ok: false, error: { code, message, faults, ...(origin && { origin }) } })}\n`,
    );
  process.stderr.write(`trao: ${message} (${code})${origin ? `\n  ${origin}` : ''}\n`);
  for (const fault of faults) {
    process.stderr.write(`  ${fault.pointer || WHOLE[language]}: ${sentenceOf(fault, language)}\n`);
  }
  return CANNOT_RUN.includes(code) ? 2 : 1;
}

/** A command fails outside its own action too, where its options are not at hand. */
function languageAsked(args: readonly string[]): Lang {
  const vietnamese = (arg: string, at: number) => arg === '--lang=vi' || (arg === '--lang' && args[at + 1] === 'vi');
  return args.some(vietnamese) ? 'vi' : 'en';
}

/** The place of a fault that a document has as a whole. */
export const WHOLE = { en: '(whole document)', vi: '(toàn bộ tài liệu)' } as const;

/** Prints rows as columns that line up. */
export function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => (row[column] ?? '').length)));
  for (const row of [heads, ...rows]) {
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
