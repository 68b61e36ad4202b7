import { recovering } from '.';

const { countFault, MAX_RECOVERED, OUTCOMES, outcomeOf, readRecoverPlan, recoverForm } = recovering;
const CONTEXT = { partners: ['gb'], zone: 'Asia/Ho_Chi_Minh', now: new Date('2026-11-29T14:00:00Z') };
const FORM = { partner: 'gb', since: '2026-11-29T10:00', until: '', perMinute: '60', states: ['failed'] };
const read = (more: Partial<typeof FORM> = {}) => readRecoverPlan({ ...FORM, ...more }, CONTEXT);

describe('a recovery', () => {
  it('is read with its window, up to now where no end is given', () => {
    expect(read()).toEqual({
      plan: {
        partner: 'gb',
        since: new Date('2026-11-29T03:00:00Z'),
        until: CONTEXT.now,
        states: ['failed'],
        perMinute: 60,
      },
    });
    expect(read({ until: '2026-11-29T12:00', states: ['waiting', 'never_tried'] })).toMatchObject({
      plan: { until: new Date('2026-11-29T05:00:00Z'), states: ['never_tried', 'waiting'] },
    });
  });

  it.each([
    [{ partner: '' }, '/partner', 'required'],
    [{ partner: 'fr' }, '/partner', 'bad_parameter'],
    [{ since: '' }, '/since', 'required'],
    [{ since: 'long ago' }, '/since', 'bad_parameter'],
    [{ since: '2026-11-30' }, '/since', 'window_in_future'],
    [{ until: 'later' }, '/until', 'bad_parameter'],
    [{ until: '2026-11-29T09:00' }, '/until', 'window_ends_first'],
    [{ since: '2026-10-01' }, '/until', 'window_too_wide'],
    [{ states: [] }, '/states', 'required'],
    [{ perMinute: '' }, '/perMinute', 'too_small'],
    [{ perMinute: '-5' }, '/perMinute', 'too_small'],
    [{ perMinute: '601' }, '/perMinute', 'too_big'],
  ])('with %j has a fault', (more, pointer, code) => {
    expect(read(more)).toMatchObject({ faults: [{ pointer, code }] });
  });

  it('tells all faults at once', () => {
    const found = read({ partner: '', since: '', states: [], perMinute: '0' });
    expect(found).toMatchObject({ faults: [{}, {}, {}, {}] });
  });

  it('reads a form whatever it was sent as', () => {
    expect(recoverForm({ partner: ' gb ', since: 7, states: ['waiting', 'all'], perMinute: '9'.repeat(99) })).toEqual({
      partner: 'gb',
      since: '',
      until: '',
      perMinute: '9'.repeat(64),
      states: ['waiting'],
    });
    expect(recoverForm({ states: 'failed' }).states).toEqual(['failed']);
  });

  it('is refused when it finds nothing, or too much at once', () => {
    expect(countFault(0)).toMatchObject({ code: 'none_to_resend' });
    expect(countFault(1)).toBeUndefined();
    expect(countFault(MAX_RECOVERED)).toBeUndefined();
    expect(countFault(MAX_RECOVERED + 1)).toMatchObject({ code: 'too_many_to_resend' });
  });
});

describe('the outcome of a message in a recovery', () => {
  it.each([
    ['received', 'undeliverable', true, 'arrived'],
    ['delivered', 'queued', true, 'arrived'],
    ['opened', 'queued', false, 'arrived'],
    ['queued', 'undeliverable', false, 'waiting'],
    ['sending', 'sending', true, 'waiting'],
    ['undeliverable', 'undeliverable', true, 'failed'],
    ['undeliverable', 'undeliverable', false, 'stopped'],
    ['undeliverable', 'queued', false, 'failed'],
    ['refused', 'undeliverable', true, 'failed'],
    ['expired', 'undeliverable', false, 'failed'],
  ])('%s after %s, tried: %s, is %s', (state, former, tried, outcome) => {
    expect(outcomeOf(state, former, tried)).toBe(outcome);
    expect(OUTCOMES).toContain(outcome);
  });
});
