import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CATALOGUE, meaningOf, type Code } from '../../../../libs/errors';
import { Database, partnerWork } from '../../../../libs/storage';
import { holdsOne } from '../../../../libs/web';
import { ACTORS, operatorOf, PageFor, WATCHERS } from '../shell/page-access';
import { Shell } from '../shell/shell';

const KINDS = ['sent', 'received', 'receipt', 'file'] as const;
const MINUTE_MS = 60_000;

/** What has come to a dead end, in groups that lead to each single message: never only a count. */
@Controller('queues/dead')
export class DeadLettersController {
  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
  ) {}

  @Get()
  @PageFor(WATCHERS)
  async page(@Req() request: Request, @Res() response: Response): Promise<void> {
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    const mayAct = holdsOne(operatorOf(request), ACTORS);
    const groups = await partnerWork.deadGroups(this.database);
    const line = (group: partnerWork.DeadGroup) => ({
      ...group,
      stateText: t(`queues:dead.state.${group.state}`),
      meaning: isCode(group.code) ? meaningOf(group.code, language) : '',
      list: listOf(group),
      again: mayAct ? againOf(group) : undefined,
    });
    this.shell.show(request, response, 'queues/dead.njk', {
      title: t('queues:dead.title'),
      back: '/queues',
      kinds: KINDS.map((what) => ({
        title: t(`queues:dead.kind.${what}`),
        hint: t(`queues:dead.hint.${what}`),
        what,
        groups: groups.filter((group) => group.what === what).map(line),
      })),
      mayAct,
    });
  }
}

const isCode = (code: string | null): code is Code => code !== null && Object.hasOwn(CATALOGUE, code);

/** The messages of a group: exactly these where the list can tell them apart, else those of the partner that it is about. */
function listOf({ what, partner, state, code }: partnerWork.DeadGroup): string {
  const exact = what === 'sent' || what === 'received';
  const incoming = what === 'received' || what === 'receipt' || state === 'damaged' || state === 'infected';
  return `/messages?${new URLSearchParams({
    direction: incoming ? 'received' : 'sent',
    partner,
    ...(exact && { state }),
    ...(what === 'sent' && code !== null && { code }),
  }).toString()}`;
}

/** Where the messages of a group can be sent again; only what this node gave up itself can. */
function againOf({ what, partner, state, firstAt, lastAt }: partnerWork.DeadGroup): string | undefined {
  if (what !== 'sent' || state !== 'undeliverable') return undefined;
  const until = new Date(lastAt.getTime() + MINUTE_MS);
  return `/recover?${new URLSearchParams({
    partner,
    states: 'failed',
    since: minuteOf(firstAt),
    until: minuteOf(until),
  }).toString()}`;
}

const minuteOf = (at: Date) => `${at.toISOString().slice(0, 16)}Z`;
