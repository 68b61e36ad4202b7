import type { X509Certificate } from 'node:crypto';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import { TraoError } from '../errors';
import { chainOf, faultOfChain, MAX_DIRECTORY_BYTES, TLS_SETTINGS, type TlsIdentity } from '../trust';

/** Where a partner is and how we know that it is the partner. From the directory. */
export interface PartnerEndpoint {
  readonly id: string;
  readonly endpoint: string;
  readonly ca: readonly string[];
  /** SHA-256 digests of the pinned public keys, base64url. */
  readonly spki: readonly string[];
}

/** How long a partner may take, in milliseconds. */
export interface Patience {
  /** Until the first byte of the answer, and between two pieces of its body. */
  readonly silenceMs: number;
  /** The whole exchange, however slowly bytes trickle. */
  readonly requestMs: number;
}

/** The certificate with which a partner has proven itself. */
export interface ShownCertificate {
  /** SHA-256 of the certificate, hexadecimal. */
  readonly fingerprint: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

interface Pool {
  readonly agent: Agent;
  /** The version of TLS of its newest connection. */
  tls: string | undefined;
  /** What of the directory the pool was made for. */
  readonly target: string;
  readonly identity: TlsIdentity;
}

const CONNECTIONS = 4;
export const CONNECT_MS = 5_000;
/** A directory is the largest answer that a partner may have for us. */
const MAX_ANSWER_BYTES = MAX_DIRECTORY_BYTES;
const IDLE_MS = 30_000;
/** A connection in use is made anew after this time, so that the partner's certificate is judged again. */
const MAX_AGE_MS = 600_000;

/** Connections to partners over mutual TLS 1.3, a pool for each. */
export class PartnerAgents {
  private readonly pools = new Map<string, Pool>();

  constructor(
    private readonly identity: () => TlsIdentity,
    private readonly patience: Patience,
    /** Hears of each new connection that we trust. */
    private readonly whenShown: (partner: string, certificate: ShownCertificate) => void = () => undefined,
  ) {}

  /**
   * The pool of a partner. A changed endpoint, CA or pin in the directory gets a new one, and so does a new certificate of ours;
   * requests that are under way end on the old one.
   */
  of(target: PartnerEndpoint): Agent {
    const identity = this.identity();
    const known = this.pools.get(target.id);
    const signature = JSON.stringify([target.endpoint, target.ca, target.spki]);
    if (known?.target === signature && known.identity === identity) return known.agent;
    void known?.agent.close();
    const pool: Pool = {
      agent: this.make(target, identity, (socket) => this.connected(target.id, pool, socket)),
      tls: undefined,
      target: signature,
      identity,
    };
    this.pools.set(target.id, pool);
    return pool.agent;
  }

  /** The version of TLS of the newest connection to a partner. */
  tlsOf = (partner: string): string | undefined => this.pools.get(partner)?.tls;

  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map(({ agent }) => agent.destroy()));
    this.pools.clear();
  }

  private connected(partner: string, pool: Pool, socket: TLSSocket): void {
    pool.tls = socket.getProtocol() ?? undefined;
    const certificate = socket.getPeerX509Certificate();
    if (certificate) this.whenShown(partner, shownBy(certificate));
  }

  private make(target: PartnerEndpoint, identity: TlsIdentity, connected: (socket: TLSSocket) => void): Agent {
    const connect = buildConnector({
      ...tlsOptions(target, identity),
      allowH2: false,
      timeout: CONNECT_MS,
      // Every connection makes a full handshake: a resumed one would skip the check of the pinned key.
      maxCachedSessions: 0,
    });
    return new Agent({
      connections: CONNECTIONS,
      pipelining: 1,
      allowH2: false,
      clientTtl: MAX_AGE_MS,
      keepAliveTimeout: IDLE_MS,
      headersTimeout: this.patience.silenceMs,
      bodyTimeout: this.patience.silenceMs,
      maxResponseSize: MAX_ANSWER_BYTES,
      connect: (options, callback) =>
        connect(options, (...[error, socket]) => {
          if (error) return callback(error, null);
          connected(socket as TLSSocket);
          callback(null, socket);
        }),
    });
  }
}

/** How we speak TLS to a partner: whoever calls one takes all of it. */
export function tlsOptions({ ca, spki }: PartnerEndpoint, identity: TlsIdentity) {
  const pins = { ca: [...ca], spki: [...spki] };
  return {
    ...TLS_SETTINGS,
    ALPNProtocols: [...TLS_SETTINGS.ALPNProtocols],
    ...identity,
    ca: pins.ca,
    // The pin takes the place of the name.
    checkServerIdentity: (_host: string, certificate: PeerCertificate) => {
      const fault = faultOfChain(pins, chainOf(certificate), new Date());
      return fault && new TraoError('partner_tls', { detail: `${fault}.` });
    },
  };
}

export const shownBy = ({ fingerprint256, validFromDate, validToDate }: X509Certificate): ShownCertificate => ({
  fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
  validFrom: validFromDate,
  validTo: validToDate,
});
