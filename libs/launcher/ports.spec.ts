import { createServer, type AddressInfo, type Server } from 'node:net';
import { TraoError } from '../errors';
import { assertPortsFree } from './ports';

const host = '127.0.0.1';

function listen(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, host, () => resolve(server));
  });
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const close = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve));

describe('assertPortsFree', () => {
  it('names every taken port, its purpose and the option that changes it', async () => {
    const servers = [await listen(), await listen()];
    const [a = 0, b = 0] = servers.map(portOf);
    const error = await assertPortsFree([
      { port: a, host, purpose: 'office of Viet Nam' },
      { port: b, host, purpose: 'gateway of Viet Nam' },
    ]).catch((e: unknown) => e);
    await Promise.all(servers.map(close));
    expect(error).toBeInstanceOf(TraoError);
    expect(error).toMatchObject({
      code: 'port_taken',
      detail: `${host}:${a} for the office of Viet Nam (in use), ${host}:${b} for the gateway of Viet Nam (in use). Choose other ports with --port-base N.`,
    });
  });

  it('leaves free ports free', async () => {
    const server = await listen();
    const port = portOf(server);
    await close(server);
    const claims = [{ port, host, purpose: 'office' }];
    await assertPortsFree(claims);
    await expect(assertPortsFree(claims)).resolves.toBeUndefined();
  });
});
