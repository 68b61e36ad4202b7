import { once } from 'node:events';
import { createSecureServer as createHttp2 } from 'node:http2';
import { createServer, type ServerOptions } from 'node:https';
import { connect as connectPlain, type AddressInfo } from 'node:net';
import type { SecureVersion, TLSSocket } from 'node:tls';
import { refuseResumption, tlsOptions } from '../../apps/gateway/tls';
import { PartnerClient } from '../../libs/transport';
import { derOf, keyOf, type Certificate } from '../integration/certificates-fixture';
import { visit } from '../integration/gateway-caller';
import { authorities, honest, startTestGateway, type TestGateway } from '../integration/gateway-fixture';
import { presented } from './presented';
import { ALERT, attack, RECORD } from './tls13-client';

/** Attack catalogue D: the protocol itself. What was agreed once is not taken up again, and nothing weaker is agreed. */
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway?.close());

const ANSWERED = expect.stringContaining('200 OK') as string;

/** A server of a partner for our client, with what it saw of each connection. */
async function serverFor(options: ServerOptions, certificate: Certificate = honest.vn) {
  const sockets: TLSSocket[] = [];
  const reused: boolean[] = [];
  const server = createServer({ cert: certificate.cert, key: certificate.key, ...options }, (_request, response) => {
    response.setHeader('connection', 'close');
    response.end('{"jti":"1","receipt":"r"}\n');
  });
  server.on('secureConnection', (socket) => {
    sockets.push(socket);
    reused.push(socket.isSessionReused());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, sockets, reused, close: () => server.close() };
}

function clientTo(port: number): PartnerClient {
  const target = { id: 'vn', endpoint: `https://127.0.0.1:${port}`, ca: [authorities.vn.cert], spki: [honest.vn.spki] };
  return new PartnerClient(
    () => honest.gb,
    () => target,
    { silenceMs: 5_000, requestMs: 10_000 },
  );
}

describe('D-21 sessions taken up again', () => {
  it('D-21 a ticket of the gateway: it gives two away and takes none back', async () => {
    const first = await visit(gateway.port, honest.vn);
    expect(first).toMatchObject({ text: ANSWERED, reused: false });
    expect(first.sessions).toHaveLength(2);
    for (const session of first.sessions) {
      const again = await visit(gateway.port, honest.vn, { session });
      expect(again).toMatchObject({ text: ANSWERED, reused: false });
    }
  });

  it('D-21 a ticket of one partner in the hands of another: the certificate counts, and only that', async () => {
    const { sessions } = await visit(gateway.port, honest.vn);
    const [session] = sessions;
    gateway.adopt({ kh: undefined });
    expect(await visit(gateway.port, honest.kh, { session })).toMatchObject({ text: '', reused: false });
    gateway.adopt({});
    const other = await visit(gateway.port, honest.kh, { session });
    expect(other).toMatchObject({ text: ANSWERED, reused: false });
  });

  it('D-21 should a server keep sessions after all: a connection that takes one up ends at once', async () => {
    const options = tlsOptions(honest.gb, gateway.partners(), 'gb');
    const server = createServer({ ...options, secureOptions: 0 }, (_request, response) => response.end('served'));
    const listen = async () => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    };
    const port = await listen();
    const { sessions } = await visit(port, honest.vn);
    // Such a server does take it up.
    expect(await visit(port, honest.vn, { session: sessions[0] })).toMatchObject({ text: ANSWERED, reused: true });
    refuseResumption(server);
    const { sessions: fresh } = await visit(port, honest.vn);
    expect(await visit(port, honest.vn, { session: fresh[0] })).toMatchObject({ text: '', reused: true });
    expect(await visit(port, honest.vn)).toMatchObject({ text: ANSWERED });
    server.close();
  });

  it('D-21 our client offers none, to a server that would take one', async () => {
    const server = await serverFor({});
    const client = clientTo(server.port);
    for (let turn = 0; turn < 3; turn += 1) await client.postMessages('vn', ['t']);
    expect(server.reused).toEqual([false, false, false]);
    const { sessions } = await visit(server.port, honest.gb, { ca: authorities.vn.cert });
    await visit(server.port, honest.gb, { ca: authorities.vn.cert, session: sessions[0] });
    expect(server.reused.at(-1)).toBe(true); // this server would
    await client.close();
    server.close();
  });

  it('D-21 a handshake begun anew on an open connection: TLS 1.3 has none, and ends', async () => {
    const chain = [derOf(honest.vn.cert)];
    const renegotiation = { type: RECORD.handshake, bytes: Buffer.from([1, 0, 0, 0]) };
    const ended = await attack(gateway.port, { chain, key: keyOf(honest.vn), after: renegotiation });
    expect(ended).toEqual({ alerts: [ALERT.unexpectedMessage], text: '' });
  });
});

