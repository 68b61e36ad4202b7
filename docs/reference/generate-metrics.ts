/**
 * Writes metrics.md from the catalogue of metrics. Run by Node 24 directly:
 *   node docs/reference/generate-metrics.ts           write
 *   node docs/reference/generate-metrics.ts --check   exit 1 when the committed page is stale
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { LABELS, METRICS } from '../../libs/telemetry/metric-catalogue.ts';

const PAGE = join(dirname(resolve(process.argv[1] ?? '')), 'metrics.md');
const HEAD = `<!-- Generated from libs/telemetry/metric-catalogue.ts by docs/reference/generate-metrics.ts: do not edit. -->

# Metrics

What a process says at \`/metrics\` of its operations port ([Watch with Prometheus](../how-to/watch-with-prometheus.md)). The list is
closed: metrics may be added; they are never renamed. Each process exports its own ones, and those of Node.js beside them
(\`process_…\`, \`nodejs_…\`, such as \`nodejs_eventloop_lag_p99_seconds\`).

A label holds a name of a closed list, the id of a node, a code, a state or the template of a route. Any other value is written as
\`other\` and counted in \`trao_labels_refused_total\`: no metric can name a person, a unit, a case or a message.

What is said of deliveries as a whole comes from the database of the node and is exported by the monitor alone, so that several
workers do not count it several times. It is read when somebody asks, at most every 5 seconds.
`;

const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;

function page(): string {
  const metrics = Object.entries(METRICS).map(([name, { type, help, labels, apps }]) =>
    row(
      `\`${name}\``,
      type,
      help,
      labels.map((label) => `\`${label}\``).join(', '),
      apps.length === 4 ? 'all' : apps.join(', '),
    ),
  );
  const labels = Object.entries(LABELS).map(([label, { text }]) => row(`\`${label}\``, text));
  return [
    HEAD,
    row('metric', 'type', 'meaning', 'labels', 'processes'),
    row('---', '---', '---', '---', '---'),
    ...metrics,
    '\n## Labels\n',
    row('label', 'what it holds'),
    row('---', '---'),
    ...labels,
    '',
  ].join('\n');
}

async function main(): Promise<void> {
  const text = await format(page(), { ...(await resolveConfig(PAGE)), parser: 'markdown', proseWrap: 'always' });
  if (!process.argv.includes('--check')) return writeFileSync(PAGE, text);
  if (existsSync(PAGE) && readFileSync(PAGE, 'utf8') === text) return;
  process.stderr.write('docs/reference/metrics.md is stale. Run: node docs/reference/generate-metrics.ts\n');
  process.exitCode = 1;
}

await main();
