/**
 * Writes deadlines.md from the one table of deadlines. Run by Node 24 directly:
 *   node docs/reference/generate-deadlines.ts           write
 *   node docs/reference/generate-deadlines.ts --check   exit 1 when the committed page is stale
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { DEADLINES, type Adjustable, type Basis, type Deadline, type Responsible } from '../../libs/deadlines/table.ts';

type Terms = Exclude<Deadline['terms'], 'stated'>;
type Term = Terms['normal'];

const PAGE = join(dirname(resolve(process.argv[1] ?? '')), 'deadlines.md');
const CALENDARS = resolve(dirname(PAGE), '../../schemas/calendars/v1');
const CALENDAR_IDS = ['vn', 'gb-eng', 'gb-sct', 'gb-nir'];

const HEAD = `<!-- Generated from libs/deadlines/table.ts by docs/reference/generate-deadlines.ts: do not edit. -->

# Deadlines

Each deadline is a row of one table (\`libs/deadlines/table.ts\`). What is due in a case follows from its messages
(\`dutiesOf\`); both sides compute the same, but for what only one of them can know. A deadline that passes raises a mark, once, and changes nothing else: **nothing is
ever deleted for being unanswered.** A referral that nobody acknowledges is escalated 3, 9 and 14 days after delivery.

- **Minutes, hours and days** pass everywhere alike: a day is 24 hours.
- **Working days and months** are counted on the calendar and in the time zone of the side that is responsible. The day of the
  event is day 0. Due is the end of the last day there, 23:59:59.
- **The decision** is due on the day that the acknowledgement names. While a question is open its clock stands: the time from
  the request for information to the last answer is added.
- **After a withdrawal of consent** the terms run from the day on which the person withdrew, also when the message was written
  later.

In the column *source*, † is our own choice, to be confirmed by the agencies; no mark: read in public sources in November
2026. The column *by agreement* says how far a term may be changed for one partner, in the unit of the table: \`1 to 3 times\`
is from one unit to three times the term.
`;

const AGREEMENT = 'A term is replaced for one partner node, for all priorities or for some; it keeps its unit.';
const EXAMPLE = `\`\`\`json
{
  "gb": {
    "ack": { "count": 3, "unit": "workingDays" },
    "human_ack": { "normal": { "count": 10, "unit": "days" } }
  }
}
\`\`\`
`;

const WHO: Record<Responsible, string> = {
  sender: 'sender',
  recipient: 'recipient',
  other_side: 'the other side',
  same_side: 'whoever began it',
  both_sides: 'both sides',
  node: 'node',
  authority: 'authority',
  person: 'person',
};
const BASIS: Record<Basis, string> = { own: '†', public: '', uk: 'UK', vn: 'VN', au: 'AU' };
const UNITS: Record<Term['unit'], string> = {
  minutes: 'min',
  hours: 'h',
  days: 'days',
  workingDays: 'working days',
  months: 'months',
};

const say = ({ count, unit }: Term) => `${count} ${count === 1 ? UNITS[unit].replace(/s$/, '') : UNITS[unit]}`;

function byPriority(terms: Terms): string {
  const { emergency, urgent, normal } = terms;
  const [first, second, third] = [emergency, urgent, normal].map(say);
  if (first === third) return String(first);
  return second === third ? `${third}; emergency ${first}` : `emergency ${first}, urgent ${second}, normal ${third}`;
}

function term({ terms, counts, limit }: Deadline): string {
  if (terms === 'stated') return 'stated in the message';
  return `${limit === 'at_least' ? 'at least ' : ''}${byPriority(terms)}${counts === 'before' ? ' before' : ''}`;
}

function range({ terms, adjustable }: Deadline): string {
  const ranges: Record<Adjustable, string> = {
    either: '1 to 3 times',
    shorter: 'shorter only',
    longer: 'up to 3 times, not shorter',
    fixed: 'no',
  };
  return terms === 'stated' ? 'no' : ranges[adjustable];
}

const codes = (moments: readonly string[]) => moments.map((moment) => `\`${moment}\``).join(', ');

function table(rows: readonly (readonly [string, Deadline])[]): string {
  const lines = rows.map(([id, row]) => {
    const cells = [
      `\`${id}\``,
      row.means.en,
      WHO[row.by],
      codes(row.starts),
      codes(row.ends),
      term(row),
      BASIS[row.basis],
    ];
    return `| ${[...cells, range(row)].join(' | ')} |`;
  });
  const head = '| id | what | who | starts | ends | term | source | by agreement |';
  return [head, '| --- | --- | --- | --- | --- | --- | --- | --- |', ...lines, ''].join('\n');
}

interface Calendar {
  readonly name: { readonly en: string };
  readonly asOf: string;
  readonly covers: { readonly from: string; readonly to: string };
  readonly notes: readonly { readonly en: string }[];
  readonly holidays: readonly { readonly date: string; readonly status: string }[];
}

function calendars(): string {
  const lines = CALENDAR_IDS.map((id) => {
    const text = readFileSync(join(CALENDARS, `${id}.json`), 'utf8');
    const { name, asOf, covers, notes, holidays } = JSON.parse(text) as Calendar;
    const expected = holidays.filter(({ status }) => status === 'expected').map(({ date }) => date);
    return [
      `### \`${id}\`: ${name.en}\n`,
      `From ${covers.from} to ${covers.to}, as known on ${asOf}. ${holidays.length} days, ${expected.length} of them expected`,
      `and not announced: ${expected.join(', ')}.\n`,
      ...notes.map(({ en }) => `- ${en}`),
      '',
    ].join('\n');
  });
  return lines.join('\n');
}

const section = (title: string, text: string, rest: string) => `\n## ${title}\n\n${text}\n\n${rest}`;

function page(): string {
  const rows: (readonly [string, Deadline])[] = Object.entries(DEADLINES);
  const of = (pick: (row: Deadline) => boolean) => table(rows.filter(([, row]) => pick(row)));
  return [
    HEAD,
    section(
      'Of nodes',
      'A node acts by itself. The sender signs evidence that a message was not received, not delivered or not opened.',
      of(({ kind }) => kind === 'machine'),
    ),
    section(
      'Of officers',
      `An officer of the side that is responsible is reminded. \`planned_departure\` is when the window of the plan opens;
\`expected_arrival\` is when the window of the departure notice closes; \`any_answer\` is any message whose author had the alert.`,
      of(({ kind, informs }) => kind === 'human' && !informs),
    ),
    section(
      'For information',
      `What a law or guidance provides from a decision on. Nobody is reminded. UK: statutory guidance under the Modern Slavery
Act 2015; VN: Law 53/2024/QH15; AU: Support for Trafficked People Program.`,
      of(({ informs }) => informs === true),
    ),
    section('Terms agreed with a partner', AGREEMENT, EXAMPLE),
    section(
      'Working calendars',
      `The directory names the calendar of each node; the files are in \`schemas/calendars/v1\`. Outside the years of a file, and
for a node whose calendar is not kept, only weekends are left out, and the duty says so (\`beyondData\`). An expected day counts
as a holiday.`,
      calendars(),
    ),
  ].join('');
}

async function main(): Promise<void> {
  const text = await format(page(), { ...(await resolveConfig(PAGE)), parser: 'markdown', proseWrap: 'always' });
  if (!process.argv.includes('--check')) return writeFileSync(PAGE, text);
  if (existsSync(PAGE) && readFileSync(PAGE, 'utf8') === text) return;
  process.stderr.write('docs/reference/deadlines.md is stale. Run: node docs/reference/generate-deadlines.ts\n');
  process.exitCode = 1;
}

await main();
