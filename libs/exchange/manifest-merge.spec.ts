import fc from 'fast-check';
import { differences, grouped, paged } from './manifest-merge';
import type { ManifestEntry } from './manifest-ports';

const entry = (id: number, digest = 'd', standing: ManifestEntry['standing'] = 'filed'): ManifestEntry => ({
  id: String(id).padStart(6, '0'),
  digest,
  standing,
});
async function* each<T>(all: readonly T[]): AsyncGenerator<T, undefined> {
  yield* all;
  return undefined;
}
const all = async <T>(items: AsyncIterable<T>) => {
  const found: T[] = [];
  for await (const one of items) found.push(one);
  return found;
};

describe('the differences of two lists', () => {
  const list = fc.uniqueArray(fc.record({ id: fc.nat(30), digest: fc.constantFrom('a', 'b') }), {
    selector: ({ id }) => id,
    maxLength: 25,
  });
  const sorted = (items: readonly { id: number; digest: string }[]) =>
    items.toSorted((a, b) => a.id - b.id).map(({ id, digest }) => entry(id, digest));

  it('are each entry that the other list lacks or has otherwise, in order', async () => {
    await fc.assert(
      fc.asyncProperty(list, list, async (left, right) => {
        const [mine, theirs] = [sorted(left), sorted(right)];
        const ids = [...new Set([...mine, ...theirs].map(({ id }) => id))].toSorted();
        const expected = ids.flatMap((id) => {
          const [a, b] = [mine.find((one) => one.id === id), theirs.find((one) => one.id === id)];
          return a?.digest === b?.digest ? [] : [{ id, ...(a && { mine: a }), ...(b && { theirs: b }) }];
        });
        expect(await all(differences(each(mine), each(theirs)))).toEqual(expected);
      }),
    );
  });

  it('are also how far a message is', async () => {
    const [mine, theirs] = [entry(1, 'd', 'held'), entry(1, 'd', 'opened')];
    expect(await all(differences(each([mine]), each([theirs])))).toEqual([{ id: '000001', mine, theirs }]);
  });
});

it('reads pages until one is not full', async () => {
  const entries = [1, 2, 3, 4].map((id) => entry(id));
  const asked: string[] = [];
  const page = (after: string) => {
    asked.push(after);
    return Promise.resolve(entries.filter(({ id }) => id > after).slice(0, 2));
  };
  expect(await all(paged(page, '', 2))).toEqual(entries);
  expect(asked).toEqual(['', '000002', '000004']);
});

it('groups what comes one by one, the rest in a group of its own', async () => {
  expect(await all(grouped(each([1, 2, 3, 4, 5]), 2))).toEqual([[1, 2], [3, 4], [5]]);
  expect(await all(grouped(each([1, 2]), 2))).toEqual([[1, 2]]);
  expect(await all(grouped(each([]), 2))).toEqual([]);
});
