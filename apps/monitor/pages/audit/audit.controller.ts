import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { faultAt, TraoError } from '../../../../libs/errors';
import { headText, readHead } from '../../../../libs/monitoring';
import { Database, desk } from '../../../../libs/storage';
import { PageFor, WATCHERS } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { sendLog } from './send-log';

const ROWS = 50;
const NAMES = ['operator', 'act', 'before'];

/** What operators did, and whether the log of it is whole. */
@Controller()
export class AuditController {
  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
  ) {}

  @Get('audit')
  @PageFor(WATCHERS)
  async page(
    @Query() asked: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.show(filterIn(asked), request, response);
  }

  /** Computes the whole chain anew. Whoever wrote down a head earlier finds out whether anything was cut off since. */
  @Post('audit/verify')
  @PageFor(WATCHERS)
  async verify(@Body('head') typed: unknown, @Req() request: Request, @Res() response: Response): Promise<void> {
    const t = this.shell.translator(request);
    const text = typeof typed === 'string' ? typed.trim().slice(0, 200) : '';
    const kept = readHead(text);
    if (text !== '' && !kept) {
      const error = t('audit:verify.badHead');
      return this.show({}, request, response, { typed: text, errors: [{ text: error, href: '#head' }], error }, 422);
    }
    const { head, broken, cut } = await desk.verifyLog(this.database.query, kept);
    await this.show({}, request, response, {
      typed: text,
      result: {
        whole: !broken && !cut,
        head: headText(head),
        count: head.seq,
        compared: kept !== undefined,
        cut,
        broken: broken && { seq: broken.seq, why: t(`audit:break.${broken.why}`) },
      },
    });
  }

  @Get('audit.json')
  @PageFor(WATCHERS)
  async download(@Res() response: Response): Promise<void> {
    await sendLog(response, this.database, this.shell.node);
  }

  private async show(
    filter: desk.ActFilter,
    request: Request,
    response: Response,
    more: object = {},
    status = 200,
  ): Promise<void> {
    const { query } = this.database;
    const acts = await desk.listActs(query, filter, ROWS);
    const names = await desk.actNames(query);
    const view = {
      title: this.shell.translator(request)('audit:title'),
      acts: acts.map(({ before, after, ...act }) => ({ ...act, before: valueText(before), after: valueText(after) })),
      filter,
      names,
      more: acts.length === ROWS ? `/audit?${next(filter, acts.at(-1)!.seq)}` : undefined,
      ...more,
    };
    this.shell.show(request, response, 'audit/page.njk', view, status);
  }
}

/** @throws TraoError `bad_request`: something that is no filter, or no value of one */
function filterIn(asked: Readonly<Record<string, unknown>>): desk.ActFilter {
  const [operator, act, before] = NAMES.map((name) => asked[name] ?? '');
  const isText = (value: unknown) => typeof value === 'string' && value.length <= 200;
  const wrong = [
    ...(isText(operator) ? [] : ['operator']),
    ...(isText(act) ? [] : ['act']),
    ...(before === '' || (typeof before === 'string' && /^\d{1,15}$/.test(before)) ? [] : ['before']),
    ...Object.keys(asked).filter((name) => !NAMES.includes(name)),
  ];
  if (wrong.length > 0)
    throw new TraoError('bad_request', { faults: wrong.map((name) => faultAt(`?${name}`, 'bad_parameter')) });
  return {
    operator: (operator as string) || undefined,
    act: (act as string) || undefined,
    before: before === '' ? undefined : Number(before),
  };
}

function next({ operator, act }: desk.ActFilter, before: number): string {
  return new URLSearchParams({ ...(operator && { operator }), ...(act && { act }), before: String(before) }).toString();
}

const valueText = (value: unknown) => (value === null || value === undefined ? '' : JSON.stringify(value));
