import { lookup as resolve, type LookupAddress } from 'node:dns';
import { request as plainRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { TraoError } from '../errors';
import { checkTarget, hostOf, type TargetRules } from './target-rules';
import type { WebhookKey } from './webhook-key';

export interface WebhookOptions {
  readonly key: WebhookKey;
  readonly rules: TargetRules;
  /** Certificates that targets must chain to, as PEM; undefined for those that Node.js trusts. */
  readonly ca?: string | undefined;
  readonly now?: () => Date;
  /** How names become addresses; the resolver of this machine by default. */
  readonly resolver?: typeof resolve;
  readonly timeoutMs?: number;
}

export interface Webhooks {
  /** For receivers: `whpk_…`. */
  readonly publicKey: string;
  /**
   * Posts one event (Standard Webhooks 1.0.0, signature `v1a`: Ed25519). The receiver has taken it when this returns.
   * @param id the same each time that the event is tried, so that a receiver knows it
   * @throws TraoError `target_not_allowed`, `webhook_unavailable`, `webhook_refused`, `webhook_gone`; none holds anything of the answer
   */
  readonly post: (target: string, id: string, body: string) => Promise<void>;
}

const TIMEOUT_MS = 10_000;
/** Nobody reads what a receiver answers; so much of it is taken in for the connection's sake. */
const MAX_ANSWER_BYTES = 16_384;

/**
 * The door to receivers of webhooks. Their addresses come from a setting, so it is a door that others may try to send through: it looks
 * at the address that is really connected to, follows no redirect, and says of an answer no more than whether it was taken.
 */
export function openWebhooks(options: WebhookOptions): Webhooks {
  const { key, rules, now = () => new Date() } = options;
  return {
    publicKey: key.publicKey,
    async post(target, id, body) {
      const url = checkTarget(target, rules);
      const timestamp = Math.floor(now().getTime() / 1000);
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'trao',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': key.signature(id, timestamp, body),
      };
      const status = await send(url, headers, body, options);
      if (status >= 200 && status < 300) return;
      if (status === 410) throw new TraoError('webhook_gone');
      const busy = status === 429 || status >= 500;
      throw new TraoError(busy ? 'webhook_unavailable' : 'webhook_refused', { detail: `HTTP ${status}` });
    },
  };
}

/** The status of the answer. The connection is of this request alone. */
function send(
  url: URL,
  headers: Readonly<Record<string, string | number>>,
  body: string,
  { rules, ca, resolver = resolve, timeoutMs = TIMEOUT_MS }: WebhookOptions,
): Promise<number> {
  return new Promise((done, failed) => {
    const fail = (error: unknown) => failed(asWebhookError(error));
    const common = {
      method: 'POST',
      headers,
      agent: false as const,
      lookup: guarded(resolver, rules, url.protocol),
      signal: AbortSignal.timeout(timeoutMs),
    };
    const taken = (answer: IncomingMessage) => readToEnd(answer, () => done(answer.statusCode ?? 0));
    const request: ClientRequest =
      url.protocol === 'https:'
        ? tlsRequest(
            url,
            { ...common, minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca !== undefined && { ca }) },
            taken,
          )
        : plainRequest(url, common, taken);
    request.on('error', fail);
    request.on('socket', (socket) =>
      // Whatever was looked up: what counts is who is at the other end.
      socket.prependOnceListener('connect', () => {
        try {
          rules.assertAllowed(socket.remoteAddress ?? hostOf(url), url.protocol);
        } catch (error) {
          request.destroy(error as Error);
        }
      }),
    );
    request.end(body);
  });
}

/** Resolves a name and refuses it when any of its addresses is not allowed: of two, the connection could go to either. */
function guarded(resolver: typeof resolve, rules: TargetRules, protocol: string): LookupFunction {
  return (hostname, { all, ...options }, done) => {
    resolver(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      try {
        if (error) throw error;
        for (const { address } of found) rules.assertAllowed(address, protocol);
      } catch (fault) {
        return done(fault as Error, '', 0);
      }
      const [first] = found;
      if (all === true) return done(null, found);
      return done(null, first?.address ?? '', first?.family ?? 0);
    });
  };
}

function readToEnd(answer: IncomingMessage, done: () => void): void {
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) answer.destroy();
  });
  // What was answered counts, also where the rest of it breaks off.
  answer.on('error', () => undefined);
  answer.on('close', done);
}

/** Errors of the network name addresses and certificates: only their kind goes on. */
function asWebhookError(error: unknown): TraoError {
  if (error instanceof TraoError) return error;
  const { code, name } = error as { readonly code?: string; readonly name?: string };
  const detail = [code ?? name].filter((part) => /^\w{1,40}$/.test(part ?? '')).join('');
  return new TraoError('webhook_unavailable', detail === '' ? {} : { detail });
}
