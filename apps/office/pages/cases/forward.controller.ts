import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { referenceOf } from '../../../../libs/caseload';
import { forwardCase, type DraftPorts, type ReadPorts, type Self } from '../../../../libs/casework';
import { TraoError } from '../../../../libs/errors';
import { DRAFT_PORTS, READ_PORTS, SELF } from '../../tokens';
import { unitOptions } from '../drafts/units';
import { PageFor, visitorOf, WRITERS } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { CaseRoom } from './case-room';

/**
 * Begins a referral to another unit with the content of a case: after a unit has named another one, or where its sender allows passing on.
 * What forbids it (handling, hold, consent, a frozen case) the core says.
 */
@Controller('cases/:id/forward')
export class ForwardController {
  constructor(
    private readonly shell: Shell,
    private readonly room: CaseRoom,
    @Inject(SELF) private readonly self: Self,
    @Inject(DRAFT_PORTS) private readonly drafts: DraftPorts,
    @Inject(READ_PORTS) private readonly reading: ReadPorts,
  ) {}

  @Get()
  @PageFor(WRITERS)
  async choose(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.room.enter(request, id, 'case_opened');
    this.show(id, request, response, false);
  }

  @Post()
  @PageFor(WRITERS)
  async begin(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.room.enter(request, id, 'case_opened');
    const officer = visitorOf(request);
    const { unit } = request.body as { readonly unit?: unknown };
    const chosen = this.options(request).find(({ value }) => value === unit);
    if (!chosen) return this.show(id, request, response, true);
    const authorRole = WRITERS.find((role) => officer.roles.includes(role));
    if (!authorRole) throw new TraoError('forbidden');
    const to = { referralId: id, recipientUnit: chosen.value, authorRole, approverRole: 'liaison_officer' } as const;
    const draft = await this.room.guarded(id, () =>
      forwardCase(officer, to, { drafts: this.drafts, reading: this.reading }),
    );
    response.redirect(303, `/drafts/${draft.id}`);
  }

  /** Units of this node are no partners: what they need goes another way. */
  private options(request: Request) {
    const own = new Set(
      this.self
        .partners()
        .node(this.self.node)
        .units.map(({ id }) => id),
    );
    return unitOptions(this.self, this.shell.language(request)).filter(({ value }) => !own.has(value));
  }

  private show(id: string, request: Request, response: Response, wrong: boolean): void {
    const t = this.shell.translator(request);
    this.shell.show(request, response, 'cases/forward.njk', {
      title: t('case:forward.title', { reference: referenceOf(id) }),
      back: `/cases/${id}`,
      id,
      units: this.options(request).map(({ value, label }) => ({ value, text: label })),
      errors: wrong ? [{ text: t('case:forward.missing'), href: '#unit' }] : [],
    });
  }
}
