import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeBackup, type BackupOrder } from '../../apps/cli/backup/make-backup';
import { migrateNode } from '../../apps/cli/backup/migrate-node';
import { findTool } from '../../apps/cli/backup/pg-tools';
import { verifyBackup } from '../../apps/cli/backup/read-backup';
import { makeRecipient, readOpener } from '../../apps/cli/backup/recipient';
import { restoreBackup, type RestoreOrder } from '../../apps/cli/backup/restore-backup';
import { Database } from '../../libs/storage';
import {
  debianPrograms,
  describeWithPostgres,
  startDebianPostgres,
  type DebianPostgres,
} from '../harness/debian-postgres';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { createDatabase, startServer, type TestServer } from './database-fixture';
import { putOutbox } from './rows-fixture';

const folder = makeTempFolder('refusals');
afterAll(() => removeTempFolder(folder));
const inFolder = (name: string) => path.join(folder, name);

/** A program that only says its version, as an old one would. */
function fakeTool(name: string, version: string): string {
  const place = inFolder(`fake-${version}`);
  mkdirSync(place, { recursive: true });
  const file = path.join(place, name);
  writeFileSync(file, `#!/bin/sh\necho "${name} (PostgreSQL) ${version}"\n`);
  chmodSync(file, 0o755);
  return place;
}

describe('the tools of PostgreSQL', () => {
  const before = { bin: process.env['TRAO_PG_BIN'], path: process.env['PATH'] };
  afterEach(() => {
    if (before.bin === undefined) delete process.env['TRAO_PG_BIN'];
    else process.env['TRAO_PG_BIN'] = before.bin;
    process.env['PATH'] = before.path;
  });

  it('are those of the folder that the setting names, whatever else there is', async () => {
    process.env['TRAO_PG_BIN'] = fakeTool('pg_dump', '19.2');
    expect(await findTool('pg_dump', 18)).toEqual({ path: inFolder('fake-19.2/pg_dump'), major: 19 });
  });

  it('are refused when they are older than the server, with what to install', async () => {
    process.env['TRAO_PG_BIN'] = fakeTool('pg_dump', '14.9 (Debian 14.9-1)');
    await expect(findTool('pg_dump', 18)).rejects.toMatchObject({
      code: 'backup_tool_old',
      detail: expect.stringMatching(/is version 14; needed is 18\. .*postgresql-client-18.*TRAO_PG_BIN/) as string,
    });
  });

  it('are looked for in every folder of the path, past an old one', async () => {
    process.env['PATH'] = [inFolder('nowhere'), fakeTool('pg_restore', '13.1'), fakeTool('pg_restore', '99.0')].join(
      ':',
    );
    expect(await findTool('pg_restore', 98)).toMatchObject({ major: 99 });
  });

  it('are missed where they are missing', async () => {
    process.env['TRAO_PG_BIN'] = inFolder('nowhere');
    await expect(findTool('pg_dump', 15)).rejects.toMatchObject({
      code: 'backup_tool_missing',
      detail: expect.stringContaining('postgresql-client-15') as string,
    });
  });
});

