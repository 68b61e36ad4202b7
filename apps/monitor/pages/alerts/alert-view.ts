import {
  ALERT_TITLES,
  LEVEL_WORDS,
  plainSubject,
  type Alert,
  type AlertLevel,
  type AlertState,
} from '../../../../libs/monitoring';
import type { Language, Translate } from '../../../../libs/pages';
import type { desk } from '../../../../libs/storage';

/** A sign beside the word and the colour: nobody has to tell colours apart. */
const SIGNS: Readonly<Record<AlertLevel, string>> = { warn: '!', high: '!!', critical: '!!!' };
const LEVEL_CLASSES: Readonly<Record<AlertLevel, string>> = {
  warn: 'govuk-tag--yellow',
  high: 'govuk-tag--orange',
  critical: 'govuk-tag--red',
};
const STATE_CLASSES: Readonly<Record<AlertState, string>> = {
  new: 'govuk-tag--blue',
  acknowledged: 'govuk-tag--grey',
  resolved: 'govuk-tag--green',
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NODE = /^[a-z]{2}(?:-[a-z]{2})?$/;

export const levelView = (level: AlertLevel, language: Language) => ({
  sign: SIGNS[level],
  text: LEVEL_WORDS[level][language],
  classes: LEVEL_CLASSES[level],
});

const stateView = (state: AlertState, t: Translate) => ({
  text: t(`alerts:state.${state}`),
  classes: STATE_CLASSES[state],
});

/** An alert as a page shows it. Whatever a subject was made of, only an id is shown. */
export function alertView(alert: Alert, tells: readonly desk.LastTell[], t: Translate, language: Language, now: Date) {
  const { id, kind, level, state, subject, firstAt, lastAt, count, code, detail, silencedUntil } = alert;
  return {
    id,
    kind,
    title: ALERT_TITLES[kind][language],
    level: levelView(level, language),
    state: stateView(state, t),
    open: state !== 'resolved',
    taken: state === 'acknowledged',
    subject: { text: plainSubject(subject), href: subjectHref(alert) },
    firstAt,
    lastAt,
    count,
    code,
    detail,
    acknowledgedBy: alert.acknowledgedBy,
    acknowledgedAt: alert.acknowledgedAt,
    resolvedAt: alert.resolvedAt,
    silencedUntil: silencedUntil && silencedUntil > now ? silencedUntil : undefined,
    nextTellAt: alert.nextTellAt,
    told: tells.map((tell) => tellView(tell, t)),
  };
}

type ShownTell = Pick<desk.LastTell, 'channel' | 'target' | 'event' | 'at' | 'attempts'> & {
  readonly sentAt: Date | null | undefined;
  readonly code: string | null | undefined;
};

/** To whom, by which way, how often it was tried, and how that ended. */
export function tellView({ channel, target, event, at, attempts, sentAt, code }: ShownTell, t: Translate) {
  const state = sentAt ? 'sent' : code ? 'failed' : 'waiting';
  return {
    channel: t(`alerts:channel.${channel}`),
    target: channel === 'webhook' ? hostOf(target) : target,
    event: t(`alerts:event.${event}`),
    at,
    state: t(`alerts:tellState.${state}`),
    attempts: t('alerts:attempts', { n: attempts }),
    code: sentAt ? undefined : code,
  };
}

/** Of a webhook its host: the rest of an address is often a secret. */
const hostOf = (target: string) => (URL.canParse(target) ? new URL(target).host : target);

function subjectHref({ kind, subject }: Alert): string | undefined {
  if (UUID.test(subject)) return kind.startsWith('file_') ? undefined : `/messages/${subject}`;
  return NODE.test(subject) && !kind.startsWith('no_') ? `/partners/${subject}` : undefined;
}
