import { readFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import path from 'node:path';
import { connect } from 'node:tls';
import { tlsPassphraseFile } from '../../certs-dev/development-keys';
import { contentDigest, MESSAGES_MEDIA_TYPE } from '../../libs/exchange';
import { type NodeId, type TlsIdentity, type TwoNodes } from './two-nodes';

const HOST = '127.0.0.1';
const PATIENCE_MS = 20_000;

export interface GatewayCall {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly path?: string;
  /** Who calls; undefined presents no certificate. */
  readonly identity?: TlsIdentity | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly tls?: Pick<RequestOptions, 'minVersion' | 'maxVersion'>;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Each line of the body as JSON; empty where it is none. */
  readonly lines: readonly AnswerLine[];
}

export interface AnswerLine {
  readonly jti?: string;
  readonly receipt?: string;
  readonly problem?: { readonly code: string };
  readonly code?: string;
}

const tlsFile = (nodes: TwoNodes, node: string, name: string) =>
  readFileSync(path.join(nodes.folder, 'keys', 'nodes', node, 'tls', name), 'utf8');

/** The certificate that a node's worker presents to partners. */
export const identityOf = (nodes: TwoNodes, node: string): TlsIdentity => ({
  cert: tlsFile(nodes, node, 'cert.pem'),
  key: tlsFile(nodes, node, 'key.pem'),
  passphrase: readFileSync(tlsPassphraseFile(path.join(nodes.folder, 'keys'), node), 'utf8'),
});

const gatewayPort = (nodes: TwoNodes, node: NodeId) =>
  nodes.layout.nodes.find(({ id }) => id === node)?.gatewayPort ?? 0;

/** One call to the gateway of a node on a connection of its own. Rejects when the gateway breaks the connection. */
export function callGateway(nodes: TwoNodes, node: NodeId, call: GatewayCall): Promise<GatewayAnswer> {
  const {
    method = 'GET',
    path: where = '/v1/health',
    identity,
    headers = {},
    body,
    tls = { minVersion: 'TLSv1.3' },
  } = call;
  const options: RequestOptions = {
    host: HOST,
    port: gatewayPort(nodes, node),
    method,
    path: where,
    headers: { ...headers },
    ca: tlsFile(nodes, node, 'ca.pem'),
    agent: false,
    timeout: PATIENCE_MS,
    ...identity,
    ...tls,
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, lines: parse(text) });
      });
    });
    sent.once('timeout', () => sent.destroy(new Error(`No answer within ${PATIENCE_MS} ms.`)));
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Hands lines over as a batch of sealed messages, with headers that fit unless told otherwise. */
export function postMessages(
  nodes: TwoNodes,
  to: NodeId,
  body: string | Uint8Array,
  { identity, headers = {} }: Pick<GatewayCall, 'identity' | 'headers'>,
): Promise<GatewayAnswer> {
  return callGateway(nodes, to, {
    method: 'POST',
    path: '/v1/messages',
    identity,
    headers: { 'content-type': MESSAGES_MEDIA_TYPE, 'content-digest': contentDigest(body), ...headers },
    body,
  });
}

/** Whether a handshake with this identity ends in a connection over which the gateway answers at all. */
export function handshake(nodes: TwoNodes, node: NodeId, call: Pick<GatewayCall, 'identity' | 'tls'>): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({
      host: HOST,
      port: gatewayPort(nodes, node),
      ca: tlsFile(nodes, node, 'ca.pem'),
      timeout: PATIENCE_MS,
      ...call.identity,
      ...call.tls,
    });
    const end = (how: string) => {
      socket.destroy();
      resolve(how);
    };
    // In TLS 1.3 the client's side is done before the server has judged the certificate: only an answer shows that it was taken.
    socket.once('secureConnect', () =>
      socket.write('GET /v1/health HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n'),
    );
    socket.once('data', (chunk: Buffer) => end(`answered ${chunk.toString('latin1').split('\r\n')[0]}`));
    socket.once('error', () => end('refused'));
    socket.once('close', () => end('refused'));
    socket.once('timeout', () => end('silent'));
  });
}

function parse(text: string): AnswerLine[] {
  try {
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as AnswerLine);
  } catch {
    return [];
  }
}
