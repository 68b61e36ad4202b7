import { watchStore, type Database } from '../../../../libs/storage';

/** Workers ask every partner each five minutes; two missed answers and some time are silence. */
const SILENT_MS = 15 * 60_000;

/** Partner nodes that have not answered lately: what is sent to them waits. */
export async function silentPartners(database: Database, now: Date): Promise<ReadonlySet<string>> {
  const watches = await watchStore(database).known();
  const silent = watches.filter(({ answeredAt }) => !answeredAt || now.getTime() - answeredAt.getTime() > SILENT_MS);
  return new Set(silent.map(({ partner }) => partner));
}
