import { constants } from 'node:crypto';

/** Our own certificate, its chain and its private key: as PEM, or as PKCS#12. The passphrase opens the key. */
export type TlsIdentity = ({ readonly cert: string; readonly key: string } | { readonly pfx: Buffer }) & {
  readonly passphrase?: string;
};

/**
 * The TLS settings of both sides, gateway and client; whoever speaks to a partner takes all of them. They are no configuration: nothing
 * in the environment weakens them.
 * - TLS 1.3 only: no renegotiation, no RSA key transport, certificates encrypted. Its default groups begin with ML-KEM-768 and X25519.
 * - Security level 2: signatures with SHA-1 or MD5 and keys below 112 bits are no certificates.
 * - No tickets with the session inside. TLS 1.3 then sends tickets that name a session in a store, and there is none: no session is
 *   resumed, so each connection proves its identity anew.
 * - HTTP/1.1 and nothing else: the limits of gateway and client are limits of that protocol.
 */
export const TLS_SETTINGS = {
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
  ciphers: 'DEFAULT@SECLEVEL=2',
  secureOptions: constants.SSL_OP_NO_TICKET,
  requestCert: true,
  rejectUnauthorized: true,
  ALPNProtocols: ['http/1.1'],
} as const;
