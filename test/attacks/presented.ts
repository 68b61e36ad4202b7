import { contentDigest, MESSAGES_MEDIA_TYPE, type MessageAnswer } from '../../libs/exchange';
import { pingDraft } from '../fakes/documents';
import { sealByHand } from '../fakes/hand-made';
import { MemoryNode } from '../fakes/memory-node';
import { seededRandom } from '../fakes/seeded-random';
import { waitFor } from '../harness/wait-for';
import { SERVER_AUTH, CLIENT_AUTH } from '../integration/certificates-extensions';
import {
  days,
  issuedWith,
  keyOf,
  leafExtensions,
  makeCertificate,
  type Certificate,
  type CertificateSpec,
} from '../integration/certificates-fixture';
import { call, type Call } from '../integration/gateway-caller';
import { authorities, honest, type TestGateway } from '../integration/gateway-fixture';

const ABOUT_TLS = /TLS handshake refused|certificate of no partner/;

/** What the gateway made of a caller: `taken`, or what it has written down: OpenSSL's verdict, or our fault. */
export async function presented(
  { port, log }: TestGateway,
  certificate: Certificate | undefined,
  what: Call = {},
): Promise<string> {
  const before = log.records().length;
  const called = await call(port, certificate, what);
  if ('status' in called && called.status === 200) return 'taken';
  const line = await waitFor('the line in the log', () =>
    log
      .records()
      .slice(before)
      .find(({ msg }) => ABOUT_TLS.test(String(msg))),
  );
  return String(line['tls'] ?? line['fault']);
}

/** After whatever was presented, an honest partner must be served. */
export async function assertServed(gateway: TestGateway, certificate: Certificate): Promise<void> {
  const verdict = await presented(gateway, certificate);
  if (verdict !== 'taken') throw new Error(`An honest partner was refused: ${verdict}`);
}

/** Extensions that name who issued and what it is for. */
export const HONEST = [...leafExtensions(SERVER_AUTH, CLIENT_AUTH), issuedWith(authorities.vn)];

/** A certificate with the key that the directory pins for Viet Nam, so that nothing but the certificate can be at fault. */
export const ofVn = (more: Partial<CertificateSpec> = {}): Certificate =>
  makeCertificate('vn', authorities.vn, days(30), { privateKey: keyOf(honest.vn), ...more });

const UNITS = { vn: 'vn.mps-criminal', kh: 'kh.mosvy' } as const;

/** Hands a message in the name of one partner over on the connection of another, and answers what the gateway said of it. */
export async function handOver(
  { port, node }: TestGateway,
  sender: keyof typeof UNITS,
  certificate: Certificate,
  headers: Readonly<Record<string, string>> = {},
): Promise<MessageAnswer> {
  const from = new MemoryNode(sender, node.world, node.clock, seededRandom(node.tables.inbox.size + 7));
  const { token } = await sealByHand(from, pingDraft({ senderUnit: UNITS[sender] }));
  const called = await call(port, certificate, {
    method: 'POST',
    path: '/v1/messages',
    headers: { 'content-type': MESSAGES_MEDIA_TYPE, 'content-digest': contentDigest(token), ...headers },
    body: token,
  });
  if (!('status' in called)) throw new Error(called.refused);
  return JSON.parse(called.text) as MessageAnswer;
}
