/**
 * Writes error-codes.md from the one catalogue. Run by Node 24 directly:
 *   node docs/reference/generate-error-codes.ts           write
 *   node docs/reference/generate-error-codes.ts --check   exit 1 when the committed page is stale
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { CATALOGUE, WIRE_CODES, wireCodeOf, type Code } from '../../libs/errors/catalogue.ts';

const PAGE = join(dirname(resolve(process.argv[1] ?? '')), 'error-codes.md');
const HEAD = `<!-- Generated from libs/errors/catalogue.ts by docs/reference/generate-error-codes.ts: do not edit. -->

# Error codes

Every error of Trao has a code of one closed list. Codes may be added; they are never renamed. A code stands in problem
documents (\`code\`, with \`type\` \`urn:trao:problem:CODE\`), in the output of \`trao --json\`, in logs, alarms and in the
record of each attempt. [REST](rest.md) and [HTTP between gateways](../protocol/http.md) say where each can appear.

Three decisions belong to a code. **never**: the same bytes fail again. **later**: the same bytes may succeed later, so the
node tries again with backoff. **reseal**: seal anew to another key and send again.
`;

interface Row {
  readonly code: Code;
  readonly http: number;
  readonly retry: string;
  readonly wire: string | undefined;
  readonly meaning: string;
}

const ROWS = (Object.keys(CATALOGUE) as Code[]).map((code): Row => {
  const entry: { http: number; retry: string; wire?: string; meaning: string } = CATALOGUE[code];
  return { code, http: entry.http, retry: entry.retry, wire: entry.wire, meaning: entry.meaning };
});

function section(title: string, text: string, rows: readonly Row[], withWire: boolean): string {
  const head = withWire
    ? '| code | HTTP | wire code | meaning |\n| --- | --- | --- | --- |'
    : '| code | HTTP | meaning |\n| --- | --- | --- |';
  const lines = rows.map(({ code, http, wire, meaning }) =>
    withWire ? `| \`${code}\` | ${http} | \`${wire}\` | ${meaning} |` : `| \`${code}\` | ${http} | ${meaning} |`,
  );
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
