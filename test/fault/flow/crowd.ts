import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { identityOf } from '../../harness/gateway-client';
import type { TwoNodes } from '../../harness/two-nodes';

/** Strangers of so many addresses; all of them are this machine. */
const ADDRESSES = 10;
const HOST = '127.0.0.1';
/** Opened at a time, so that it is the gateway that sets the pace and not the kernel's queue. */
const AT_ONCE = 200;
const TRICKLE_MS = 1_000;

/** Clients that hold connections of a gateway without use. */
export class Crowd {
  private readonly sockets: Socket[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private closed = 0;

  constructor(
    private readonly nodes: TwoNodes,
    private readonly port: number,
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

  /** Slowloris: a partner's own certificate, and a head that comes a letter a second and has no end. */
  async slow(count: number): Promise<void> {
    const identity = identityOf(this.nodes, 'vn');
    for (let n = 0; n < count; n += 1) {
      const socket = connectTls({ port: this.port, host: HOST, rejectUnauthorized: false, ...identity });
      await this.opened(socket, 'secureConnect');
      socket.write('POST /v1/messages HTTP/1.1\r\nHost: gateway\r\nX-Slow: ');
      this.timers.push(setInterval(() => void (socket.writable && socket.write('x')), TRICKLE_MS));
    }
  }

  /** Those that the gateway has let go of by now. */
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