describeWithPostgres('backup and restore refuse', () => {
  let postgres: DebianPostgres;
  let order: BackupOrder;
  let restore: RestoreOrder;
  let made = 0;

  const ownerOf = (url: string) => Database.open({ url, poolSize: 1, applicationName: 'test' });
  const target = async (): Promise<RestoreOrder> => {
    made += 1;
    return { ...restore, databaseUrl: await postgres.create(`again_${made}`), keysTo: inFolder(`again-${made}`) };
  };
  const tablesOf = async (url: string) => {
    const owner = await ownerOf(url);
    const [row] = await owner.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_class WHERE relnamespace = 'public'::regnamespace`,
    );
    await owner.close();
    return row!.count;
  };

  beforeAll(async () => {
    postgres = await startDebianPostgres(inFolder('postgres'));
    const databaseUrl = await postgres.create('trao_xx');
    await migrateNode(databaseUrl, { dryRun: false, passwords: inFolder('passwords.json') });
    const owner = await ownerOf(databaseUrl);
    await putOutbox(owner, [{ bytes: 900_000 }, { bytes: 10 }]);
    await owner.close();
    mkdirSync(inFolder('keys/signing'), { recursive: true });
    writeFileSync(inFolder('keys/signing/one.key.json'), '{"sealed":"key"}');
    await makeRecipient(inFolder('backups.json'), 'classic');
    await makeRecipient(inFolder('others.json'), 'classic');
    order = {
      out: inFolder('xx.backup'),
      encryptTo: inFolder('backups.public.json'),
      databaseUrl,
      node: 'xx',
      sources: {
        keys: [inFolder('keys')],
        files: { directory: [], anchor: [], clients: [], operators: [], tls: [], opener: [] },
      },
      quiet: true,
    };
    await makeBackup(order, new Date());
    restore = {
      from: order.out,
      key: inFolder('backups.json'),
      databaseUrl: '',
      keysTo: '',
      passwords: undefined,
      quiet: true,
    };
  });
  afterAll(() => postgres?.stop());

  it('a backup over a file that is there', async () => {
    const before = readFileSync(order.out);
    await expect(makeBackup(order, new Date())).rejects.toMatchObject({ code: 'restore_occupied' });
    expect(readFileSync(order.out).equals(before)).toBe(true);
  });

  it.each([
    ['a folder of keys that is not there', { keys: [inFolder('nowhere')] }],
    ['a folder without keys', { keys: [inFolder('fake-19.2/empty')] }],
    ['the same folder of keys for nothing', { files: { directory: [inFolder('nowhere.json')] } }],
    ['a folder in the place of a file', { files: { anchor: [folder] } }],
  ])('a backup with %s', async (_name, wrong) => {
    mkdirSync(inFolder('fake-19.2/empty'), { recursive: true });
    const { sources } = order;
    const files = { ...sources.files, ...('files' in wrong ? wrong.files : {}) };
    const asked = { ...order, out: inFolder('none.backup'), sources: { keys: sources.keys, ...wrong, files } };
    await expect(makeBackup(asked as BackupOrder, new Date())).rejects.toMatchObject({ code: 'bad_request' });
    expect(readdirSync(folder).filter((name) => name.startsWith('none.backup'))).toEqual([]);
  });

  it('a backup to a private key, and one of a database that is not up to date', async () => {
    const out = inFolder('none.backup');
    await expect(makeBackup({ ...order, out, encryptTo: inFolder('backups.json') }, new Date())).rejects.toMatchObject({
      code: 'bad_key',
    });
    const databaseUrl = await postgres.create('old');
    await expect(makeBackup({ ...order, out, databaseUrl }, new Date())).rejects.toMatchObject({
      code: 'backup_failed',
      detail: expect.stringContaining('trao migrate') as string,
    });
    expect(existsSync(out)).toBe(false);
  });

  it('leaves nothing of a backup that pg_dump could not finish, and notes why', async () => {
    const owner = await ownerOf(order.databaseUrl);
    // A role that reads some tables only: pg_dump must not make a dump of a part.
    await owner.query(`CREATE ROLE some_reader LOGIN PASSWORD 'reads-some-tables'; GRANT CONNECT ON DATABASE trao_xx TO some_reader;
      GRANT SELECT ON trao_migration TO some_reader; GRANT INSERT ON backup_run TO some_reader`);
    const url = new URL(order.databaseUrl);
    url.username = 'some_reader';
    url.password = 'reads-some-tables';
    const out = inFolder('part.backup');
    await expect(makeBackup({ ...order, out, databaseUrl: url.href }, new Date())).rejects.toMatchObject({
      code: 'backup_failed',
      detail: expect.stringMatching(/pg_dump ended with exit code 1\. pg_dump: error: .*permission denied/) as string,
    });
    expect(readdirSync(folder).filter((name) => name.startsWith('part.backup'))).toEqual([]);
    expect(await owner.query('SELECT ok, bytes::int AS bytes, code FROM backup_run ORDER BY at DESC LIMIT 1')).toEqual([
      { ok: false, bytes: 0, code: 'backup_failed' },
    ]);
    await owner.close();
  });

  it('a restore by another key, before anything is written', async () => {
    const wanted = await target();
    await expect(restoreBackup({ ...wanted, key: inFolder('others.json') })).rejects.toMatchObject({
      code: 'backup_locked',
    });
    expect(await tablesOf(wanted.databaseUrl)).toBe(0);
    expect(existsSync(wanted.keysTo)).toBe(false);
  });

  it('a restore of a file with one changed byte or without its end, before anything is written', async () => {
    const whole = readFileSync(order.out);
    const flipped = Buffer.from(whole);
    flipped[whole.length - 100]! ^= 1;
    for (const [name, bytes] of [
      ['flipped', flipped],
      ['cut', whole.subarray(0, -1)],
      ['cut-chunk', whole.subarray(0, -1000)],
    ] as const) {
      writeFileSync(inFolder(name), bytes);
      const wanted = await target();
      await expect(restoreBackup({ ...wanted, from: inFolder(name) })).rejects.toMatchObject({
        code: 'backup_damaged',
      });
      expect(await tablesOf(wanted.databaseUrl)).toBe(0);
      expect(readdirSync(folder).filter((entry) => entry.startsWith(path.basename(wanted.keysTo)))).toEqual([]);
    }
    const key = await readOpener(inFolder('backups.json'));
    await expect(verifyBackup(inFolder('cut'), key, true)).rejects.toMatchObject({ code: 'backup_damaged' });
    expect((await verifyBackup(order.out, key, true)).parts.map(({ name }) => name)).toEqual([
      'keys/1-keys/signing/one.key.json',
      'database',
    ]);
  });

  it('a restore into a database or a folder with something in it', async () => {
    const wanted = await target();
    await expect(restoreBackup({ ...wanted, databaseUrl: order.databaseUrl })).rejects.toMatchObject({
      code: 'restore_occupied',
    });
    mkdirSync(wanted.keysTo);
    writeFileSync(path.join(wanted.keysTo, 'something'), 'of somebody');
    await expect(restoreBackup(wanted)).rejects.toMatchObject({ code: 'restore_occupied' });
    expect(readdirSync(wanted.keysTo)).toEqual(['something']);
    expect(await tablesOf(wanted.databaseUrl)).toBe(0);
  });

  it('a list of passwords that is none, before anything is written', async () => {
    writeFileSync(inFolder('weak.json'), JSON.stringify({ gateway: 'short', worker: '1234567890123456' }));
    const wanted = await target();
    await expect(restoreBackup({ ...wanted, passwords: inFolder('weak.json') })).rejects.toMatchObject({
      code: 'config_invalid',
    });
    expect(await tablesOf(wanted.databaseUrl)).toBe(0);
  });

  it('leaves nothing behind when pg_restore fails', async () => {
    const wanted = await target();
    const before = process.env['TRAO_PG_BIN'];
    const bin = inFolder('failing');
    mkdirSync(bin);
    // It takes all in and fails at the last moment, as a full disk would make it.
    writeFileSync(
      path.join(bin, 'pg_restore'),
      `#!/bin/sh\n[ "$1" = --version ] && exec ${debianPrograms}/pg_restore --version\ncat >/dev/null\necho "pg_restore: error: no room" >&2\nexit 1\n`,
    );
    chmodSync(path.join(bin, 'pg_restore'), 0o755);
    process.env['TRAO_PG_BIN'] = bin;
    try {
      await expect(restoreBackup(wanted)).rejects.toMatchObject({
        code: 'restore_failed',
        detail: 'pg_restore ended with exit code 1. pg_restore: error: no room',
      });
    } finally {
      if (before === undefined) delete process.env['TRAO_PG_BIN'];
      else process.env['TRAO_PG_BIN'] = before;
    }
    expect(await tablesOf(wanted.databaseUrl)).toBe(0);
    expect(readdirSync(folder).filter((entry) => entry.startsWith(path.basename(wanted.keysTo)))).toEqual([]);
    // The same place is free for a better try.
    expect(await restoreBackup(wanted)).toMatchObject({ manifest: { node: 'xx' } });
    expect(readFileSync(path.join(wanted.keysTo, 'keys/1-keys/signing/one.key.json'), 'utf8')).toBe('{"sealed":"key"}');
    const owner = await ownerOf(wanted.databaseUrl);
    expect(await owner.query('SELECT length(sealed) AS length FROM outbox ORDER BY 1')).toEqual([
      { length: 10 },
      { length: 900_000 },
    ]);
    await owner.close();
  });
});

