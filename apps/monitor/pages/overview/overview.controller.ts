import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Self } from '../../../../libs/casework';
import { Database, watched } from '../../../../libs/storage';
import { formatInstant } from '../../../../libs/text';
import { SELF } from '../../tokens';
import { PageFor, WATCHERS } from '../shell/page-access';
import { nodeName, Shell } from '../shell/shell';
import { firstHour, overviewCharts } from './overview-charts';
import { partnerCard } from './partner-card';
import { remembered } from './remembered';
import { processLines, serviceLines } from './services';

const FACTS_MS = 5_000;
/** Charts count tens of thousands of messages, and change little within a minute. */
const CHARTS_MS = 60_000;

/** How everything stands: the first page of an operator. */
@Controller('overview')
export class OverviewController {
  private readonly facts: () => Promise<watched.OverviewFacts & { readonly at: Date }>;
  private readonly charts: () => Promise<Parameters<typeof overviewCharts>[0] & { readonly at: Date }>;

  constructor(
    private readonly shell: Shell,
    database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {
    this.facts = remembered(FACTS_MS, async () => ({
      at: new Date(),
      ...(await watched.overviewFacts(database, this.partners())),
    }));
    this.charts = remembered(CHARTS_MS, async () => {
      const at = new Date();
      const hours = await watched.hoursSince(database, firstHour(at));
      return { at, hours, depths: await watched.depthsSince(database, firstHour(at)) };
    });
  }

  @Get()
  @PageFor(WATCHERS)
  async page(@Req() request: Request, @Res() response: Response): Promise<void> {
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    const { timeZone } = this.shell;
    const now = new Date();
    const facts = await this.facts();
    const charts = await this.charts();
    const watches = new Map(facts.watches.map((watch) => [watch.partner, watch]));
    const inForce = this.self.partners().directory.version;
    const words = { t, language, timeZone, nameOf: (node: string) => nodeName(node, t), now };
    this.shell.show(request, response, 'overview/page.njk', {
      title: t('overview:title'),
      age: t('overview:age', { time: formatInstant(facts.at, timeZone, language), seconds: FACTS_MS / 1000 }),
      cards: facts.partners.map((one) => partnerCard(one, watches.get(one.partner), inForce, words)),
      services: serviceLines(facts, t, language, now),
      processes: processLines(facts, t, language, now),
      charts: overviewCharts(charts, charts.at, { t, language, timeZone }),
    });
  }

  private partners(): string[] {
    const nodes = this.self.partners().partnersOf(this.self.node);
    return nodes.map(({ id }) => id);
  }
}
