import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isAlertKind } from '../../libs/monitoring';
import { METRICS, Metrics, type MetricName } from '../../libs/telemetry';
import { ROOT } from '../harness/paths';
import { describeWithPromtool, promtool, promtoolMissingInCi } from '../harness/promtool';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';

/** What is handed to Prometheus and Grafana must fit what processes export. */
const how = (name: string) => path.join(ROOT, 'docs', 'how-to', name);
const RULES = readFileSync(how('prometheus-alerts.yml'), 'utf8');

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}
const dashboard = JSON.parse(readFileSync(how('grafana-dashboard.json'), 'utf8')) as {
  readonly title: string;
  readonly uid: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
};
const panels = dashboard.panels.filter(({ type }) => type !== 'row');

/** The expressions of both, each with where it stands. */
const EXPRESSIONS: readonly (readonly [string, string])[] = [
  ...[...RULES.matchAll(/- alert: (\w+)\n\s+expr: (.+)/g)].map(([, name, expr]) => [name!, expr!] as const),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
];

/** Words of the query language, besides the names of metrics. */
const PARTS_OF_HISTOGRAMS = /_(?:bucket|sum|count)$/;
/** What Prometheus adds to each series that it fetches, and to buckets. */
const ADDED = ['instance', 'job', 'le'];

const metricsIn = (expr: string) =>
  [...expr.matchAll(/\b((?:trao|nodejs|process)_[a-z0-9_]+)\b/g)].map(([, name]) => name!);
const isOurs = (name: string): name is MetricName => Object.hasOwn(METRICS, name);

/** The name under which the catalogue has it. */
function known(name: string): string {
  if (isOurs(name)) return name;
  const histogram = name.replace(PARTS_OF_HISTOGRAMS, '');
  return isOurs(histogram) && METRICS[histogram].type === 'histogram' ? histogram : name;
}

let exported: string;
beforeAll(async () => {
  exported = await new Metrics('worker').text();
});

it('has rules and panels to look at', () => {
  expect(EXPRESSIONS.length).toBeGreaterThan(40);
  expect(EXPRESSIONS.filter(([, expr]) => metricsIn(expr).length === 0).map(([name]) => name)).toEqual([
    'TraoProcessAway',
  ]);
});

/** What is wrong with an expression: metrics that nobody exports, labels that a metric does not have. */
function faultsOf(expr: string): string[] {
  const names = metricsIn(expr);
  return names.flatMap((name) => {
    const metric = known(name);
    if (!isOurs(metric)) return exported.includes(`# TYPE ${metric} `) ? [] : [metric];
    const labels: readonly string[] = [...METRICS[metric].labels, ...ADDED];
    const selectors = [...expr.matchAll(new RegExp(`${name}\\{([^}]*)\\}`, 'g'))].map(([, list]) => list!);
    const selected = selectors.flatMap((list) =>
      [...list.matchAll(/(\w+)\s*(?:=~|!=|!~|=)/g)].map(([, label]) => label!),
    );
    const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/, ?/));
    return [...selected, ...(names.length === 1 ? grouped : [])].filter((label) => !labels.includes(label));
  });
}

it.each(EXPRESSIONS)('%s names only metrics that are exported, with labels that they have: %s', (_, expr) => {
  expect(faultsOf(expr)).toEqual([]);
});

it.each([
  'trao_nothing > 0',
  'sum by (unit) (trao_key_days)',
  'trao_key_days{unit="x"}',
  'nodejs_nothing',
  'trao_key_days_bucket',
])('would see that this is wrong: %s', (expr) => {
  expect(faultsOf(expr)).toHaveLength(1);
});

it('uses every metric that is not only for curious people', () => {
  const used = new Set(EXPRESSIONS.flatMap(([, expr]) => metricsIn(expr)).map(known));
  expect((Object.keys(METRICS) as MetricName[]).filter((name) => !used.has(name))).toEqual([]);
});

describe('the dashboard', () => {
  it('has what Grafana needs of one', () => {
    expect(dashboard).toMatchObject({ title: 'Trao: a node', uid: 'trao-node', schemaVersion: 39 });
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  it('lays no panel over another one', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(dashboard.panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
  });
});

describe('the alert rules', () => {
  it('name a runbook of the monitor each, or the page about watching', () => {
    const runbooks = [...RULES.matchAll(/runbook: '?([^'\n]+)'?$/gm)].map(([, page]) => page!);
    expect(runbooks).toHaveLength([...RULES.matchAll(/- alert: /g)].length);
    const strange = runbooks.filter((page) => {
      const kind = /^docs\/runbooks\/(\w+)\.md$/.exec(page)?.[1];
      return (
        !(kind && isAlertKind(kind)) &&
        page !== 'docs/how-to/watch-with-prometheus.md' &&
        !page.includes('{{ $labels.kind }}')
      );
    });
    expect(strange).toEqual([]);
  });

  it('are judged in CI', () => {
    expect(promtoolMissingInCi()).toBe(false);
  });
});

describeWithPromtool('promtool', () => {
  let folder: string;
  beforeAll(() => {
    folder = makeTempFolder('rules');
  });
  afterAll(() => removeTempFolder(folder));

  it('takes the rules', () => {
    const { ok, said } = promtool(folder, 'check', 'rules', how('prometheus-alerts.yml'));
    expect([ok, said]).toEqual([true, expect.stringContaining('SUCCESS') as string]);
  });

  const cases = readFileSync(path.join(__dirname, 'prometheus-alerts.test.yml'), 'utf8');
  function tryRules(rules: string) {
    writeFileSync(path.join(folder, 'rules.yml'), rules);
    writeFileSync(path.join(folder, 'test.yml'), cases.replace('RULES', 'rules.yml'));
    return promtool(folder, 'test', 'rules', 'test.yml');
  }

  it('sees the alerts fire when they must, and not before', () => {
    const { ok, said } = tryRules(RULES);
    expect([ok, said]).toEqual([true, expect.stringContaining('SUCCESS') as string]);
  });

  it.each([
    ['> 900', '> 9000'],
    ['== 0\n        for: 1m', '== 0\n        for: 1h'],
    ['trao_alerts_open{state="new"}', 'trao_alerts_open'],
  ])('would see that a rule is wrong: %s becomes %s', (right, wrong) => {
    expect(RULES).toContain(right);
    expect(tryRules(RULES.replaceAll(right, wrong)).ok).toBe(false);
  });
});
