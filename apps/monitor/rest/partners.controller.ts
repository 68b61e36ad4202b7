import { Body, Controller, Get, Header, HttpCode, Inject, Param, ParseUUIDPipe, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Self } from '../../../libs/casework';
import { TraoError } from '../../../libs/errors';
import { Database, partnerWork } from '../../../libs/storage';
import { AllowedFor, callerOf } from '../access.guard';
import { REGISTRARS, WATCHERS } from '../pages/shell/page-access';
import { SELF } from '../tokens';
import { membersOf, textOf } from './members';

const PINGS = 20;

/** What registrars do about partners. */
@Controller('v1/partners/:id')
export class PartnersRestController {
  private readonly suspensions: partnerWork.Suspensions;
  private readonly partnerTests: ReturnType<typeof partnerWork.partnerTests>;
  private readonly partnerPings: partnerWork.PartnerPings;

  constructor(
    database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {
    const ids = () => this.ids();
    this.suspensions = partnerWork.suspensions(database, ids);
    this.partnerTests = partnerWork.partnerTests(database, ids);
    this.partnerPings = partnerWork.partnerPings(database, ids);
  }

  /** Asks a worker to test the connection; how it goes, `tests/:test` tells. */
  @Post('test')
  @HttpCode(202)
  @AllowedFor(REGISTRARS)
  async test(@Param('id') id: string, @Req() request: Request) {
    return { partner: id, test: await this.partnerTests.request(id, callerOf(request)) };
  }

  @Get('tests/:test')
  @AllowedFor(WATCHERS)
  @Header('cache-control', 'no-store')
  async tested(@Param('id') id: string, @Param('test', ParseUUIDPipe) test: string) {
    const found = await this.partnerTests.find(test);
    if (found?.partner !== id) throw new TraoError('not_found');
    return { ...found, steps: found.steps ?? [] };
  }

  /** Sends a message through the whole path and back; how it went, `pings` tells. */
  @Post('ping')
  @HttpCode(202)
  @AllowedFor(REGISTRARS)
  async ping(@Param('id') id: string, @Req() request: Request) {
    return { partner: id, ping: await this.partnerPings.request(id, callerOf(request)) };
  }

  /** The newest pings, the newest first. */
  @Get('pings')
  @AllowedFor(WATCHERS)
  @Header('cache-control', 'no-store')
  async pings(@Param('id') id: string) {
    if (!this.ids().includes(id)) throw new TraoError('not_found');
    return { pings: await this.partnerPings.list(id, PINGS) };
  }

  @Post('suspend')
  @HttpCode(200)
  @AllowedFor(REGISTRARS)
  async suspend(@Param('id') id: string, @Body() body: unknown, @Req() request: Request) {
    await this.suspensions.suspendPartner(id, textOf(membersOf(body, ['reason']), 'reason'), callerOf(request));
    return { partner: id, suspended: true };
  }

  @Post('resume')
  @HttpCode(200)
  @AllowedFor(REGISTRARS)
  async resume(@Param('id') id: string, @Body() body: unknown, @Req() request: Request) {
    await this.suspensions.resumePartner(id, textOf(membersOf(body, ['reason']), 'reason'), callerOf(request));
    return { partner: id, suspended: false };
  }

  private ids(): string[] {
    return this.self
      .partners()
      .partnersOf(this.self.node)
      .map(({ id }) => id);
  }
}
