import type { Server, ServerOptions } from 'node:https';
import { TLS_SETTINGS, type Partners, type TlsIdentity } from '../../libs/trust';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 60_000;
/** Longer than a request may take: a client that does not read what it is told holds nothing for ever. */
const SILENCE_MS = 90_000;
const HANDSHAKE_MS = 10_000;
/** How often Node looks for those that are too slow; its own half minute would be added to every limit. */
const LOOK_MS = 2_000;

/**
 * Mutual TLS against the pinned CAs of our partners. OpenSSL checks the chain; which partner it is follows from the pinned key on every
 * request (see `Peer`).
 */
export function tlsOptions(identity: TlsIdentity, partners: Partners, self: string): ServerOptions {
  return {
    ...TLS_SETTINGS,
    ALPNProtocols: [...TLS_SETTINGS.ALPNProtocols],
    ...identity,
    ca: partners.partnersOf(self).flatMap((node) => node.tls.ca),
    sessionIdContext: `trao ${self}`,
    handshakeTimeout: HANDSHAKE_MS,
    connectionsCheckingInterval: LOOK_MS,
  };
}

/** Slow or half-open clients lose their connection. */
export function limitConnections(server: Server): void {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.timeout = SILENCE_MS;
}

/**
 * No session is resumed, because none is kept (`TLS_SETTINGS`). Should a change ever bring one back, it ends here: a resumed session
 * carries the identity of the connection that it was made on.
 */
export function refuseResumption(server: Server): void {
  server.prependListener('secureConnection', (socket) => {
    if (socket.isSessionReused()) socket.destroy();
  });
}
