import { columns } from './columns';
import type { LoadResult } from './load';
import { rounded } from './percentiles';

const MILLION = 1_000_000;
const GB = 1_000_000_000;

/** What a million messages cost, from what one did. */
export interface MillionCosts {
  /** Seconds of one core, by process; null where the system does not tell. */
  readonly cpuS: Readonly<Record<string, number | null>>;
  readonly cpuSInAll: number | null;
  /** Bytes that tables and their indexes grew by, by node. */
  readonly databaseGb: Readonly<Record<string, number>>;
  readonly walGb: number | null;
  readonly wireGb: number | null;
}

type Costs = Pick<
  LoadResult,
  'cpuMsByProcess' | 'cpuMsPerMessage' | 'tableBytesPerMessage' | 'walBytesPerMessage' | 'wireBytesPerMessage'
>;

export function millionCostsOf(result: Costs): MillionCosts {
  const seconds = (ms: number | null) => (ms === null ? null : rounded((ms * MILLION) / 1000, 0));
  const gb = (bytes: number | null) => (bytes === null ? null : rounded((bytes * MILLION) / GB, 2));
  const byNode: Record<string, number> = {};
  for (const [table, bytes] of Object.entries(result.tableBytesPerMessage)) {
    const node = table.split(' ')[0]!;
    byNode[node] = (byNode[node] ?? 0) + bytes;
  }
  return {
    cpuS: Object.fromEntries(Object.entries(result.cpuMsByProcess).map(([name, ms]) => [name, seconds(ms)])),
    cpuSInAll: seconds(result.cpuMsPerMessage),
    databaseGb: Object.fromEntries(Object.entries(byNode).map(([node, bytes]) => [node, gb(bytes)!])),
    walGb: gb(result.walBytesPerMessage),
    wireGb: gb(result.wireBytesPerMessage),
  };
}

/** Measured long enough to say something: what short runs grow by is what tables had room for. */
export function linesOfCosts(result: LoadResult): string[] {
  if (result.load !== 'sustained') return [];
  const { cpuS, cpuSInAll, databaseGb, walGb, wireGb } = millionCostsOf(result);
  const largest = Object.entries(result.tableBytesPerMessage).slice(0, LARGEST);
  return [
    `Cost of a million messages of ${result.sizeBytes} bytes on ${result.backend}`,
    ...columns(
      ['', 'unit', 'of'],
      [
        ...Object.entries(cpuS).map(([name, value]) => [value, 's of a core', name]),
        [cpuSInAll, 's of a core', 'all processes'],
        ...Object.entries(databaseGb).map(([node, value]) => [value, 'GB', `tables of ${node}, with indexes`]),
        [walGb, 'GB', 'write-ahead log of both nodes'],
        [wireGb, 'GB', 'between the nodes, with TLS'],
      ],
    ),
    `  bytes a message by table: ${largest.map(([table, bytes]) => `${table} ${bytes}`).join(', ')}`,
    `  commits a message ${result.commitsPerMessage ?? '?'}, connections between the nodes ${result.connections ?? '?'}`,
    '',
  ];
}

const LARGEST = 12;
