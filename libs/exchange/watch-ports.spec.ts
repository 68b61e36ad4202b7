import { readHealth } from '.';

const AT = Date.parse('2026-11-22T06:00:00.000Z');
const health = (clock: unknown, more = {}) => Buffer.from(JSON.stringify({ protocol: 1, clock, ...more }));

describe('the clock in the health of a partner', () => {
  it('is held against the middle of the time that the answer took', () => {
    expect(readHealth(health('2026-11-22T06:00:00.000Z'), AT, AT)).toEqual({ offsetMs: 0, doubtMs: 0 });
    expect(readHealth(health('2026-11-22T06:01:30.500Z'), AT, AT + 1_000)).toEqual({ offsetMs: 90_000, doubtMs: 500 });
    expect(readHealth(health('2026-11-22T05:59:00Z'), AT, AT + 3)).toEqual({ offsetMs: -60_001, doubtMs: 1.5 });
  });

  it('is doubted where our own clock was set back meanwhile', () => {
    expect(readHealth(health('2026-11-22T06:00:00.000Z'), AT + 4_000, AT)).toMatchObject({ doubtMs: 2_000 });
  });

  it('may come with more than we know', () => {
    expect(readHealth(health('2026-11-22T06:00:00Z', { region: { a: [1] } }), AT, AT).offsetMs).toBe(0);
  });

  it.each([
    ['a page of a captive portal', Buffer.from('<html>')],
    ['nothing', Buffer.alloc(0)],
    ['null', Buffer.from('null')],
    ['a health without a clock', health(undefined)],
    ['a number', health(AT)],
    ['another form of time', health('Sun, 22 Nov 2026 06:00:00 GMT')],
    ['a local time', health('2026-11-22T06:00:00+07:00')],
    ['a day that is none', health('2026-13-42T06:00:00Z')],
    ['a member twice', Buffer.from('{"clock":"2026-11-22T06:00:00Z","clock":"2026-11-22T06:00:00Z"}')],
    ['more than a health has', health('2026-11-22T06:00:00Z', { long: 'x'.repeat(4096) })],
  ])('is not taken from %s', (_what, body) => {
    expect(() => readHealth(body, AT, AT)).toThrow(expect.objectContaining({ code: 'bad_answer' }));
  });
});
