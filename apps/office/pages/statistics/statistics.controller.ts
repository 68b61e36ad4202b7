import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { unitStatistics, type Counts, type Times } from '../../../../libs/caseload';
import type { Translate } from '../../../../libs/pages';
import { labelOf } from '../../../../libs/schema';
import { CaseLists } from '../cases/case-lists';
import { PageFor, READERS, visitorOf } from '../shell/page-access';
import { Shell, unitName } from '../shell/shell';

/** What the unit has done in a year, in numbers. */
@Controller('statistics')
export class StatisticsController {
  constructor(
    private readonly shell: Shell,
    private readonly lists: CaseLists,
  ) {}

  @Get()
  @PageFor([...READERS, 'statistics_officer'])
  async year(@Query('year') asked: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { unit } = visitorOf(request);
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    const now = new Date();
    const year = /^20\d\d$/.test(asked ?? '') ? Number(asked) : now.getUTCFullYear();
    const [from, to] = [new Date(Date.UTC(year, 0)), new Date(Date.UTC(year + 1, 0))];
    const counted = await unitStatistics(this.lists.of(unit), from, to, now);
    const table = (key: string, counts: Counts, nameOf: (code: string) => string) => ({
      caption: t(`statistics:table.${key}`),
      rows: [...counts].map(([code, count]) => ({ name: nameOf(code), count })),
    });
    const inList = (list: string) => (code: string) => labelOf(list, code, language) ?? code;
    this.shell.show(request, response, 'statistics/year.njk', {
      title: t('statistics:title', { year }),
      unit: unitName(unit, language),
      years: [year - 1, year, year + 1]
        .filter((one) => one <= now.getUTCFullYear())
        .map((one) => ({ year: one, current: one === year })),
      numbers: [
        { name: t('statistics:total'), value: counted.total },
        { name: t('statistics:children'), value: counted.children },
        { name: t('statistics:overdue'), value: counted.overdue },
        { name: t('statistics:toAcknowledgement'), value: inDays(counted.toAcknowledgement, t) },
        { name: t('statistics:toDecision'), value: inDays(counted.toDecision, t) },
      ],
      tables: [
        table('direction', counted.byDirection, (code) => t(`office:direction.${code}`)),
        table('month', counted.byMonth, (month) => this.shell.month(month)),
        table('purpose', counted.byPurpose, inList('purpose')),
        table('state', counted.byState, (code) => t(`office:state.${code}`)),
        table('outcome', counted.byOutcome, inList('outcomeCode')),
        table('decline', counted.byDecline, inList('declineCode')),
      ],
    });
  }
}

function inDays(times: Times | undefined, t: Translate): string {
  if (!times) return t('statistics:none');
  const days = (hours: number) => Math.round(hours / 2.4) / 10;
  return t('statistics:times', { median: days(times.medianHours), p90: days(times.p90Hours), count: times.count });
}
