import { X509Certificate } from 'node:crypto';
import type { RequestFacts } from '../../libs/exchange';
import { PartnerClient, type PartnerEndpoint, type ShownCertificate } from '../../libs/transport';
import { freePort } from '../harness/free-ports';
import { makeAuthority, makeCertificate } from './certificates-fixture';
import { client, gateway, startPartner, theirs, type Partner } from './partner-fixture';

/** What the transport tells of a request, for the record of the attempt, and of the certificates that it sees. */
let partner: Partner;
let shown: { partner: string; certificate: ShownCertificate }[];
const open: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  partner = await startPartner();
  open.push(partner);
  shown = [];
});
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

/** Posts one message and answers what was told meanwhile. */
async function factsOf(endpoint: PartnerEndpoint, identity = client): Promise<RequestFacts> {
  const sender = new PartnerClient(
    () => identity,
    () => endpoint,
    { silenceMs: 500, requestMs: 1_200 },
    undefined,
    (id, certificate) => shown.push({ partner: id, certificate }),
  );
  open.push(sender);
  const facts = {};
  await sender.postMessages('gb', ['t'], (more) => void Object.assign(facts, more)).catch(() => undefined);
  return facts;
}
const hostOf = ({ endpoint }: PartnerEndpoint) => new URL(endpoint).host;

it.each([200, 302, 403, 429, 503])('tells host, TLS and status of an answer with status %d', async (status) => {
  partner.answer((response) => response.writeHead(status).end());
  expect(await factsOf(partner.endpoint)).toEqual({
    host: hostOf(partner.endpoint),
    tls: 'TLSv1.3',
    httpStatus: status,
  });
});

it('tells of a request without an answer only where it went', async () => {
  partner.answer(() => undefined);
  expect(await factsOf(partner.endpoint)).toEqual({ host: hostOf(partner.endpoint) });
  const nobody = { ...partner.endpoint, endpoint: `https://127.0.0.1:${await freePort()}` };
  expect(await factsOf(nobody)).toEqual({ host: hostOf(nobody) });
});

it('tells of no TLS where a handshake was refused, by us or by the partner', async () => {
  partner.answer((response) => response.end());
  expect(await factsOf({ ...partner.endpoint, ca: [makeAuthority('ca.gb').cert] })).toEqual({
    host: hostOf(partner.endpoint),
  });
  const stranger = makeCertificate('vn', makeAuthority('ca.vn'));
  expect(await factsOf(partner.endpoint, stranger)).toEqual({ host: hostOf(partner.endpoint) });
});

it('shows the certificate of each connection that we trust, and of no other', async () => {
  partner.answer((response) => response.end());
  await factsOf(partner.endpoint);
  const { fingerprint256, validFromDate, validToDate } = new X509Certificate(gateway.cert);
  const certificate = {
    fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
    validFrom: validFromDate,
    validTo: validToDate,
  };
  expect(shown).toEqual([{ partner: 'gb', certificate }]);
  const other = await startPartner(makeCertificate('gateway.gb', theirs)); // a key that is not pinned
  open.push(other);
  await factsOf(other.endpoint);
  expect(shown).toHaveLength(1);
});
