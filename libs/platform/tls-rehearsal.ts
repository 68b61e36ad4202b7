import { duplexPair } from 'node:stream';
import { connect, createServer, type ConnectionOptions, type TLSSocket, type TlsOptions } from 'node:tls';
import { TraoError } from '../errors';
import { chainOf, faultOfChain, TLS_SETTINGS, type TlsIdentity, type TlsPins } from '../trust';

const PATIENCE_MS = 5_000;

/**
 * Rehearses what partners will do with a certificate: a whole handshake of it with itself, in memory, as server and as client, under
 * the settings and the pins that partners judge it by.
 * @throws TraoError `tls_distrusted` with the reason
 */
export async function rehearse(identity: TlsIdentity, pins: TlsPins): Promise<void> {
  const chain = await withItself({ ...identity, ca: pins.ca }, (client) => chainOf(client.getPeerCertificate(true)));
  const fault = faultOfChain(pins, chain, new Date());
  if (fault) throw distrusted(fault);
}

/** The certificate that peers see, as DER, trusted or not; undefined where no handshake comes about. */
export function presentedLeaf(identity: TlsIdentity): Promise<Uint8Array | undefined> {
  const anybody = { ...identity, rejectUnauthorized: false };
  return withItself(anybody, (client) => client.getPeerX509Certificate()?.raw).catch(() => undefined);
}

/** A handshake in memory with the same options on both sides; answers what is asked of the client's end. */
async function withItself<T>(options: TlsOptions & ConnectionOptions, ask: (client: TLSSocket) => T): Promise<T> {
  const [near, far] = duplexPair();
  const settings = { ...TLS_SETTINGS, ALPNProtocols: [...TLS_SETTINGS.ALPNProtocols], ...options };
  const server = createServer(settings);
  const client = connect({ ...settings, socket: near, checkServerIdentity: () => undefined });
  try {
    await new Promise<void>((resolve, reject) => {
      const refuse = (reason: string) => reject(distrusted(reason));
      server.once('secureConnection', () => resolve());
      server.once('tlsClientError', (error, socket) => refuse(verdictOf(error, socket)));
      client.once('error', (error) => refuse(verdictOf(error, client)));
      setTimeout(refuse, PATIENCE_MS, 'no handshake').unref();
      server.emit('connection', far);
    });
    return ask(client);
  } finally {
    client.destroy();
    far.destroy();
  }
}

/** What to do about the reasons that have one answer. */
const NEXT: Readonly<Record<string, string>> = {
  key_not_pinned: 'Its key has to be pinned in the directory first.',
  authority_not_pinned: 'Every authority above it has to be pinned in the directory first.',
  CERT_HAS_EXPIRED: 'Put a new certificate in its place.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The file must hold the certificates up to the authority that the directory pins.',
};

function distrusted(reason: string): TraoError {
  const next = NEXT[reason];
  return new TraoError('tls_distrusted', { detail: `${reason}.${next ? ` ${next}` : ''}` });
}

/** OpenSSL's verdict on the certificate, or what broke the handshake. */
function verdictOf(error: Error & { code?: string }, socket: TLSSocket): string {
  const verdict = socket.authorizationError as unknown as string | null | undefined;
  return verdict ?? error.code ?? 'handshake failed';
}
