import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Self } from '../../../../libs/casework';
import type { Translate } from '../../../../libs/pages';
import { Database, partnerWork } from '../../../../libs/storage';
import { holdsOne } from '../../../../libs/web';
import { SELF } from '../../tokens';
import { ACTORS, operatorOf, PageFor, WATCHERS } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { actWithReason, done, type ReasonFault } from './act-form';
import { ageText } from './age';

/** A form that was sent and is not done. */
interface Sent {
  readonly queue: string;
  readonly fault: ReasonFault;
}

/** Queues and the processes that work on them. Nothing in a queue can be changed or deleted: it can only wait. */
@Controller('queues')
export class QueuesController {
  private readonly suspensions: partnerWork.Suspensions;

  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
    @Inject(SELF) self: Self,
  ) {
    this.suspensions = partnerWork.suspensions(database, () =>
      self
        .partners()
        .partnersOf(self.node)
        .map(({ id }) => id),
    );
  }

  @Get()
  @PageFor(WATCHERS)
  async page(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.show(request, response);
  }

  @Post(':queue/hold')
  @PageFor(ACTORS)
  async hold(@Param('queue') queue: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.act(queue, 'held', request, response, (reason) =>
      this.suspensions.holdQueue(queue, reason, operatorOf(request)),
    );
  }

  @Post(':queue/release')
  @PageFor(ACTORS)
  async release(@Param('queue') queue: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.act(queue, 'released', request, response, (reason) =>
      this.suspensions.releaseQueue(queue, reason, operatorOf(request)),
    );
  }

  private async act(
    queue: string,
    what: 'held' | 'released',
    request: Request,
    response: Response,
    work: (reason: string) => Promise<void>,
  ): Promise<void> {
    const fault = await actWithReason(request, this.shell.translator(request), `reason-${queue}`, work);
    if (fault) return this.show(request, response, { queue, fault });
    await done(request, response, `queues:notice.${what}`, '/queues');
  }

  private async show(request: Request, response: Response, sent?: Sent): Promise<void> {
    const t = this.shell.translator(request);
    const now = new Date();
    const held = new Map((await this.suspensions.queues()).map((one) => [one.subject, one]));
    const processes = await partnerWork.processRows(this.database);
    const queues = await partnerWork.queueFacts(this.database);
    const files = await partnerWork.fileFacts(this.database);
    const view = {
      title: t('queues:title'),
      errors: sent ? [sent.fault] : [],
      queues: queues.map(({ queue, oldestAt, waiting, due, batches }) => ({
        queue,
        name: t(`queues:queue.${queue}`),
        waiting,
        due,
        later: waiting - due,
        batches,
        age: oldestAt && ageText(oldestAt, now, t),
        held: held.get(queue),
        fault: sent?.queue === queue ? sent.fault : undefined,
      })),
      files: { ...files, age: files.oldestAt && ageText(files.oldestAt, now, t) },
      workers: processes.filter(({ app, up }) => app === 'worker' && up).length,
      processes: processes.map((row) => processLine(row, now, t)),
      mayAct: holdsOne(operatorOf(request), ACTORS),
    };
    this.shell.show(request, response, 'queues/page.njk', view, sent ? 422 : 200);
  }
}

function processLine(row: partnerWork.ProcessRow, now: Date, t: Translate) {
  const { app, host, version, up, facts, startedAt, beatAt } = row;
  const number = (name: string) => (typeof facts[name] === 'number' ? facts[name] : undefined);
  const free = number('diskFree');
  return {
    app: t(`queues:app.${app}`),
    host,
    version,
    up,
    running: ageText(startedAt, now, t),
    beat: ageText(beatAt, now, t),
    lagMs: number('eventLoopLagMs'),
    memoryMb: number('rssMb'),
    freePercent: free === undefined ? undefined : Math.round(free * 100),
  };
}
