import type { PartnerWatch } from '../../../../libs/exchange';
import { lightOf, type Light } from '../../../../libs/monitoring';
import type { Language, Translate } from '../../../../libs/pages';
import { formatInstant, formatNumber } from '../../../../libs/text';
import type { watched } from '../../../../libs/storage';

export interface CardWords {
  readonly t: Translate;
  readonly language: Language;
  readonly timeZone: string;
  readonly nameOf: (node: string) => string;
  readonly now: Date;
}

const DAY_MS = 86_400_000;
const COLOURS: Readonly<Record<Light, string>> = { green: 'green', amber: 'yellow', red: 'red', grey: 'grey' };
/** Shapes beside the words, so that lights differ without colours too. */
const SIGNS: Readonly<Record<Light, string>> = { green: '●', amber: '▲', red: '■', grey: '○' };

/** A partner as a card: its light, why, and what stands behind it. */
export function partnerCard(
  facts: watched.PartnerDeliveries,
  watch: PartnerWatch | undefined,
  inForce: number,
  { t, language, timeZone, nameOf, now }: CardWords,
) {
  const { partner, oldestAt, oldestEmergencyAt, certificateEnds, heldSince, failed, waiting } = facts;
  const { clock } = watch ?? {};
  const behind = watch?.version !== undefined && watch.version < inForce;
  const { light, reason } = lightOf(
    {
      held: heldSince !== null,
      oldestAt: oldestAt ?? undefined,
      oldestEmergencyAt: oldestEmergencyAt ?? undefined,
      certificateEnds: certificateEnds ?? undefined,
      askedAt: watch?.askedAt,
      answeredAt: watch?.answeredAt,
      behind,
      clockOffMs: clock === undefined ? 0 : certainly(clock),
      failed,
    },
    now,
  );
  const since = { emergency: oldestEmergencyAt, silent: watch?.answeredAt }[reason as string] ?? oldestAt;
  const clockOf = (at: Date) => formatInstant(at, timeZone, language);
  const list = (more: Readonly<Record<string, string>>) =>
    `/messages?${new URLSearchParams({ direction: 'sent', partner, ...more }).toString()}`;
  return {
    ...facts,
    name: nameOf(partner),
    tag: { text: `${SIGNS[light]} ${t(`overview:light.${light}`)}`, classes: `govuk-tag--${COLOURS[light]}` },
    reason: t(`overview:reason.${reason}`, {
      at: since ? clockOf(since) : '–',
      seconds: clock === undefined ? 0 : formatNumber(Math.round(clock.offsetMs / 1000), language),
    }),
    waitingHref: waiting > 0 ? list({ state: 'waiting' }) : undefined,
    failedHref: failed > 0 ? list({ state: 'failed', since: minuteOf(new Date(now.getTime() - DAY_MS)) }) : undefined,
    daysLeft: certificateEnds === null ? undefined : Math.floor((certificateEnds.getTime() - now.getTime()) / DAY_MS),
    version: watch?.version,
    versionText: behind ? t('overview:card.behind', { version: watch?.version, inForce }) : watch?.version,
  };
}

/** As far as it is certain: the reading without what it may be wrong by. */
function certainly({ offsetMs, doubtMs }: NonNullable<PartnerWatch['clock']>): number {
  return Math.sign(offsetMs) * Math.max(0, Math.abs(offsetMs) - doubtMs);
}

/** A time as filters of the list read it. */
export const minuteOf = (at: Date): string => `${at.toISOString().slice(0, 16)}Z`;
