import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Req,
} from '@nestjs/common';
import type { Request } from 'express';
import type { Self } from '../../../libs/casework';
import { faultAt, TraoError } from '../../../libs/errors';
import { recovering } from '../../../libs/monitoring';
import { Database, watched } from '../../../libs/storage';
import { AllowedFor, callerOf } from '../access.guard';
import { ACTORS, WATCHERS } from '../pages/shell/page-access';
import { SELF } from '../tokens';
import { idOfRequest, membersOf } from './members';

const MEMBERS = ['partner', 'since', 'until', 'states', 'perMinute', 'dryRun'];
/** Messages of one answer. */
const ROWS = 200;

/** Sends many messages again: counted first, then at a rate, with a result for each. */
@Controller('v1/recoveries')
export class RecoveriesRestController {
  constructor(
    private readonly database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {}

  /** With `dryRun` nothing happens: the answer says how many messages it would be, and shows the first of them. */
  @Post()
  @HttpCode(200)
  @AllowedFor(ACTORS)
  async start(@Body() body: unknown, @Req() request: Request) {
    const members = membersOf(body, MEMBERS);
    const plan = this.planOf(members);
    if (members['dryRun'] === true) {
      const { found, sample } = await watched.previewRecovery(this.database, plan);
      const fault = recovering.countFault(found);
      return { dryRun: true, ...plan, found, sample, problem: fault ? { code: fault.code, detail: fault.rule } : null };
    }
    const id = idOfRequest(request);
    await watched.startRecovery(this.database, callerOf(request), id, plan);
    return this.progress(id);
  }

  @Get(':id')
  @AllowedFor(WATCHERS)
  @Header('cache-control', 'no-store')
  show(@Param('id', ParseUUIDPipe) id: string) {
    return this.progress(id.toLowerCase());
  }

  /** The messages in the order in which they are sent, from an ordinal on. */
  @Get(':id/messages')
  @AllowedFor(WATCHERS)
  @Header('cache-control', 'no-store')
  async messages(@Param('id', ParseUUIDPipe) id: string, @Query('from') asked: unknown = '0') {
    if (typeof asked !== 'string' || !/^\d{1,6}$/.test(asked))
      throw new TraoError('bad_request', { faults: [faultAt('?from', 'bad_parameter')] });
    await this.find(id.toLowerCase());
    const rows = await watched.recoveries(this.database).messages(id.toLowerCase(), Number(asked), ROWS);
    return {
      messages: rows.map(({ state, formerState, tried, ...row }) => ({
        ...row,
        state,
        formerState,
        outcome: recovering.outcomeOf(state, formerState, tried),
      })),
      next: rows.length === ROWS ? rows.at(-1)!.ordinal + 1 : null,
    };
  }

  @Post(':id/stop')
  @HttpCode(200)
  @AllowedFor(ACTORS)
  async stop(@Param('id', ParseUUIDPipe) id: string, @Req() request: Request) {
    await watched.stopRecovery(this.database, callerOf(request), id.toLowerCase());
    return this.progress(id.toLowerCase());
  }

  private planOf(members: Readonly<Record<string, unknown>>): recovering.RecoverPlan {
    const { perMinute = recovering.RATES.usual, states = recovering.RECOVERABLE, ...rest } = members;
    const form = recovering.recoverForm({ ...rest, states, perMinute: String(perMinute) });
    const partners = this.self.partners().partnersOf(this.self.node);
    const known = { partners: partners.map(({ id }) => id), zone: 'UTC', now: new Date() };
    const read = recovering.readRecoverPlan(form, known);
    if ('faults' in read) throw new TraoError('bad_request', { faults: read.faults });
    return read.plan;
  }

  private async progress(id: string) {
    const recovery = await this.find(id);
    const outcomes = { arrived: 0, waiting: 0, failed: 0, stopped: 0 };
    for (const { state, formerState, tried, count } of await watched.recoveries(this.database).counts(id))
      outcomes[recovering.outcomeOf(state, formerState, tried)] += count;
    return { ...recovery, outcomes, done: outcomes.waiting === 0 };
  }

  private async find(id: string): Promise<watched.Recovery> {
    const recovery = await watched.recoveries(this.database).byId(id);
    if (!recovery) throw new TraoError('not_found');
    return recovery;
  }
}
