import { THRESHOLDS, type Thresholds } from './thresholds';

/** How it stands with a partner, at a glance. `grey`: at rest by our own will, or nobody has looked yet. */
export const LIGHTS = ['green', 'amber', 'red', 'grey'] as const;
export type Light = (typeof LIGHTS)[number];

/** Why: the gravest reason counts, and is said. */
export const LIGHT_REASONS = [
  'held',
  'emergency',
  'waits_long',
  'certificate_ended',
  'silent',
  'never',
  'waits',
  'certificate',
  'clock',
  'behind',
  'failed',
  'not_asked',
  'good',
] as const;
export type LightReason = (typeof LIGHT_REASONS)[number];

/** What is known of a partner. */
export interface PartnerSigns {
  readonly held: boolean;
  readonly oldestAt: Date | undefined;
  readonly oldestEmergencyAt: Date | undefined;
  /** When its certificate ends; undefined where nobody has seen one. */
  readonly certificateEnds: Date | undefined;
  /** When a worker asked it last; undefined before the first time. */
  readonly askedAt: Date | undefined;
  readonly answeredAt: Date | undefined;
  readonly behind: boolean;
  /** Its clock minus ours, in milliseconds, as far as that is certain. */
  readonly clockOffMs: number;
  /** Messages of the last day that failed. */
  readonly failed: number;
}

/** Workers ask every partner each five minutes; two missed answers and some time are silence. */
const SILENT_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
/** From so many days on a certificate that ends is told of each week, and looked at. */
const CERTIFICATE_DAYS = 14;

/** The light of a partner and the reason for it. */
export function lightOf(
  signs: PartnerSigns,
  now: Date,
  thresholds: Thresholds = THRESHOLDS,
): { readonly light: Light; readonly reason: LightReason } {
  const { certificateEnds, askedAt, answeredAt } = signs;
  const age = (since: Date | undefined) => (since === undefined ? 0 : now.getTime() - since.getTime());
  const left = certificateEnds === undefined ? Infinity : certificateEnds.getTime() - now.getTime();
  const reasons: readonly (readonly [Light, LightReason, boolean])[] = [
    ['grey', 'held', signs.held],
    ['red', 'emergency', age(signs.oldestEmergencyAt) > thresholds.emergencyMs],
    ['red', 'waits_long', age(signs.oldestAt) > thresholds.unsentHighMs],
    ['red', 'certificate_ended', left <= 0],
    ['red', 'silent', answeredAt !== undefined && age(answeredAt) > SILENT_MS],
    ['red', 'never', askedAt !== undefined && answeredAt === undefined],
    ['amber', 'waits', age(signs.oldestAt) > thresholds.unsentWarnMs],
    ['amber', 'certificate', left <= CERTIFICATE_DAYS * DAY_MS],
    ['amber', 'clock', Math.abs(signs.clockOffMs) > thresholds.clockSkewMs],
    ['amber', 'behind', signs.behind],
    ['amber', 'failed', signs.failed > 0],
    ['grey', 'not_asked', askedAt === undefined],
  ];
  const [light, reason] = reasons.find(([, , holds]) => holds) ?? ['green', 'good'];
  return { light, reason };
}
