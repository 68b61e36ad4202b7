import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { PartnerEndpoint } from '../../libs/transport';
import { makeAuthority, makeCertificate, type Certificate } from './certificates-fixture';

const HOST = '127.0.0.1';

/** The certificates of two nodes, each with an authority of its own. */
export const ours = makeAuthority('ca.vn');
export const client = makeCertificate('vn', ours);
export const theirs = makeAuthority('ca.gb');
export const gateway = makeCertificate('gateway.gb', theirs);

/** A request as the partner got it. */
export interface GotRequest {
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The common name in the client's certificate. */
  readonly client: string | undefined;
  readonly protocol: string | null;
}

/** A partner's gateway that answers as a test says. */
export interface Partner {
  readonly endpoint: PartnerEndpoint;
  readonly got: GotRequest[];
  /** How many TLS connections were made. */
  connections(): number;
  answer(listener: (response: ServerResponse, got: GotRequest) => void): void;
  close(): Promise<void>;
}

export async function startPartner(certificate: Certificate = gateway, options: ServerOptions = {}): Promise<Partner> {
  const got: GotRequest[] = [];
  let connections = 0;
  let answer = (response: ServerResponse, _got: GotRequest): void => void response.end();
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const socket = request.socket as TLSSocket;
      const name = socket.getPeerCertificate().subject?.CN;
      const seen = {
        url: request.url,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        client: Array.isArray(name) ? name[0] : name,
        protocol: socket.getProtocol(),
      };
      got.push(seen);
      answer(response, seen);
    });
  };
  const tls = {
    cert: certificate.cert,
    key: certificate.key,
    ca: ours.cert,
    requestCert: true,
    rejectUnauthorized: true,
  };
  const server = createServer({ ...tls, ...options }, listener);
  server.on('secureConnection', () => (connections += 1));
  await listening(server);
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: { id: 'gb', endpoint: `https://${HOST}:${port}`, ca: [theirs.cert], spki: [gateway.spki] },
    got,
    connections: () => connections,
    answer: (next) => (answer = next),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listening(server: Server): Promise<void> {
  server.listen(0, HOST);
  await once(server, 'listening');
}
