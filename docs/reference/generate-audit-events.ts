/**
 * Writes audit-events.md from the catalogue of log events. Run by Node 24 directly:
 *   node docs/reference/generate-audit-events.ts           write
 *   node docs/reference/generate-audit-events.ts --check   exit 1 when the committed page is stale
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { KINDS, LOG_EVENTS } from '../../libs/platform/log-events.ts';

const PAGE = join(dirname(resolve(process.argv[1] ?? '')), 'audit-events.md');
const HEAD = `<!-- Generated from libs/platform/log-events.ts by docs/reference/generate-audit-events.ts: do not edit. -->

# Log events

Processes write JSON lines to standard output. Every line is one event of a closed list and carries fields of that event and no
others: a field that is not listed does not compile, and one that comes all the same, or that has not the shape of its kind, is
left out (\`leftOut\` counts them). Events may be added; they are never renamed.

Lines hold ids, codes, counts, times and names of things of Trao. They hold no text of a library, because such a text may quote a
value, and nothing that a case holds.

## In every line

| field | what it is |
| --- | --- |
| \`level\` | 20 debug, 30 info, 40 warn, 50 error |
| \`time\` | UTC, ISO 8601 |
| \`app\`, \`node\` | which process of which node speaks |
| \`event\`, \`msg\` | the event and its meaning |
| \`correlationId\` | in lines of an HTTP request: the \`X-Correlation-Id\` of its answer, and \`correlationId\` of its problem |
| \`batchId\` | in lines of a job of the queue |
| \`trace_id\`, \`span_id\` | where [traces](../how-to/watch-with-prometheus.md) are written |
| \`leftOut\` | how many fields were left out; a fault of ours |

To follow a message, search the logs of office, worker and gateway for its id. A line about a batch of messages names the batch.

## Kinds of fields
`;

const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;

function page(): string {
  const kinds = Object.entries(KINDS).map(([kind, { text }]) => row(`\`${kind}\``, text));
  const events = Object.entries(LOG_EVENTS).map(([event, { level, meaning, fields }]) => {
    const listed = Object.entries(fields).map(([name, kind]) => `\`${name}\`: ${kind}`);
    return row(`\`${event}\``, level, meaning, listed.join(', '));
  });
  return [
    HEAD,
    row('kind', 'what it is'),
    row('---', '---'),
    ...kinds,
    '\n## Events\n',
    row('event', 'level', 'meaning', 'fields'),
    row('---', '---', '---', '---'),
    ...events,
    '',
  ].join('\n');
}

async function main(): Promise<void> {
  const text = await format(page(), { ...(await resolveConfig(PAGE)), parser: 'markdown', proseWrap: 'always' });
  if (!process.argv.includes('--check')) return writeFileSync(PAGE, text);
  if (existsSync(PAGE) && readFileSync(PAGE, 'utf8') === text) return;
  process.stderr.write('docs/reference/audit-events.md is stale. Run: node docs/reference/generate-audit-events.ts\n');
  process.exitCode = 1;
}

await main();
