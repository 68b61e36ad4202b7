import { MemoryManifests } from './memory-manifests';
import { pingDraft } from './documents';
import type { MemoryTables } from './memory-tables';
import { twoCountries } from './two-countries';

const UNIT = 'vn.mps-criminal';

/** Two countries whose manifests are held against each other. */
export async function comparedCountries(start = '2026-11-22T06:00:00Z') {
  const pair = await twoCountries(5, start);
  const work = async () => {
    for (let round = 0; round < 3; round += 1) {
      await pair.vn.work();
      await pair.gb.work();
    }
  };
  return { ...pair, work, ofVn: new MemoryManifests(pair.vn), ofGb: new MemoryManifests(pair.gb) };
}
export type ComparedCountries = Awaited<ReturnType<typeof comparedCountries>>;

/** Messages that are delivered, and both sides know it. */
export async function delivered({ vn, work }: ComparedCountries, count = 3, draft = pingDraft): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) ids.push((await vn.send(draft(), UNIT)).messageId);
  await work();
  expect(ids.map((id) => vn.tables.outbox.get(id)!.state)).toEqual(ids.map(() => 'delivered'));
  return ids;
}

/** A backup of a database: all rows as they are now. */
export const backup = (tables: MemoryTables) =>
  Object.fromEntries(
    Object.entries(tables).flatMap(([name, table]) => (table instanceof Map ? [[name, new Map(table)]] : [])),
  );
export const restore = (tables: MemoryTables, from: object) =>
  Object.assign(
    tables,
    Object.fromEntries(Object.entries(from).map(([name, table]) => [name, new Map(table as Map<string, unknown>)])),
  );

export const states = (tables: MemoryTables) => [...tables.outbox.values()].map(({ state }) => state);
