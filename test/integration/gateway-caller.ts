import { request, type Agent, type RequestOptions } from 'node:https';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Certificate } from './certificates-fixture';
import { authorities } from './gateway-fixture';

const HOST = '127.0.0.1';
const PATIENCE_MS = 20_000;

/** What became of a call: the answer, or what the client saw of a refusal. */
export type Called = { readonly status: number; readonly text: string } | { readonly refused: string };

export interface Call extends Pick<RequestOptions, 'method' | 'path' | 'headers'> {
  readonly agent?: Agent;
  readonly body?: string;
  readonly tls?: ConnectionOptions;
}

/** The caller is lenient: whatever is refused, the gateway refuses. */
export const lenient = (certificate: Certificate | undefined, port: number): ConnectionOptions => ({
  host: HOST,
  port,
  ca: authorities.gb.cert,
  ciphers: 'DEFAULT@SECLEVEL=0',
  checkServerIdentity: () => undefined,
  ...(certificate && { cert: certificate.cert, key: certificate.key }),
});

/** One request, on a connection of its own unless an agent is given. */
export function call(port: number, certificate: Certificate | undefined, what: Call = {}): Promise<Called> {
  const { agent = false, body, tls, ...options } = what;
  return new Promise((resolve) => {
    const refuse = (error: Error & { code?: string }) => resolve({ refused: error.code ?? error.message });
    const sent = request(
      { path: '/v1/health', ...options, ...lenient(certificate, port), ...tls, agent, timeout: PATIENCE_MS },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', refuse);
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
      },
    );
    sent.once('timeout', () => sent.destroy(new Error('timeout')));
    sent.once('error', refuse);
    sent.end(body);
  });
}

/** What a raw TLS connection saw. */
export interface Visit {
  /** All that the gateway sent as application data. */
  readonly text: string;
  readonly error: string | undefined;
  readonly protocol: string | null;
  readonly alpn: string | false | null;
  /** Whether this connection took up the session that it offered. */
  readonly reused: boolean;
  /** Sessions that the gateway offered for later. */
  readonly sessions: readonly Buffer[];
}

const ASK = 'GET /v1/health HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n';

/** A TLS connection that asks once and stays until the gateway ends it. */
export async function visit(port: number, certificate: Certificate, tls: ConnectionOptions = {}): Promise<Visit> {
  const socket: TLSSocket = connect({ ...lenient(certificate, port), timeout: PATIENCE_MS, ...tls });
  const sessions: Buffer[] = [];
  const seen = { text: '', error: undefined as string | undefined, protocol: null as string | null };
  let alpn: Visit['alpn'] = null;
  let reused = false;
  socket.on('session', (session) => sessions.push(session));
  socket.on('data', (chunk: Buffer) => (seen.text += chunk.toString('latin1')));
  socket.on('error', (error: Error & { code?: string }) => (seen.error = error.code ?? error.message));
  socket.once('timeout', () => socket.destroy());
  socket.once('secureConnect', () => {
    seen.protocol = socket.getProtocol();
    alpn = socket.alpnProtocol;
    reused = socket.isSessionReused();
    socket.write(ASK);
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return { ...seen, alpn, reused, sessions };
}
