import { MemoryNotices } from '../../test/fakes/memory-notices';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import { DIGEST_MS, URGENT_MS, type OfficerSettings } from './notice-rules';
import { sendNotices } from './send-notices';

const UNIT = 'gb.ho-sca';
const DESK = officer(UNIT, 'receiving_desk');
const OTHER = officer(UNIT, 'liaison_officer');
const SETTINGS: OfficerSettings = { email: 'desk@gb.example', language: 'en', timeZone: 'UTC', off: [] };
const MINUTE_MS = 60_000;

async function office(start = '2026-11-29T09:00:00.000Z') {
  const { gb, clock } = await twoCountries(1, start);
  const notices = new MemoryNotices(gb, UNIT);
  notices.settings.set(DESK.id, SETTINGS);
  const mails: string[] = [];
  const failures: unknown[] = [];
  let fails: Error | undefined;
  let meanwhile: () => void = () => undefined;
  const ports = {
    clock,
    transaction: notices.transaction,
    mail: (to: string, language: string) => {
      meanwhile();
      if (fails) return Promise.reject(fails);
      mails.push(`${to} ${language}`);
      return Promise.resolve();
    },
    onFailure: (error: unknown) => failures.push(error),
  };
  return {
    clock,
    notices,
    mails,
    failures,
    want: (urgent = false, officerId = DESK.id) => notices.want({ officer: officerId, urgent, dueAt: clock.now() }),
    send: (officers = [DESK, OTHER]) => sendNotices(UNIT, officers, ports),
    fail: (error: Error | undefined) => (fails = error),
    during: (what: () => void) => (meanwhile = what),
    row: () => notices.rows.get(DESK.id)!,
  };
}

describe('a mail to an officer', () => {
  it('goes once, however much has happened', async () => {
    const { want, send, mails, row, clock } = await office();
    want();
    want();
    expect(await send()).toBe(1);
    expect(mails).toEqual(['desk@gb.example en']);
    expect(row()).toMatchObject({ dueAt: undefined, sentAt: clock.now(), attempts: 0 });
    expect(await send()).toBe(0);
  });

  it('goes when it is due and not before', async () => {
    const { notices, send, clock } = await office();
    notices.want({ officer: DESK.id, urgent: false, dueAt: new Date(clock.now().getTime() + 1) });
    expect(await send()).toBe(0);
    clock.advance(1);
    expect(await send()).toBe(1);
  });

  it.each([
    ['', false, DIGEST_MS],
    ['urgent', true, URGENT_MS],
  ])('is followed by another one for what happens while it goes, after a pause: %s', async (_how, urgent, pause) => {
    const { want, send, during, clock } = await office();
    want();
    during(() => want(urgent));
    expect(await send()).toBe(1);
    during(() => undefined);
    clock.advance(pause - 1);
    expect(await send()).toBe(0);
    clock.advance(1);
    expect(await send()).toBe(1);
    clock.advance(10 * pause);
    expect(await send()).toBe(0);
  });

  it('waits for the end of quiet hours that have begun meanwhile, unless it is urgent', async () => {
    const { notices, want, send, clock } = await office('2026-11-29T22:30:00.000Z');
    notices.settings.set(DESK.id, { ...SETTINGS, quiet: { from: '22:00', to: '23:00' } });
    want();
    expect(await send()).toBe(0);
    clock.advance(30 * MINUTE_MS);
    expect(await send()).toBe(1);
    clock.advance(23 * 60 * MINUTE_MS + 30 * MINUTE_MS);
    want(true);
    expect(await send()).toBe(1);
  });

  it('goes to nobody who has left or has no address any more', async () => {
    const { notices, want, send, mails, row } = await office();
    want();
    expect(await send([OTHER])).toBe(0);
    expect(row()).toMatchObject({ dueAt: undefined, claimedUntil: undefined });
    notices.settings.set(DESK.id, { ...SETTINGS, email: undefined });
    want();
    expect(await send()).toBe(0);
    notices.settings.set(DESK.id, SETTINGS);
    expect(await send()).toBe(0);
    expect(mails).toEqual([]);
  });

  it('is tried again after one minute, two, four … at most an hour, and given up after a day', async () => {
    const { want, send, fail, failures, mails, row, clock } = await office();
    want(true);
    fail(new Error('server away'));
    const pauses: number[] = [];
    while (true) {
      expect(await send()).toBe(0);
      const { dueAt } = row();
      if (!dueAt) break;
      const pause = dueAt.getTime() - clock.now().getTime();
      pauses.push(pause / MINUTE_MS);
      clock.advance(pause);
    }
    expect(pauses.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    const waited = pauses.reduce((sum, pause) => sum + pause, 0);
    expect(waited).toBeGreaterThan(24 * 60);
    expect(waited).toBeLessThanOrEqual(25 * 60);
    expect(failures).toHaveLength(pauses.length + 1);
    expect(mails).toEqual([]);
    fail(undefined);
    want();
    expect(await send()).toBe(1);
    expect(row().attempts).toBe(0);
  });

  it('that failed keeps its urgency', async () => {
    const { notices, want, send, fail, clock } = await office('2026-11-29T22:30:00.000Z');
    notices.settings.set(DESK.id, { ...SETTINGS, quiet: { from: '22:00', to: '23:00' } });
    want(true);
    fail(new Error('server away'));
    await send();
    fail(undefined);
    clock.advance(MINUTE_MS);
    expect(await send()).toBe(1);
  });

  it('is sent by another process when the one that took it has ended', async () => {
    const { notices, want, send, mails, clock } = await office();
    want(true);
    await notices.transaction(UNIT, (store) =>
      store.claimDue(UNIT, clock.now(), new Date(clock.now().getTime() + 120_000), 20),
    );
    expect(await send()).toBe(0);
    clock.advance(120_000);
    expect(await send()).toBe(1);
    expect(mails).toHaveLength(1);
  });

  it('that does not reach one officer reaches the others', async () => {
    const { notices, want, send, mails, during, fail } = await office();
    notices.settings.set(OTHER.id, { ...SETTINGS, email: 'liaison@gb.example', language: 'vi' });
    want();
    want(false, OTHER.id);
    let first = true;
    during(() => {
      fail(first ? new Error('mailbox full') : undefined);
      first = false;
    });
    expect(await send()).toBe(1);
    expect(mails).toEqual(['liaison@gb.example vi']);
  });
});
