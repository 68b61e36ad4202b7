import { request, type Dispatcher } from 'undici';
import { TraoError } from '../errors';
import {
  contentDigest,
  contentRange,
  decodeAnswers,
  decodeHeld,
  decodeReceiptAnswers,
  encodeMessages,
  MESSAGES_MEDIA_TYPE,
  PIECE_MEDIA_TYPE,
  readHealth,
  reconciling,
  RetryAfterError,
  type ClockReading,
  type RequestFacts,
  type IncomingFile,
  type IncomingPiece,
  type MessageAnswer,
  type PartnerAnswer,
  type ReceiptAnswer,
} from '../exchange';
import type { TlsIdentity } from '../trust';
import { Distrust } from './distrust';
import { faultCode, isOurRefusal } from './fault-code';
import { PartnerAgents, type PartnerEndpoint, type Patience, type ShownCertificate } from './partner-agents';

/** 8 MiB at about 0.6 Mbit/s. */
const PATIENCE: Patience = { silenceMs: 20_000, requestMs: 120_000 };
/** A directory and a clock are asked for while others wait for the answer too. */
const DIRECTORY_PATIENCE_MS = 30_000;

/** Speaks to the gateways of partners over mutual TLS 1.3, with a pool of its own for each. */
export class PartnerClient {
  private readonly agents: PartnerAgents;
  private readonly distrust: Distrust;

  constructor(
    /** Our certificate in use; another one is taken for new connections. */
    identity: () => TlsIdentity,
    /** The endpoint of a partner in the directory in force. @throws TraoError `unknown_sender` */
    private readonly endpointOf: (partner: string) => PartnerEndpoint,
    private readonly patience: Patience = PATIENCE,
    /** Hears, once, that TLS with a partner fails in a way that no waiting mends. */
    whenDistrusted: (partner: string) => void = () => undefined,
    /** Hears of the certificate of each new connection that we trust. */
    whenShown?: (partner: string, certificate: ShownCertificate) => void,
  ) {
    this.agents = new PartnerAgents(identity, patience, whenShown);
    this.distrust = new Distrust(whenDistrusted);
  }

  /**
   * @param note hears how far the request got
   * @throws TraoError `partner_*`, `bad_answer` when the request as a whole failed
   */
  async postMessages(
    partner: string,
    tokens: readonly string[],
    note?: (facts: RequestFacts) => void,
  ): Promise<MessageAnswer[]> {
    const body = await this.post(partner, '/v1/messages', encodeMessages(tokens), MESSAGES_MEDIA_TYPE, note);
    return decodeAnswers(body, tokens.length);
  }

  /** @throws TraoError `partner_*`, `bad_answer` when the request as a whole failed */
  async postReceipts(partner: string, tokens: readonly string[]): Promise<ReceiptAnswer[]> {
    const body = await this.post(partner, '/v1/receipts', JSON.stringify(tokens), 'application/json');
    return decodeReceiptAnswers(body, tokens.length);
  }

  /** Hands our manifest of a day over and gets the partner's. @throws TraoError `partner_*`, `bad_answer` */
  async exchangeManifest(partner: string, token: string): Promise<string> {
    const body = await this.post(partner, '/v1/manifests', token, reconciling.MANIFEST_MEDIA_TYPE);
    return Buffer.from(body).toString('latin1');
  }

  /** Messages of a day as a partner lists them, above an id. @throws TraoError `partner_*`, `bad_answer` */
  async listManifest(
    partner: string,
    day: string,
    way: reconciling.Way,
    after: string,
  ): Promise<reconciling.ManifestEntry[]> {
    const options = { method: 'GET', headers: {} } as const;
    const path = `/v1/manifests/${day}/${way}?after=${after}`;
    return reconciling.decodeEntries(await this.exchange(partner, path, options, this.patience.requestMs), day, after);
  }

  /** What a partner knows of messages. @throws TraoError `partner_*`, `bad_answer` */
  async askMessages(partner: string, ids: readonly string[]): Promise<reconciling.KnownThere[]> {
    const body = await this.post(partner, '/v1/manifests/messages', JSON.stringify(ids), 'application/json');
    return reconciling.decodeKnown(body, ids);
  }

  /** What a partner has of a file; undefined when it has nothing. @throws TraoError `partner_*`, `bad_answer` */
  async heldOf(partner: string, id: string): Promise<IncomingFile | undefined> {
    const options = { method: 'GET', headers: {} } as const;
    const asking = this.exchange(partner, `/v1/attachments/${id}`, options, this.patience.requestMs);
    const body = await orNothing(NOT_FOUND, asking);
    return body && decodeHeld(body);
  }

