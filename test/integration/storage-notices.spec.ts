import { digestOf } from '../../libs/envelope';
import type { Notice, OfficerSettings } from '../../libs/notices';
import { forUnit, noticeSendingStore, noticeStore, settingsStore, type Database } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { caseOf, draftOf, eventOf, inSeconds, putOutbox } from './rows-fixture';

const [POLICE, HOTLINE] = ['vn.mps-criminal', 'vn.hotline-111'];
const SETTINGS: OfficerSettings = { email: 'a@vn.example', language: 'vi', timeZone: 'Asia/Ho_Chi_Minh', off: [] };

let node: NodeDatabase;
let second: Database;
beforeAll(async () => {
  node = await startNodeDatabase('notices');
  second = await node.open('office');
});
afterAll(async () => {
  await second?.close();
  await node?.remove();
});
afterEach(() =>
  node.owner.query(
    'TRUNCATE officer_setting, notice, notice_seen, notice_look, case_event, unit_case, draft, outbox CASCADE',
  ),
);

const looking = (database = node.office) => forUnit(database, noticeStore);
const sending = (database = node.office) => forUnit(database, noticeSendingStore);
const choosing = () => forUnit(node.office, settingsStore);
const since = (unit = POLICE) => looking()(unit, async (store) => (await store.beginLook(unit))?.since);

/** A case with a message, as the worker files it. */
async function filed(unit: string, at = new Date()) {
  const record = caseOf(unit);
  const event = eventOf(record, { direction: 'filed', at });
  await node.owner.query('INSERT INTO unit_case (unit, referral_id, wrapped_key, summary) VALUES ($1, $2, $3, $4)', [
    unit,
    record.referralId,
    record.wrappedKey,
    record.summary,
  ]);
  await putEvent(event);
  return { record, event };
}

const putEvent = ({ unit, referralId, messageId, direction, at, original }: ReturnType<typeof eventOf>) =>
  node.owner.query(
    `INSERT INTO case_event (unit, referral_id, message_id, direction, at, original) VALUES ($1, $2, $3, $4, $5, $6)`,
    [unit, referralId, messageId, direction, at, original],
  );

