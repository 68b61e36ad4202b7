import { createHash, randomUUID } from 'node:crypto';
import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { saveDraft } from '../../../../libs/casework';
import { asTraoError, TraoError } from '../../../../libs/errors';
import { codeList, type Purpose } from '../../../../libs/schema';
import { Database } from '../../../../libs/storage';
import { PageFor, visitorOf, WRITERS } from '../shell/page-access';
import { silentPartners } from '../work/silent-partners';
import { DraftDesk } from './draft-desk';
import { newReferral } from './new-document';
import { countriesOf, type CountryChoice } from './recipients';
import { switchLanguage, wishedLanguage } from './switch-language';
import { withLanguage } from './with-language';

const STEPS = ['country', 'unit', 'purpose', 'priority'] as const;
type Step = (typeof STEPS)[number];
type Chosen = Partial<Record<Step, string>>;
/** Most urgent last: nobody should have to read past it. */
const PRIORITIES = ['normal', 'urgent', 'emergency'];

/** From "before you start" to an empty draft: country, unit, purpose, urgency, a question at a time. */
@Controller('new')
export class NewController {
  constructor(
    private readonly desk: DraftDesk,
    private readonly database: Database,
  ) {}

  @Get()
  @PageFor(WRITERS)
  start(@Req() request: Request, @Res() response: Response): void {
    const { shell } = this.desk;
    shell.show(request, response, 'drafts/start.njk', { title: shell.translator(request)('drafts:new.title') });
  }

  @Get('recipient')
  @PageFor(WRITERS)
  async first(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.ask(request, response, {}, randomUUID());
  }

  /** Choices travel in the form and never in an address, which proxies and browsers keep. */
  @Post('recipient')
  @PageFor(WRITERS)
  async next(@Req() request: Request, @Res() response: Response): Promise<void> {
    const posted = request.body as Readonly<Record<string, unknown>>;
    const key = typeof posted['key'] === 'string' && /^[\w-]{36}$/.test(posted['key']) ? posted['key'] : randomUUID();
    const countries = await this.countries(request);
    const chosen = chosenIn(posted, countries);
    const change = STEPS.find((step) => posted['change'] === step);
    if (change) return this.ask(request, response, before(chosen, change), key);
    const language = wishedLanguage(posted['then']);
    if (switchLanguage(request, response, posted['then']) && language) {
      return this.ask(withLanguage(request, language), response, chosen, key);
    }
    const { unit, purpose, priority } = chosen;
    if (unit === undefined || purpose === undefined || priority === undefined) {
      const open = STEPS.find((step) => chosen[step] === undefined)!;
      return this.ask(request, response, chosen, key, posted['step'] === open);
    }
    response.redirect(303, `/drafts/${await this.create(request, { unit, purpose, priority }, key)}`);
  }

  /** The same form again, by a second press or the back button, leads to the same draft. */
  private async create(
    request: Request,
    { unit, purpose, priority }: Required<Omit<Chosen, 'country'>>,
    key: string,
  ): Promise<string> {
    const officer = visitorOf(request);
    const { name, email } = request.session.who ?? {};
    const wanted = { recipientUnit: unit, purpose: purpose as Purpose, priority };
    const document = newReferral({ officer, name: officer.name ?? name, email }, wanted);
    if (!document) throw new TraoError('forbidden');
    const id = draftIdOf(officer, `new ${key} ${unit} ${purpose} ${priority}`);
    try {
      await saveDraft(officer, { document }, { ...this.desk.ports, newId: () => id });
    } catch (error) {
      // It is there, and somebody has written in it since.
      if (asTraoError(error).code !== 'idempotency_conflict') throw error;
    }
    return id;
  }

  private async ask(request: Request, response: Response, chosen: Chosen, key: string, missing = false): Promise<void> {
    const { shell, self } = this.desk;
    const t = shell.translator(request);
    const language = shell.language(request);
    const countries = await this.countries(request);
    const step = STEPS.find((one) => chosen[one] === undefined) ?? 'priority';
    const country = countries.find(({ node }) => node === chosen.country);
    const options = optionsOf(step, country, countries, language, t);
    const names = STEPS.flatMap((one) => {
      const value = chosen[one];
      if (value === undefined) return [];
      const option = optionsOf(one, country, countries, language, t).find((each) => each.value === value);
      return [{ step: one, value, label: t(`drafts:new.step.${one}`), text: option?.text ?? value }];
    });
    shell.show(request, response, 'drafts/recipient.njk', {
      title: t(`drafts:new.ask.${step}`),
      back: '/new',
      form: 'recipient',
      step,
      options,
      chosen: names,
      key,
      // No foreign body is a first responder there (Modern Slavery Act 2015): whoever sends should know what will be done.
      firstResponder: country?.node === 'gb' && self.node !== 'gb' && step !== 'country',
      errors: missing ? [{ text: t(`drafts:new.missing.${step}`), href: `#${step}` }] : [],
    });
  }

  private async countries(request: Request): Promise<CountryChoice[]> {
    const { shell, self } = this.desk;
    const now = new Date();
    return countriesOf(self, {
      t: shell.translator(request),
      language: shell.language(request),
      now,
      ownZone: shell.timeZone,
      silent: await silentPartners(this.database, now),
    });
  }
}

/** Choices as far as they stand: what can no longer be chosen is asked again, with everything behind it. */
function chosenIn(posted: Readonly<Record<string, unknown>>, countries: readonly CountryChoice[]): Chosen {
  const country = countries.find(({ node }) => node === posted['country']);
  const unit = country?.units.find(({ id, refused }) => id === posted['unit'] && refused === undefined);
  const purpose = codeList('purpose')!.entries.find(({ code }) => code === posted['purpose']);
  const priority = PRIORITIES.find((one) => one === posted['priority']);
  return {
    ...(country && { country: country.node }),
    ...(unit && { unit: unit.id }),
    ...(unit && purpose && { purpose: purpose.code }),
    ...(unit && purpose && priority !== undefined && { priority }),
  };
}

const before = (chosen: Chosen, step: Step): Chosen =>
  Object.fromEntries(STEPS.slice(0, STEPS.indexOf(step)).map((one) => [one, chosen[one]]));

function optionsOf(
  step: Step,
  country: CountryChoice | undefined,
  countries: readonly CountryChoice[],
  language: 'vi' | 'en',
  t: (key: string) => string,
) {
  switch (step) {
    case 'country':
      return countries.map(({ node, name, hint }) => ({ value: node, text: name, hint: { text: hint } }));
    case 'unit':
      return (country?.units ?? []).map(({ id, name, hint, refused }) => ({
        value: id,
        text: name,
        hint: { text: refused ?? hint },
        disabled: refused !== undefined,
      }));
    case 'purpose':
      return codeList('purpose')!.entries.map(({ code, label }) => ({
        value: code,
        text: label[language],
        hint: { text: t(`drafts:new.purpose.${code}`) },
      }));
    case 'priority':
      return PRIORITIES.map((value) => ({
        value,
        text: t(`office:priority.${value}`),
        hint: { text: t(`drafts:new.priority.${value}`) },
      }));
  }
}

/** The id of a draft that begins with one act of one officer, so that the act repeated leads to it again. UUID version 8 (RFC 9562 §5.8). */
export function draftIdOf({ unit, id }: { readonly unit: string; readonly id: string }, act: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(['page draft', unit, id, act]))
    .digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
