import { Controller, Get, Header, Inject } from '@nestjs/common';
import type { Self } from '../../libs/casework';
import { Database, outboxAge } from '../../libs/storage';
import { expiryNotice } from '../../libs/trust';
import { AllowedFor } from './access.guard';
import { SELF } from './tokens';

/** Whether the process lives, and whether it can work now. Counts and codes only. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {}

  @Get('live')
  @AllowedFor('anybody')
  live() {
    return { status: 'live' };
  }

  /** 503 with `database_unavailable` while the database is down. */
  @Get('ready')
  @AllowedFor('anybody')
  @Header('cache-control', 'no-store')
  async ready() {
    const { directory } = this.self.partners();
    const { daysLeft, expired } = expiryNotice(directory.expiresAt, new Date());
    const outbox = await outboxAge(this.database);
    return {
      status: 'ready',
      node: this.self.node,
      // A node works on with an expired directory; whoever watches it has to know.
      directory: { version: directory.version, expiresAt: directory.expiresAt, daysLeft, expired },
      outbox,
    };
  }
}