describe('a look at a unit', () => {
  it('begins where the last one began, a little earlier; the first one begins now', async () => {
    const [{ now }] = (await node.owner.query<{ now: Date }>('SELECT now() AS now')) as [{ now: Date }];
    const first = await since();
    expect(Math.abs(first!.getTime() - now.getTime())).toBeLessThan(5_000);
    expect(await since()).toEqual(first);
    await node.owner.query(`UPDATE notice_look SET at = now() - interval '1 day'`);
    const late = await since();
    expect(now.getTime() - late!.getTime()).toBeGreaterThan(86_400_000);
    expect((await since())!.getTime()).toBeGreaterThan(late!.getTime());
  });

  it('is one process’s at a time', async () => {
    await since();
    await looking()(POLICE, async (store) => {
      expect(await store.beginLook(POLICE)).toBeDefined();
      await looking(second)(POLICE, async (other) => expect(await other.beginLook(POLICE)).toBeUndefined());
      await looking(second)(HOTLINE, async (other) => expect(await other.beginLook(HOTLINE)).toBeDefined());
    });
  });

  it('forgets what it noted when it does not end', async () => {
    const fails = looking()(POLICE, async (store) => {
      await store.beginLook(POLICE);
      expect(await store.unseen(POLICE, ['a'])).toEqual(['a']);
      throw new Error('crash');
    });
    await expect(fails).rejects.toThrow('crash');
    await looking()(POLICE, async (store) => expect(await store.unseen(POLICE, ['a'])).toEqual(['a']));
  });

  it('finds what was filed since, in this unit only', async () => {
    const start = new Date();
    const { record, event } = await filed(POLICE);
    await filed(HOTLINE);
    await putEvent(eventOf(record, { direction: 'sent' }));
    const old = await filed(POLICE, inSeconds(-86_400));
    await node.owner.query(`UPDATE unit_case SET changed_at = now() - interval '1 day' WHERE referral_id = $1`, [
      old.record.referralId,
    ]);
    await looking()(POLICE, async (store) => {
      const found = await store.filedSince(POLICE, start);
      expect(found).toEqual([{ referralId: record.referralId, messageId: event.messageId }]);
      expect((await store.cases(POLICE, [record.referralId])).map(({ unit }) => unit)).toEqual([POLICE]);
      expect(await store.filedSince(HOTLINE, start)).toEqual([]);
    });
  });

  it('leaves out messages that were told of, by the name that they have then', async () => {
    const start = inSeconds(-1);
    const [told, other] = [await filed(POLICE), await filed(POLICE)];
    await looking()(HOTLINE, (store) => store.unseen(HOTLINE, [digestOf(`filed ${other.event.messageId}`)]));
    await looking()(POLICE, async (store) => {
      await store.unseen(POLICE, [digestOf(`filed ${told.event.messageId}`)]);
      const found = await store.filedSince(POLICE, start);
      expect(found.map(({ messageId }) => messageId)).toEqual([other.event.messageId]);
    });
  });

  it('finds messages of the unit that have come to nothing', async () => {
    const start = inSeconds(-1);
    const { record } = await filed(POLICE);
    const [failed, delivered] = await putOutbox(node.owner, [{ state: 'undeliverable' }, { state: 'delivered' }]);
    const [foreign] = await putOutbox(node.owner, [{ state: 'refused' }]);
    for (const messageId of [failed!, delivered!]) await putEvent(eventOf(record, { messageId }));
    const other = await filed(HOTLINE);
    await putEvent(eventOf(other.record, { messageId: foreign! }));
    await looking()(POLICE, async (store) => {
      expect(await store.failedSince(POLICE, start)).toEqual([failed]);
      expect(await store.failedSince(POLICE, inSeconds(60))).toEqual([]);
    });
  });

  it('finds drafts that were changed, and cases whose time comes near', async () => {
    const { unit, id, wrappedKey, body, expiresAt } = draftOf(POLICE);
    await node.owner.query('INSERT INTO draft (unit, id, wrapped_key, body, expires_at) VALUES ($1, $2, $3, $4, $5)', [
      unit,
      id,
      wrappedKey,
      body,
      expiresAt,
    ]);
    const [near, far, never] = [await filed(POLICE), await filed(POLICE), await filed(POLICE)];
    const mark = (referralId: string, hours: number) =>
      node.owner.query(
        `UPDATE unit_case SET next_mark_at = now() + $2 * interval '1 hour', changed_at = now() - interval '1 day' WHERE referral_id = $1`,
        [referralId, hours],
      );
    await mark(near.record.referralId, 23);
    await mark(far.record.referralId, 30);
    await looking()(POLICE, async (store) => {
      expect((await store.draftsSince(POLICE, inSeconds(-60))).map((draft) => draft.id)).toEqual([id]);
      expect(await store.draftsSince(POLICE, inSeconds(60))).toEqual([]);
      const due = async (from: number, changed: number) =>
        (await store.casesDue(POLICE, inSeconds(from * 3600), inSeconds(24 * 3600), inSeconds(changed * 3600))).map(
          ({ referralId }) => referralId,
        );
      expect(await due(22, -1)).toEqual([near.record.referralId]);
      expect(await due(23.5, -1)).toEqual([]);
      expect(await due(23.5, -48)).toEqual([near.record.referralId]);
      expect(await due(0, -1)).not.toContain(never.record.referralId);
    });
  });

  it('tells each event once, and forgets its name after a month', async () => {
    await looking()(POLICE, async (store) => {
      expect((await store.unseen(POLICE, ['a', 'b'])).toSorted()).toEqual(['a', 'b']);
      expect(await store.unseen(POLICE, ['b', 'c'])).toEqual(['c']);
    });
    await looking()(HOTLINE, async (store) => expect(await store.unseen(HOTLINE, ['a'])).toEqual(['a']));
    await node.owner.query(`UPDATE notice_seen SET at = now() - interval '31 days' WHERE event = 'a'`);
    await since();
    const left = await node.owner.query<{ unit: string; event: string }>(
      'SELECT unit, event FROM notice_seen ORDER BY unit, event',
    );
    expect(left).toEqual([
      { unit: HOTLINE, event: 'a' },
      { unit: POLICE, event: 'b' },
      { unit: POLICE, event: 'c' },
    ]);
  });
});

describe('what officers have chosen', () => {
  it('is kept as it was chosen, and replaced', async () => {
    const chosen: OfficerSettings = {
      ...SETTINGS,
      off: ['new_message', 'alert'],
      quiet: { from: '22:00', to: '06:30' },
    };
    await choosing()(POLICE, async (store) => {
      expect(await store.settings(POLICE, 'a')).toBeUndefined();
      await store.saveSettings(POLICE, 'a', chosen);
      expect(await store.settings(POLICE, 'a')).toEqual(chosen);
      const next = { ...SETTINGS, email: undefined, language: 'en' as const, quiet: undefined };
      await store.saveSettings(POLICE, 'a', next);
      expect(await store.settings(POLICE, 'a')).toEqual(next);
    });
  });

  it('is of one unit', async () => {
    await choosing()(POLICE, (store) => store.saveSettings(POLICE, 'a', SETTINGS));
    const foreign = await choosing()(HOTLINE, (store) => store.settings(POLICE, 'a'));
    expect(foreign).toBeUndefined();
    const written = choosing()(HOTLINE, (store) => store.saveSettings(POLICE, 'b', SETTINGS));
    await expect(written).rejects.toThrow('row-level security');
    await looking()(HOTLINE, async (store) => expect(await store.readers(HOTLINE)).toEqual([]));
    await looking()(POLICE, async (store) =>
      expect(await store.readers(POLICE)).toEqual([
        { officer: 'a', settings: { ...SETTINGS, quiet: undefined }, sentAt: undefined },
      ]),
    );
  });

  it.each(['gateway', 'worker'] as const)('is none of the business of the %s', async (role) => {
    for (const table of ['officer_setting', 'notice', 'notice_seen', 'notice_look'])
      await expect(node[role].query(`SELECT * FROM ${table}`)).rejects.toThrow('permission denied');
  });
});