  /** Hands over a piece of a sealed file. @throws TraoError `partner_*`, `bad_answer` */
  async putPiece(partner: string, piece: Omit<IncomingPiece, 'senderNode'>): Promise<IncomingFile> {
    const { id, start, total, sealed } = piece;
    const body = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    const headers = {
      'content-type': PIECE_MEDIA_TYPE,
      'content-digest': contentDigest(body),
      'content-range': contentRange(start, body.length, total),
    };
    const options = { method: 'PUT', headers, body } as const;
    return decodeHeld(await this.exchange(partner, `/v1/attachments/${id}`, options, this.patience.requestMs));
  }

  /**
   * What a partner says of its clock, and its directory unless it is the one with the tag that we know.
   * @param tag the entity tag (RFC 9110 §8.8.3) of the directory in force here
   * @throws TraoError `partner_*`, `bad_answer`
   */
  async askDirectory(partner: string, tag: string): Promise<PartnerAnswer> {
    const clock = await this.askClock(partner);
    const signed = await orNothing(NOT_MODIFIED, this.ask(partner, '/v1/directory', { 'if-none-match': tag }));
    return { clock, signed };
  }

  /** The clock of a partner against ours. @throws TraoError `partner_*`, `bad_answer` */
  async askClock(partner: string): Promise<Omit<ClockReading, 'partner'>> {
    const sentAt = Date.now();
    const health = await this.ask(partner, '/v1/health', {});
    return readHealth(health, sentAt, Date.now());
  }

  /** The directory that a partner serves, whichever it is. @throws TraoError `partner_*` */
  servedDirectory(partner: string): Promise<Uint8Array> {
    return this.ask(partner, '/v1/directory', {});
  }

  /** A version that a partner adopted before; undefined when it has not. @throws TraoError `partner_*` */
  earlierDirectory(partner: string, version: number): Promise<Uint8Array | undefined> {
    return orNothing(NOT_FOUND, this.ask(partner, `/v1/directory/${version}`, {}));
  }

  close(): Promise<void> {
    return this.agents.close();
  }

  private async post(
    partner: string,
    path: string,
    body: string,
    contentType: string,
    note?: (facts: RequestFacts) => void,
  ): Promise<Uint8Array> {
    const headers = { 'content-type': contentType, 'content-digest': contentDigest(body) };
    return this.exchange(partner, path, { method: 'POST', headers, body }, this.patience.requestMs, note);
  }

  private ask(partner: string, path: string, headers: Record<string, string>): Promise<Uint8Array> {
    const patience = Math.min(DIRECTORY_PATIENCE_MS, this.patience.requestMs);
    return this.exchange(partner, path, { method: 'GET', headers }, patience);
  }

  private async exchange(
    partner: string,
    path: string,
    options: Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'>,
    requestMs: number,
    note: (facts: RequestFacts) => void = () => undefined,
  ): Promise<Uint8Array> {
    const target = this.endpointOf(partner);
    const url = new URL(path, target.endpoint);
    note({ host: url.host });
    try {
      const answer = await request(url, {
        ...options,
        dispatcher: this.agents.of(target),
        signal: AbortSignal.timeout(requestMs),
      });
      this.distrust.ended(partner);
      note({ tls: this.agents.tlsOf(partner), httpStatus: answer.statusCode });
      const bytes = new Uint8Array(await answer.body.arrayBuffer());
      if (answer.statusCode === 200) return bytes;
      // Redirects are never followed: 3xx is an error like any other.
      // Also what a load balancer says when the gateway behind it is away.
      const busy = [429, 502, 503, 504].includes(answer.statusCode);
      const wish = retryAfterMs(answer.headers['retry-after']);
      throw new RetryAfterError(busy ? 'partner_busy' : 'partner_error', wish, httpStatus(answer.statusCode));
    } catch (error) {
      throw this.judge(partner, error);
    }
  }

  private judge(partner: string, error: unknown): TraoError {
    const code = faultCode(error);
    if (code === 'partner_tls') this.distrust.failed(partner, isOurRefusal(error));
    return error instanceof TraoError ? error : new TraoError(code, { cause: error });
  }
}

const NOT_MODIFIED = 304;
const NOT_FOUND = 404;
const httpStatus = (status: number) => `HTTP ${status}`;

/** An answer, or undefined where the partner answered with the status that says that there is nothing to give. */
async function orNothing(status: number, asking: Promise<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof TraoError && error.detail === httpStatus(status)) return undefined;
    throw error;
  }
}

/** `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110 §10.2.3). */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const delay = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(delay) ? delay : undefined;
}
