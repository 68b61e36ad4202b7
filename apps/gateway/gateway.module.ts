import { Module, type DynamicModule } from '@nestjs/common';
import type { AcceptPiecePorts, AcceptPorts, PartnerLimits, SettlePorts } from '../../libs/exchange';
import type { Self } from '../../libs/casework';
import { ACCEPT_PORTS, DIRECTORY, LIMITS, MANIFEST_PORTS, PIECE_PORTS, SETTLE_PORTS } from './tokens';
import { AttachmentsController } from './attachments.controller';
import { DirectoryController, type ServedDirectories } from './directory.controller';
import { ManifestsController, type ServedManifests } from './manifests.controller';
import { MessagesController } from './messages.controller';
import { Peer, type RefusedPeer, type Seat, type ShownPeer } from './peer';
import { ReceiptsController } from './receipts.controller';

export interface GatewayParts extends ServedDirectories {
  readonly self: Self;
  readonly acceptPorts: AcceptPorts;
  readonly piecePorts: AcceptPiecePorts;
  readonly settlePorts: SettlePorts;
  readonly manifestPorts: ServedManifests;
  readonly limits: PartnerLimits;
  /** Hears of connections that belong to no partner. */
  readonly whenRefused?: RefusedPeer;
  /** Hears of connections of partners. */
  readonly whenShown?: ShownPeer;
  /** Gives a connection of a partner its place, or refuses it. */
  readonly seat?: Seat;
}

@Module({})
export class GatewayModule {
  static register(parts: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [
        MessagesController,
        AttachmentsController,
        ReceiptsController,
        ManifestsController,
        DirectoryController,
      ],
      providers: [
        { provide: Peer, useValue: new Peer(parts.self, parts.whenRefused, parts.whenShown, parts.seat) },
        { provide: ACCEPT_PORTS, useValue: parts.acceptPorts },
        { provide: PIECE_PORTS, useValue: parts.piecePorts },
        { provide: SETTLE_PORTS, useValue: parts.settlePorts },
        { provide: LIMITS, useValue: parts.limits },
        { provide: MANIFEST_PORTS, useValue: parts.manifestPorts },
        { provide: DIRECTORY, useValue: parts },
      ],
    };
  }
}
