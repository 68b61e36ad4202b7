import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { makeBackup, type MadeBackup } from '../../apps/cli/backup/make-backup';
import { makeRecipient } from '../../apps/cli/backup/recipient';
import { restoreBackup, type Restored } from '../../apps/cli/backup/restore-backup';
import { unlockFile } from '../../certs-dev/development-keys';
import { keyFolder } from '../../apps/cli/local/layout';
import { clientsFile } from '../../apps/cli/local/credentials';
import { Database } from '../../libs/storage';
import {
  describeWithPostgres,
  missingInCi,
  startDebianPostgres,
  type DebianPostgres,
} from '../harness/debian-postgres';
import { asWritten, examplesBetween, type Document } from '../harness/examples';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { waitFor } from '../harness/wait-for';
import { prepareDrill, startPart, type DrillNodes, type Running } from './backup-nodes';

type Example = ReturnType<typeof examplesBetween>[number];

it('misses no tool in CI', () => {
  expect(missingInCi()).toEqual([]);
});

describeWithPostgres('the restore drill', () => {
  let folder: string;
  let postgres: DebianPostgres;
  let nodes: DrillNodes;
  let made: MadeBackup;
  let restored: Restored;
  const running: Running[] = [];
  const [{ document }, other] = examplesBetween('referral', 'vn', 'gb') as [Example, Example];
  /** Delivered before the backup, and not sent yet when it was made. */
  const ids = { delivered: '', unsent: '' };

  const sealed = () => path.join(folder, 'vn.trao-backup');
  const opened = () => path.join(folder, 'backup-key.json');
  const keysTo = () => path.join(folder, 'restored');

  const begin = async (...starting: Promise<Running>[]) => {
    const begun = await Promise.all(starting);
    running.push(...begun);
    return begun;
  };
  const stateOf = async (id: string) => (await nodes.office.delivery(id)).state;

  beforeAll(async () => {
    folder = makeTempFolder('drill');
    postgres = await startDebianPostgres(path.join(folder, 'postgres'));
    nodes = await prepareDrill(folder, postgres.url('postgres'));
  });
  afterAll(async () => {
    await Promise.all(running.map((part) => part.close()));
    await postgres?.stop();
    if (folder) removeTempFolder(folder);
  });

  it('makes a node with cases, receipts and a message that waits', async () => {
    const [vn, gb] = [nodes.nodeOf('vn'), nodes.nodeOf('gb')];
    const part = (node: typeof vn, name: 'gateway' | 'worker' | 'office') =>
      startPart(name, nodes.environmentOf(node, name));
    const [gateway, worker, office] = await begin(part(vn, 'gateway'), part(vn, 'worker'), part(vn, 'office'));
    const far = await begin(part(gb, 'gateway'), part(gb, 'worker'));
    const { senderUnit } = document.header;
    ids.delivered = (await nodes.office.send(senderUnit, document)).messageId;
    await waitFor('the first to be delivered', async () => (await stateOf(ids.delivered)) === 'delivered');
    await worker!.close();
    const second = other.document;
    ids.unsent = (await nodes.office.send(second.header.senderUnit, second)).messageId;
    expect(await stateOf(ids.unsent)).toBe('queued');
    await Promise.all([gateway, office].map((one) => one!.close()));
    running.splice(0, running.length, ...far);
  });

  it('backs it up into one file of its owner, in which nothing is readable, and notes that', async () => {
    const vn = nodes.nodeOf('vn');
    const home = keyFolder(nodes.layout);
    const keys = (['gateway', 'worker', 'office'] as const).map((name) => path.join(home, 'nodes', 'vn', name));
    const database = await Database.open({ url: postgres.url('trao_vn'), poolSize: 1, applicationName: 'test' });
    await database.query(`INSERT INTO office_session VALUES ('of-before', '{}', now() + interval '1 hour')`);
    await makeRecipient(opened(), 'hybrid');
    made = await makeBackup(
      {
        out: sealed(),
        encryptTo: path.join(folder, 'backup-key.public.json'),
        databaseUrl: postgres.url('trao_vn'),
        node: 'vn',
        sources: {
          keys,
          files: {
            directory: [path.join(home, 'directory.json')],
            anchor: [path.join(home, 'trust-anchor.json')],
            clients: [clientsFile(vn)],
            operators: [],
            tls: [path.join(home, 'nodes', 'vn', 'tls', 'cert.pem'), path.join(home, 'nodes', 'vn', 'tls', 'key.pem')],
            opener: [],
          },
        },
        quiet: true,
      },
      new Date(),
    );
    expect(made).toMatchObject({ noted: true, facts: { node: 'vn', database: 'trao_vn' } });
    expect(statSync(sealed()).mode & 0o777).toBe(0o600);
    expect(existsSync(`${sealed()}.part`)).toBe(false);
    const bytes = readFileSync(sealed());
    const unitKey = readFileSync(path.join(home, 'directory.json'), 'latin1').slice(200, 240);
    for (const needle of ['CREATE TABLE', 'case_event', ids.unsent, document.header.senderUnit, unitKey])
      expect(bytes.includes(needle)).toBe(false);
    expect(await database.query('SELECT ok, bytes::int AS bytes, code FROM backup_run')).toEqual([
      { ok: true, bytes: bytes.length, code: null },
    ]);
    await database.close();
  });

  it('restores it into a new database and a new folder, with roles of new passwords', async () => {
    const databaseUrl = await postgres.create('trao_vn_again');
    restored = await restoreBackup({
      from: sealed(),
      key: opened(),
      databaseUrl,
      keysTo: keysTo(),
      passwords: undefined,
      quiet: true,
    });
    expect(restored).toMatchObject({ database: 'trao_vn_again', steps: [], manifest: { node: 'vn' } });
    const again = await Database.open({ url: databaseUrl, poolSize: 1, applicationName: 'test' });
    expect(await again.query('SELECT sid FROM office_session')).toEqual([]);
    await again.close();
    expect(statSync(path.join(keysTo(), 'keys')).mode & 0o777).toBe(0o700);
    expect(statSync(restored.passwordFile).mode & 0o777).toBe(0o600);
  });

  it('opens its cases again, verifies its receipts and sends what had not been sent', async () => {
    const vn = nodes.nodeOf('vn');
    const passwords = JSON.parse(readFileSync(restored.passwordFile, 'utf8')) as Record<string, string>;
    const labels = { gateway: '1-gateway', worker: '2-worker', office: '3-office' } as const;
    const part = (name: keyof typeof labels) => {
      const url = new URL(postgres.url('trao_vn_again'));
      url.username = `trao_vn_again_${name}`;
      url.password = passwords[name]!;
      return startPart(name, {
        ...nodes.environmentOf(vn, name),
        DATABASE_URL: url.href,
        TRAO_KEYS: path.join(keysTo(), 'keys', labels[name]),
        TRAO_KEY_FILE: unlockFile(keyFolder(nodes.layout), 'vn', name),
        TRAO_DIRECTORY: path.join(keysTo(), 'directory', 'directory.json'),
        TRAO_TRUST_ANCHOR: path.join(keysTo(), 'anchor', 'trust-anchor.json'),
        TRAO_CLIENTS: path.join(keysTo(), 'clients', 'clients.json'),
        TRAO_TLS_CERT: path.join(keysTo(), 'tls', 'cert.pem'),
        TRAO_TLS_KEY: path.join(keysTo(), 'tls', 'key.pem'),
      });
    };
    await begin(part('office'));
    const read = (await nodes.office.message(document.header.senderUnit, ids.delivered)) as Document;
    expect(asWritten(read)).toEqual(asWritten(document));
    const { state, receipts } = await nodes.office.delivery(ids.delivered);
    expect(state).toBe('delivered');
    expect(receipts.map(({ event, verified }) => ({ event, verified }))).toEqual([
      { event: 'received', verified: true },
      { event: 'delivered', verified: true },
    ]);
    expect(await stateOf(ids.unsent)).toBe('queued');

    await begin(part('gateway'), part('worker'));
    await waitFor('the message of before to be delivered', async () => (await stateOf(ids.unsent)) === 'delivered');
  });
});
