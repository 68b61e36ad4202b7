import { Controller, Get, Header, Inject } from '@nestjs/common';
import type { Self } from '../../libs/casework';
import { judgeClock } from '../../libs/exchange';
import { Database, watchStore } from '../../libs/storage';
import { expiryNotice } from '../../libs/trust';
import { AllowedFor } from './access.guard';
import { SELF, SIGNED_DIRECTORY } from './tokens';

/** What a partner said longer ago says nothing about the clock of today. */
const FRESH_MS = 15 * 60_000;

/** The directory in force, and how the partners stand to it, for operators: keys and addresses are public, no case is near. */
@Controller('v1/directory')
export class DirectoryController {
  constructor(
    private readonly database: Database,
    @Inject(SELF) private readonly self: Self,
    @Inject(SIGNED_DIRECTORY) private readonly signed: () => Uint8Array,
  ) {}

  @Get()
  @AllowedFor('operator')
  @Header('content-type', 'application/jose+json')
  @Header('cache-control', 'no-store')
  document(): string {
    return Buffer.from(this.signed()).toString('utf8');
  }

  @Get('partners')
  @AllowedFor('operator')
  @Header('cache-control', 'no-store')
  async partners() {
    const { directory } = this.self.partners();
    const now = new Date();
    const listed = new Set(
      this.self
        .partners()
        .partnersOf(this.self.node)
        .map(({ id }) => id),
    );
    const watches = (await watchStore(this.database).known()).filter(({ partner }) => listed.has(partner));
    const readings = watches.flatMap(({ partner, clock, answeredAt }) =>
      clock && answeredAt && now.getTime() - answeredAt.getTime() < FRESH_MS ? [{ partner, ...clock }] : [],
    );
    const { version, expiresAt } = directory;
    return {
      directory: { version, expiresAt, ...expiryNotice(expiresAt, now) },
      clock: { comparedWith: readings.length, ...judgeClock(readings) },
      partners: watches,
    };
  }
}
