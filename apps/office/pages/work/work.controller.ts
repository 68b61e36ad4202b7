import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { WORK_TABS } from '../../../../libs/caseload';
import { listDrafts, type DraftPorts, type Self } from '../../../../libs/casework';
import { Database, partnerWork } from '../../../../libs/storage';
import { DRAFT_PORTS, SELF } from '../../tokens';
import { CaseLists } from '../cases/case-lists';
import { draftLines, type DraftLine } from '../drafts/draft-lines';
import { PageFor, READERS, visitorOf } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { caseLine } from './case-line';
import { pagesOf } from './pages-of';
import { silentPartners } from './silent-partners';

const TABS = [...WORK_TABS.slice(0, 2), 'drafts', 'closed'] as const;
const PER_PAGE = 25;
const MAX_DRAFTS = 200;

/** What an officer has to do: the first page after sign-in. */
@Controller('work')
export class WorkController {
  constructor(
    private readonly shell: Shell,
    private readonly lists: CaseLists,
    private readonly database: Database,
    @Inject(DRAFT_PORTS) private readonly drafts: DraftPorts,
    @Inject(SELF) private readonly self: Self,
  ) {}

  @Get()
  @PageFor(READERS)
  async queue(
    @Query('tab') asked: string,
    @Query('page') page: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const officer = visitorOf(request);
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    const now = new Date();
    const tab = TABS.find((one) => one === asked) ?? 'action';
    const number = Math.max(1, Number.parseInt(page, 10) || 1);
    const paging = { offset: (number - 1) * PER_PAGE, limit: PER_PAGE };
    const query = tab === 'drafts' ? { ...paging, limit: 0 } : { ...paging, tab, sort: 'due' as const };
    const { cases, total, tabs } = await this.lists.of(officer.unit).find(query);
    const drafts = draftLines(await listDrafts(officer, MAX_DRAFTS, this.drafts), officer, {
      t,
      language,
      timeZone: this.shell.timeZone,
      nameOf: this.shell.nameOf,
    });
    const awaiting = drafts.filter(({ forMe }) => forMe);
    const settings = { t, language, timeZone: this.shell.timeZone, personLabel: 'initials', now } as const;
    const counts = { ...tabs, action: tabs.action + awaiting.length, drafts: drafts.length };
    this.shell.show(request, response, 'work/queue.njk', {
      title: t('office:work.title'),
      tabs: TABS.map((one) => ({
        href: `/work?tab=${one}`,
        text: t(`office:work.tab.${one}`),
        count: counts[one],
        current: one === tab,
      })),
      tab,
      cases: cases.map((listed) => caseLine(listed, settings)),
      drafts: shownDrafts(tab, drafts, awaiting),
      empty: t(`office:work.empty.${tab}`, { time: this.shell.time(now) }),
      pages: pagesOf(number, tab === 'drafts' ? 0 : total, PER_PAGE, (to) => `/work?tab=${tab}&page=${to}`, t),
      ...(await this.waitingFor(now, (node) => t(`office:node.${node}`))),
    });
  }

  /** Partner nodes to which what is sent waits: our operators have suspended them, or they have not answered lately. */
  private async waitingFor(now: Date, nameOf: (node: string) => string) {
    const partners = this.self
      .partners()
      .partnersOf(this.self.node)
      .map(({ id }) => id);
    const suspended = await partnerWork.suspendedPartners(this.database);
    const silent = await silentPartners(this.database, now);
    return {
      suspended: partners.filter((partner) => suspended.includes(partner)).map(nameOf),
      unreachable: partners.filter((partner) => silent.has(partner) && !suspended.includes(partner)).map(nameOf),
    };
  }
}

function shownDrafts(tab: string, drafts: DraftLine[], awaiting: DraftLine[]): DraftLine[] {
  if (tab === 'drafts') return drafts;
  return tab === 'action' ? awaiting : [];
}