describe('mails that are due', () => {
  const want = async (...notices: Partial<Notice>[]) => {
    await choosing()(POLICE, async (store) => {
      for (const { officer = 'a' } of notices) await store.saveSettings(POLICE, officer, SETTINGS);
    });
    const full = notices.map((notice) => ({ officer: 'a', urgent: false, dueAt: inSeconds(-1), ...notice }));
    await looking()(POLICE, (store) => store.want(POLICE, full));
  };
  const claim = (database = node.office, now = new Date()) =>
    sending(database)(POLICE, (store) => store.claimDue(POLICE, now, new Date(now.getTime() + 120_000), 20));
  const end = (
    claimed: Awaited<ReturnType<typeof claim>>[number],
    how: Parameters<ReturnType<typeof noticeSendingStore>['endNotice']>[2],
  ) => sending()(POLICE, (store) => store.endNotice(POLICE, claimed, how));
  const row = async () => {
    const [found] = await node.owner.query<{
      due_at: Date | null;
      urgent: boolean;
      claimed_until: Date | null;
      attempts: number;
      sent_at: Date | null;
      wanted_at: Date | null;
    }>('SELECT * FROM notice');
    return found!;
  };

  it('are taken once, with what their officer has chosen', async () => {
    await want({});
    const [claimed] = await claim();
    expect(claimed).toMatchObject({ officer: 'a', urgent: false, attempts: 0, settings: { email: 'a@vn.example' } });
    expect(await claim()).toEqual([]);
    await end(claimed!, { end: 'sent', at: new Date(), next: inSeconds(600), nextUrgent: inSeconds(60) });
    expect(await row()).toMatchObject({ due_at: null, claimed_until: null, attempts: 0, wanted_at: null });
    expect((await row()).sent_at).not.toBeNull();
    expect(await claim()).toEqual([]);
  });

  it('come at the earliest time that anybody asked for, and are urgent if one of them was', async () => {
    await want({ dueAt: inSeconds(600) });
    await want({ dueAt: inSeconds(-5), urgent: true });
    await want({ dueAt: inSeconds(900) });
    expect(await claim()).toMatchObject([{ urgent: true }]);
  });

  it('are shared by several processes, each taken by one', async () => {
    const officers = Array.from({ length: 30 }, (_, index) => `officer ${index}`);
    await want(...officers.map((officer) => ({ officer })));
    const both = await Promise.all([claim(), claim(second), claim(), claim(second)]);
    const taken = both.flat().map(({ officer }) => officer);
    expect(new Set(taken).size).toBe(taken.length);
    expect(taken.toSorted()).toEqual(officers.toSorted());
  });

  it('follow one another with a pause when something happens while one goes', async () => {
    for (const [urgent, next] of [
      [false, 600],
      [true, 60],
    ] as const) {
      await want({});
      const [claimed] = await claim();
      await want({ urgent });
      expect(await claim()).toEqual([]);
      const times = { at: new Date(), next: inSeconds(600), nextUrgent: inSeconds(60) };
      await end(claimed!, { end: 'sent', ...times });
      const { due_at: due } = await row();
      expect(due).toEqual(next === 600 ? times.next : times.nextUrgent);
      await node.owner.query('TRUNCATE notice');
    }
  });

  it('that failed come again with what was asked for meanwhile', async () => {
    await want({ urgent: true });
    const [claimed] = await claim();
    await want({ dueAt: inSeconds(900) });
    const at = inSeconds(60);
    await end(claimed!, { end: 'later', at, failed: true });
    expect(await row()).toMatchObject({ due_at: at, urgent: true, attempts: 1, claimed_until: null });
    expect((await row()).wanted_at).not.toBeNull();
  });

  it('of a process that has ended are taken over when its time is over, still urgent', async () => {
    await want({ urgent: true });
    await claim();
    expect(await claim(second)).toEqual([]);
    expect(await claim(second, inSeconds(121))).toMatchObject([{ officer: 'a', urgent: true }]);
  });

  it('that nobody is to get are gone', async () => {
    await want({});
    const [claimed] = await claim();
    await end(claimed!, { end: 'dropped' });
    expect(await row()).toMatchObject({ due_at: null, claimed_until: null, wanted_at: null });
    expect(await claim()).toEqual([]);
  });

  it('are of one unit', async () => {
    await want({});
    const foreign = await sending()(HOTLINE, (store) => store.claimDue(POLICE, new Date(), inSeconds(120), 20));
    expect(foreign).toEqual([]);
  });
});
