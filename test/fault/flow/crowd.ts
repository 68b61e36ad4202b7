import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TlsIdentity } from '../../harness/two-nodes';

/** Strangers of so many addresses; all of them are this machine. */
const ADDRESSES = 10;
const HOST = '127.0.0.1';
/** Opened at a time, so that it is the process that sets the pace and not the kernel's queue. */
const AT_ONCE = 200;
const TRICKLE_MS = 1_000;
const HEAD = 'GET / HTTP/1.1\r\nHost: crowd\r\nX-Slow: ';
const BODY = 'POST / HTTP/1.1\r\nHost: crowd\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n';

/** Clients that hold connections of a process without use. */
export class Crowd {
  private readonly sockets: Socket[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private closed = 0;

  /** @param identity where the process speaks mutual TLS: a partner's own certificate */
  constructor(
    private readonly port: number,
    private readonly identity?: TlsIdentity,
  ) {}

  /** Connections that say nothing, not even hello. */
  async idle(count: number): Promise<void> {
    for (let done = 0; done < count; done += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, count - done) }, (_, n) =>
        this.opened(
          connect({ port: this.port, host: HOST, localAddress: `127.0.1.${1 + ((done + n) % ADDRESSES)}` }),
          'connect',
        ),
      );
      await Promise.all(some);
    }
  }

  /** Slowloris: heads that have no end, and every other one a body that comes a letter a second. */
  async slow(count: number): Promise<void> {
    const { port, identity } = this;
    for (let n = 0; n < count; n += 1) {
      const socket = identity
        ? connectTls({ port, host: HOST, rejectUnauthorized: false, ...identity })
        : connect({ port, host: HOST });
      await this.opened(socket, identity ? 'secureConnect' : 'connect');
      socket.write(n % 2 === 0 ? HEAD : BODY);
      this.timers.push(setInterval(() => void (socket.writable && socket.write('x')), TRICKLE_MS));
    }
  }

  /** Those that the process has let go of by now. */
  get refused(): number {
    return this.closed;
  }

  leave(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const socket of this.sockets) socket.destroy();
  }

  private opened(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
    this.sockets.push(socket);
    return new Promise((resolve) => {
      socket.once(event, () => resolve());
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.closed += 1;
        resolve();
      });
    });
  }
}
