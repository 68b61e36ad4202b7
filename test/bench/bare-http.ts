import { Agent, createServer, request, type Server, type ServerOptions } from 'node:https';

export type BareTls = Pick<ServerOptions, 'cert' | 'key' | 'ca' | 'minVersion'>;

/** Serves one kind of request over mutual TLS: text in, text out. The work that `handle` returns as `after` is done behind the answer. */
export function serve(
  tls: BareTls,
  port: number,
  handle: (body: string) => Promise<{ readonly answer: string; readonly after?: () => void }>,
): Promise<Server> {
  const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      handle(Buffer.concat(chunks).toString('latin1')).then(
        ({ answer, after }) => {
          outgoing.end(answer);
          after?.();
        },
        (error: unknown) => {
          console.error(error);
          outgoing.writeHead(500).end();
        },
      );
    });
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

/** Posts text to the partner over connections that stay open. */
export function poster(tls: BareTls, port: number, connections: number): (body: string) => Promise<string> {
  const agent = new Agent({ ...tls, keepAlive: true, maxSockets: connections });
  return (body) =>
    new Promise((resolve, reject) => {
      const headers = { 'content-length': Buffer.byteLength(body) };
      const outgoing = request({ host: '127.0.0.1', port, method: 'POST', agent, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('latin1');
          if (incoming.statusCode === 200) resolve(text);
          else reject(new Error(`HTTP ${incoming.statusCode}`));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
}
