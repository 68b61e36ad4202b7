import { randomUUIDv7 } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { keyFolder } from '../../../apps/cli/local/layout';
import { ensureDevelopmentKeys, unlockFile } from '../../../certs-dev/development-keys';
import { accept, decodeMessages, encodeAnswers, type AcceptPorts, type KnownMessage } from '../../../libs/exchange';
import { openKeystore } from '../../../libs/keystore';
import { directoryTag } from '../../../libs/platform';
import { adoptDirectory, chainOf, Partners, TLS_SETTINGS, type TrustAnchor } from '../../../libs/trust';
import { callGateway, identityOf } from '../../harness/gateway-client';
import { NODES, type TwoNodes } from '../../harness/two-nodes';
import { waitFor } from '../../harness/wait-for';

export const THIRD = { node: 'kh', unit: 'kh.mosvy' } as const;
const NAME = { en: 'Cambodia', vi: 'Campuchia' };
const HOST = '127.0.0.1';
/** Of the ports of a demonstration, the one that nothing else has. */
const PORT_OF_RANGE = 8;
/** A node looks for another directory every five seconds, and all its processes do. */
const ADOPTED_MS = 60_000;
const LOOK_MS = 6_000;

/**
 * Cambodia, a partner of both nodes by the directory in force. It is no whole node: a gateway of the tests with its keys and its
 * certificate, which answers in time and with true receipts, or late.
 */
export class ThirdPartner {
  /** Milliseconds from a request to its answer, for each request. */
  lateMs = 0;
  asked = 0;
  private readonly known = new Map<string, KnownMessage>();

  private constructor(
    private readonly server: Server,
    private readonly ports: Omit<AcceptPorts, 'store' | 'raiseAlarm'>,
    private readonly signedDirectory: Buffer,
  ) {
    server.on('request', (request, response) => void this.answer(request, response).catch(() => response.destroy()));
  }

  /** Makes its keys, puts it into the directory, and waits until both nodes know it. */
  static async join(nodes: TwoNodes): Promise<ThirdPartner> {
    const { layout } = nodes;
    const keys = keyFolder(layout);
    const port = layout.portBase + PORT_OF_RANGE;
    const wished = layout.nodes.map(({ id, name, gatewayPort }) => ({ id, name, port: gatewayPort }));
    await ensureDevelopmentKeys(
      keys,
      [...wished, { id: THIRD.node, name: NAME, port }].map(({ id, name, port: at }) => ({
        id,
        name,
        endpoint: `https://${HOST}:${at}`,
        suite: 'hybrid' as const,
      })),
    );
    const signed = readFileSync(path.join(keys, 'directory.json'));
    const anchor = JSON.parse(readFileSync(path.join(keys, 'trust-anchor.json'), 'utf8')) as TrustAnchor;
    const partners = new Partners(await adoptDirectory(signed, anchor, new Date()));
    const unlock = { keyFile: unlockFile(keys, THIRD.node, 'gateway') };
    const held = await openKeystore({ folder: path.join(keys, 'nodes', THIRD.node, 'gateway'), unlock });
    const server = createServer({
      ...TLS_SETTINGS,
      ALPNProtocols: [...TLS_SETTINGS.ALPNProtocols],
      ...identityOf(nodes, THIRD.node),
      ca: partners.partnersOf(THIRD.node).flatMap(({ tls }) => tls.ca),
    });
    await new Promise<void>((resolve) => server.listen(port, HOST, resolve));
    const self = { node: THIRD.node, partners: () => partners };
    const ports = { self, keys: held, clock: { now: () => new Date() }, newId: randomUUIDv7 };
    const partner = new ThirdPartner(server, ports, signed);
    await partner.untilKnown(nodes);
    return partner;
  }

  /** Both gateways answer it, and every other process has looked at the directory since. */
  private async untilKnown(nodes: TwoNodes): Promise<void> {
    const identity = identityOf(nodes, THIRD.node);
    for (const node of NODES)
      await waitFor(
        `${node} to know ${THIRD.node}`,
        async () => (await callGateway(nodes, node, { identity })).status === 200,
        { timeoutMs: ADOPTED_MS, everyMs: 500 },
      );
    await pause(LOOK_MS);
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { lateMs } = this;
    const [status, body, headers = {}] = await this.judge(request, Buffer.concat(chunks));
    // Whoever asked may have gone by then, and the program may be over.
    if (lateMs > 0) await pause(lateMs, undefined, { ref: false });
    response.writeHead(status, headers).end(body);
  }

  private async judge(
    request: IncomingMessage,
    body: Buffer,
  ): Promise<[status: number, body?: string | Buffer, headers?: Record<string, string>]> {
    const { self } = this.ports;
    const peer = self.partners().identify(chainOf((request.socket as TLSSocket).getPeerCertificate(true)), new Date());
    if (peer.node === undefined) return [403];
    switch (`${request.method} ${request.url}`) {
      case 'POST /v1/messages':
        return [200, encodeAnswers(await accept(decodeMessages(body.toString('latin1')), peer.node, this.accepting()))];
      case 'POST /v1/receipts':
        return [200, JSON.stringify((JSON.parse(body.toString()) as string[]).map(() => ({ status: 'stored' })))];
      case 'GET /v1/health': {
        const { version, expiresAt } = self.partners().directory;
        const clock = new Date().toISOString();
        return [200, JSON.stringify({ protocol: 1, directoryVersion: version, directoryExpiresAt: expiresAt, clock })];
      }
      case 'GET /v1/directory': {
        const etag = directoryTag(this.signedDirectory);
        return request.headers['if-none-match'] === etag ? [304] : [200, this.signedDirectory, { etag }];
      }
      default:
        return [404];
    }
  }

  /** It keeps of a message what makes its second coming get the same answer. */
  private accepting(): AcceptPorts {
    const { known } = this;
    return {
      ...this.ports,
      raiseAlarm: () => Promise.resolve(),
      store: {
        findKnown: (_sender, ids) => Promise.resolve(ids.flatMap((id) => known.get(id) ?? [])),
        storeConflict: () => Promise.resolve(),
        storeReceived(messages, receipts) {
          const fresh = messages.filter(({ id }) => !known.has(id));
          for (const { messageId, digest, token } of receipts)
            if (!known.has(messageId)) known.set(messageId, { id: messageId, digest, receipt: token, counts: true });
          return Promise.resolve(new Set(fresh.map(({ id }) => id)));
        },
      },
    };
  }
}
