import type { Socket } from 'node:net';
import type { Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { TraoError } from '../../libs/errors';

/** How many connections this process holds. */
export interface ConnectionLimits {
  readonly all: number;
  /** Of one address, before anybody knows who it is. A load balancer in front is one address. */
  readonly perAddress: number;
  /** Of one partner, once it has proven who it is. */
  readonly perPartner: number;
}

type Connected = (socket: Socket) => void;

/**
 * Counts connections, so that nobody can hold them all. One too many of an address is closed before any TLS is spoken; one too many of a
 * partner is told to wait.
 */
export class Connections {
  private readonly addresses = new Map<string, number>();
  private readonly partners = new Map<string, Set<TLSSocket>>();

  /** @param refused hears of each connection that is closed at once */
  constructor(
    private readonly limits: ConnectionLimits,
    private readonly refused: (address: string) => void,
  ) {}

  /** Stands before everything else that hears of new connections: a refused one costs no handshake. */
  guard(server: Server): void {
    server.maxConnections = this.limits.all;
    const others = server.listeners('connection') as Connected[];
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      if (this.admit(socket)) for (const other of others) other.call(server, socket);
    });
  }

  private admit(socket: Socket): boolean {
    const address = socket.remoteAddress;
    if (address === undefined) return destroyed(socket); // gone before we looked
    const open = (this.addresses.get(address) ?? 0) + 1;
    if (open > this.limits.perAddress) {
      this.refused(address);
      return destroyed(socket);
    }
    this.addresses.set(address, open);
    socket.once('close', () => {
      const left = this.addresses.get(address)! - 1;
      if (left === 0) this.addresses.delete(address);
      else this.addresses.set(address, left);
    });
    return true;
  }

  /**
   * Gives a connection of a partner its place, once; it frees it when it ends.
   * @throws TraoError `too_many_connections`
   */
  seat(partner: string, socket: TLSSocket): void {
    const seated = this.partners.get(partner) ?? new Set();
    if (seated.has(socket)) return;
    if (seated.size >= this.limits.perPartner) throw new TraoError('too_many_connections');
    this.partners.set(partner, seated.add(socket));
    socket.once('close', () => {
      seated.delete(socket);
      if (seated.size === 0) this.partners.delete(partner);
    });
  }
}

function destroyed(socket: Socket): false {
  socket.destroy();
  return false;
}