describe('D-22 older versions and weaker settings', () => {
  it.each<SecureVersion>(['TLSv1.2', 'TLSv1.1', 'TLSv1'])('D-22 a client of %s', async (version) => {
    const tls = { minVersion: version, maxVersion: version, ciphers: 'ALL@SECLEVEL=0' };
    expect(await presented(gateway, honest.vn, { tls })).toMatch(/UNSUPPORTED_PROTOCOL|TLSV1_ALERT_PROTOCOL_VERSION/);
  });

  it.each<SecureVersion>(['TLSv1.2', 'TLSv1.1'])('D-22 a server of %s', async (version) => {
    const server = await serverFor({ minVersion: version, maxVersion: version, ciphers: 'ALL@SECLEVEL=0' });
    const client = clientTo(server.port);
    await expect(client.postMessages('vn', ['t'])).rejects.toMatchObject({ code: 'partner_tls' });
    expect(server.sockets).toEqual([]);
    await client.close();
    server.close();
  });

  it('D-22 a cipher suite with a short tag, which TLS 1.3 knows and we do not take', async () => {
    const weak = { ciphers: 'TLS_AES_128_CCM_8_SHA256:ALL:@SECLEVEL=0', minVersion: 'TLSv1.3' } as const;
    expect(await presented(gateway, honest.vn, { tls: weak })).toBe('ERR_SSL_NO_SHARED_CIPHER');
    expect(await presented(gateway, honest.vn, { tls: { ciphers: 'TLS_AES_256_GCM_SHA384' } })).toBe('taken');
  });

  it('D-22 speaks TLS 1.3, and no plain text', async () => {
    expect(await visit(gateway.port, honest.vn)).toMatchObject({ protocol: 'TLSv1.3', text: ANSWERED });
    const plain = connectPlain(gateway.port, '127.0.0.1');
    let text = '';
    plain.on('error', () => undefined);
    plain.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    plain.write('GET /v1/health HTTP/1.1\r\nHost: gateway\r\n\r\n');
    await once(plain, 'close');
    expect(text).not.toContain('200 OK');
  });
});

describe('D-24 another protocol above TLS', () => {
  it('D-24 a client that wants HTTP/2 alone is refused; one that also knows HTTP/1.1 gets that', async () => {
    const alone = await visit(gateway.port, honest.vn, { ALPNProtocols: ['h2'] });
    expect(alone).toMatchObject({ text: '', error: expect.stringContaining('NO_APPLICATION_PROTOCOL') as string });
    const both = await visit(gateway.port, honest.vn, { ALPNProtocols: ['h2', 'http/1.1'] });
    expect(both).toMatchObject({ text: ANSWERED, alpn: 'http/1.1' });
  });

  it('D-24 a server that wants HTTP/2 alone is refused by our client', async () => {
    const server = createHttp2({ cert: honest.vn.cert, key: honest.vn.key, allowHTTP1: false });
    let streams = 0;
    server.on('stream', () => (streams += 1));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = clientTo((server.address() as AddressInfo).port);
    await expect(client.postMessages('vn', ['t'])).rejects.toMatchObject({ code: 'partner_tls' });
    expect(streams).toBe(0);
    await client.close();
    server.close();
  });

  it('D-24 a server that prefers HTTP/2 speaks HTTP/1.1 with our client', async () => {
    const server = createHttp2({ cert: honest.vn.cert, key: honest.vn.key, allowHTTP1: true }, (request, response) => {
      response.end(request.httpVersion === '1.1' ? '{"jti":"1","receipt":"r"}\n' : 'HTTP/2');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = clientTo((server.address() as AddressInfo).port);
    expect(await client.postMessages('vn', ['t'])).toEqual([{ jti: '1', receipt: 'r' }]);
    await client.close();
    server.close();
  });

  it('D-24 the preface of HTTP/2 on a connection of HTTP/1.1', async () => {
    const chain = [derOf(honest.vn.cert)];
    const bytes = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');
    const ended = await attack(gateway.port, { chain, key: keyOf(honest.vn), after: { type: RECORD.data, bytes } });
    expect(ended.text).toMatch(/^(HTTP\/1\.1 4\d\d|$)/);
  });
});
