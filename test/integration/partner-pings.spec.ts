import { TraoError } from '../../libs/errors';
import { partnerWork, retention } from '../../libs/storage';
import { waitFor } from '../harness/wait-for';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { inSeconds, putOutbox } from './rows-fixture';

/** Pings: planned once for a node, sent once, and judged by what the outbox says of their message. */
let node: NodeDatabase;
let pings: partnerWork.PartnerPings;
const MINH = { id: 'minh', roles: ['operator_act'] };
const QUARTER_S = 900;
beforeAll(async () => {
  node = await startNodeDatabase('pings');
  pings = partnerWork.partnerPings(node.monitor, () => ['gb', 'kh']);
});
afterAll(() => node?.remove());
beforeEach(() =>
  node.owner.query('TRUNCATE partner_ping, outbox, delivery_event, partner_hold, queue_hold, operator_log'),
);

const rows = () =>
  node.owner.query<{
    id: string;
    partner: string;
    outcome: string | null;
    code: string | null;
    message_id: string | null;
  }>('SELECT id, partner, outcome, code, message_id FROM partner_ping ORDER BY requested_at, partner');
const outcomes = async () =>
  (await rows()).map(({ outcome, code }) => (code === null ? outcome : `${outcome} ${code}`));
/** Sends what waits, as an office does; the message is a row of the outbox in some state. */
async function sendAll(state = 'queued', sent: string[] = []): Promise<void> {
  const send: partnerWork.SendPing = async ({ id, partner }) => {
    sent.push(id);
    const [messageId] = await putOutbox(node.owner, [{ partner, state, expiresAt: inSeconds(3600) }]);
    return messageId!;
  };
  while (await partnerWork.sendNextPing(node.office, send, (error) => (error as TraoError).code));
}
const age = (column: string, seconds: number) =>
  node.owner.query(`UPDATE partner_ping SET ${column} = ${column} - ${seconds} * interval '1 second'`);

it('plans one ping for each partner in each quarter of an hour, however many monitors plan', async () => {
  const second = await node.open('monitor');
  const other = partnerWork.partnerPings(second, () => ['gb', 'kh']);
  const planned = await Promise.all([pings, other, pings, other].map((one) => one.plan(QUARTER_S)));
  expect(planned.reduce((sum, count) => sum + count)).toBe(2);
  expect(await pings.plan(QUARTER_S)).toBe(0);
  await age('requested_at', QUARTER_S + 1);
  expect(await pings.plan(QUARTER_S)).toBe(2);
  await second.close();
});

it('plans none for a partner that is suspended, and none while the queue of pings is held', async () => {
  await node.owner.query(`INSERT INTO partner_hold VALUES ('gb', 'why', 'minh')`);
  expect(await pings.plan(QUARTER_S)).toBe(1);
  expect((await rows()).map(({ partner }) => partner)).toEqual(['kh']);
  await node.owner.query(`TRUNCATE partner_ping; INSERT INTO queue_hold VALUES ('partner', 'why', 'minh')`);
  expect(await pings.plan(QUARTER_S)).toBe(0);
});

it('sends each ping once, whoever looks at the same time', async () => {
  await pings.plan(QUARTER_S);
  const sent: string[] = [];
  await Promise.all([sendAll('queued', sent), sendAll('queued', sent), sendAll('queued', sent)]);
  expect(sent.toSorted()).toEqual((await rows()).map(({ id }) => id).toSorted());
});

it('ends well when the partner has filed it, with the time that it took', async () => {
  await pings.request('gb', MINH);
  await sendAll();
  expect(await pings.follow()).toBe(0);
  const [{ message_id: messageId } = { message_id: null }] = await rows();
  await node.owner.query(`UPDATE outbox SET state = 'delivered'`);
  await node.owner.query(
    `INSERT INTO delivery_event (message_id, state, at) SELECT message_id, 'delivered', sent_at + interval '1500 ms' FROM partner_ping`,
  );
  expect(await pings.follow()).toBe(1);
  const [ping] = await pings.list('gb', 5);
  expect(ping).toMatchObject({ outcome: 'ok', code: null, scheduled: false, messageId });
  expect(ping!.endedAt!.getTime() - ping!.sentAt!.getTime()).toBe(1500);
  expect(await pings.follow()).toBe(0);
});

it('fails when no office sends it within a minute', async () => {
  await pings.plan(QUARTER_S);
  expect(await pings.follow()).toBe(0);
  await age('requested_at', 61);
  expect(await pings.follow()).toBe(2);
  expect(await outcomes()).toEqual(['failed ping_not_sent', 'failed ping_not_sent']);
  const sent: string[] = [];
  await sendAll('queued', sent); // too late
  expect(sent).toEqual([]);
});

it('fails when no receipt of filing has come within five minutes, also if the gateway has it', async () => {
  await pings.request('gb', MINH);
  await sendAll('received');
  await age('sent_at', 299);
  expect(await pings.follow()).toBe(0);
  await age('sent_at', 2);
  expect(await pings.follow()).toBe(1);
  expect(await outcomes()).toEqual(['failed ping_unanswered']);
});

