import { DEADLINES } from '../deadlines';
import { agreedDeadlines } from './agreed-deadlines';

describe('agreedDeadlines', () => {
  it('gives the table where nothing was agreed', () => {
    expect(agreedDeadlines(undefined)('gb')).toEqual(DEADLINES);
  });

  it('changes what was agreed with a partner, for that partner only', () => {
    const term = { count: 3, unit: 'workingDays' };
    const deadlinesWith = agreedDeadlines(JSON.stringify({ gb: { ack: term } }));
    expect(deadlinesWith('gb').ack.terms).toEqual({ emergency: term, urgent: term, normal: term });
    expect(deadlinesWith('gb').human_ack).toEqual(DEADLINES.human_ack);
    expect(deadlinesWith('kh')).toEqual(DEADLINES);
  });

  it.each([
    ['no JSON', '{'],
    ['a key twice', '{"gb": {}, "gb": {}}'],
    ['an unknown deadline', '{"gb": {"never": {"count": 1, "unit": "days"}}}'],
    ['a deadline that no agreement changes', '{"gb": {"closure_silence": {"count": 1, "unit": "days"}}}'],
  ])('refuses %s, naming the setting', (_what, text) => {
    expect(() => agreedDeadlines(text)).toThrow(
      expect.objectContaining({ code: 'config_invalid', detail: expect.stringContaining('DEADLINES_FILE: ') }),
    );
  });
});
