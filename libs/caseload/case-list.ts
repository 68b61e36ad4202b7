import { type DeadlinePorts, type StoredCase, type Clock, type StorageKeys } from '../casework';
import { compareVietnamese } from '../text';
import type { DeliveryState } from '../lifecycle';
import { listedCase, nowIn, type CaseNow, type ListedCase } from './listed-case';
import type { WorkTab } from './work-tab';

export interface ListStore {
  /** The unit's cases that changed after `since`, all of them without it. */
  changedSince(
    unit: string,
    since: Date | undefined,
  ): Promise<{ readonly stored: StoredCase; readonly changedAt: Date }[]>;
  /** How far the unit's newest message has come, of the referrals in which one of its messages has not arrived. */
  unsettled(unit: string): Promise<ReadonlyMap<string, DeliveryState>>;
}

export interface ListPorts extends DeadlinePorts {
  readonly keys: StorageKeys;
  readonly clock: Clock;
  readonly list: <T>(unit: string, work: (store: ListStore) => Promise<T>) => Promise<T>;
}

export type ListedNow = ListedCase & { readonly now: CaseNow };

/** The same before a page of them is made: a list of ten thousand need not be copied for twenty-five. */
interface Pair {
  readonly listed: ListedCase;
  readonly now: CaseNow;
}

export const SORTS = ['changed', 'due', 'name', 'partner', 'state', 'reference'] as const;
export type Sort = (typeof SORTS)[number];

/** Which cases a list shows, and in which order. */
export interface ListQuery {
  readonly tab?: WorkTab | undefined;
  readonly side?: 'sender' | 'recipient' | undefined;
  readonly partnerUnit?: string | undefined;
  readonly state?: string | undefined;
  readonly delivery?: 'waiting' | 'arrived' | 'failed' | undefined;
  readonly child?: boolean | undefined;
  readonly assignedTo?: string | undefined;
  /** Only these, such as the finds of a search; their order stands where no sort is given. */
  readonly among?: readonly string[] | undefined;
  readonly sort?: Sort | undefined;
  readonly descending?: boolean | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** How long a transaction may take to commit: what it wrote may appear this much after the time that it carries. */
const COMMIT_MS = 90_000;
const WAITING: readonly DeliveryState[] = ['queued', 'sending', 'received'];
const ARRIVED: readonly DeliveryState[] = ['delivered', 'opened'];

/**
 * The cases of a unit for its lists. What lists show is content and is stored encrypted only, so nothing in the database can be sorted
 * by it; each office keeps the opened summaries of its units in memory and opens anew only what has changed since.
 */
export class CaseList {
  private readonly cases = new Map<string, ListedCase>();
  private latest: Date | undefined;
  private updating: Promise<void> | undefined;

  constructor(
    private readonly unit: string,
    private readonly ports: ListPorts,
  ) {}

  /** The cases that a query asks for, a page of them, and how many there are in all and in each tab. */
  async find(
    query: ListQuery,
  ): Promise<{ readonly cases: ListedNow[]; readonly total: number; readonly tabs: Record<WorkTab, number> }> {
    await this.update();
    const now = this.ports.clock.now();
    const unsettled = await this.ports.list(this.unit, (store) => store.unsettled(this.unit));
    const tabs = { action: 0, waiting: 0, closed: 0 };
    const found: Pair[] = [];
    for (const listed of this.chosen(query.among)) {
      const delivery = unsettled.get(listed.referralId) ?? (listed.wrote ? 'delivered' : undefined);
      const pair = { listed, now: nowIn(listed, delivery, now) };
      tabs[pair.now.tab] += 1;
      if (matches(pair, query)) found.push(pair);
    }
    // The finds of a search come best first; everything else newest first.
    if (query.sort || !query.among)
      found.sort(orderOf(query.sort ?? 'changed', query.descending ?? query.sort === undefined));
    const page = found.slice(query.offset, query.offset + query.limit);
    return { cases: page.map(({ listed, now: state }) => ({ ...listed, now: state })), total: found.length, tabs };
  }

  /** One case of the list, or undefined. */
  async case(referralId: string): Promise<ListedCase | undefined> {
    await this.update();
    return this.cases.get(referralId);
  }

  /** The case with a reference that somebody read out, or undefined. */
  async byReference(reference: string): Promise<string | undefined> {
    await this.update();
    for (const listed of this.cases.values()) if (listed.reference === reference) return listed.referralId;
    return undefined;
  }

  private chosen(among: readonly string[] | undefined): ListedCase[] {
    if (!among) return [...this.cases.values()];
    return among.flatMap((id) => this.cases.get(id) ?? []);
  }

  /** Opens what has changed; whoever asks meanwhile waits for the same. */
  private async update(): Promise<void> {
    this.updating ??= this.load().finally(() => (this.updating = undefined));
    await this.updating;
  }

  private async load(): Promise<void> {
    const { latest } = this;
    const since = latest && new Date(latest.getTime() - COMMIT_MS);
    const storageKey = await this.ports.keys.storageKey(this.unit);
    const rows = await this.ports.list(this.unit, (store) => store.changedSince(this.unit, since));
    for (const { stored, changedAt } of rows) {
      if (this.cases.get(stored.referralId)?.changedAt.getTime() === changedAt.getTime()) continue;
      this.cases.set(stored.referralId, listedCase(stored, changedAt, storageKey, this.ports));
      if (!this.latest || changedAt > this.latest) this.latest = changedAt;
    }
  }
}

function matches({ now, listed }: Pair, query: ListQuery): boolean {
  const { tab, side, partnerUnit, state, delivery, child, assignedTo } = query;
  return (
    (tab === undefined || now.tab === tab) &&
    (side === undefined || listed.side === side) &&
    (partnerUnit === undefined || listed.partnerUnit === partnerUnit) &&
    (state === undefined || now.state === state) &&
    (delivery === undefined || deliveryGroup(now.delivery) === delivery) &&
    (child === undefined || listed.child === child) &&
    (assignedTo === undefined || listed.assignedTo === assignedTo)
  );
}

function deliveryGroup(delivery: DeliveryState | undefined): ListQuery['delivery'] {
  if (delivery === undefined) return undefined;
  if (WAITING.includes(delivery)) return 'waiting';
  return ARRIVED.includes(delivery) ? 'arrived' : 'failed';
}

type Order = (a: Pair, b: Pair) => number;

/** Order by a text; what has none comes first. */
const byText =
  (textOf: (one: Pair) => string | undefined): Order =>
  (a, b) =>
    compareVietnamese(textOf(a) ?? '', textOf(b) ?? '');

/** What each sort compares; newest change first where two are alike. */
const BY: Readonly<Record<Sort, Order>> = {
  changed: (a, b) => a.listed.changedAt.getTime() - b.listed.changedAt.getTime(),
  due: (a, b) => dueOf(a) - dueOf(b),
  name: byText(({ listed }) => listed.name),
  partner: byText(({ listed }) => listed.partnerUnit),
  state: byText(({ now }) => now.state),
  reference: byText(({ listed }) => listed.reference),
};

/** What has no date comes last; a number, so that two of them can be subtracted. */
const dueOf = ({ now }: Pair) => now.due?.due.getTime() ?? Number.MAX_SAFE_INTEGER;

function orderOf(sort: Sort, descending: boolean): Order {
  const turn = descending ? -1 : 1;
  return (a, b) => turn * BY[sort](a, b) || BY.changed(b, a);
}
