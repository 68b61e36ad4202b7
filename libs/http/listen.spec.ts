import 'reflect-metadata';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Server } from 'node:http';
import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { listen } from './listen';

@Controller()
class Anything {
  @Get()
  answer() {
    return 'yes';
  }
}

@Module({ controllers: [Anything] })
class App {}

it('keeps connections without work for longer than a proxy in front does', async () => {
  const app = await NestFactory.create(App, { logger: false, forceCloseConnections: true });
  await listen(app, 0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  expect(Number(/timeout=(\d+)/.exec(answer.headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(60);
  await app.close();
});

describe('connections that nobody uses', () => {
  const LIMITS = { headMs: 200, lookMs: 50, silenceMs: 60_000, most: 100, mostSilent: 5 };
  let app: INestApplication;
  let port: number;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    app = await NestFactory.create(App, { logger: false, forceCloseConnections: true });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await app.close();
  });

  async function serve(limits: Partial<typeof LIMITS>): Promise<void> {
    await listen(app, 0, '127.0.0.1', { ...LIMITS, ...limits });
    port = ((app.getHttpServer() as Server).address() as AddressInfo).port;
  }

  async function open(says = ''): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket.on('error', () => undefined).resume());
    await once(socket, 'connect');
    socket.write(says);
    return socket;
  }

  it.each([
    ['says nothing', ''],
    ['says half a head', 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '],
  ])('loses one that %s', async (_what, says) => {
    await serve({});
    await once(await open(says), 'close');
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  });

  it('gives the place of the oldest silent one to the next, and none of those that have asked', async () => {
    await serve({ headMs: 60_000 });
    const asking = await open('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(asking, 'data');
    const silent = [await open()];
    for (let n = 1; n < LIMITS.mostSilent; n += 1) silent.push(await open());
    const ended = once(silent[0]!, 'close');
    await open();
    await ended;
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
    asking.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(String((await once(asking, 'data'))[0])).toContain('200 OK');
  });
});