it.each([
  ['refused', 'unknown_unit', 'failed unknown_unit'],
  ['undeliverable', 'too_large', 'failed too_large'],
  ['expired', null, 'failed expired'],
])('fails at once when its message is %s', async (state, code, outcome) => {
  await pings.request('gb', MINH);
  await sendAll(state);
  await node.owner.query('UPDATE outbox SET code = $1', [code]);
  expect(await pings.follow()).toBe(1);
  expect(await outcomes()).toEqual([outcome]);
});

it('says why the office could not send it', async () => {
  await pings.request('gb', MINH);
  const send = () => Promise.reject(new TraoError('key_missing'));
  expect(await partnerWork.sendNextPing(node.office, send, (error) => (error as TraoError).code)).toBe(true);
  expect(await outcomes()).toEqual(['failed key_missing']);
  expect(await pings.follow()).toBe(0);
});

it('follows the ping that still travels instead of sending another', async () => {
  await pings.request('gb', MINH);
  await sendAll();
  await age('sent_at', 301);
  await pings.follow();
  const sent: string[] = [];
  await pings.request('gb', MINH);
  await sendAll('queued', sent);
  expect(sent).toEqual([]);
  const messages = new Set((await rows()).map(({ message_id }) => message_id));
  expect(messages.size).toBe(1);
  await node.owner.query(`UPDATE outbox SET state = 'delivered'`);
  expect(await pings.follow()).toBe(1);
  expect(await outcomes()).toEqual(['failed ping_unanswered', 'ok']);
});

it('is one ping when it is asked for twice, and none to a suspended or unknown partner', async () => {
  const id = await pings.request('gb', MINH);
  expect(await pings.request('gb', MINH)).toBe(id);
  expect(await node.owner.query('SELECT act, object, after FROM operator_log')).toEqual([
    { act: 'partner_pinged', object: 'gb', after: { ping: id } },
  ]);
  await node.owner.query(`INSERT INTO partner_hold VALUES ('kh', 'why', 'minh')`);
  await expect(pings.request('kh', MINH)).rejects.toMatchObject({ code: 'already_suspended' });
  await expect(pings.request('zz', MINH)).rejects.toMatchObject({ code: 'not_found' });
  expect(await rows()).toHaveLength(1);
});

it('goes after its time, and so do tests', async () => {
  await pings.request('gb', MINH);
  await age('requested_at', 1_000);
  await pings.request('kh', MINH);
  await node.owner.query(
    `INSERT INTO partner_test (id, partner, requested_by, requested_at) VALUES (gen_random_uuid(), 'gb', 'minh', now() - interval '1 hour')`,
  );
  expect(await retention.dropProbes(node.worker, inSeconds(-500))).toBe(2);
  expect((await rows()).map(({ partner }) => partner)).toEqual(['kh']);
  expect(await node.owner.query('SELECT FROM partner_test')).toEqual([]);
});

describe('certificates that partners show', () => {
  beforeEach(() => node.owner.query('TRUNCATE partner_link'));
  const certificate = (fingerprint: string) => ({
    fingerprint,
    validFrom: new Date('2026-11-01T00:00:00Z'),
    validTo: new Date('2027-12-01T00:00:00Z'),
  });
  const seen = async () =>
    (await partnerWork.seenCertificates(node.monitor)).map(
      ({ partner, side, fingerprint }) => `${partner} ${side} ${fingerprint}`,
    );
  const written = async (count: number) => {
    await waitFor(`${count} certificates`, async () => (await seen()).length >= count);
    return (await seen()).toSorted();
  };

  it('are written down by the worker and by the gateway, each once a minute', async () => {
    const failed: unknown[] = [];
    const out = partnerWork.linkNotes(node.worker, 'out', (error) => failed.push(error));
    const incoming = partnerWork.linkNotes(node.gateway, 'in', (error) => failed.push(error));
    for (let n = 0; n < 50; n += 1) out('gb', certificate('aa'));
    out('gb', certificate('bb'));
    incoming('gb', certificate('aa'));
    expect(await written(3)).toEqual(['gb in aa', 'gb out aa', 'gb out bb']);
    const [{ n } = { n: 0 }] = await node.owner.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM partner_link WHERE first_seen <> last_seen`,
    );
    expect({ n, failed }).toEqual({ n: 0, failed: [] });
    expect(await partnerWork.seenCertificates(node.monitor, 'kh')).toEqual([]);
  });

  it('keep the time when they were seen first', async () => {
    const note = () => partnerWork.linkNotes(node.worker, 'out', () => undefined)('gb', certificate('aa'));
    note();
    await written(1);
    await node.owner.query(
      `UPDATE partner_link SET first_seen = now() - interval '1 day', last_seen = now() - interval '1 day'`,
    );
    note(); // of a worker that has started since
    const link = await waitFor('the note', async () => {
      const [one] = await partnerWork.seenCertificates(node.monitor);
      return one && one.lastSeen.getTime() > Date.now() - 60_000 ? one : undefined;
    });
    expect(Date.now() - link.firstSeen.getTime()).toBeGreaterThan(86_000_000);
  });

  it('that cannot be written down disturb nobody, and the next connection tries again', async () => {
    const failed: unknown[] = [];
    const note = partnerWork.linkNotes(node.office, 'out', (error) => failed.push(error)); // a role that may not
    note('gb', certificate('aa'));
    await waitFor('the fault', () => failed.length === 1);
    note('gb', certificate('aa'));
    await waitFor('the next fault', () => failed.length === 2);
    expect(await seen()).toEqual([]);
  });
});
