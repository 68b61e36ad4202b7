import type { Socket } from 'node:net';
import type { Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { asTraoError, type Code } from '../../libs/errors';
import type { RaiseAlarm } from '../../libs/exchange';
import type { Logger } from '../../libs/platform';
import type { Identified } from '../../libs/trust';
import { RefusalLog } from './refusal-log';

/** How long one thing is not told again: a partner that tries every second must not keep the database busy. A day has one alarm. */
const ALARM_PAUSE_MS = 3_600_000;
const MAX_REMEMBERED = 1_000;
/** OpenSSL judges the time after the signature: whoever gets these has a certificate of a partner's CA. */
const OF_A_PARTNER = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

/** Writes down whom a gateway refuses and why, because TLS 1.3 tells the client almost nothing. */
export class Refusals {
  private readonly raised = new Map<string, number>();
  private readonly log: RefusalLog;

  constructor(
    private readonly logger: Logger,
    private readonly raiseAlarm: RaiseAlarm,
  ) {
    this.log = new RefusalLog(logger);
  }

  stop(): void {
    this.log.stop();
  }

  /** A connection too many of one address. */
  crowd(from: string): void {
    this.log.note(from, () => this.logger.log('address_refused', { from }));
  }

  /** Notes every handshake that fails. */
  watch(server: Server): void {
    // The address has to be asked for now: a refused connection has none any more.
    server.prependListener('connection', (socket: Socket) => void socket.remoteAddress);
    server.on('tlsClientError', (error: Error & { code?: string }, socket) => this.handshake(error, socket));
  }

  /** A request with a certificate that OpenSSL has verified and that is none of a partner's. */
  peer(identified: Extract<Identified, { fault: string }>, socket: TLSSocket): void {
    const { fault, claimed } = identified;
    const from = socket.remoteAddress;
    this.log.note(from, () => this.logger.log('peer_refused', { fault, claimed, from }));
    if (claimed !== undefined) this.alarm(claimed, 'unknown_sender');
  }

  private handshake(error: Error & { code?: string }, socket: TLSSocket): void {
    // Node ends the connection after OpenSSL has judged the certificate, so the verdict is not in the error but at the socket.
    const verdict = socket.authorizationError as unknown as string | null;
    const tls = verdict ?? error.code ?? asTraoError(error).code;
    const from = addressOf(socket);
    this.log.note(from, () => this.logger.log('tls_refused', { tls, from }));
    if (OF_A_PARTNER.includes(tls)) this.alarm(from ?? 'unknown address', 'partner_tls');
  }

  private alarm(subject: string, code: Code): void {
    const now = Date.now();
    const key = `${subject} ${code}`;
    if (now - (this.raised.get(key) ?? 0) < ALARM_PAUSE_MS) return;
    if (this.raised.size >= MAX_REMEMBERED) this.raised.clear();
    this.raised.set(key, now);
    const once = `partner_tls ${key} ${new Date(now).toISOString().slice(0, 10)}`;
    this.raiseAlarm('partner_tls', subject, code, { once }).catch((fault: unknown) =>
      this.logger.log('alarm_not_raised', { err: fault, subject }),
    );
  }
}

/** Where a connection came from, also when it is closed: the socket below remembers what it was asked for. */
const addressOf = (socket: TLSSocket & { readonly _parent?: Socket }) =>
  socket.remoteAddress ?? socket._parent?.remoteAddress;
