import { Agent } from 'node:https';
import { connect } from 'node:net';
import { contentDigest, MESSAGES_MEDIA_TYPE } from '../../libs/exchange';
import { waitFor } from '../harness/wait-for';
import { call, lenient, type Called } from './gateway-caller';
import { honest, startTestGateway, type TestGateway } from './gateway-fixture';

/** How a gateway bounds what partners, and those who are none, may ask of it (protocol §4, `Flow control`). */
const RATES = { messagesPerS: 1, bytesPerS: 1e9, burstS: 10 };
const CONNECTIONS = { all: 100, perAddress: 6, perPartner: 2 };

let gateway: TestGateway;
const paused: number[] = [];
const agents: Agent[] = [];
beforeEach(async () => {
  gateway = await startTestGateway({}, honest.gb, {
    rates: RATES,
    connections: CONNECTIONS,
    now: () => 0, // so that nothing is forgiven while a slow machine runs the test
    pause: (ms) => Promise.resolve(void paused.push(ms)),
  });
  paused.length = 0;
});
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await gateway.close();
});

/** A connection that stays open. */
const keptBy = (country: 'vn' | 'kh') => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...lenient(honest[country], gateway.port) });
  agents.push(agent);
  return agent;
};

function send(country: 'vn' | 'kh', lane: string, count: number): Promise<Called> {
  const token = `${Buffer.from(JSON.stringify({ pri: lane })).toString('base64url')}.x.y.z.w`;
  const body = Array.from({ length: count }, () => token).join('\n');
  const headers = { 'content-type': MESSAGES_MEDIA_TYPE, 'content-digest': contentDigest(body) };
  return call(gateway.port, honest[country], { method: 'POST', path: '/v1/messages', headers, body });
}

function sendReceipts(): Promise<Called> {
  const body = JSON.stringify(Array.from({ length: 64 }, () => 'no receipt'));
  const headers = { 'content-type': 'application/json', 'content-digest': contentDigest(body) };
  return call(gateway.port, honest.vn, { method: 'POST', path: '/v1/receipts', headers, body });
}

const REFUSED = { status: 429, text: expect.stringContaining('"code":"rate_limited"') as string };

describe('a partner that sends too much', () => {
  it('is asked to wait, while its emergencies and other partners go on', async () => {
    expect(await send('vn', 'normal', 64)).toMatchObject({ status: 200 });
    expect(await send('vn', 'normal', 64)).toMatchObject(REFUSED);
    expect(await send('vn', 'emergency', 64)).toMatchObject({ status: 200 });
    expect(await send('vn', 'urgent', 64)).toMatchObject({ status: 200 });
    expect(await send('kh', 'normal', 64)).toMatchObject({ status: 200 });
    // Whoever calls everything an emergency has no more of them than its share.
    expect(await send('vn', 'emergency', 64)).toMatchObject(REFUSED);
  });

  it('is told with the same code of receipts', async () => {
    expect(await sendReceipts()).toMatchObject({ status: 200 });
    expect(await sendReceipts()).toMatchObject(REFUSED);
  });

  it('is told late when it comes again and again, with messages and receipts alike', async () => {
    expect(await send('vn', 'normal', 64)).toMatchObject({ status: 200 });
    expect(await sendReceipts()).toMatchObject({ status: 200 });
    for (let n = 0; n < 16; n += 1) expect(await send('vn', 'normal', 64)).toMatchObject(REFUSED);
    expect(paused).toEqual([]);
    expect(await send('vn', 'normal', 64)).toMatchObject(REFUSED);
    expect(await sendReceipts()).toMatchObject(REFUSED);
    expect(paused).toEqual([1_000, 1_000]);
    expect(await send('vn', 'emergency', 1)).toMatchObject({ status: 200 });
    expect(paused).toHaveLength(2);
  });
});

describe('a partner with too many connections', () => {
  it('keeps those that it has, and is asked to wait with another', async () => {
    const [first, second, third] = [keptBy('vn'), keptBy('vn'), keptBy('vn')];
    expect(await call(gateway.port, honest.vn, { agent: first })).toMatchObject({ status: 200 });
    expect(await call(gateway.port, honest.vn, { agent: second })).toMatchObject({ status: 200 });
    expect(await call(gateway.port, honest.vn, { agent: third })).toMatchObject({
      status: 429,
      text: expect.stringContaining('"code":"too_many_connections"') as string,
    });
    expect(await call(gateway.port, honest.vn, { agent: first })).toMatchObject({ status: 200 });
    expect(await call(gateway.port, honest.kh, { agent: keptBy('kh') })).toMatchObject({ status: 200 });
    first.destroy();
    await waitFor('a place', async () => {
      const answer = await call(gateway.port, honest.vn, { agent: third });
      return 'status' in answer && answer.status === 200;
    });
  });
});

describe('an address with too many connections', () => {
  it('has the next closed before any TLS, and takes its places up again', async () => {
    const idle = Array.from({ length: CONNECTIONS.perAddress }, () => connect(gateway.port, '127.0.0.1'));
    await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    await waitFor('the next to be refused', async () => 'refused' in (await call(gateway.port, honest.vn)));
    const lines = gateway.log.records().map(({ msg }) => msg);
    expect(lines).toContain('an address holds too many connections; one more was closed');
    expect(lines).not.toContain('TLS handshake refused');
    for (const socket of idle) socket.destroy();
    await waitFor('a place', async () => 'status' in (await call(gateway.port, honest.vn)));
  });
});
