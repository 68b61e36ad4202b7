import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { readAccesses } from '../../../../libs/caseload';
import { readMessage, type Self } from '../../../../libs/casework';
import { asTraoError, TraoError } from '../../../../libs/errors';
import { labelOf } from '../../../../libs/schema';
import { Database, deliveriesOf } from '../../../../libs/storage';
import { twoClocks } from '../../../../libs/text';
import type { Client } from '../../clients';
import { CLIENTS, SELF } from '../../tokens';
import { PageFor, READERS } from '../shell/page-access';
import { Shell, unitName } from '../shell/shell';
import { deliveryTag } from '../work/case-line';
import { askReason } from './ask-reason';
import { caseFrame, hrefOf, officerName, zoneOf, type CaseTab, type FrameParts } from './case-frame';
import { CaseLists } from './case-lists';
import { assertUuid, CaseRoom, isOpenCase, type Entered } from './case-room';
import { messageParts } from './message-view';
import { planVersions } from './plan-versions';

const MAX_ACCESSES = 100;

/** The pages of one case, at both sides: what there is to read. */
@Controller('cases/:id')
export class CaseController {
  private readonly parts: FrameParts;

  constructor(
    private readonly shell: Shell,
    private readonly room: CaseRoom,
    lists: CaseLists,
    private readonly database: Database,
    @Inject(SELF) self: Self,
    @Inject(CLIENTS) clients: readonly Client[],
  ) {
    this.parts = { shell, lists, database, self, clients };
  }

  @Get()
  @PageFor(READERS)
  async summary(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.page(id, 'summary', request, response, async ({ officer, shown }) => {
      if (!isOpenCase(shown)) return { erased: shown };
      const message = await readMessage(officer, shown.openedBy, this.room.reading);
      return { sections: message ? messageParts(message, this.shell, request) : [] };
    });
  }

  @Get('timeline')
  @PageFor(READERS)
  async timeline(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.page(id, 'timeline', request, response, ({ officer, shown }) =>
      Promise.resolve({ events: isOpenCase(shown) ? this.events(shown, officer.unit, request).toReversed() : [] }),
    );
  }

  @Get('messages')
  @PageFor(READERS)
  async messages(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.page(id, 'messages', request, response, async ({ officer, shown }) => {
      if (!isOpenCase(shown)) return { messages: [] };
      const t = this.shell.translator(request);
      const events = this.events(shown, officer.unit, request);
      const own = shown.timeline.filter(({ by }) => by === shown.side).map(({ messageId }) => messageId);
      const deliveries = await deliveriesOf(this.database, own);
      const zone = zoneOf(this.parts.self, shown.partnerUnit) ?? this.shell.timeZone;
      const language = this.shell.language(request);
      return {
        messages: events.map((event) => {
          const delivery = deliveries.get(event.id);
          const states = (delivery?.states ?? []).map(({ state, at }) => ({
            text: t(`office:delivery.${state}`),
            at: twoClocks(at, this.shell.timeZone, zone, language),
          }));
          return { ...event, delivery: delivery && deliveryTag(delivery.state, t), states };
        }),
      };
    });
  }

  @Get('messages/:messageId')
  @PageFor(READERS)
  async message(
    @Param('id') id: string,
    @Param('messageId') messageId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    assertUuid(messageId);
    await this.page(
      id,
      'messages',
      request,
      response,
      async ({ officer, shown }) => {
        const event =
          isOpenCase(shown) && this.events(shown, officer.unit, request).find((one) => one.id === messageId);
        const message = event ? await readMessage(officer, messageId, this.room.reading) : undefined;
        if (!event || !message) throw new TraoError('not_found');
        return { message: event, sections: messageParts(message, this.shell, request) };
      },
      messageId,
    );
  }

  @Get('plans')
  @PageFor(READERS)
  async plans(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.page(id, 'plans', request, response, async ({ officer, shown }) => ({
      plans: isOpenCase(shown) ? await planVersions(officer, shown, this.room.reading, this.shell, request) : undefined,
    }));
  }

  @Get('access')
  @PageFor(READERS)
  async accesses(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.page(id, 'access', request, response, async ({ officer }) => {
      const t = this.shell.translator(request);
      const entries = await readAccesses(officer, { referralId: id, limit: MAX_ACCESSES }, this.room.access);
      return {
        entries: entries.map(({ at, officer: who, action, reasonCode, reason }) => ({
          at,
          who: officerName(this.parts.clients, who),
          what: t(`case:access.action.${action}`),
          why: reasonCode && t(`case:access.reason.${reasonCode}`),
          words: reason,
        })),
      };
    });
  }

  /** Enters the case and draws one of its pages; asks for a reason first where one is needed. */
  private async page(
    id: string,
    tab: CaseTab,
    request: Request,
    response: Response,
    more: (entered: Entered) => Promise<object>,
    subject?: string,
  ): Promise<void> {
    try {
      const entered = await this.room.enter(
        request,
        id,
        subject === undefined ? 'case_opened' : 'message_read',
        subject,
      );
      const extra = await this.room.guarded(id, () => more(entered));
      const frame = await caseFrame(request, tab, entered, this.parts);
      const title = `${frame.reference} – ${this.shell.translator(request)(`case:tab.${tab}`)}`;
      this.shell.show(request, response, `cases/${subject === undefined ? tab : 'message'}.njk`, {
        title,
        case: frame,
        ...extra,
      });
    } catch (error) {
      if (asTraoError(error).code !== 'reason_needed') throw error;
      askReason(this.shell, id, request, response, { back: request.originalUrl });
    }
  }

  private events(shown: Extract<Entered['shown'], { timeline: unknown }>, unit: string, request: Request) {
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    const zone = zoneOf(this.parts.self, shown.partnerUnit) ?? this.shell.timeZone;
    return shown.timeline.map(({ messageId, type, by, at, state, handover, effect, digest }) => ({
      id: messageId,
      digest,
      href: `${hrefOf(shown.referralId, 'messages')}/${messageId}`,
      title: labelOf('messageType', type, language) ?? type,
      who: unitName(by === shown.side ? unit : shown.partnerUnit, language),
      at: twoClocks(new Date(at), this.shell.timeZone, zone, language),
      state: t(`office:state.${state}`),
      handover: handover === 'not_planned' ? undefined : t(`case:handover.${handover}`),
      overtaken: effect === 'overtaken',
    }));
  }
}
