import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { askForApproval, decideText } from '../../../../libs/casework';
import { TraoError } from '../../../../libs/errors';
import { KEEP_REASONS } from '../../../../libs/protection';
import { labelOf } from '../../../../libs/schema';
import { isFresh, TIME_OUTS } from '../../../../libs/sign-in';
import type { Client } from '../../clients';
import { CLIENTS } from '../../tokens';
import { officerName } from '../cases/case-frame';
import { PageFor, READERS } from '../shell/page-access';
import { unitName } from '../shell/shell';
import { isDecided, nextSteps } from './agreement';
import { DraftDesk, type OpenedDraft } from './draft-desk';
import { placedFaults } from './draft-faults';
import { fileLines, placeOfText, readSections } from './draft-reading';
import { digestIn, titleOf } from './task-list.controller';

const DOCUMENT_FAULT = ['consentRecord', 'overrideRecord'];

/** Everything that was answered on one page: what is wrong or missing, what may give somebody away, who has to agree. */
@Controller('drafts/:id')
export class CheckController {
  constructor(
    private readonly desk: DraftDesk,
    @Inject(CLIENTS) private readonly clients: readonly Client[],
  ) {}

  @Get('check')
  @PageFor(READERS)
  async check(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const opened = await this.desk.openPage(request, response, id);
    if (opened) this.show(request, response, opened, 'check');
  }

  /** The same for whoever is asked to agree: nothing to change, and the version that they agree to. */
  @Get('approve')
  @PageFor(READERS)
  async approve(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const opened = await this.desk.openPage(request, response, id);
    if (opened) this.show(request, response, opened, 'approve');
  }

  @Post('ask')
  @PageFor(READERS)
  async ask(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const opened = await this.desk.open(request, id);
    const { officer, draft } = opened;
    if (!nextSteps(opened).mayAsk) return this.stale(request, response, id);
    if (digestIn(request) !== draft.digest) return this.stale(request, response, id);
    await askForApproval(officer, { unit: officer.unit, id, digest: draft.digest }, this.desk.ports);
    request.session.notice = 'drafts:ask.done';
    response.redirect(303, `/drafts/${id}/check`);
  }

  /** Keeps a text as it is although something in it may tell who somebody is; says why. */
  @Post('decide')
  @PageFor(READERS)
  async decide(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const opened = await this.desk.open(request, id);
    const { officer, draft, mayWrite } = opened;
    const { pointer, reason } = request.body as Readonly<Record<string, unknown>>;
    if (!mayWrite) throw new TraoError('forbidden');
    if (digestIn(request) !== draft.digest) return this.stale(request, response, id);
    const why = KEEP_REASONS.find((one) => one === reason);
    const found = draft.findings.find((one) => one.pointer === pointer);
    if (!found) throw new TraoError('bad_request');
    if (!why) return this.show(request, response, opened, 'check', found.pointer);
    const decision = { pointer: found.pointer, reason: why };
    await decideText(officer, { unit: officer.unit, id, digest: draft.digest }, decision, this.desk.ports);
    response.redirect(303, `/drafts/${id}/check#texts`);
  }

  /** Leaves out everything that the person has not agreed to, as the rules name it. */
  @Post('withhold')
  @PageFor(READERS)
  async withhold(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.desk.save(request, id, ({ draft, written }) => {
      const pointers = draft.faults.filter(({ code }) => code === 'scope_missing').map(({ pointer }) => pointer);
      const document = pointers
        .filter(isContent)
        .reduce((left, pointer) => without(left, pointer.split('/').slice(1)), written.document);
      return { ...written, document };
    });
    response.redirect(303, `/drafts/${id}/check`);
  }

  private stale(request: Request, response: Response, id: string): void {
    request.session.notice = 'drafts:check.changed';
    response.redirect(303, `/drafts/${id}/check`);
  }

