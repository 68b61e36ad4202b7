import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Database } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';

/** Another server takes over: the old one may answer for a while, refuse to write, or say nothing at all. */
const UNAVAILABLE = { name: 'TraoError', code: 'database_unavailable', retryable: true };
const PATIENCE_MS = 700;

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('failover');
});
afterAll(() => node?.remove());

const write = (partner: string) => `INSERT INTO circuit (partner, failures) VALUES ('${partner}', 1)`;

describe('a server that has become a standby', () => {
  const setting = (value: string) => node.owner.query(`ALTER DATABASE ${node.name} ${value}`);
  let worker: Database;
  beforeAll(async () => {
    // New sessions can read and not write, as those of a hot standby; those that were there before stay as they are.
    await setting('SET default_transaction_read_only = on');
    worker = await node.open('worker', 1);
    await node.owner.query('SET default_transaction_read_only = off');
    await setting('RESET default_transaction_read_only');
  });
  afterAll(() => worker?.close());

  it('is no fault of ours, and its connection is not kept for the next transaction', async () => {
    await expect(worker.transaction((query) => query(write('kh')))).rejects.toMatchObject(UNAVAILABLE);
    await worker.transaction((query) => query(write('gb')));
    expect(await worker.query('SELECT partner FROM circuit')).toEqual([{ partner: 'gb' }]);
  });
});

describe('a server that says nothing any more', () => {
  /** Hands everything on, until it hands on nothing and closes nothing: a machine without power. */
  class Wire {
    private readonly sockets: Socket[] = [];
    private readonly server: Server;
    silent = false;

    constructor(place: { readonly path: string }) {
      this.server = createServer((from) => {
        const to = connect(place);
        this.sockets.push(from, to);
        for (const socket of [from, to]) socket.on('error', () => undefined);
        from.on('data', (data) => !this.silent && to.write(data));
        to.on('data', (data) => !this.silent && from.write(data));
        from.on('close', () => to.destroy());
      });
    }

    listen = () =>
      new Promise<number>((resolve) =>
        this.server.listen(0, '127.0.0.1', () => resolve((this.server.address() as AddressInfo).port)),
      );

    async close(): Promise<void> {
      for (const socket of this.sockets) socket.destroy();
      await new Promise((closed) => this.server.close(closed));
    }
  }

  let wire: Wire;
  let worker: Database;
  beforeAll(async () => {
    const url = new URL(node.url('worker'));
    const [folder, port] = [url.searchParams.get('host')!, url.searchParams.get('port')!];
    wire = new Wire({ path: `${folder}/.s.PGSQL.${port}` });
    url.search = '';
    url.host = `127.0.0.1:${await wire.listen()}`;
    worker = await Database.open({
      url: url.href,
      poolSize: 1,
      applicationName: 'test-silent',
      patienceMs: PATIENCE_MS,
    });
  });
  afterAll(async () => {
    await worker?.close();
    await wire?.close();
  });

  it.each([
    ['a statement', () => worker.query('SELECT 1')],
    ['a transaction', () => worker.transaction((query) => query(write('au')))],
  ])('is given up in the middle of %s, and asked anew when it answers', async (_, ask) => {
    await worker.query('SELECT 1');
    wire.silent = true;
    await expect(ask()).rejects.toMatchObject(UNAVAILABLE);
    wire.silent = false;
    expect(await worker.transaction((query) => query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });
});
