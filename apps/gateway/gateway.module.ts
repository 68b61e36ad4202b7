import { Module, type DynamicModule } from '@nestjs/common';
import type { AcceptPiecePorts, AcceptPorts, SettlePorts } from '../../libs/exchange';
import type { Self } from '../../libs/casework';
import { ACCEPT_PORTS, DIRECTORY, PIECE_PORTS, SETTLE_PORTS } from './tokens';
import { AttachmentsController } from './attachments.controller';
import { DirectoryController, type ServedDirectories } from './directory.controller';
import { MessagesController } from './messages.controller';
import { Peer, type RefusedPeer, type ShownPeer } from './peer';
import { ReceiptsController } from './receipts.controller';

export interface GatewayParts extends ServedDirectories {
  readonly self: Self;
  readonly acceptPorts: AcceptPorts;
  readonly piecePorts: AcceptPiecePorts;
  readonly settlePorts: SettlePorts;
  /** Hears of connections that belong to no partner. */
  readonly whenRefused?: RefusedPeer;
  /** Hears of connections of partners. */
  readonly whenShown?: ShownPeer;
}

@Module({})
export class GatewayModule {
  static register(parts: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [MessagesController, AttachmentsController, ReceiptsController, DirectoryController],
      providers: [
        { provide: Peer, useValue: new Peer(parts.self, parts.whenRefused, parts.whenShown) },
        { provide: ACCEPT_PORTS, useValue: parts.acceptPorts },
        { provide: PIECE_PORTS, useValue: parts.piecePorts },
        { provide: SETTLE_PORTS, useValue: parts.settlePorts },
        { provide: DIRECTORY, useValue: parts },
      ],
    };
  }
}
