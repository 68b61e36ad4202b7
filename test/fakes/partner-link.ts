import { acceptPiece, incomingFile } from '../../libs/exchange';
import { decodeAnswers, decodeMessages, encodeAnswers, encodeMessages } from '../../libs/exchange';
import { TraoError } from '../../libs/errors';
import type { MemoryNode } from './memory-node';

/**
 * Connects nodes by calling the other's use cases directly, with the bodies of the wire in between. A fault of the line is set
 * for as long as it lasts.
 */
export class PartnerLink {
  private readonly nodes: ReadonlyMap<string, MemoryNode>;
  /** `lost`: the partner works, its answer never comes. `twice`: the request arrives a second time. */
  fault: 'none' | 'down' | 'lost' | 'twice' = 'none';

  constructor(...nodes: readonly MemoryNode[]) {
    this.nodes = new Map(nodes.map((node) => [node.node, node]));
    for (const { node: peer } of nodes) {
      this.nodes.get(peer)!.link = {
        messages: (partner, tokens) =>
          this.carry(async () => {
            const lines = decodeMessages(encodeMessages(tokens));
            const answers = await this.nodes.get(partner)!.accept(lines, peer);
            return decodeAnswers(Buffer.from(encodeAnswers(answers)), tokens.length);
          }),
        receipts: (partner, tokens) => this.carry(() => this.nodes.get(partner)!.settle(tokens, peer)),
        held: async (partner, id) =>
          this.carry(() => incomingFile(peer, id, this.nodes.get(partner)!.ports.acceptPiece).catch(() => undefined)),
        put: (partner, piece) =>
          this.carry(() => acceptPiece({ ...piece, senderNode: peer }, this.nodes.get(partner)!.ports.acceptPiece)),
      };
    }
  }

  private async carry<A>(request: () => Promise<A>): Promise<A> {
    if (this.fault === 'down') throw new TraoError('partner_unreachable');
    // What goes wrong over there is an error of the partner here, whatever it was: HTTP 500.
    const ask = () =>
      request().catch((): never => {
        throw new TraoError('partner_error');
      });
    if (this.fault === 'twice') await ask();
    const answer = await ask();
    if (this.fault === 'lost') throw new TraoError('partner_timeout');
    return answer;
  }
}
