import type { ManifestEntry } from './manifest-ports';

/** A message that two lists do not say the same about. */
export interface Difference {
  readonly id: string;
  readonly mine?: ManifestEntry;
  readonly theirs?: ManifestEntry;
}

type Entries = AsyncIterator<ManifestEntry, undefined>;

/**
 * Walks through two lists in the order of their ids and gives what differs. It holds one entry of each.
 */
export async function* differences(mine: Entries, theirs: Entries): AsyncGenerator<Difference, undefined> {
  let [left, right] = [await take(mine), await take(theirs)];
  while (left !== undefined || right !== undefined) {
    if (right === undefined || (left !== undefined && left.id < right.id)) {
      yield { id: left!.id, mine: left! };
      left = await take(mine);
    } else if (left === undefined || right.id < left.id) {
      yield { id: right.id, theirs: right };
      right = await take(theirs);
    } else {
      if (left.digest !== right.digest || left.standing !== right.standing)
        yield { id: left.id, mine: left, theirs: right };
      [left, right] = [await take(mine), await take(theirs)];
    }
  }
  return undefined;
}

const take = async (entries: Entries) => (await entries.next()).value;

/** The entries of a list that comes in pages. @param page gives those above an id; one that is not full is the last */
export async function* paged(
  page: (after: string) => Promise<readonly ManifestEntry[]>,
  after: string,
  full: number,
): AsyncGenerator<ManifestEntry, undefined> {
  for (let above = after; ;) {
    const entries = await page(above);
    yield* entries;
    if (entries.length < full) return undefined;
    above = entries.at(-1)!.id;
  }
}

/** Groups what comes one by one. */
export async function* grouped<T>(all: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[], undefined> {
  let group: T[] = [];
  for await (const one of all) {
    group.push(one);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
  return undefined;
}
