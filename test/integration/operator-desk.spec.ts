import { randomUUID } from 'node:crypto';
import { diagnostics, headText, readHead, settingChange } from '../../libs/monitoring';
import { desk, noteAct, type Query } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { putOutbox } from './rows-fixture';

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('desk');
});
afterAll(() => node?.remove());

const ACTING = { id: 'operator', roles: ['operator_read', 'operator_act'] as const };
const KEYS = { id: 'keys', roles: ['key_officer'] as const };
const BOTH = { id: 'both', roles: ['operator_act', 'key_officer'] as const };

/** Everything runs as the monitor does. */
const act = <T>(work: (query: Query) => Promise<T>): Promise<T> => node.monitor.transaction(work);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );

describe('the log of what operators did', () => {
  /** Runs a change of the owner past the functions, looks, and takes it back. */
  async function after(damage: string, kept?: string) {
    const undo = new Error('undo');
    let found: desk.LogCheck | undefined;
    await node.owner
      .transaction(async (query) => {
        await query(damage);
        found = await desk.verifyLog(query, kept === undefined ? undefined : readHead(kept));
        throw undo;
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error;
      });
    return found!;
  }

  it('is a chain that the function writes and the monitor computes anew, letter by letter', async () => {
    const values: readonly (object | undefined)[] = [
      undefined,
      { value: 15 },
      { value: ['Tệ hại "quoted" \\ back', 'tab\tline\n\u0001 \u2028 😀'], nested: { b: 1, aa: null, a: [true, 1.5] } },
      { n: 1e21, small: 1e-7, text: '</script>' },
    ];
    for (const [index, value] of values.entries()) {
      await act((query) => noteAct(query, ACTING, 'tested', `thing "${index}" \\ ế\u007f`, values[index - 1], value));
    }
    // Numbers that JSON of ours would write otherwise.
    await node.owner.query(`SELECT operator_note('x', '{a,"b c"}', 'tested', 'y', '{"v": 1.0, "w": 1e2}', 'null')`);
    const found = await desk.verifyLog(node.monitor.query);
    expect(found).toMatchObject({ head: { seq: 5 }, cut: false });
    expect(found.broken).toBeUndefined();
    const [newest] = await desk.listActs(node.monitor.query, {}, 1);
    expect(newest).toMatchObject({ seq: 5, operator: 'x', roles: ['a', 'b c'], object: 'y' });
  });

  it.each([
    ['a changed row', `UPDATE operator_log SET operator = 'nobody' WHERE seq = 3`, { seq: 3, why: 'changed' }],
    [
      'a number changed a little',
      `UPDATE operator_log SET before = '{"v": 1, "w": 1e2}' WHERE seq = 5`,
      { seq: 5, why: 'changed' },
    ],
    ['a row taken from the middle', 'DELETE FROM operator_log WHERE seq = 3', { seq: 4, why: 'missing' }],
    [
      'a row taken from the middle, the others numbered anew',
      'DELETE FROM operator_log WHERE seq = 3; UPDATE operator_log SET seq = seq - 1 WHERE seq > 3',
      { seq: 3, why: 'detached' },
    ],
    ['the first row gone', 'DELETE FROM operator_log WHERE seq = 1', { seq: 2, why: 'missing' }],
  ])('shows %s', async (_what, damage, broken) => {
    expect((await after(damage)).broken).toEqual(broken);
  });

  it('does not show by itself that its end was cut off; a head that was kept does', async () => {
    const { head } = await desk.verifyLog(node.monitor.query);
    const cutOff = 'DELETE FROM operator_log WHERE seq = 5';
    expect(await after(cutOff)).toMatchObject({ head: { seq: 4 }, cut: false });
    expect(await after(cutOff, headText(head))).toMatchObject({ head: { seq: 4 }, cut: true });
    expect(await desk.verifyLog(node.monitor.query, head)).toMatchObject({ cut: false });
    // Long after, too.
    await act((query) => noteAct(query, KEYS, 'tested', 'more'));
    expect(await desk.verifyLog(node.monitor.query, head)).toMatchObject({ head: { seq: 6 }, cut: false });
  });

  it('is read by operator, by act and page by page', async () => {
    const { query } = node.monitor;
    const page = await desk.listActs(query, { operator: 'operator' }, 2);
    expect(page.map(({ seq }) => seq)).toEqual([4, 3]);
    const next = await desk.listActs(query, { operator: 'operator', before: 3 }, 2);
    expect(next.map(({ seq }) => seq)).toEqual([2, 1]);
    expect(await desk.listActs(query, { act: 'other' }, 2)).toEqual([]);
    expect((await desk.lastActs(query)).get('keys')).toMatchObject({ seq: 6, object: 'more' });
    expect(await desk.actNames(query)).toEqual({ operators: ['keys', 'operator', 'x'], acts: ['tested'] });
  });

  it('cannot be changed by the monitor', async () => {
    for (const sql of ['DELETE FROM operator_log', `UPDATE operator_log SET act = ''`]) {
      await expect(node.monitor.query(sql)).rejects.toThrow(/permission denied/);
    }
  });
});

