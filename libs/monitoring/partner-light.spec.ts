import { lightOf, LIGHT_REASONS, LIGHTS, type PartnerSigns } from './partner-light';

const NOW = new Date('2026-11-29T12:00:00Z');
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
const GOOD: PartnerSigns = {
  held: false,
  oldestAt: undefined,
  oldestEmergencyAt: undefined,
  certificateEnds: inDays(90),
  askedAt: ago(1),
  answeredAt: ago(1),
  behind: false,
  clockOffMs: 200,
  failed: 0,
};

const CASES: readonly (readonly [Partial<PartnerSigns>, string, string])[] = [
  [{}, 'green', 'good'],
  [{ certificateEnds: undefined }, 'green', 'good'],
  [{ oldestAt: ago(15), oldestEmergencyAt: ago(10) }, 'green', 'good'],
  [{ held: true, failed: 3, answeredAt: undefined }, 'grey', 'held'],
  [{ oldestEmergencyAt: ago(11), oldestAt: ago(11) }, 'red', 'emergency'],
  [{ oldestAt: ago(121) }, 'red', 'waits_long'],
  [{ certificateEnds: inDays(-1) }, 'red', 'certificate_ended'],
  [{ answeredAt: ago(16) }, 'red', 'silent'],
  [{ answeredAt: undefined }, 'red', 'never'],
  [{ oldestAt: ago(16) }, 'amber', 'waits'],
  [{ certificateEnds: inDays(14) }, 'amber', 'certificate'],
  [{ clockOffMs: -31_000 }, 'amber', 'clock'],
  [{ behind: true }, 'amber', 'behind'],
  [{ failed: 1 }, 'amber', 'failed'],
  [{ askedAt: undefined, answeredAt: undefined }, 'grey', 'not_asked'],
];

describe('the light of a partner', () => {
  it.each(CASES)('with %j is %s: %s', (signs, light, reason) => {
    expect(lightOf({ ...GOOD, ...signs }, NOW)).toEqual({ light, reason });
  });

  it('has every light and every reason at some time', () => {
    const found = CASES.map(([signs]) => lightOf({ ...GOOD, ...signs }, NOW));
    expect(new Set(found.map(({ light }) => light))).toEqual(new Set(LIGHTS));
    expect(new Set(found.map(({ reason }) => reason))).toEqual(new Set(LIGHT_REASONS));
  });

  it('says the gravest reason', () => {
    const all = { oldestAt: ago(300), oldestEmergencyAt: ago(300), failed: 9, behind: true, answeredAt: ago(99) };
    expect(lightOf({ ...GOOD, ...all }, NOW).reason).toBe('emergency');
  });
});
