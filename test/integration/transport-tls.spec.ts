import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { PartnerClient, type PartnerEndpoint } from '../../libs/transport';
import { freePort } from '../harness/free-ports';
import { makeAuthority, makeCertificate } from './certificates-fixture';
import { client, gateway, ours, startPartner, theirs, type Partner } from './partner-fixture';

/** Whom a client speaks to: nobody but the holder of the pinned key under the partner's own authority, over TLS 1.3. */
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const good = (partner: Partner) => partner.answer((response) => response.end('{"jti":"1","receipt":"r"}\n'));

async function start(...given: Parameters<typeof startPartner>): Promise<Partner> {
  const partner = await startPartner(...given);
  good(partner);
  open.push(partner);
  return partner;
}

function clientOf(endpointOf: () => PartnerEndpoint, identity: { cert: string; key: string } = client): PartnerClient {
  const sender = new PartnerClient(() => identity, endpointOf, { silenceMs: 2_000, requestMs: 4_000 });
  open.unshift(sender);
  return sender;
}

const postTo = (endpoint: PartnerEndpoint, identity = client) =>
  clientOf(() => endpoint, identity).postMessages('gb', ['t']);
const DISTRUSTED = { name: 'TraoError', code: 'partner_tls', retryable: true };

it('speaks to the pinned key, whatever the name in its certificate', async () => {
  const partner = await start();
  expect(await postTo(partner.endpoint)).toHaveLength(1);
});

it('sends nothing to another key of the same authority', async () => {
  const partner = await start(makeCertificate('gateway.gb', theirs));
  await expect(postTo(partner.endpoint)).rejects.toMatchObject(DISTRUSTED);
  expect(partner.got).toEqual([]);
});

it('sends nothing to the pinned key under another authority', async () => {
  const partner = await start();
  const impostor = makeAuthority('ca.gb'); // the same name
  await expect(postTo({ ...partner.endpoint, ca: [impostor.cert] })).rejects.toMatchObject(DISTRUSTED);
  await expect(postTo({ ...partner.endpoint, ca: [ours.cert] })).rejects.toMatchObject(DISTRUSTED);
  expect(partner.got).toEqual([]);
});

it('sends nothing to a certificate that has expired', async () => {
  const old = makeCertificate('gateway.gb', theirs, new Date(Date.now() - 60_000));
  const partner = await start(old);
  await expect(postTo({ ...partner.endpoint, spki: [old.spki] })).rejects.toMatchObject(DISTRUSTED);
  expect(partner.got).toEqual([]);
});

it('does not trust the authorities of the system', async () => {
  const partner = await start();
  await expect(postTo({ ...partner.endpoint, ca: [] })).rejects.toMatchObject(DISTRUSTED);
});

it('does not step down to TLS 1.2', async () => {
  const partner = await start(gateway, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
  await expect(postTo(partner.endpoint)).rejects.toMatchObject(DISTRUSTED);
});

it('takes a partner that refuses our certificate for a TLS fault, not for a network blip', async () => {
  const partner = await start();
  const stranger = makeCertificate('vn', makeAuthority('ca.vn'));
  await expect(postTo(partner.endpoint, stranger)).rejects.toMatchObject(DISTRUSTED);
  expect(partner.got).toEqual([]);
});

it('tells of a partner that refuses us at the third time in a row, once, and again after it had answered', async () => {
  const partner = await start();
  const stranger = makeCertificate('vn', makeAuthority('ca.vn'));
  const told: string[] = [];
  let identity = stranger;
  const sender = new PartnerClient(
    () => identity,
    () => partner.endpoint,
    { silenceMs: 2_000, requestMs: 4_000 },
    (who) => told.push(who),
  );
  open.unshift(sender);
  const refused = async (times: number) => {
    for (let turn = 0; turn < times; turn += 1)
      await expect(sender.postMessages('gb', ['t'])).rejects.toMatchObject(DISTRUSTED);
  };
  await refused(2);
  expect(told).toEqual([]); // a gateway that restarts looks the same
  await refused(3);
  expect(told).toEqual(['gb']);
  identity = client;
  await sender.postMessages('gb', ['t']);
  identity = stranger;
  await refused(3);
  expect(told).toEqual(['gb', 'gb']);
});

it('takes a port where nobody listens for unreachable', async () => {
  const endpoint = `https://127.0.0.1:${await freePort()}`;
  const target = { id: 'gb', endpoint, ca: [theirs.cert], spki: [gateway.spki] };
  await expect(postTo(target)).rejects.toMatchObject({ code: 'partner_unreachable', retryable: true });
});

it('takes a name that does not exist for unreachable', async () => {
  const target = { id: 'gb', endpoint: 'https://gateway.invalid', ca: [theirs.cert], spki: [gateway.spki] };
  await expect(postTo(target)).rejects.toMatchObject({ code: 'partner_unreachable' });
});

it('takes a peer that speaks no TLS for a TLS fault', async () => {
  const plain = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')).listen(
    0,
    '127.0.0.1',
  );
  await once(plain, 'listening');
  const endpoint = `https://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  await expect(postTo({ id: 'gb', endpoint, ca: [theirs.cert], spki: [gateway.spki] })).rejects.toMatchObject(
    DISTRUSTED,
  );
  plain.close();
});

it('reuses connections of a partner, and takes a new pool when the directory pins another key', async () => {
  const partner = await start();
  let endpoint = partner.endpoint;
  const sender = clientOf(() => endpoint);
  for (let turn = 0; turn < 5; turn += 1) await sender.postMessages('gb', ['t']);
  expect(partner.connections()).toBeLessThan(5);
  endpoint = { ...endpoint, spki: [makeCertificate('next', theirs).spki] };
  await expect(sender.postMessages('gb', ['t'])).rejects.toMatchObject(DISTRUSTED);
  expect(partner.got).toHaveLength(5);
  endpoint = { ...endpoint, spki: [...endpoint.spki, gateway.spki] }; // two pins, as while a key is changed
  await sender.postMessages('gb', ['t']);
  expect(partner.got).toHaveLength(6);
});

it('keeps the pools of partners apart', async () => {
  const [slow, quick] = [await start(), await start()];
  const sender = new PartnerClient(
    () => client,
    (id) => ({ ...(id === 'gb' ? slow : quick).endpoint, id }),
    {
      silenceMs: 3_000,
      requestMs: 5_000,
    },
  );
  open.unshift(sender);
  slow.answer(() => undefined);
  const stuck = Promise.allSettled(Array.from({ length: 10 }, () => sender.postMessages('gb', ['t'])));
  for (let turn = 0; turn < 5; turn += 1) await sender.postMessages('kh', ['t']);
  expect(quick.got).toHaveLength(5);
  await sender.close();
  for (const { status } of await stuck) expect(status).toBe('rejected');
});
