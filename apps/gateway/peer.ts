import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { Request } from 'express';
import { TraoError } from '../../libs/errors';
import type { Self } from '../../libs/casework';
import type { Partners } from '../../libs/trust';

/** The longest chain that we follow. */
const MAX_CHAIN = 5;

/** Which partner a request comes from, known from its TLS certificate. */
export class Peer {
  private readonly known = new WeakMap<TLSSocket, { readonly partners: Partners; readonly node: string | undefined }>();

  constructor(private readonly self: Self) {}

  /**
   * Identity belongs to the request, not to the connection: when the directory changes, the answer does too.
   * @throws TraoError `unknown_sender`
   */
  of(request: Request): string {
    const socket = request.socket as TLSSocket;
    const partners = this.self.partners();
    let entry = this.known.get(socket);
    if (entry?.partners !== partners) {
      entry = { partners, node: partners.nodeOfCertificate(chainOf(socket)) };
      this.known.set(socket, entry);
    }
    if (!entry.node || entry.node === this.self.node) throw new TraoError('unknown_sender');
    return entry.node;
  }
}

/** The verified chain as DER, leaf first. */
function chainOf(socket: TLSSocket): Buffer[] {
  const chain: Buffer[] = [];
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (certificate?.raw && chain.length < MAX_CHAIN) {
    chain.push(certificate.raw);
    const issuer: DetailedPeerCertificate | undefined = certificate.issuerCertificate;
    certificate = issuer === certificate ? undefined : issuer;
  }
  return chain;
}
