import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { ReadPorts, Self, SendPorts } from '../../libs/exchange';
import { Database } from '../../libs/storage';
import { AccessGuard } from './access.guard';
import type { Client } from './clients';
import { ComposeController } from './compose.controller';
import { DeliveriesController } from './deliveries.controller';
import { HealthController } from './health.controller';
import { InboxController } from './inbox.controller';
import { CLIENTS, READ_PORTS, SELF, SEND_PORTS } from './tokens';

export interface OfficeParts {
  readonly self: Self;
  readonly clients: readonly Client[];
  readonly database: Database;
  readonly sendPorts: SendPorts;
  readonly readPorts: ReadPorts;
}

@Module({})
export class OfficeModule {
  static register(parts: OfficeParts): DynamicModule {
    return {
      module: OfficeModule,
      controllers: [ComposeController, InboxController, DeliveriesController, HealthController],
      providers: [
        { provide: CLIENTS, useValue: parts.clients },
        { provide: SEND_PORTS, useValue: parts.sendPorts },
        { provide: READ_PORTS, useValue: parts.readPorts },
        { provide: SELF, useValue: parts.self },
        { provide: Database, useValue: parts.database },
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
    };
  }
}
