import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { Controller, Get, Module } from '@nestjs/common';
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
