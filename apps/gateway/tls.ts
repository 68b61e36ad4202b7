import { constants } from 'node:crypto';
import type { Server, ServerOptions } from 'node:https';
import { asTraoError } from '../../libs/errors';
import type { Logger } from '../../libs/platform';
import type { Partners } from '../../libs/trust';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 60_000;

/**
 * Mutual TLS 1.3 against the pinned CAs of our partners. OpenSSL checks the chain; which partner it is follows from the pinned key on
 * every request (see `Peer`). No session tickets: a resumed session must not carry an identity from one partner to another.
 */
export function tlsOptions(identity: { cert: string; key: string }, partners: Partners, self: string): ServerOptions {
  return {
    ...identity,
    ca: partners.partnersOf(self).flatMap((node) => node.tls.ca),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    ciphers: 'DEFAULT@SECLEVEL=2',
    secureOptions: constants.SSL_OP_NO_TICKET,
    sessionIdContext: `trao ${self}`,
  };
}

/** Slow or half-open clients lose their connection; refused handshakes are logged, because TLS 1.3 tells the client almost nothing. */
export function tuneConnections(server: Server, logger: Logger): void {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('tlsClientError', (error: Error & { code?: string }, socket) => {
    logger.warn({ tls: error.code ?? asTraoError(error).code, from: socket.remoteAddress }, 'TLS handshake refused');
  });
}
