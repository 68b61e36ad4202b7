import { countryOf, precisePlaceExpiresAt, withoutExpired } from '.';
import type { Message } from '../schema';
import { listedUnits } from '../schema';
import { EXAMPLES, example } from './fixtures/examples';

const at = (instant: string) => new Date(instant);

describe('a precise place', () => {
  const alert = example('referral-alert-imminent-movement');

  it('expires seven days after its message was written', () => {
    expect(precisePlaceExpiresAt('2026-11-20T22:48:09Z')).toEqual(at('2026-11-27T22:48:09Z'));
  });

  it('is there before and gone then, and everything else stays', () => {
    expect(withoutExpired(alert, at('2026-11-27T22:48:08.999Z'))).toBe(alert);
    const { location, ...rest } = withoutExpired(alert, at('2026-11-27T22:48:09Z')) as Extract<
      Message,
      { identityMode: unknown }
    >;
    expect(location).toEqual({ current: { country: 'BEL', province: 'West-Vlaanderen' } });
    const { location: _replaced, ...others } = alert as never as Record<string, unknown>;
    expect(rest).toEqual(others);
    expect(alert).toEqual(example('referral-alert-imminent-movement'));
  });

  it('goes earlier where it says so itself', () => {
    const brief = structuredClone(alert) as Extract<Message, { identityMode: unknown }>;
    brief.location!.precise!.expiresAt = '2026-11-21T22:48:09Z';
    expect(withoutExpired(brief, at('2026-11-21T22:48:08Z'))).toBe(brief);
    expect(withoutExpired(brief, at('2026-11-21T22:48:09Z')).location).not.toHaveProperty('precise');
    brief.location!.precise!.expiresAt = '2099-11-21T22:48:09Z';
    expect(withoutExpired(brief, at('2026-11-27T22:48:09Z')).location).not.toHaveProperty('precise');
  });

  it.each(['rfi-response-protect-farm', 'update-protect-farm-safe', 'correction-protect-child-field'])(
    'goes from what %s discloses',
    (name) => {
      const message = example(name);
      const member = Object.keys(message).find((key) => ['rfiResponse', 'update', 'correction'].includes(key))!;
      const precise = { address: 'x', basis: 'consent', expiresAt: '2099-01-01T00:00:00Z' };
      const telling = {
        ...message,
        [member]: { disclosed: { location: { current: {}, precise } } },
      };
      const end = precisePlaceExpiresAt(message.header.createdAt);
      expect(JSON.stringify(withoutExpired(telling, new Date(end.getTime() - 1)))).toContain('"precise"');
      expect(JSON.stringify(withoutExpired(telling, end))).not.toContain('"precise"');
    },
  );

  it('is in no other message', () => {
    for (const message of EXAMPLES.values()) {
      const kept = withoutExpired(message, at('2099-01-01T00:00:00Z'));
      expect(JSON.stringify(kept)).not.toContain('"precise"');
    }
    const ping = example('ping-vn-to-gb');
    expect(withoutExpired(ping, at('2099-01-01T00:00:00Z'))).toBe(ping);
  });
});

describe('the country of a node', () => {
  it.each([
    ['vn', 'VNM'],
    ['gb', 'GBR'],
    ['au', 'AUS'],
    ['kh', 'KHM'],
    ['cn', 'CHN'],
    ['eu-de', 'DEU'],
    ['eu-gr', 'GRC'],
  ])('%s is %s', (node, country) => {
    expect(countryOf(node)).toBe(country);
    expect(listedUnits(node).length > 0 || node === 'eu-gr').toBe(true);
  });

  it.each(['xx', '', 'toString', 'de'])('"%s" is none', (node) => {
    expect(countryOf(node)).toBeUndefined();
  });
});
