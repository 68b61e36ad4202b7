import { join } from 'node:path';
import { Database } from '../../libs/storage';

/** Where `openServer` of the demonstration puts the cluster of a folder. */
export const clusterOf = (folder: string) => join(folder, 'postgres', 'cluster');

/** The process id of the main process of a local server. */
export async function postmasterPid(adminUrl: string): Promise<number> {
  return Number(
    (await ask<{ file: string }>(adminUrl, `SELECT pg_read_file('postmaster.pid') AS file`)).file.split('\n')[0],
  );
}

export async function serverVersion(adminUrl: string): Promise<string> {
  const { version, fsync } = await ask<{ version: string; fsync: string }>(
    adminUrl,
    `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync`,
  );
  return `${version}, fsync ${fsync}`;
}

async function ask<R>(url: string, sql: string): Promise<R> {
  const database = await Database.open({ url, poolSize: 1, applicationName: 'trao-bench' });
  try {
    const [row] = await database.query<R>(sql);
    return row as R;
  } finally {
    await database.close();
  }
}
