import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { LABELS, METRICS, type CounterName, type GaugeName, type HistogramName } from './metric-catalogue';
import type { Label, LabelsOf, MetricName } from './metric-catalogue';

/** One number of a gauge. Every gauge that a source answers for is given by all its samples: what is left out is no more. */
export type Sample = {
  [N in GaugeName]: { readonly name: N; readonly labels: LabelsOf<N>; readonly value: number };
}[GaugeName];

/** Reads gauges when somebody asks for the metrics. */
export interface GaugeSource {
  readonly gauges: readonly GaugeName[];
  read(): readonly Sample[] | Promise<readonly Sample[]>;
}

/** What a value is written as that is no label. */
const REFUSED = 'other';

/** The metrics of a process: those of the catalogue that are its own, and what Node.js says of itself. */
export class Metrics {
  readonly registry = new Registry();
  private readonly counters = new Map<CounterName, Counter>();
  private readonly gauges = new Map<GaugeName, Gauge>();
  private readonly histograms = new Map<HistogramName, Histogram>();
  private readonly sources: GaugeSource[] = [];

  constructor(app: string) {
    collectDefaultMetrics({ register: this.registry });
    for (const name of Object.keys(METRICS) as MetricName[]) {
      const { apps } = METRICS[name];
      if ((apps as readonly string[]).includes(app)) this.register(name);
    }
  }

  /** Counts. A metric of another process counts nothing here. */
  count<N extends CounterName>(name: N, labels: LabelsOf<N>, by = 1): void {
    this.counters.get(name)?.inc(this.admitted(labels), by);
  }

  observe<N extends HistogramName>(name: N, labels: LabelsOf<N>, value: number): void {
    this.histograms.get(name)?.observe(this.admitted(labels), value);
  }

  /** Gauges that are read each time somebody asks for the metrics. */
  follow(source: GaugeSource): void {
    this.sources.push(source);
  }

  /** All metrics as text, in the format of Prometheus. */
  async text(): Promise<string> {
    for (const source of this.sources) await this.read(source);
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** A source that fails leaves its gauges empty: an old number would be a wrong one. */
  private async read(source: GaugeSource): Promise<void> {
    const samples = await Promise.resolve()
      .then(() => source.read())
      .catch((): readonly Sample[] => []);
    for (const name of source.gauges) this.empty(name);
    for (const { name, labels, value } of samples) this.gauges.get(name)?.set(this.admitted(labels), value);
  }

  private empty(name: GaugeName): void {
    const gauge = this.gauges.get(name);
    gauge?.reset();
    // prom-client sets a gauge without labels to 0, which would be a number.
    if (METRICS[name].labels.length === 0) gauge?.remove();
  }

  private register(name: MetricName): void {
    const {
      type,
      help,
      labels,
      buckets,
    }: { type: string; help: string; labels: readonly Label[]; buckets?: readonly number[] } = METRICS[name];
    const settings = { name, help, labelNames: [...labels], registers: [this.registry] };
    if (type === 'counter') this.counters.set(name as CounterName, new Counter(settings));
    else if (type === 'gauge') {
      this.gauges.set(name as GaugeName, new Gauge(settings));
      this.empty(name as GaugeName);
    } else this.histograms.set(name as HistogramName, new Histogram({ ...settings, buckets: [...(buckets ?? [])] }));
  }

  /** Labels as they may be written. */
  private admitted(labels: Readonly<Partial<Record<Label, string>>>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(labels).map(([label, value]) => {
        if (Object.hasOwn(LABELS, label) && LABELS[label as Label].allows.test(value)) return [label, value];
        this.counters.get('trao_labels_refused_total')?.inc();
        return [label, REFUSED];
      }),
    );
  }
}
