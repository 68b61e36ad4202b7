/**
 * Writes attacks.md from the catalogue of attacks and the titles of its tests. Run by Node 24 directly:
 *   node docs/security/generate-attacks.ts           write
 *   node docs/security/generate-attacks.ts --check   exit 1 when the committed page is stale
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { SYNTAX } from '../../test/attacks/catalogue/a-syntax.ts';
import { ALGORITHMS_AND_KEYS } from '../../test/attacks/catalogue/b-algorithms.ts';
import { BINDING } from '../../test/attacks/catalogue/c-binding.ts';
import { TLS_ATTACKS } from '../../test/attacks/catalogue/d-tls.ts';
import { OUTCOMES, type Entry } from '../../test/attacks/catalogue/entry.ts';
import { RECEIPT_ATTACKS } from '../../test/attacks/catalogue/g-receipts.ts';
import { namedTests } from '../../test/attacks/catalogue/read-titles.ts';

const PAGE = join(dirname(resolve(process.argv[1] ?? '')), 'attacks.md');
const FOLDER = resolve(dirname(PAGE), '../../test/attacks');
const TESTS = namedTests(FOLDER);

const HEAD = `<!-- Generated from test/attacks/catalogue by docs/security/generate-attacks.ts: do not edit. -->

# Attacks

Each attack has at least one automatic test that begins with its id and goes through the real entry points: \`open\`, the
gateway's \`accept\` and its controllers, the worker's \`ingest\`, \`settle\`, \`adoptDirectory\`, \`admitKey\`. A test asserts the
**intended** inner code, not that something is refused. \`test/attacks/catalogue.spec.ts\` fails when an entry has no test, and
when a test names no entry.

Inner codes stay inside the node. A partner sees the [wire code](../reference/error-codes.md#wire-codes): for everything that
fails before the sender is proven that is \`undecryptable\`. At the gateway whatever cannot be read is \`bad_request\`.

A-16 and A-17 damage every byte of eleven messages of each suite, of receipts of all kinds and of a directory; the test prints
how many. B-21 counts work; its time is measured by [\`npm run bench -- --only timing\`](../reference/bench.md).
`;

const words: Readonly<Record<string, string>> = OUTCOMES;
const end = (outcome: string) => words[outcome] ?? `\`${outcome}\``;
const code = (text: string) => `\`${text}\``;

function table(rows: readonly Entry[]): string {
  const lines = rows.map(({ id, attack, control, where, outcome }) => {
    const files = new Set(TESTS.filter((test) => test.id === id).map(({ file }) => file));
    const cells = [
      id,
      attack,
      control,
      where.map(code).join(', '),
      outcome.map(end).join(', '),
      [...files].map(code).join(', '),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const head = '| id | attack | what stands against it | where | ends as | test |';
  // Tables of this width are easier to read and to compare unaligned.
  return ['<!-- prettier-ignore -->', head, '| --- | --- | --- | --- | --- | --- |', ...lines, ''].join('\n');
}

const section = (title: string, text: string, rows: readonly Entry[]) => `\n## ${title}\n\n${text}\n\n${table(rows)}`;

function page(): string {
  return [
    HEAD,
    section('A: syntax and canonical form', 'Nothing has two spellings, and nothing can be read in two ways.', SYNTAX),
    section(
      'B: algorithms and keys',
      'The key alone decides what it is used with, and few keys are let in.',
      ALGORITHMS_AND_KEYS,
    ),
    section('C: binding, replay and order', 'Who said what to whom, once, and after what.', BINDING),
    section('D: TLS and the directory', 'OpenSSL checks the chain; the directory says whose key it is.', TLS_ATTACKS),
    section('G: receipts', 'What proves nothing changes nothing; what proves something is kept.', RECEIPT_ATTACKS),
    `\n## What these tests do not show

- Debian's weak keys of 2006 to 2008 are not known by list; RSA is taken by exception only, and such keys end by their validity.
- A gap is seen within a referral. Manifests hold what receipts prove, so a referral that is withheld from its first message on
  is missed by its sender's timers and not by its recipient.
- Receipts carry no proof of a log, and no policy can demand one (G-15).
`,
  ].join('');
}

async function main(): Promise<void> {
  const text = await format(page(), { ...(await resolveConfig(PAGE)), parser: 'markdown', proseWrap: 'always' });
  if (!process.argv.includes('--check')) return writeFileSync(PAGE, text);
  if (existsSync(PAGE) && readFileSync(PAGE, 'utf8') === text) return;
  process.stderr.write('docs/security/attacks.md is stale. Run: node docs/security/generate-attacks.ts\n');
  process.exitCode = 1;
}

await main();
