/**
 * Writes error-codes.md from the catalogues of errors and of rules. Run by Node 24 directly:
 *   node docs/reference/generate-error-codes.ts           write
 *   node docs/reference/generate-error-codes.ts --check   exit 1 when the committed page is stale
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { CATALOGUE, WIRE_CODES, wireCodeOf, type Code } from '../../libs/errors/catalogue.ts';
import { MEANINGS_VI } from '../../libs/errors/meanings-vi.ts';
import { RULES } from '../../libs/errors/rules.ts';

const PAGE = join(dirname(resolve(process.argv[1] ?? '')), 'error-codes.md');
const HEAD = `<!-- Generated from libs/errors by docs/reference/generate-error-codes.ts: do not edit. -->

# Error codes

Every error of Trao has a code of one closed list. Codes may be added; they are never renamed. A code stands in problem
documents (\`code\`, with \`type\` \`urn:trao:problem:CODE\`), in the output of \`trao --json\`, in logs, alarms and in the
record of each attempt. [REST](rest.md) and [HTTP between gateways](../protocol/http.md) say where each can appear.

Three decisions belong to a code. **never**: the same bytes fail again. **later**: the same bytes may succeed later, so the
node tries again with backoff. **reseal**: seal anew to another key and send again.

A document that breaks rules has one error code and, for each fault, the code of a [rule](#rules).
`;

interface Row {
  readonly code: Code;
  readonly http: number;
  readonly retry: string;
  readonly wire: string | undefined;
  readonly meaning: string;
  readonly meaningVi: string;
}

const ROWS = (Object.keys(CATALOGUE) as Code[]).map((code): Row => {
  const entry: { http: number; retry: string; wire?: string; meaning: string } = CATALOGUE[code];
  const { http, retry, wire, meaning } = entry;
  return { code, http, retry, wire, meaning, meaningVi: MEANINGS_VI[code] };
});

function section(title: string, text: string, rows: readonly Row[], withWire: boolean): string {
  const head = withWire
    ? '| code | HTTP | wire code | meaning | in Vietnamese |\n| --- | --- | --- | --- | --- |'
    : '| code | HTTP | meaning | in Vietnamese |\n| --- | --- | --- | --- |';
  const lines = rows.map(({ code, http, wire, meaning, meaningVi }) => {
    const place = withWire ? `${http} | \`${wire}\`` : String(http);
    return `| \`${code}\` | ${place} | ${meaning} | ${meaningVi} |`;
  });
  return [`\n## ${title}\n\n${text}\n`, head, ...lines, ''].join('\n');
}

function wireSection(): string {
  const lines = WIRE_CODES.map((wire) => {
    const inner = ROWS.filter((row) => row.wire === wire).map((row) => `\`${row.code}\``);
    return `- \`${wire}\`: ${inner.join(', ')}`;
  });
  const others = ROWS.filter((row) => row.wire === undefined).every((row) => wireCodeOf(row.code) === 'policy_blocked');
  if (!others) throw new Error('A code without a wire code must become policy_blocked.');
  return `\n## Wire codes\n
A signed \`refused\` receipt carries one of these ${WIRE_CODES.length} codes and nothing else. Behind each stand the inner codes
that it covers. An inner code without a wire code of its own would be shown as \`policy_blocked\`.\n\n${lines.join('\n')}\n`;
}

function ruleSection(): string {
  const lines = Object.entries(RULES).map(([code, { en, vi }]) => `| \`${code}\` | ${en} | ${vi} |`);
  return `\n## Rules\n
Every fault in a document or a request has the code of one rule: in \`errors\` of a problem, in \`trao message check\`, in
\`faults\` of a draft. The sentence follows the place that breaks the rule. \`{0}\`, \`{1}\` stand for bounds and for names of
Trao, never for content. Codes may be added; they are never renamed.\n
| code | sentence | in Vietnamese |\n| --- | --- | --- |\n${lines.join('\n')}\n`;
}

function page(): string {
  const never = ROWS.filter((row) => row.retry === 'never');
  return [
    HEAD,
    section(
      'About messages: never',
      'Judgements about a message. As the reason of a signed refusal each shows as its wire code.',
      never.filter((row) => row.wire !== undefined),
      true,
    ),
    section(
      'About messages: reseal',
      'The sender has to seal the same content to a current key.',
      ROWS.filter((row) => row.retry === 'reseal'),
      true,
    ),
    section(
      'Elsewhere: never',
      'Faults of requests, settings, receipts and directories. They never stand in a receipt.',
      never.filter((row) => row.wire === undefined),
      false,
    ),
    section(
      'Later',
      'Conditions that pass. They never stand in a receipt.',
      ROWS.filter((row) => row.retry === 'later'),
      false,
    ),
    wireSection(),
    ruleSection(),
  ].join('');
}

async function main(): Promise<void> {
  const text = await format(page(), { ...(await resolveConfig(PAGE)), parser: 'markdown', proseWrap: 'always' });
  if (!process.argv.includes('--check')) return writeFileSync(PAGE, text);
  if (existsSync(PAGE) && readFileSync(PAGE, 'utf8') === text) return;
  process.stderr.write('docs/reference/error-codes.md is stale. Run: node docs/reference/generate-error-codes.ts\n');
  process.exitCode = 1;
}

await main();
