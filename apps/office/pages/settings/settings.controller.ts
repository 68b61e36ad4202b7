import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import {
  NOTICE_EVENTS,
  readSettings,
  saveSettings,
  type KnownOfficer,
  type OfficerSettings,
  type SettingsPorts,
  type WishedSettings,
} from '../../../../libs/notices';
import { asTraoError } from '../../../../libs/errors';
import type { Translate } from '../../../../libs/pages';
import { saveSession } from '../../../../libs/sign-in';
import { MAILS, SETTINGS_PORTS } from '../../tokens';
import { holdsOne } from '../../../../libs/web';
import { PageFor, READERS, visitorOf } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { zonesFor } from './zones';

/** What an officer has typed or chosen, as the page shows it. */
interface Shown extends Omit<WishedSettings, 'off'> {
  readonly on: readonly string[];
}

interface FieldError {
  readonly field: string;
  readonly text: string;
  readonly href: string;
}

/** What officers want to hear of, and when. Where they are written to, the identity provider says. */
@Controller('settings')
export class SettingsController {
  constructor(
    private readonly shell: Shell,
    @Inject(SETTINGS_PORTS) private readonly ports: SettingsPorts,
    @Inject(MAILS) private readonly mails: boolean,
  ) {}

  @Get()
  @PageFor('signed_in')
  async page(@Req() request: Request, @Res() response: Response): Promise<void> {
    const settings = await readSettings(visitorOf(request), this.known(request), this.ports);
    this.show(request, response, shownOf(settings), []);
  }

  @Post()
  @PageFor('signed_in')
  async save(@Req() request: Request, @Res() response: Response): Promise<void> {
    const wished = wishIn(request.body as Record<string, unknown>);
    const off = NOTICE_EVENTS.filter((event) => !wished.on.includes(event));
    try {
      await saveSettings(visitorOf(request), { ...wished, off }, this.known(request), this.ports);
    } catch (error) {
      const { code, faults } = asTraoError(error);
      if (code !== 'bad_request') throw error;
      const t = this.shell.translator(request);
      return this.show(request, response, wished, errorsOf(faults, t), 422);
    }
    request.session.notice = 'settings:saved';
    // A browser follows a redirect as soon as its head has come: by then the notice has to be there.
    await saveSession(request);
    response.redirect(303, '/settings');
  }

  private known(request: Request): KnownOfficer {
    return {
      email: request.session.who?.email,
      language: this.shell.language(request),
      timeZone: this.shell.timeZone,
    };
  }

  private show(request: Request, response: Response, shown: Shown, errors: readonly FieldError[], status = 200): void {
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    const view = {
      title: t('settings:title'),
      mails: this.mails,
      concerned: holdsOne(visitorOf(request), READERS),
      email: request.session.who?.email,
      shown,
      errors,
      errorOf: Object.fromEntries(errors.map(({ field, text }) => [field, text])),
      events: NOTICE_EVENTS.map((value) => ({
        value,
        text: t(`settings:event.${value}`),
        hint: { text: t(`settings:eventHint.${value}`) },
        checked: shown.on.includes(value),
      })),
      languages: [
        { value: 'vi', text: 'Tiếng Việt', checked: shown.language === 'vi', attributes: { lang: 'vi' } },
        { value: 'en', text: 'English', checked: shown.language === 'en', attributes: { lang: 'en' } },
      ],
      zones: zonesFor(shown.timeZone, language),
    };
    this.shell.show(request, response, 'settings/page.njk', view, status);
  }
}

function shownOf({ language, timeZone, off, quiet }: OfficerSettings): Shown {
  const on = NOTICE_EVENTS.filter((event) => !off.includes(event));
  return { language, timeZone, on, quietFrom: quiet?.from ?? '', quietTo: quiet?.to ?? '' };
}

const MAX_TYPED = 40;

function wishIn(body: Record<string, unknown>): Shown {
  const text = (name: string) => {
    const value = body[name];
    return typeof value === 'string' ? value.trim().slice(0, MAX_TYPED) : '';
  };
  const events = body['events'];
  const on = [...(Array.isArray(events) ? (events as unknown[]) : [events])].filter(
    (event) => typeof event === 'string',
  );
  const time = (name: string) => completeTime(text(name));
  return {
    language: text('language'),
    timeZone: text('timeZone'),
    on,
    quietFrom: time('quietFrom'),
    quietTo: time('quietTo'),
  };
}

/** As people write times: `7:00`, `7.00`, `22h30`, `22`. What is none of these stays as it was typed. */
function completeTime(typed: string): string {
  const [, hour, minute = '00'] = /^(\d{1,2})(?:[:.hg](\d{2})?)?$/i.exec(typed) ?? [];
  return hour === undefined ? typed : `${hour.padStart(2, '0')}:${minute}`;
}

function errorsOf(faults: readonly { readonly pointer: string; readonly code: string }[], t: Translate): FieldError[] {
  return faults.map(({ pointer, code }) => {
    const field = pointer.slice(1);
    return { field, text: t(`settings:wrong.${field}.${code}`), href: `#${field}` };
  });
}