describe('settings', () => {
  const ordinary = settingChange.settingShape('alert_unsent_warn_minutes');
  const security = settingChange.settingShape('alert_mail_to');
  const lastAct = async () => (await desk.listActs(node.monitor.query, {}, 1))[0];

  it('are changed at once, and it is written down what they were', async () => {
    await act((query) => desk.setSetting(query, ACTING, ordinary, 20));
    expect(await lastAct()).toMatchObject({ act: 'setting_changed', before: { value: 15 }, after: { value: 20 } });
    await act((query) => desk.setSetting(query, ACTING, ordinary, 25));
    expect(await lastAct()).toMatchObject({ before: { value: 20 }, after: { value: 25 } });
    expect(await desk.settingValues(node.monitor.query)).toEqual(new Map([[ordinary.name, 25]]));
    expect(await codeOf(act((query) => desk.setSetting(query, KEYS, ordinary, 30)))).toBe('forbidden');
  });

  it('take two people where somebody alone could make the node fall silent', async () => {
    const value = ['night@example.org'];
    expect(await codeOf(act((query) => desk.setSetting(query, ACTING, security, value)))).toBe('forbidden');
    const id = randomUUID();
    await act((query) => desk.proposeSetting(query, BOTH, security, value, id));
    expect(await desk.openChanges(node.monitor.query)).toMatchObject([{ id, value, proposedBy: 'both' }]);
    expect((await desk.settingValues(node.monitor.query)).has(security.name)).toBe(false);
    const other = randomUUID();
    expect(await codeOf(act((query) => desk.proposeSetting(query, ACTING, security, [], other)))).toBe(
      'change_pending',
    );
    expect(await codeOf(act((query) => desk.confirmChange(query, BOTH, id)))).toBe('second_person_needed');
    expect(await codeOf(act((query) => desk.confirmChange(query, ACTING, id)))).toBe('forbidden');
    await act((query) => desk.confirmChange(query, KEYS, id));
    expect(await lastAct()).toMatchObject({ act: 'setting_confirmed', before: { value: [] }, after: { value } });
    expect((await desk.settingValues(node.monitor.query)).get(security.name)).toEqual(value);
    expect(await codeOf(act((query) => desk.confirmChange(query, KEYS, id)))).toBe('change_decided');
    expect(await codeOf(act((query) => desk.confirmChange(query, KEYS, randomUUID())))).toBe('not_found');
  });

  it('are not confirmed by two at once', async () => {
    const id = randomUUID();
    await act((query) => desk.proposeSetting(query, ACTING, security, [], id));
    const ends = await Promise.all(
      [KEYS, { ...KEYS, id: 'other keys' }].map((who) => codeOf(act((query) => desk.confirmChange(query, who, id)))),
    );
    expect(ends.map(String).sort()).toEqual(['change_decided', 'done']);
  });

  it('keep what they were when a proposal is taken back', async () => {
    const before = await desk.keptSettings(node.monitor.query);
    const id = randomUUID();
    await act((query) => desk.proposeSetting(query, ACTING, security, ['other@example.org'], id));
    await act((query) => desk.withdrawChange(query, ACTING, id));
    expect(await desk.keptSettings(node.monitor.query)).toEqual(before);
    expect(await desk.openChanges(node.monitor.query)).toEqual([]);
    expect(await codeOf(act((query) => desk.withdrawChange(query, ACTING, id)))).toBe('change_decided');
  });

  it('cannot be confirmed past the program by who proposed them', async () => {
    const id = randomUUID();
    await act((query) => desk.proposeSetting(query, BOTH, security, [], id));
    await expect(
      node.monitor.query(`UPDATE setting_change SET state = 'applied', decided_by = 'both' WHERE id = $1`, [id]),
    ).rejects.toThrow(/check constraint/);
    await act((query) => desk.withdrawChange(query, BOTH, id));
  });
});

