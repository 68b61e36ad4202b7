import { Agent, request } from 'undici';
import type { PeerCertificate } from 'node:tls';
import { TraoError, type Code } from '../errors';
import {
  contentDigest,
  decodeAnswers,
  decodeReceiptAnswers,
  encodeMessages,
  MESSAGES_MEDIA_TYPE,
  RetryAfterError,
  type MessageAnswer,
  type ReceiptAnswer,
} from '../exchange';
import { spkiDigest } from '../trust';

/** Our own certificate and key, as PEM. */
export interface ClientIdentity {
  readonly cert: string;
  readonly key: string;
}

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

const CONNECTIONS = 4;
/** 8 MiB at about 0.6 Mbit/s. */
const PATIENCE: Patience = { silenceMs: 20_000, requestMs: 120_000 };
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;
const IDLE_MS = 30_000;

/** Speaks to the gateways of partners over mutual TLS 1.3, with a pool of its own for each. */
export class PartnerClient {
  private readonly agents = new Map<string, { readonly signature: string; readonly agent: Agent }>();

  constructor(
    private readonly identity: ClientIdentity,
    /** The endpoint of a partner in the directory in force. @throws TraoError `unknown_sender` */
    private readonly endpointOf: (partner: string) => PartnerEndpoint,
    private readonly patience: Patience = PATIENCE,
  ) {}

  /** @throws TraoError `partner_*`, `bad_answer` when the request as a whole failed */
  async postMessages(partner: string, tokens: readonly string[]): Promise<MessageAnswer[]> {
    const body = await this.post(partner, '/v1/messages', encodeMessages(tokens), MESSAGES_MEDIA_TYPE);
    return decodeAnswers(body, tokens.length);
  }

  /** @throws TraoError `partner_*`, `bad_answer` when the request as a whole failed */
  async postReceipts(partner: string, tokens: readonly string[]): Promise<ReceiptAnswer[]> {
    const body = await this.post(partner, '/v1/receipts', JSON.stringify(tokens), 'application/json');
    return decodeReceiptAnswers(body, tokens.length);
  }

  async close(): Promise<void> {
    await Promise.all([...this.agents.values()].map(({ agent }) => agent.destroy()));
    this.agents.clear();
  }

  private async post(partner: string, path: string, body: string, contentType: string): Promise<Uint8Array> {
    const target = this.endpointOf(partner);
    try {
      const answer = await request(new URL(path, target.endpoint), {
        method: 'POST',
        dispatcher: this.agentOf(target),
        signal: AbortSignal.timeout(this.patience.requestMs),
        headers: { 'content-type': contentType, 'content-digest': contentDigest(body) },
        body,
      });
      const bytes = new Uint8Array(await answer.body.arrayBuffer());
      if (answer.statusCode === 200) return bytes;
      // Redirects are never followed: 3xx is an error like any other.
      // Also what a load balancer says when the gateway behind it is away.
      const busy = [429, 502, 503, 504].includes(answer.statusCode);
      const wish = retryAfterMs(answer.headers['retry-after']);
      throw new RetryAfterError(busy ? 'partner_busy' : 'partner_error', wish, `HTTP ${answer.statusCode}`);
    } catch (cause) {
      throw cause instanceof TraoError ? cause : new TraoError(codeOf(cause), { cause });
    }
  }

  /** One pool per partner; a changed endpoint, CA or pin in the directory gets a new one. */
  private agentOf(target: PartnerEndpoint): Agent {
    const signature = JSON.stringify([target.endpoint, target.ca, target.spki]);
    const known = this.agents.get(target.id);
    if (known?.signature === signature) return known.agent;
    void known?.agent.close();
    const agent = new Agent({
      connections: CONNECTIONS,
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      headersTimeout: this.patience.silenceMs,
      bodyTimeout: this.patience.silenceMs,
      maxResponseSize: MAX_ANSWER_BYTES,
      connect: {
        ...this.identity,
        ca: [...target.ca],
        minVersion: 'TLSv1.3',
        ciphers: 'DEFAULT@SECLEVEL=2',
        timeout: 5_000,
        // Every connection makes a full handshake: a resumed one would skip the check of the pinned key.
        maxCachedSessions: 0,
        checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
          target.spki.includes(spkiDigest(certificate.raw)) ? undefined : new TraoError('partner_tls'),
      },
    });
    this.agents.set(target.id, { signature, agent });
    return agent;
  }
}

/** `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110 §10.2.3). */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const delay = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(delay) ? delay : undefined;
}

/**
 * Why a request failed as a whole. In TLS 1.3 a refused client sees only that the other side closed (`UND_ERR_SOCKET`), so that
 * counts as a TLS fault and stands in the record, not as a network blip.
 */
function codeOf(error: unknown): Code {
  const { code: given, name, cause } = error as { code?: unknown; name?: string; cause?: unknown };
  const code = typeof given === 'string' ? given : '';
  if (cause instanceof TraoError) return cause.code;
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'partner_unreachable';
  if (/TIMEOUT|ABORT/.test(code) || name === 'TimeoutError') return 'partner_timeout';
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO|UND_ERR_SOCKET|EPROTO/.test(code)) return 'partner_tls';
  if (/RES_EXCEEDED/.test(code)) return 'bad_answer';
  return 'partner_unreachable';
}
