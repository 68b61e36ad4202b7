import { randomUUID } from 'node:crypto';
import { Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Self } from '../../../../libs/casework';
import { asTraoError, TraoError, type Fault } from '../../../../libs/errors';
import { recovering } from '../../../../libs/monitoring';
import { Database, partnerWork, watched } from '../../../../libs/storage';
import { formatNumber } from '../../../../libs/text';
import { holdsOne } from '../../../../libs/web';
import { SELF } from '../../tokens';
import { faultLines, stateTag } from '../messages/message-words';
import { done, typedIn } from '../queues/act-form';
import { ACTORS, operatorOf, PageFor, WATCHERS } from '../shell/page-access';
import { nodeName, Shell } from '../shell/shell';
import { recoveryLine } from './recovery-view';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LISTED = 25;

type Form = recovering.RecoverForm;

/** What was found for a form that could be read. */
interface Preview {
  readonly plan: recovering.RecoverPlan;
  readonly found: number;
  readonly sample: readonly watched.Candidate[];
}

/** Sends messages again: first which, and how many, then with a second press of a button. */
@Controller('recover')
export class RecoverController {
  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {}

  /** The form, filled in by the address: pages with counts lead here. A form with a partner and a time shows at once what it finds. */
  @Get()
  @PageFor(WATCHERS)
  async page(
    @Query() asked: Readonly<Record<string, unknown>>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const perMinute = String(recovering.RATES.usual);
    if (asked['partner'] === undefined && asked['since'] === undefined)
      return this.show(request, response, recovering.recoverForm({ perMinute, states: 'failed' }), [], undefined);
    const form = recovering.recoverForm({ perMinute, ...asked });
    const { faults, preview } = await this.preview(form);
    await this.show(request, response, form, faults, preview);
  }

  @Post()
  @PageFor(ACTORS)
  async start(@Req() request: Request, @Res() response: Response): Promise<void> {
    const form = recovering.recoverForm(request.body as Readonly<Record<string, unknown>>);
    const id = typedIn(request, 'recovery');
    if (!UUID.test(id)) throw new TraoError('bad_request');
    const read = this.read(form);
    if ('faults' in read) return this.show(request, response, form, read.faults, undefined);
    try {
      await watched.startRecovery(this.database, operatorOf(request), id, read.plan);
    } catch (error) {
      const { code, faults } = asTraoError(error);
      if (code !== 'bad_request') throw error;
      return this.show(request, response, form, faults, undefined);
    }
    await done(request, response, 'recover:notice.started', `/recover/${id}`);
  }

  private read(form: Form) {
    const partners = this.partners();
    return recovering.readRecoverPlan(form, { partners, zone: this.shell.timeZone, now: new Date() });
  }

  private partners(): string[] {
    const nodes = this.self.partners().partnersOf(this.self.node);
    return nodes.map(({ id }) => id);
  }

  private async preview(form: Form): Promise<{ faults: readonly Fault[]; preview?: Preview }> {
    const read = this.read(form);
    if ('faults' in read) return read;
    const { found, sample } = await watched.previewRecovery(this.database, read.plan);
    const fault = recovering.countFault(found);
    return fault ? { faults: [fault] } : { faults: [], preview: { plan: read.plan, found, sample } };
  }

  private async show(
    request: Request,
    response: Response,
    form: Form,
    faults: readonly Fault[],
    preview: Preview | undefined,
  ): Promise<void> {
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    const number = (value: number) => formatNumber(value, language);
    const errors = faultLines(faults, language, (name) => ({ label: t(`recover:field.${name}`), id: name }));
    const held = await partnerWork.suspendedPartners(this.database);
    const { least, most } = recovering.RATES;
    const view = {
      title: t('recover:title'),
      errors,
      faultOf: Object.fromEntries(errors.map(({ name, text }) => [name, { text }])),
      form,
      partners: ['', ...this.partners()].map((id) => ({
        value: id,
        text: id === '' ? t('recover:choose') : nodeName(id, t),
        selected: id === form.partner,
      })),
      states: recovering.RECOVERABLE.map((value) => ({
        value,
        text: t(`recover:state.${value}`),
        checked: form.states.includes(value),
      })),
      hint: {
        since: t('recover:hint.since', { zone: this.shell.timeZone }),
        until: t('recover:hint.until', { days: recovering.MAX_WINDOW_DAYS }),
        perMinute: t('recover:hint.perMinute', { least, most }),
      },
      preview: preview && {
        found: number(preview.found),
        // The end is fixed now: what is handed in meanwhile was not looked at.
        until: preview.plan.until.toISOString(),
        since: preview.plan.since.toISOString(),
        minutes: number(Math.ceil((preview.found - 1) / preview.plan.perMinute)),
        sample: preview.sample.map((one) => ({ ...one, tag: stateTag(one.state, t) })),
        held: held.includes(preview.plan.partner),
        recovery: randomUUID(),
      },
      recoveries: (await watched.recoveries(this.database).newest(LISTED)).map((one) => recoveryLine(one, t)),
      mayAct: holdsOne(operatorOf(request), ACTORS),
    };
    this.shell.show(request, response, 'recover/page.njk', view, errors.length > 0 ? 422 : 200);
  }
}