describe('a node of the embedded server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer('migrate');
  });
  afterAll(() => server?.remove());

  it('is brought up to date: a dry run says how, a second run changes nothing, roles get what they need', async () => {
    const owner = await createDatabase(server, 'trao_yy');
    const url = server.url('postgres', 'trao_yy');
    const passwords = inFolder('yy-passwords.json');
    const dry = await migrateNode(url, { dryRun: true, passwords });
    expect(dry).toMatchObject({ database: 'trao_yy', from: 0, dryRun: true, roles: [] });
    expect(dry.to).toBe(dry.steps.length);
    expect(await owner.query(`SELECT to_regclass('outbox') AS found`)).toEqual([{ found: null }]);
    expect(existsSync(passwords)).toBe(false);

    const done = await migrateNode(url, { dryRun: false, passwords });
    expect(done).toMatchObject({ from: 0, to: dry.to, steps: dry.steps, dryRun: false });
    const again = await migrateNode(url, { dryRun: false, passwords: undefined });
    expect(again).toEqual({ ...done, from: done.to, steps: [] });

    const { worker: password } = JSON.parse(readFileSync(passwords, 'utf8')) as Record<string, string>;
    const workerUrl = new URL(server.url('trao_yy_worker', 'trao_yy'));
    workerUrl.password = password!;
    const worker = await Database.open({ url: workerUrl.href, poolSize: 1, applicationName: 'test' });
    expect(await worker.query('SELECT count(*)::int AS jobs FROM bullmq.job')).toEqual([{ jobs: 0 }]);
    expect(await worker.query('SELECT id FROM outbox')).toEqual([]);
    await worker.close();
    await owner.close();
  });

  it('is not touched when it was made by a later program, or has no roles and no passwords are given', async () => {
    const owner = await createDatabase(server, 'trao_zz');
    const url = server.url('postgres', 'trao_zz');
    await expect(migrateNode(url, { dryRun: false, passwords: undefined })).rejects.toMatchObject({
      code: 'config_invalid',
      detail: expect.stringContaining('trao_zz_gateway') as string,
    });
    expect(await owner.query(`SELECT to_regclass('outbox') AS found`)).toEqual([{ found: null }]);
    await owner.migrate();
    await owner.query(`INSERT INTO trao_migration (timestamp, name) VALUES (1999000000000, 'Later1999000000000')`);
    await expect(migrateNode(url, { dryRun: true, passwords: undefined })).rejects.toMatchObject({
      code: 'schema_newer',
      detail: expect.stringContaining('Later1999000000000') as string,
    });
    await owner.close();
  });

  it('is not backed up by tools that are older than it', async () => {
    const owner = await createDatabase(server, 'trao_ww');
    await owner.migrate();
    const [row] = await owner.query<{ major: number }>(
      `SELECT current_setting('server_version_num')::int / 10000 AS major`,
    );
    const before = process.env['TRAO_PG_BIN'];
    process.env['TRAO_PG_BIN'] = fakeTool('pg_dump', `${row!.major - 1}.0`);
    mkdirSync(inFolder('ww-keys'), { recursive: true });
    writeFileSync(inFolder('ww-keys/one.key.json'), '{}');
    await makeRecipient(inFolder('ww.json'), 'classic');
    try {
      const asked = {
        out: inFolder('ww.backup'),
        encryptTo: inFolder('ww.public.json'),
        databaseUrl: server.url('postgres', 'trao_ww'),
        node: 'ww',
        sources: {
          keys: [inFolder('ww-keys')],
          files: { directory: [], anchor: [], clients: [], operators: [], tls: [], opener: [] },
        },
        quiet: true,
      };
      await expect(makeBackup(asked, new Date())).rejects.toMatchObject({ code: 'backup_tool_old' });
      expect(existsSync(asked.out)).toBe(false);
    } finally {
      if (before === undefined) delete process.env['TRAO_PG_BIN'];
      else process.env['TRAO_PG_BIN'] = before;
      await owner.close();
    }
  });
});
