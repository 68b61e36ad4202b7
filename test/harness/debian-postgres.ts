import { Database } from '../../libs/storage';
import { debianPrograms } from './debian-programs';
import { runDebianServer, urlOf } from './debian-server';

export { debianPrograms };

if (debianPrograms === undefined)
  process.stderr.write(
    'backups are not proven here: no postgresql with its tools (Debian: apt-get install postgresql)\n',
  );

/** For what needs them: left out, with a line that says so, where they are not there. */
export const describeWithPostgres = debianPrograms === undefined ? describe.skip : describe;

/** What is missing where it must not be: in CI. */
export const missingInCi = () =>
  process.env['CI'] === undefined || debianPrograms !== undefined ? [] : ['postgresql'];

export interface DebianPostgres {
  /** A database as the administrator. */
  url(database: string): string;
  /** Makes an empty database and answers its URL. */
  create(database: string): Promise<string>;
  stop(): Promise<void>;
}

/** A server of its own in a folder, with databases that are made as they are asked for. */
export async function startDebianPostgres(folder: string): Promise<DebianPostgres> {
  const server = await runDebianServer(folder);
  const url = (database: string) => urlOf(server, database);
  const admin = await Database.open({ url: url('postgres'), poolSize: 1, applicationName: 'test-admin' });
  return {
    url,
    async create(database) {
      await admin.query(`CREATE DATABASE ${database}`);
      return url(database);
    },
    async stop() {
      await admin.close();
      await server.stop();
    },
  };
}
