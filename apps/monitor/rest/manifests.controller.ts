import { Body, Controller, Get, Header, HttpCode, Inject, Param, ParseUUIDPipe, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Self } from '../../../libs/casework';
import { TraoError } from '../../../libs/errors';
import { reconciling } from '../../../libs/exchange';
import { Database, manifestWork } from '../../../libs/storage';
import { AllowedFor, callerOf } from '../access.guard';
import { REGISTRARS, WATCHERS } from '../pages/shell/page-access';
import { SELF } from '../tokens';
import { membersOf, textOf } from './members';

const ROUNDS = 20;
const FINDINGS = 500;
/** Days that are compared where none are named: today and what a message may have travelled since. */
const USUAL_DAYS = 31;

/** Comparisons of manifests with a partner, and what they found. */
@Controller('v1/partners/:id/manifests')
export class ManifestsRestController {
  private readonly desk: manifestWork.ManifestDesk;

  constructor(
    database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {
    this.desk = manifestWork.manifestDesk(database, () => this.ids());
  }

  /** Asks a worker to compare days; how it goes, `:round` tells. */
  @Post()
  @HttpCode(202)
  @AllowedFor(REGISTRARS)
  async compare(@Param('id') id: string, @Body() body: unknown, @Req() request: Request) {
    const members = membersOf(body, ['since', 'until']);
    const until = textOf(members, 'until') || reconciling.dayOf(new Date());
    const since =
      textOf(members, 'since') || (reconciling.isDay(until) ? reconciling.dayBefore(until, USUAL_DAYS) : until);
    return { partner: id, round: await this.desk.request(id, since, until, callerOf(request)) };
  }

  /** The newest comparisons, and what was found, open things first. */
  @Get()
  @AllowedFor(WATCHERS)
  @Header('cache-control', 'no-store')
  async list(@Param('id') id: string) {
    if (!this.ids().includes(id)) throw new TraoError('not_found');
    return { rounds: await this.desk.rounds(id, ROUNDS), findings: await this.desk.findings(id, FINDINGS) };
  }

  @Get(':round')
  @AllowedFor(WATCHERS)
  @Header('cache-control', 'no-store')
  async round(@Param('id') id: string, @Param('round', ParseUUIDPipe) round: string) {
    const found = await this.desk.find(round);
    if (found?.partner !== id) throw new TraoError('not_found');
    return found;
  }

  private ids(): string[] {
    return this.self
      .partners()
      .partnersOf(this.self.node)
      .map(({ id }) => id);
  }
}
