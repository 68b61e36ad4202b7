import path from 'node:path';
import { startPostgres } from '../../libs/launcher';
import { Database, isEmbeddedServer } from '../../libs/storage';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';

/** A node of production must know the embedded PostgreSQL when it meets it. */
it.each<[string, Readonly<Record<string, string>>, boolean]>([
  ['says that it is the embedded one', {}, true],
  ['says nothing, as one that somebody runs', { 'trao.embedded': '' }, false],
])('%s', async (_, settings, embedded) => {
  const folder = makeTempFolder('kind');
  const postgres = await startPostgres({ dataDir: path.join(folder, 'cluster'), fsync: false, settings });
  try {
    const { user, password } = postgres.superuser;
    const host = encodeURIComponent(postgres.socketDir);
    const url = `postgres://${user}:${encodeURIComponent(password)}@localhost/postgres?host=${host}&port=${postgres.port}`;
    const database = await Database.open({ url, poolSize: 1, applicationName: 'test' });
    await database.query("CREATE ROLE nobody_special LOGIN PASSWORD 'invented'");
    const weak = await Database.open({
      url: url.replace(/\/\/[^@]*@/, '//nobody_special:invented@'),
      poolSize: 1,
      applicationName: 'test',
    });
    expect([await isEmbeddedServer(database), await isEmbeddedServer(weak)]).toEqual([embedded, embedded]);
    await Promise.all([database.close(), weak.close()]);
  } finally {
    await postgres.stop();
    removeTempFolder(folder);
  }
});
