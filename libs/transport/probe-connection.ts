import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { TraoError } from '../errors';
import { chainOf, faultOfChain, type TlsIdentity } from '../trust';
import { faultCode, isOurRefusal } from './fault-code';
import { CONNECT_MS, shownBy, tlsOptions, type PartnerEndpoint } from './partner-agents';

const HTTPS_PORT = 443;
/** What happens to a connection after its step, such as a refusal of our certificate, must not end the process; the next step tells. */
const ignored = () => undefined;

/** Where a partner's gateway is, in the parts that a connection needs. */
export function placeOf({ endpoint }: PartnerEndpoint): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(endpoint);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? HTTPS_PORT : Number(port) };
}

/** The addresses that a name leads to. @throws TraoError `partner_name` */
export async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  const found = await inTime(lookup(host, { all: true })).catch((cause: unknown) => {
    throw new TraoError('partner_name', { cause });
  });
  return found.map(({ address }) => address);
}

/** A connection to the first address that takes one. @throws TraoError `partner_unreachable` */
export async function reach(addresses: readonly string[], port: number): Promise<Socket> {
  let last: unknown;
  for (const host of addresses) {
    const socket = connect({ host, port });
    socket.on('error', ignored);
    socket.setTimeout(CONNECT_MS, () => socket.destroy());
    try {
      await inTime(once(socket, 'connect'));
      return socket;
    } catch (error) {
      last = error;
      socket.destroy();
    }
  }
  throw new TraoError('partner_unreachable', { cause: last });
}

/** What a handshake has shown. */
export interface Handshake {
  /** Protocol, cipher and key agreement. */
  readonly facts: string;
  /** DER, leaf first. */
  readonly chain: readonly Uint8Array[];
  /** SHA-256 of the certificate, hexadecimal. */
  readonly fingerprint: string;
}

/**
 * A handshake with the settings of all connections; it ends the connection. Whether it is the partner's own key is judged after it
 * (`assertPinned`), so that a wrong certificate can be told from no TLS.
 * @throws TraoError `partner_tls`, `partner_timeout`, `partner_distrusts`
 */
export async function shakeHands(socket: Socket, target: PartnerEndpoint, identity: TlsIdentity): Promise<Handshake> {
  const { host } = placeOf(target);
  const options = { ...tlsOptions(target, identity), checkServerIdentity: () => undefined };
  const secure = connectTls({ ...options, socket, servername: isIP(host) === 0 ? host : '' });
  secure.on('error', ignored);
  try {
    await inTime(once(secure, 'secureConnect'));
    // Read at once: a connection that the partner ends, because it does not take our certificate, has no certificate any more.
    return {
      facts: tlsFacts(secure),
      chain: chainOf(secure.getPeerCertificate(true)),
      fingerprint: shownBy(secure.getPeerX509Certificate()!).fingerprint,
    };
  } catch (error) {
    throw new TraoError(faultOf(error), { cause: error });
  } finally {
    secure.destroy();
  }
}

/** What kind of fault a request to a partner ended with; a refusal of our certificate shows in TLS 1.3 only as an end. */
export function faultOf(error: unknown): ReturnType<typeof faultCode> {
  const code = faultCode(error);
  const inner = error instanceof TraoError ? error.cause : error;
  return code === 'partner_tls' && inner !== undefined && !isOurRefusal(inner) ? 'partner_distrusts' : code;
}

/** @throws TraoError `partner_identity` when the certificate is not one that the directory pins */
export function assertPinned({ chain }: Handshake, { ca, spki }: PartnerEndpoint): void {
  const fault = faultOfChain({ ca: [...ca], spki: [...spki] }, chain, new Date());
  if (fault) throw new TraoError('partner_identity', { detail: fault });
}

function tlsFacts(socket: TLSSocket): string {
  const group = (socket.getEphemeralKeyInfo() as { name?: string } | null)?.name;
  return [socket.getProtocol(), socket.getCipher().standardName, group].filter(Boolean).join(', ');
}

/** Ends what takes longer than a connection may. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TraoError('partner_timeout')), CONNECT_MS);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
