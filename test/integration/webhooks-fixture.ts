import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { createServer as createPlainServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeAuthority, makeCertificate } from './certificates-fixture';

/** What a receiver of webhooks heard. */
export interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly heard: Heard[];
  /** What it answers from now on. */
  status: number;
  headers: Record<string, string>;
  /** Bytes of its answer; -1: it never answers. */
  bytes: number;
  close(): Promise<void>;
}

const authority = makeAuthority('Receivers CA');
export const CA = authority.cert;

/** A receiver on this machine. @param host the name that its certificate is for */
export async function startReceiver(scheme: 'http' | 'https', host = 'localhost', port = 0): Promise<Receiver> {
  const heard: Heard[] = [];
  const leaf = makeCertificate(host, authority);
  const receiver = { heard, status: 204, headers: {}, bytes: 0 };
  const handler: Parameters<typeof createPlainServer>[1] = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      heard.push({ path: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      if (receiver.bytes < 0) return;
      response.writeHead(receiver.status, receiver.headers);
      response.end('x'.repeat(receiver.bytes));
    });
  };
  const server: Server =
    scheme === 'https' ? createTlsServer({ key: leaf.key, cert: leaf.cert }, handler) : createPlainServer(handler);
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  const { port: taken } = server.address() as AddressInfo;
  return Object.assign(receiver, {
    url: `${scheme}://${host}:${taken}/alerts?of=vn`,
    port: taken,
    close: () =>
      new Promise<void>((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  });
}

export function newKey() {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    jwk: JSON.stringify(privateKey.export({ format: 'jwk' })),
  };
}

/** Verifies a webhook as a receiver does, from the specification alone: the key out of `whpk_…`, the three headers, the bytes. */
export function isSigned({ headers, body }: Heard, publicKey: string): boolean {
  const raw = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64');
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
    format: 'jwk',
  });
  const [version, signature = ''] = String(headers['webhook-signature']).split(',');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  return version === 'v1a' && verify(null, Buffer.from(signed), key, Buffer.from(signature, 'base64'));
}
