import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook as it came. */
export interface CaughtWebhook {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Somebody outside who gets webhooks, on loopback. */
export interface WebhookReceiver {
  readonly url: string;
  readonly caught: readonly CaughtWebhook[];
  close(): Promise<void>;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const caught: CaughtWebhook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      caught.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/trao`,
    caught,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
