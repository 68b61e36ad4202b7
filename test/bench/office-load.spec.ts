import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DraftPool } from './draft-pool';
import { OfficeLoad } from './office-load';

const ID = '01a1c863-8dd0-7e60-a65d-48e4229c9481';
/** Drafts whose name is the status of the answer. */
const poolOf = (...drafts: string[]) =>
  ({ take: () => drafts.shift(), isEmpty: drafts.length === 0 }) as unknown as DraftPool;

describe('OfficeLoad', () => {
  let server: Server;
  let connections = 0;
  const asked: (string | undefined)[] = [];
  const load = (drafts: DraftPool) =>
    new OfficeLoad(
      { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, unit: 'vn.u', token: 't' },
      drafts,
    );

  beforeAll(async () => {
    server = createServer((incoming, outgoing) => {
      asked.push(`${incoming.method} ${incoming.url} ${incoming.headers.authorization}`);
      outgoing.statusCode = Number(incoming.url?.split('/')[5]);
      outgoing.end(JSON.stringify({ messageId: ID, replayed: false }));
    });
    server.on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('sends drafts over connections that stay open, and counts what is not taken', async () => {
    const office = load(poolOf('202', '503', '202'));
    for (let n = 0; n < 4; n += 1) await office.submit(n);
    await office.close();
    expect(office.submitted).toEqual([
      { id: ID, startedMs: 0 },
      { id: ID, startedMs: 2 },
    ]);
    expect([...office.failures]).toEqual([
      ['HTTP 503', 1],
      ['no draft left', 1],
    ]);
    expect(asked[0]).toBe('POST /v1/units/vn.u/drafts/202/send Bearer t');
    expect(connections).toBe(1);
  });
});
