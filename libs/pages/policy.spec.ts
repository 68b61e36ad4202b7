import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { guardHeaders, nonceOf } from './policy';

async function answerOf(https: boolean) {
  const app = express();
  app.use(guardHeaders(['https://login.example'], https));
  app.get('/', (_request, response) => void response.send(nonceOf(response)));
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  try {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return { nonce: await response.text(), headers: response.headers };
  } finally {
    server.close();
  }
}

describe('the headers of a page', () => {
  it('allow our own style and scripts only, with a nonce of this answer', async () => {
    const [one, other] = [await answerOf(false), await answerOf(false)];
    expect(one.nonce).not.toBe(other.nonce);
    const policy = one.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'self' 'nonce-${one.nonce}'`);
    expect(policy).toContain("form-action 'self' https://login.example");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('upgrade-insecure-requests');
  });

  it('let nobody keep a page, or learn where a reader came from', async () => {
    const { headers } = await answerOf(true);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('strict-transport-security')).toContain('max-age=');
    expect(headers.get('content-security-policy')).toContain('upgrade-insecure-requests');
  });
});
