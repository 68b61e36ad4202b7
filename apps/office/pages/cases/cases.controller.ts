import { Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { asReference, SORTS, type ListQuery } from '../../../../libs/caseload';
import { findCases, type ReadPorts, type Self } from '../../../../libs/casework';
import { REFERRAL_STATES } from '../../../../libs/lifecycle';
import { READ_PORTS, SELF } from '../../tokens';
import { PageFor, READERS, visitorOf } from '../shell/page-access';
import { Shell, unitName } from '../shell/shell';
import { caseLine } from '../work/case-line';
import { pagesOf } from '../work/pages-of';
import { CaseLists } from './case-lists';

const PER_PAGE = 25;
const MAX_FINDS = 500;
const MAX_WORDS = 200;
const COLUMNS = ['reference', 'name', 'partner', 'state', 'delivery', 'last', 'due'] as const;
/** What each column is sorted by; a column without is not sorted by. */
const SORT_OF: Partial<Record<(typeof COLUMNS)[number], (typeof SORTS)[number]>> = {
  reference: 'reference',
  name: 'name',
  partner: 'partner',
  state: 'state',
  last: 'changed',
  due: 'due',
};
const DELIVERIES = ['waiting', 'arrived', 'failed'] as const;
/** States in which a stored case can be. */
const STATES = REFERRAL_STATES.filter((state) => state !== 'draft' && state !== 'ready');

type Filters = Readonly<Record<string, string>>;
const FILTERS = ['side', 'partner', 'state', 'delivery', 'child', 'assigned', 'sort', 'order'] as const;

/** All referrals of the unit: filtered, sorted, searched. */
@Controller('cases')
export class CasesPageController {
  constructor(
    private readonly shell: Shell,
    private readonly lists: CaseLists,
    @Inject(READ_PORTS) private readonly reading: ReadPorts,
    @Inject(SELF) private readonly self: Self,
  ) {}

  @Get()
  @PageFor(READERS)
  async list(
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.show(filtersIn(query), pageIn(query), undefined, request, response);
  }

  /** The words are names of people: they come in the body, because browsers and proxies keep addresses. */
  @Post('search')
  @PageFor(READERS)
  async search(@Req() request: Request, @Res() response: Response): Promise<void> {
    const body = request.body as Record<string, unknown>;
    const words = typeof body['words'] === 'string' ? body['words'].normalize('NFC').trim().slice(0, MAX_WORDS) : '';
    await this.show(filtersIn(body), pageIn(body), words, request, response);
  }

  private async show(
    filters: Filters,
    page: number,
    words: string | undefined,
    request: Request,
    response: Response,
  ): Promise<void> {
    const { unit, id } = visitorOf(request);
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    const list = this.lists.of(unit);
    const among = words === undefined || words === '' ? undefined : await this.found(unit, words);
    const query = { ...queryOf(filters, id), among, offset: (page - 1) * PER_PAGE, limit: PER_PAGE };
    const { cases, total } = await list.find(query);
    const settings = { t, language, timeZone: this.shell.timeZone, personLabel: 'initials', now: new Date() } as const;
    const hrefWith = (more: Filters) => `/cases?${new URLSearchParams({ ...filters, ...more }).toString()}`;
    const partners = this.self
      .partners()
      .partnersOf(this.self.node)
      .flatMap(({ units }) => units.map((one) => one.id));
    this.shell.show(request, response, 'cases/list.njk', {
      title: t('case:list.title'),
      cases: cases.map((listed) => caseLine(listed, settings)),
      columns: COLUMNS.map((key) => columnOf(key, filters, words === undefined ? hrefWith : undefined)),
      filters,
      words,
      total,
      choices: {
        partners: partners.map((value) => ({ value, text: unitName(value, language) })),
        states: STATES.map((value) => ({ value, text: t(`office:state.${value}`) })),
        deliveries: DELIVERIES.map((value) => ({ value, text: t(`case:list.delivery.${value}`) })),
      },
      filtered: FILTERS.some((name) => name !== 'sort' && name !== 'order' && filters[name] !== undefined),
      pages:
        words === undefined ? pagesOf(page, total, PER_PAGE, (to) => hrefWith({ page: String(to) }), t) : undefined,
      range: t('office:pages.range', {
        from: total === 0 ? 0 : (page - 1) * PER_PAGE + 1,
        to: Math.min(total, page * PER_PAGE),
        total,
      }),
      more: words !== undefined && total > page * PER_PAGE ? page + 1 : undefined,
    });
  }

  /** What is found by a reference that was read out, or by words of names. */
  private async found(unit: string, words: string): Promise<readonly string[]> {
    const reference = asReference(words);
    const byReference = reference === undefined ? undefined : await this.lists.of(unit).byReference(reference);
    if (byReference !== undefined) return [byReference];
    return findCases(unit, words, MAX_FINDS, this.reading);
  }
}

function filtersIn(given: Record<string, unknown>): Filters {
  const known = FILTERS.flatMap((name) => {
    const value = given[name];
    return typeof value === 'string' && /^[\w.-]{1,80}$/.test(value) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(known);
}

const pageIn = (given: Record<string, unknown>) =>
  Math.max(1, Math.min(100_000, Number.parseInt(String(given['page']), 10) || 1));

function queryOf(
  { side, partner, state, delivery, child, assigned, sort, order }: Filters,
  officer: string,
): Omit<ListQuery, 'offset' | 'limit'> {
  const known = SORTS.find((one) => one === sort);
  return {
    side: side === 'sender' || side === 'recipient' ? side : undefined,
    partnerUnit: partner,
    state,
    delivery: DELIVERIES.find((one) => one === delivery),
    child: child === 'yes' ? true : undefined,
    assignedTo: assigned === 'me' ? officer : undefined,
    ...(known && { sort: known, descending: order === 'down' }),
  };
}

/** A column's heading: a link that sorts by it, the other way round when it is sorted by already. */
function columnOf(
  key: (typeof COLUMNS)[number],
  { sort, order }: Filters,
  hrefWith: ((more: Filters) => string) | undefined,
) {
  const by = SORT_OF[key];
  const sorted = by !== undefined && by === sort ? (order === 'down' ? 'descending' : 'ascending') : undefined;
  if (by === undefined || !hrefWith) return { key };
  return { key, sorted, href: hrefWith({ sort: by, order: sorted === 'ascending' ? 'down' : 'up', page: '1' }) };
}
