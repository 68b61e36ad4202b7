import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpLine, parseAnswer } from './http-line';

const ANSWER = 'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\nabcd';

describe('parseAnswer', () => {
  it('waits until all is there', () => {
    for (let length = 0; length < ANSWER.length; length += 1)
      expect(parseAnswer(Buffer.from(ANSWER.slice(0, length)))).toBeUndefined();
    expect(parseAnswer(Buffer.from(ANSWER))).toEqual({ status: 202, body: 'abcd' });
  });

  it('refuses an answer without a length', () => {
    expect(() => parseAnswer(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toThrow('length');
  });
});

describe('HttpLine', () => {
  let server: Server;
  const bodies: string[] = [];
  const request = (path: string) => `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n`;

  beforeAll(async () => {
    server = createServer((incoming, outgoing) => {
      if (incoming.url === '/gone') return incoming.socket.destroy();
      bodies.push(incoming.url ?? '');
      outgoing.statusCode = 202;
      // What has begun before its end does not tell its length.
      if (incoming.url === '/pieces') outgoing.write('{');
      outgoing.end(`{"messageId":"${incoming.url}"}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('asks one after the other over one connection', async () => {
    const line = new HttpLine('127.0.0.1', (server.address() as AddressInfo).port);
    expect(await line.ask(request('/a'))).toEqual({ status: 202, body: '{"messageId":"/a"}' });
    expect(await line.ask(request('/b'))).toMatchObject({ body: '{"messageId":"/b"}' });
    expect(bodies).toEqual(['/a', '/b']);
    line.close();
  });

  it('gives up an answer that does not tell its length', async () => {
    const line = new HttpLine('127.0.0.1', (server.address() as AddressInfo).port);
    await expect(line.ask(request('/pieces'))).rejects.toThrow('length');
    expect(line.isOpen).toBe(false);
  });

  it('tells that the connection has ended', async () => {
    const line = new HttpLine('127.0.0.1', (server.address() as AddressInfo).port);
    await expect(line.ask(request('/gone'))).rejects.toThrow(/closed|ECONNRESET/);
    expect(line.isOpen).toBe(false);
  });
});