  private show(
    request: Request,
    response: Response,
    opened: OpenedDraft,
    mode: 'check' | 'approve',
    undecided?: string,
  ): void {
    const { draft, t, language, recipient, officer } = opened;
    const faults = placedFaults(opened);
    const steps = nextSteps(opened);
    const { shell } = this.desk;
    const label = (list: string, code: string) => labelOf(list, code, language) ?? code;
    const findings = draft.findings.map(({ pointer, findings: found }) => ({
      pointer,
      ...placeOfText(opened, pointer),
      decided: isDecided(opened, pointer),
      missing: pointer === undecided,
      found: found.map(({ kind, start, end }) =>
        t('drafts:texts.found', { kind: t(`drafts:texts.kind.${kind}`), start: start + 1, end }),
      ),
    }));
    const open = findings.filter(({ decided }) => !decided);
    const errors = [
      ...faults.map(({ text, href }) => ({ text, href: href?.replace(/(?=#)|$/, '?check=1') })),
      ...(undecided === undefined
        ? open.map(({ label: of }) => ({ text: t('drafts:texts.open', { of }), href: '#texts' }))
        : []),
      ...(undecided === undefined ? [] : [{ text: t('drafts:texts.reasonMissing'), href: '#texts' }]),
    ];
    shell.show(request, response, 'drafts/check.njk', {
      title: mode === 'approve' ? t('drafts:approve.title') : t('drafts:check.title'),
      caption: `${titleOf(opened)} – ${t('drafts:to', { unit: unitName(recipient.unit, language) })}`,
      back: opened.mayWrite ? `/drafts/${draft.id}` : '/work',
      // Who only agrees does not mend; what is open is no problem of their page.
      errors: opened.mayWrite ? errors : [],
      open: opened.mayWrite ? [] : errors,
      id: draft.id,
      digest: draft.digest,
      mode,
      mayWrite: opened.mayWrite && mode === 'check',
      sections: readSections(opened, shell.timeZone),
      files: fileLines(opened, label),
      findings,
      reasons: KEEP_REASONS.map((value) => ({ value, text: t(`drafts:texts.reason.${value}`) })),
      withholdable: draft.faults.some(({ code, pointer }) => code === 'scope_missing' && isContent(pointer)),
      steps,
      needs: steps.needs.map(({ kind, roles, by, as }) => ({
        kind,
        as,
        what: t(`drafts:need.${kind}`),
        roles: roles.map((role) => label('role', role)).join(` ${t('drafts:or')} `),
        by: by && officerName(this.clients, by),
      })),
      asked: draft.asked && {
        by: officerName(this.clients, draft.asked.by),
        at: draft.asked.at,
      },
      drafters: draft.drafters.map((who) => officerName(this.clients, who)).join(', '),
      isDrafter: draft.drafters.includes(officer.id),
      held: draft.hold !== undefined,
      fresh: isFresh(request.session.who!, Date.now(), TIME_OUTS),
      to: unitName(recipient.unit, language),
    });
  }
}

/** Places in what the message says of the person; the head and the consent itself stay. */
const isContent = (pointer: string): boolean =>
  pointer !== '' && !['header', 'consent', ...DOCUMENT_FAULT].includes(pointer.split('/')[1]!);

/** A document without the value at a place. Owners that are empty then go too. */
function without<T>(owner: T, [step, ...below]: readonly string[]): T {
  if (step === undefined || typeof owner !== 'object' || owner === null || !Object.hasOwn(owner, step)) return owner;
  const inside = (owner as Readonly<Record<string, unknown>>)[step];
  const left = below.length === 0 ? undefined : without(inside, below);
  const gone = left === undefined || (typeof left === 'object' && left !== null && Object.keys(left).length === 0);
  if (Array.isArray(owner))
    return owner.flatMap((entry: unknown, at) => (String(at) !== step ? [entry] : gone ? [] : [left])) as T;
  const { [step]: _old, ...others } = owner as Readonly<Record<string, unknown>>;
  return (gone ? others : { ...owner, [step]: left }) as T;
}
