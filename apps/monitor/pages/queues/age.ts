import type { Translate } from '../../../../libs/pages';

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** How long ago something began, in its two largest units: "3 h 5 min". */
export function ageText(since: Date, now: Date, t: Translate): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000));
  if (seconds < MINUTE_S) return t('queues:age.seconds', { seconds });
  if (seconds < HOUR_S) return t('queues:age.minutes', { minutes: Math.floor(seconds / MINUTE_S) });
  if (seconds < DAY_S)
    return t('queues:age.hours', {
      hours: Math.floor(seconds / HOUR_S),
      minutes: Math.floor((seconds % HOUR_S) / MINUTE_S),
    });
  return t('queues:age.days', { days: Math.floor(seconds / DAY_S), hours: Math.floor((seconds % DAY_S) / HOUR_S) });
}