describe('the error log', () => {
  const since = new Date(Date.now() - 3_600_000);

  it('counts by code, place and partner', async () => {
    const [failed, refused, open] = await putOutbox(node.owner, [{}, { state: 'refused' }, { partner: 'fr' }]);
    const attempt = `INSERT INTO attempt (message_id, at, duration_ms, code) VALUES ($1, now() - $2::interval, 5, $3)`;
    for (const [id, ago, code] of [
      [failed, '1 minute', 'partner_tls'],
      [failed, '2 minutes', 'partner_tls'],
      [open, '3 minutes', 'partner_tls'],
      [failed, '4 minutes', null],
      [failed, '2 hours', 'partner_timeout'],
    ])
      await node.owner.query(attempt, [id, ago, code]);
    await node.owner.query(`UPDATE outbox SET code = 'unknown_unit' WHERE id = $1`, [refused]);
    const received = randomUUID();
    await node.owner.query(
      `INSERT INTO inbox (sender_node, id, recipient_kid, lane, sealed, digest, received_at, expires_at, state)
       VALUES ('gb', $1, 'kid', 'normal', '', 'd', now(), now() + interval '1 day', 'refused')`,
      [received],
    );
    await node.owner.query(
      `INSERT INTO receipt (id, issuer, message_id, sender_node, event, code, digest, token, issued_at, state)
       VALUES ($1, 'vn', $2, 'gb', 'refused', 'undecryptable', 'd', '', now(), 'handed')`,
      [randomUUID(), received],
    );
    await node.owner.query(`INSERT INTO alarm (kind, subject, code) VALUES ('partner_tls', 'gb', 'partner_tls')`);
    const { groups, partial } = await desk.countErrors(node.monitor.query, { window: '1h' }, since);
    expect(partial).toBe(false);
    expect(groups[0]).toMatchObject({
      code: 'partner_tls',
      source: 'sending',
      partner: 'gb',
      count: 2,
      messageId: failed,
    });
    const rest = groups.slice(1).map(({ code, source, partner, messageId }) => [source, code, partner, messageId]);
    expect(rest.toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
      ['alarm', 'partner_tls', 'gb', undefined],
      ['ended', 'unknown_unit', 'gb', refused],
      ['receiving', 'undecryptable', 'gb', received],
      ['sending', 'partner_tls', 'fr', open],
    ]);
  });

  it('is filtered', async () => {
    const of = async (filter: object) =>
      (await desk.countErrors(node.monitor.query, { window: '1h', ...filter }, since)).groups.map(
        ({ source, partner }) => `${source} ${partner}`,
      );
    expect(await of({ source: 'ended' })).toEqual(['ended gb']);
    expect(await of({ code: 'undecryptable' })).toEqual(['receiving gb']);
    expect(await of({ partner: 'fr' })).toEqual(['sending fr']);
    expect(await of({ code: 'partner_busy' })).toEqual([]);
  });
});

describe('the error log of an outage', () => {
  it('counts the newest failures only, and says so', async () => {
    const [id] = await putOutbox(node.owner, [{ partner: 'se' }]);
    await node.owner.query(
      `INSERT INTO attempt (message_id, at, duration_ms, code)
       SELECT $1, now() - interval '1 hour' + n * interval '1 millisecond', 5, 'partner_busy' FROM generate_series(1, 50001) n`,
      [id],
    );
    const since = new Date(Date.now() - 2 * 3_600_000);
    const { groups, partial } = await desk.countErrors(node.monitor.query, { window: '24h', source: 'sending' }, since);
    expect(partial).toBe(true);
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(50_000);
    const other = await desk.countErrors(node.monitor.query, { window: '24h', code: 'nothing' }, since);
    expect(other).toEqual({ groups: [], partial: true });
  });
});

describe('facts for diagnostics', () => {
  it('count, and name no message', async () => {
    const [id] = await putOutbox(node.owner, [{ state: 'delivered' }]);
    await node.owner.query(`INSERT INTO partner_hold (partner, reason, held_by) VALUES ('gb', 'why', 'operator')`);
    const facts = await desk.diagnosticsFacts(node.monitor.query);
    expect(facts.counts).toContainEqual({ table: 'outgoing', state: 'delivered', count: 1 });
    expect(facts.partners).toMatchObject([{ partner: 'gb', suspended: true, waiting: expect.any(Number) }]);
    expect(facts.migrations.pending).toEqual([]);
    expect(facts.migrations.applied.length).toBeGreaterThan(7);
    const all = { ...facts, node: 'vn', madeAt: new Date(), runtime: 'v24.0.0' };
    const text = JSON.stringify(diagnostics.diagnosticsBundle(all, settingChange.SETTINGS));
    expect(text).not.toContain(id);
    expect(text).not.toContain('example.org');
  });
});
