import { clockParts } from './clocks';
import { calendarDays } from './wall-clock';
import type { Language } from './zones';

/** When something is due, as people say it. */
export interface DueText {
  readonly text: string;
  readonly overdue: boolean;
  /** Calendar days to go on the clocks of the zone; negative when the day is over. */
  readonly days: number;
}

/**
 * "due in 2 days", "due tomorrow", "due today at 17:00", "overdue since 17:00 today", "overdue 1 day"; in Vietnamese
 * "còn 2 ngày", "quá hạn 2 ngày". Days are those of the calendar in `zone`, of whoever has to act: what is due at 00:30
 * tomorrow is due tomorrow, also at 23:00.
 */
export function dueText(due: Date, now: Date, zone: string, language: Language): DueText {
  const days = calendarDays(now, due, zone);
  const overdue = due.getTime() < now.getTime();
  const { time } = clockParts(due, zone, language);
  return { text: language === 'vi' ? vietnamese(days, overdue, time) : english(days, overdue, time), overdue, days };
}

function english(days: number, overdue: boolean, time: string): string {
  if (days < 0) return `overdue ${-days} ${days === -1 ? 'day' : 'days'}`;
  if (days > 1) return `due in ${days} days`;
  if (days === 1) return 'due tomorrow';
  return overdue ? `overdue since ${time} today` : `due today at ${time}`;
}

function vietnamese(days: number, overdue: boolean, time: string): string {
  if (days < 0) return `quá hạn ${-days} ngày`;
  if (days > 1) return `còn ${days} ngày`;
  if (days === 1) return 'hạn ngày mai';
  return overdue ? `quá hạn từ ${time} hôm nay` : `hạn ${time} hôm nay`;
}
