/** A CPU profile of V8, as far as it is read here. Times are microseconds. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

export interface TimeOf {
  readonly what: string;
  readonly ms: number;
}

/** Where the main thread of a process spent its time, in milliseconds, most first. Idling is left out. */
export interface SelfTimes {
  readonly busyMs: number;
  /** By function: in it alone. */
  readonly functions: readonly TimeOf[];
  /** By package or folder; what is native counts for whoever called it. */
  readonly modules: readonly TimeOf[];
  /** By function of our own folders: with all that it called. Waiting behind an `await` belongs to nobody. */
  readonly within: readonly TimeOf[];
}

const IDLE = '(idle)';

export function selfTimesOf(profile: CpuProfile): SelfTimes {
  const selfUs = selfOf(profile);
  const parents = parentsOf(profile);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const functions = new Map<string, number>();
  const modules = new Map<string, number>();
  const within = new Map<string, number>();
  let busyUs = 0;
  for (const [id, us] of selfUs) {
    const line = lineage(id, nodes, parents);
    const [self] = line;
    if (!self || self.callFrame.functionName === IDLE) continue;
    busyUs += us;
    add(functions, labelOf(self), us);
    add(modules, moduleAmong(line), us);
    const own = new Set(line.filter(isOwn).map(labelOf));
    for (const label of own) add(within, label, us);
  }
  return { busyMs: busyUs / 1000, functions: sorted(functions), modules: sorted(modules), within: sorted(within) };
}

/** A sample holds until the next one. */
function selfOf({ samples, timeDeltas }: CpuProfile): Map<number, number> {
  const self = new Map<number, number>();
  samples.forEach((id, index) => {
    const us = timeDeltas[index + 1] ?? 0;
    if (us > 0) self.set(id, (self.get(id) ?? 0) + us);
  });
  return self;
}

function parentsOf({ nodes }: CpuProfile): Map<number, number> {
  return new Map(nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id] as const)));
}

/** The node and all that called it, itself first. */
function lineage(
  id: number,
  nodes: ReadonlyMap<number, ProfileNode>,
  parents: ReadonlyMap<number, number>,
): ProfileNode[] {
  const line: ProfileNode[] = [];
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
    const node = nodes.get(at);
    if (node) line.push(node);
  }
  return line;
}

function moduleAmong(line: readonly ProfileNode[]): string {
  const name = line[0]?.callFrame.functionName ?? '';
  if (name.startsWith('(')) return name;
  const known = line.map(({ callFrame }) => moduleOf(callFrame.url)).find((module) => module !== '');
  return known ?? '(native)';
}

const isOwn = ({ callFrame }: ProfileNode) => /^(apps|libs)\//.test(moduleOf(callFrame.url));

/** The package, part of Node or folder of ours that a script belongs to; empty for what is native. */
export function moduleOf(url: string): string {
  if (url.startsWith('node:')) {
    const [first = '', second] = url.slice('node:'.length).split('/');
    return `node:${first === 'internal' ? (second ?? '') : first}`;
  }
  const foreign = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url);
  if (foreign) return foreign[1]!;
  const own = /\/((?:apps|libs)\/[^/]+)\//.exec(url);
  return own ? own[1]! : url.split('/').at(-1)!;
}

function labelOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return name;
  return `${name} ${moduleOf(url)}/${url.split('/').at(-1)}:${lineNumber + 1}`;
}

function add(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

const sorted = (sums: ReadonlyMap<string, number>): TimeOf[] =>
  [...sums].map(([what, us]) => ({ what, ms: us / 1000 })).sort((a, b) => b.ms - a.ms);
