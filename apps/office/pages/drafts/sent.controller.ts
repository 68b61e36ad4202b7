import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { referenceOf } from '../../../../libs/caseload';
import { showCase, type Self } from '../../../../libs/casework';
import { TraoError } from '../../../../libs/errors';
import { labelOf } from '../../../../libs/schema';
import { Database, deliveriesOf } from '../../../../libs/storage';
import { dueText, twoClocks } from '../../../../libs/text';
import { SELF } from '../../tokens';
import { zoneOf } from '../cases/case-frame';
import { assertUuid, CaseRoom, isOpenCase } from '../cases/case-room';
import { PageFor, READERS, visitorOf } from '../shell/page-access';
import { Shell, unitName } from '../shell/shell';
import { deliveryTag } from '../work/case-line';

/** That a message was sent: by which reference people find it again, how far it is, what happens next and by when. */
@Controller('cases/:id/sent/:messageId')
export class SentController {
  constructor(
    private readonly shell: Shell,
    private readonly room: CaseRoom,
    private readonly database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {}

  @Get()
  @PageFor(READERS)
  async show(
    @Param('id') id: string,
    @Param('messageId') messageId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    assertUuid(messageId);
    assertUuid(id);
    // Nothing here is about the person: whoever has just sent gives no reason for looking at what they did.
    const shown = await this.room.guarded(id, () => showCase(visitorOf(request).unit, id, this.room.reading));
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    const zones = [this.shell.timeZone, zoneOf(this.self, shown.partnerUnit) ?? this.shell.timeZone] as const;
    const event = isOpenCase(shown)
      ? shown.timeline.find((one) => one.messageId === messageId && one.by === shown.side)
      : undefined;
    // Of an erased case digests remain, and that its erasure was confirmed; of any other, what was never sent was not sent.
    if (isOpenCase(shown) && !event) throw new TraoError('not_found');
    const delivery = (await deliveriesOf(this.database, [messageId])).get(messageId);
    const now = new Date();
    const duties = isOpenCase(shown) ? shown.duties : [];
    this.shell.show(request, response, 'drafts/sent.njk', {
      title: t('drafts:sent.title', {
        what: event ? (labelOf('messageType', event.type, language) ?? event.type) : t('drafts:sent.message'),
      }),
      id,
      reference: referenceOf(id),
      to: unitName(shown.partnerUnit, language),
      at: event && twoClocks(new Date(event.at), ...zones, language),
      delivery: deliveryTag(delivery?.state ?? 'queued', t),
      referral: event?.type === 'referral',
      duties: duties.map(({ id: duty, by, due }) => ({
        what: t(`office:duty.${duty}`),
        whose: t(by === shown.side ? 'drafts:sent.ours' : 'drafts:sent.theirs'),
        due: dueText(due, now, this.shell.timeZone, language).text,
        at: twoClocks(due, ...zones, language),
      })),
    });
  }
}
