import { CATALOGUE, WIRE_CODES } from '../errors';
import type { Language } from '../text';
import { ALERT_LEVELS, type AlertKind, type AlertLevel } from './alert-kinds';
import type { TellEvent } from './alert-state';
import { ALERT_TITLES, LEVEL_WORDS, TELL_WORDS } from './alert-titles';

/** One thing that people are told. Ids, codes, numbers and times: nothing else leaves this machine. */
export interface Told {
  readonly alertId: string;
  readonly event: TellEvent;
  /** When it was seen. */
  readonly at: Date;
  readonly kind: AlertKind;
  readonly level: AlertLevel;
  readonly subject: string;
  readonly count: number;
  readonly firstAt: Date;
  readonly code: string | undefined;
}

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** In one mail at most; the rest is a number, and stands on the page. */
const LINES = 30;
/** Ids of nodes, units, keys, hosts, messages. What a stranger has named, as in a certificate, may be anything: a link, a sentence. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._: -]{0,119}$/;
const CODES: ReadonlySet<string> = new Set([...Object.keys(CATALOGUE), ...WIRE_CODES]);

const WORDS = {
  en: {
    many: (count: number, level: string) => `${count} alerts, the highest: ${level}`,
    about: 'about',
    count: 'times',
    since: 'since',
    code: 'code',
    alert: 'alert',
    more: (count: number) => `and ${count} more.`,
    end: 'The page of alerts at the monitor says more, and the runbook of the same name says what to do.',
    test: 'This is a test of alerts by mail. There is nothing to do.',
  },
  vi: {
    many: (count: number, level: string) => `${count} cảnh báo, mức cao nhất: ${level}`,
    about: 'về',
    count: 'số lần',
    since: 'từ',
    code: 'mã',
    alert: 'cảnh báo',
    more: (count: number) => `và ${count} cảnh báo khác.`,
    end: 'Trang cảnh báo của hệ thống giám sát có thêm thông tin; hướng dẫn xử lý cùng tên cho biết cần làm gì.',
    test: 'Đây là thư kiểm tra việc gửi cảnh báo. Bạn không cần làm gì.',
  },
} as const;

/** The mail about one thing or several. No link: operators know where their monitor is, and a mail with a link can be imitated. */
export function alertMail(node: string, told: readonly Told[], language: Language): MailText {
  const words = WORDS[language];
  const sorted = told.toSorted((a, b) => rank(b.level) - rank(a.level));
  const [worst] = sorted;
  if (!worst) return { subject: `Trao ${node}`, text: `${words.test}\n` };
  const level = LEVEL_WORDS[worst.level][language];
  const heading = `${level}, ${TELL_WORDS[worst.event][language]}: ${ALERT_TITLES[worst.kind][language]}`;
  const more = told.length - LINES;
  return {
    subject: `Trao ${node}: ${told.length === 1 ? heading : words.many(told.length, level)}`,
    text: [
      ...sorted.slice(0, LINES).map((one) => lineOf(one, language)),
      ...(more > 0 ? [words.more(more)] : []),
      words.end,
      '',
    ].join('\n\n'),
  };
}

function lineOf({ alertId, event, at, kind, level, subject, count, firstAt, code }: Told, language: Language): string {
  const words = WORDS[language];
  return [
    `${LEVEL_WORDS[level][language]} · ${kind} · ${ALERT_TITLES[kind][language]}`,
    `  ${TELL_WORDS[event][language]} ${instant(at)}; ${words.since} ${instant(firstAt)}; ${words.count}: ${count}`,
    `  ${words.about}: ${plainSubject(subject)}${isCode(code) ? `; ${words.code}: ${code}` : ''}`,
    `  ${words.alert}: ${alertId}`,
  ].join('\n');
}

/** The body of a webhook (Standard Webhooks 1.0.0: `type`, `timestamp`, `data`). The same bytes each time that it is tried. */
export function alertWebhook(node: string, told: Told): string {
  const { alertId, event, at, kind, level, subject, count, firstAt, code } = told;
  return JSON.stringify({
    type: `alert.${event}`,
    timestamp: at.toISOString(),
    data: {
      node,
      id: alertId,
      kind,
      level,
      subject: plainSubject(subject),
      count,
      firstAt: firstAt.toISOString(),
      ...(isCode(code) && { code }),
    },
  });
}

/** What a webhook gets when somebody tries whether it works. */
export function testWebhook(node: string, at: Date): string {
  return JSON.stringify({ type: 'alert.test', timestamp: at.toISOString(), data: { node } });
}

/** An id as it may be told; anything else is called unreadable. */
export const plainSubject = (subject: string): string => (PLAIN.test(subject) ? subject : 'unreadable');

const isCode = (code: string | undefined): code is string => code !== undefined && CODES.has(code);
const rank = (level: AlertLevel) => ALERT_LEVELS.indexOf(level);
const instant = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
