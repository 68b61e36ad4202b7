import { Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Self } from '../../../../libs/casework';
import { TraoError } from '../../../../libs/errors';
import { CSV_ROWS, MAX_VIEWS, queryText, readMessageQuery, viewNameFault } from '../../../../libs/monitoring';
import { formatNumber } from '../../../../libs/text';
import { Database, watched } from '../../../../libs/storage';
import { SELF } from '../../tokens';
import { done, typedIn } from '../queues/act-form';
import { operatorOf, PageFor, WATCHERS } from '../shell/page-access';
import { nodeName, Shell } from '../shell/shell';
import { formOf, pagesOf, tableOf } from './list-view';
import { faultLines } from './message-words';
import { writeCsv } from './write-csv';

const NOTHING: watched.MessagePage = { messages: [], next: undefined };

type Asked = Readonly<Record<string, unknown>>;

/** Every message of the node, sent and received, by its metadata. */
@Controller('messages')
export class MessagesController {
  private readonly views: ReturnType<typeof watched.savedViews>;

  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {
    this.views = watched.savedViews(database);
  }

  @Get()
  @PageFor(WATCHERS)
  async list(@Query() asked: Asked, @Req() request: Request, @Res() response: Response): Promise<void> {
    const query = readMessageQuery(asked, this.shell.timeZone);
    const { filter, after, limit, faults } = query;
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    // A question that makes no sense shows no rows: a wider list could be taken for its answer.
    const page = faults.length > 0 ? NOTHING : await watched.listMessages(this.database, filter, after, limit);
    const words = { t, nameOf: (node: string) => nodeName(node, t) };
    const partners = this.self.partners().partnersOf(this.self.node);
    const errors = faultLines(faults, language, (name) => ({
      label: t(`messages:field.${name || 'other'}`),
      id: `filter-${name || 'direction'}`,
    }));
    const view = {
      title: t('messages:title'),
      errors,
      faulty: new Set(errors.map(({ name }) => name)),
      query: queryText(query),
      typed: query.typed,
      form: formOf(
        query,
        partners.map(({ id }) => id),
        words,
      ),
      table: tableOf(page, query, words),
      pages: pagesOf(query, page),
      rows: formatNumber(CSV_ROWS, language),
      zone: this.shell.timeZone,
      filtered: Object.values(query.typed).some((value) => value !== ''),
      views: await this.views.of(operatorOf(request).id),
    };
    this.shell.show(request, response, 'messages/list.njk', view, errors.length > 0 ? 400 : 200);
  }

  @Get('export.csv')
  @PageFor(WATCHERS)
  async csv(@Query() asked: Asked, @Res() response: Response): Promise<void> {
    const { filter, faults } = readMessageQuery(asked, this.shell.timeZone);
    if (faults.length > 0) throw new TraoError('bad_request', { faults });
    await writeCsv(this.database, filter, response);
  }

  /** Keeps the question of the list under a name, for the operator who asks it. */
  @Post('views')
  @PageFor(WATCHERS)
  async keep(@Req() request: Request, @Res() response: Response): Promise<void> {
    const name = typedIn(request, 'name').trim().normalize('NFC');
    const fault = viewNameFault(name);
    if (fault) throw new TraoError('bad_request', { faults: [fault] });
    // Only what the list itself would ask is kept: another text would come back as a link of ours.
    const query = readMessageQuery(parametersIn(typedIn(request, 'query')), this.shell.timeZone);
    if (query.faults.length > 0) throw new TraoError('bad_request', { faults: query.faults });
    const text = queryText(query);
    const kept = await this.views.keep(operatorOf(request).id, { name, query: text }, MAX_VIEWS);
    await done(request, response, `messages:views.${kept ? 'kept' : 'full'}`, `/messages${text && `?${text}`}`);
  }

  @Post('views/forget')
  @PageFor(WATCHERS)
  async forget(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.views.forget(operatorOf(request).id, typedIn(request, 'name'));
    await done(request, response, 'messages:views.forgotten', '/messages');
  }
}

/** A query as text, as a web framework reads it. */
function parametersIn(text: string): Asked {
  const parts = new URLSearchParams(text);
  const names = [...new Set(parts.keys())];
  return Object.fromEntries(
    names.map((name) => [name, parts.getAll(name).length > 1 ? parts.getAll(name) : parts.get(name)]),
  );
}
