import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, createServer, type DetailedPeerCertificate, type Server, type TLSSocket } from 'node:tls';
import { chainOf, faultOfAuthority, faultOfChain, TLS_SETTINGS, type ChainFault, type TlsPins } from '../trust';
import { ACCEPT, decline, refuse, type Outcome } from './verdict';

/** What the other side presents. */
export interface Presented {
  /** PEM: leaf first, then what it sends along. */
  readonly chain: string;
  readonly key: string;
}

const LOOPBACK = '127.0.0.1';
/** Nothing is far away, but the machine may be busy. */
const PATIENCE_MS = 30_000;
/** The other side is not ours: it presents whatever it has. */
const LENIENT = { ciphers: 'DEFAULT@SECLEVEL=0', rejectUnauthorized: false } as const;
const OURS = { ...TLS_SETTINGS, ALPNProtocols: [...TLS_SETTINGS.ALPNProtocols] };

/**
 * Whether a node that pins these takes such a peer: a directory would have to admit the authorities; then a real handshake over
 * loopback with the TLS settings of both our sides, where OpenSSL judges the chain; then what we ask of a chain beyond that.
 * @param side which of the two the peer is
 */
export async function handshake(side: 'server' | 'client', peer: Presented, pins: TlsPins): Promise<Outcome> {
  const fault = pins.ca.map((pem) => faultOfAuthority(pem, pins.ca)).find((found) => found !== undefined);
  if (fault) return decline(`authority ${fault}`);
  try {
    return await (side === 'server' ? asOurClient(peer, pins) : asOurServer(peer, pins));
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    // Without a network nothing can be said about any chain.
    if (syscall !== undefined) throw error;
    // OpenSSL does not even load the pair that the other side should present.
    return { did: 'not_run', why: `cannot be presented: ${code ?? 'unknown reason'}` };
  }
}

/** We call: the chain is that of the server. */
async function asOurClient(peer: Presented, pins: TlsPins): Promise<Outcome> {
  const server = createServer({ ...LENIENT, cert: peer.chain, key: peer.key });
  // Whatever the server sees of a refusal, the client has seen before.
  server.on('tlsClientError', () => undefined);
  server.on('secureConnection', (accepted) => accepted.on('error', () => undefined));
  const port = await listen(server);
  let judged: Outcome | undefined;
  const socket = connect({
    ...OURS,
    host: LOOPBACK,
    port,
    ca: [...pins.ca],
    // The pin takes the place of the name.
    checkServerIdentity: (_host, certificate) => {
      const fault = faultOf(certificate as DetailedPeerCertificate, pins);
      judged = outcomeOf(fault);
      return fault === undefined ? undefined : new Error(fault);
    },
  });
  socket.on('error', () => undefined);
  const taken = once(socket, 'secureConnect').then(
    () => ACCEPT,
    (error: Error) => judged ?? refusal(error),
  );
  return settle(taken, server, socket);
}

/** We are called: the chain is that of the client. */
async function asOurServer(peer: Presented, pins: TlsPins): Promise<Outcome> {
  // Our own certificate does not matter here, and the caller does not look at it: any pair will do.
  const server = createServer({ ...OURS, cert: peer.chain, key: peer.key, ca: [...pins.ca] });
  const port = await listen(server);
  const taken = Promise.race([
    once(server, 'secureConnection').then(([accepted]: TLSSocket[]) => {
      const certificate = accepted!.getPeerCertificate(true);
      accepted!.destroy();
      return outcomeOf(faultOf(certificate, pins));
    }),
    once(server, 'tlsClientError').then((refused) => refusal(refused[0] as Error, refused[1] as TLSSocket)),
  ]);
  const socket = connect({ ...LENIENT, host: LOOPBACK, port, cert: peer.chain, key: peer.key });
  // In TLS 1.3 the caller learns of a refusal after its own end of the handshake, or not at all.
  socket.on('error', () => undefined);
  return settle(taken, server, socket);
}

async function listen(server: Server): Promise<number> {
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function settle(taken: Promise<Outcome>, server: Server, socket: TLSSocket): Promise<Outcome> {
  const timer = new AbortController();
  const late = sleep(PATIENCE_MS, { did: 'not_run', why: 'no end of the handshake' } as const, {
    signal: timer.signal,
  });
  try {
    return await Promise.race([taken, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
    socket.destroy();
    server.close();
  }
}

/** A certificate that OpenSSL has verified and Node cannot read counts as one whose key is not pinned. */
function faultOf(certificate: DetailedPeerCertificate, pins: TlsPins): ChainFault | undefined {
  try {
    return faultOfChain(pins, chainOf(certificate), new Date());
  } catch {
    return 'key_not_pinned';
  }
}

/** What we ask of everybody beyond what makes a chain valid. */
const BEYOND: readonly ChainFault[] = [
  'chain_too_long',
  'leaf_is_authority',
  'issuer_is_no_authority',
  'weak_key',
  'odd_serial',
];

function outcomeOf(fault: ChainFault | undefined): Outcome {
  if (fault === undefined) return ACCEPT;
  return BEYOND.includes(fault) ? decline(fault) : refuse(fault);
}

/** A server only sees its own end of the connection; why it ended it stands at the socket. */
const refusal = (error: NodeJS.ErrnoException, socket?: TLSSocket) =>
  refuse(String(socket?.authorizationError || error.code || error.message));
