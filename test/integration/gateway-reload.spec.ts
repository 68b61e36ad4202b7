import { once } from 'node:events';
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { PartnerClient } from '../../libs/transport';
import { makeCertificate, type Certificate } from './certificates-fixture';
import { lenient } from './gateway-caller';
import { authorities, honest, startTestGateway, type TestGateway } from './gateway-fixture';
import { startPartner } from './partner-fixture';

/** Certificates and directories change while connections are open and requests under way. */
let gateway: TestGateway;
const agents: Agent[] = [];
beforeEach(async () => {
  gateway = await startTestGateway();
});
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await gateway.close();
});

/** A partner with one connection that it keeps. */
function keeping(certificate: Certificate): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...lenient(certificate, gateway.port) });
  agents.push(agent);
  return agent;
}

interface Asked {
  readonly status: number | undefined;
  /** Whether a connection was used that had been used before. */
  readonly reused: boolean;
  /** The serial number of the certificate that the gateway presents on the connection. */
  readonly serial: string;
}

const serialOf = ({ socket }: IncomingMessage) => (socket as TLSSocket).getPeerCertificate().serialNumber;

async function ask(agent: Agent): Promise<Asked> {
  const sent = request({ host: '127.0.0.1', port: gateway.port, path: '/v1/health', agent });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const serial = serialOf(response);
  response.resume();
  await once(response, 'end');
  return { status: response.statusCode, reused: sent.reusedSocket, serial };
}

describe('a new certificate of the gateway', () => {
  it('is for new connections; those that are open go on', async () => {
    const agent = keeping(honest.vn);
    const { serial } = await ask(agent);
    gateway.renew(makeCertificate('gb', authorities.gb));
    expect(await ask(agent)).toEqual({ status: 200, reused: true, serial });
    const other = await ask(keeping(honest.kh));
    expect(other).toMatchObject({ status: 200, reused: false });
    expect(other.serial).not.toBe(serial);
  });

  it('does not cut a request that is under way', async () => {
    const agent = keeping(honest.vn);
    const { serial } = await ask(agent);
    const sent = request({
      host: '127.0.0.1',
      port: gateway.port,
      path: '/v1/messages',
      method: 'POST',
      headers: { 'content-type': 'application/vnd.trao.messages', 'content-length': 6, 'content-digest': 'none' },
      agent,
    });
    sent.write('abc');
    await once(sent, 'socket');
    gateway.renew(makeCertificate('gb', authorities.gb));
    gateway.adopt({});
    sent.end('def');
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(400); // read to its end and judged: the digest is wrong
    expect(serialOf(response)).toBe(serial);
    response.resume();
  });
});

describe('a new directory', () => {
  it('is for open connections too: a pin that is gone ends at the next request, and one that is new begins', async () => {
    const agent = keeping(honest.vn);
    expect(await ask(agent)).toMatchObject({ status: 200, reused: false });
    gateway.adopt({ vn: { ca: [authorities.vn.cert], spki: [honest.kh.spki] } });
    expect(await ask(agent)).toMatchObject({ status: 403, reused: true });
    expect(gateway.alarms).toEqual([{ kind: 'partner_tls', subject: 'vn', code: 'unknown_sender' }]);
    gateway.adopt({ vn: { ca: [authorities.vn.cert], spki: [honest.kh.spki, honest.vn.spki] }, kh: undefined });
    expect(await ask(agent)).toMatchObject({ status: 200, reused: true });
  });

  it('lets a partner in that was not there at the start, and keeps out one that has left', async () => {
    gateway.adopt({ kh: undefined });
    await expect(ask(keeping(honest.kh))).rejects.toMatchObject({ code: 'ECONNRESET' });
    gateway.adopt({});
    const agent = keeping(honest.kh);
    expect(await ask(agent)).toMatchObject({ status: 200 });
    gateway.adopt({ kh: undefined });
    expect(await ask(agent)).toMatchObject({ status: 403, reused: true });
    await expect(ask(keeping(honest.kh))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('a certificate that expires', () => {
  it('ends the trust in a connection that is open', async () => {
    const end = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3000);
    const short = makeCertificate('vn', authorities.vn, end);
    gateway.adopt({ vn: { ca: [authorities.vn.cert], spki: [short.spki] } });
    const agent = keeping(short);
    expect(await ask(agent)).toMatchObject({ status: 200, reused: false });
    await new Promise((resolve) => setTimeout(resolve, end.getTime() + 50 - Date.now()));
    expect(await ask(agent)).toMatchObject({ status: 403, reused: true });
    expect(gateway.log.text()).toContain('"fault":"out_of_time","claimed":"vn"');
  });
});

describe('a new certificate of the client', () => {
  it('is presented on new connections, and requests that are under way end on the old one', async () => {
    const partner = await startPartner(undefined, { ca: authorities.vn.cert });
    const names: Certificate[] = [makeCertificate('vn one', authorities.vn), makeCertificate('vn two', authorities.vn)];
    let current = names[0]!;
    const client = new PartnerClient(
      () => current,
      () => partner.endpoint,
      { silenceMs: 5_000, requestMs: 10_000 },
    );
    try {
      const waiting: (() => void)[] = [];
      partner.answer((response) => waiting.push(() => response.end('{"jti":"1","receipt":"r"}\n')));
      const arrived = async (count: number) => {
        while (partner.got.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
      };
      const underWay = client.postMessages('gb', ['t']);
      await arrived(1);
      current = names[1]!;
      const next = client.postMessages('gb', ['t']);
      await arrived(2);
      for (const answer of waiting) answer();
      expect(await underWay).toEqual(await next);
      expect(partner.got.map(({ client: name }) => name)).toEqual(['vn one', 'vn two']);
      expect(partner.connections()).toBe(2);
    } finally {
      await client.close();
      await partner.close();
    }
  });
});
