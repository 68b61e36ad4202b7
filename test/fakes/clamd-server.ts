import { createServer, type Server, type Socket } from 'node:net';

/** What a scanner does with a stream: a verdict as clamd writes it, or a misbehaviour. */
export type ScannerManner =
  | { readonly says: string }
  /** Answers before it has heard the end, as for a stream that is too large. */
  | { readonly interrupts: string }
  | 'hangs up'
  | 'is silent';

/** A scanner that speaks clamd's INSTREAM over TCP and judges as the test says. */
export class ClamdServer {
  manner: ScannerManner = { says: 'stream: OK' };
  /** Whole streams that it has heard. */
  readonly heard: Buffer[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => this.serve(socket));

  async listen(port = 0): Promise<{ readonly host: string; readonly port: number }> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return { host: '127.0.0.1', port: (this.server.address() as { port: number }).port };
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    let bytes = Buffer.alloc(0);
    socket.on('data', (more: Buffer) => {
      const { manner } = this;
      if (manner === 'hangs up') return void socket.destroy();
      if (typeof manner === 'object' && 'interrupts' in manner) return void socket.end(`${manner.interrupts}\0`);
      bytes = Buffer.concat([bytes, more]);
      const stream = wholeStream(bytes);
      if (!stream || manner === 'is silent') return;
      this.heard.push(stream);
      socket.end(`${manner.says}\0`);
    });
  }
}

const COMMAND = 'zINSTREAM\0';

/** The stream when its end has come. @throws Error for anything that is no INSTREAM */
function wholeStream(bytes: Buffer): Buffer | undefined {
  if (bytes.length < COMMAND.length) return undefined;
  if (bytes.toString('latin1', 0, COMMAND.length) !== COMMAND) throw new Error('no INSTREAM');
  const blocks: Buffer[] = [];
  for (let at = COMMAND.length; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (length === 0) return Buffer.concat(blocks);
    blocks.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}
