import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { Request } from 'express';
import { TraoError } from '../../libs/errors';
import type { Self } from '../../libs/casework';
import { chainOf, type Identified, type Partners } from '../../libs/trust';

interface Known {
  readonly partners: Partners;
  readonly identified: Identified;
}

/** @param certificate with which the partner has proven itself */
export type ShownPeer = (partner: string, certificate: X509Certificate) => void;

/** @throws TraoError `too_many_connections` */
export type Seat = (partner: string, socket: TLSSocket) => void;

export type RefusedPeer = (identified: Extract<Identified, { fault: string }>, socket: TLSSocket) => void;

/** Which partner a request comes from, known from its TLS certificate. */
export class Peer {
  private readonly known = new WeakMap<TLSSocket, Known>();

  constructor(
    private readonly self: Self,
    /** Hears of each connection, once, that belongs to no partner. */
    private readonly refused: RefusedPeer = () => undefined,
    /** Hears of each connection of a partner, once. */
    private readonly shown: ShownPeer = () => undefined,
    private readonly seat: Seat = () => undefined,
  ) {}

  /**
   * Identity belongs to the request, not to the connection: when the directory changes or the certificate expires, the answer does too.
   * @throws TraoError `unknown_sender`, `too_many_connections`
   */
  of(request: Request): string {
    const socket = request.socket as TLSSocket;
    const { node } = this.identify(socket);
    if (!node || node === this.self.node) throw new TraoError('unknown_sender');
    this.seat(node, socket);
    return node;
  }

  private identify(socket: TLSSocket): Identified {
    const partners = this.self.partners();
    const now = new Date();
    const known = this.known.get(socket);
    if (known?.partners === partners && !hasEnded(known.identified, now)) return known.identified;
    const identified = partners.identify(chainOf(socket.getPeerCertificate(true)), now);
    this.known.set(socket, { partners, identified });
    if (identified.fault) this.refused(identified, socket);
    else if (!known) this.shown(identified.node, socket.getPeerX509Certificate()!);
    return identified;
  }
}

const hasEnded = (identified: Identified, now: Date) => identified.node !== undefined && identified.until < now;
