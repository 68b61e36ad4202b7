import { randomUUID } from 'node:crypto';
import type { RelayStore } from '../../libs/exchange';
import {
  attemptStore,
  deliverStore,
  expireStore,
  listenForWork,
  partnerWork,
  pushStore,
  relayStore,
} from '../../libs/storage';
import { waitFor } from '../harness/wait-for';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { inSeconds, putOutbox } from './rows-fixture';

/** What operators suspend and hold, as the monitor writes it and the worker honours it. */
let node: NodeDatabase;
let relay: RelayStore;
let suspensions: partnerWork.Suspensions;
beforeAll(async () => {
  node = await startNodeDatabase('holds');
  relay = relayStore(node.worker, () => ['gb', 'kh']);
  suspensions = partnerWork.suspensions(node.monitor, () => ['gb', 'kh']);
});
afterAll(() => node?.remove());
beforeEach(() =>
  node.owner.query(
    'TRUNCATE outbox, inbox, receipt, work_batch, partner_hold, queue_hold, operator_log, attachment CASCADE',
  ),
);

const MINH = { id: 'minh', roles: ['operator_read', 'operator_act'] };
/** Work of each kind that is due, in the groups that the relay sees: `deliver normal gb`. */
const due = async () =>
  (await relay.dueGroups()).map(({ kind, lane, partner }) => [kind, lane, partner].join(' ').trim());

const putInbox = (lane: string) =>
  node.owner.query(
    `INSERT INTO inbox (sender_node, id, recipient_kid, lane, sealed, digest, received_at, expires_at, state)
     VALUES ('gb', $1, 'kid', $2, 'A', 'd', now(), now() + interval '1 hour', 'stored')`,
    [randomUUID(), lane],
  );
const putReceipt = (sender: string, lane: string) =>
  node.owner.query(
    `INSERT INTO receipt (id, issuer, message_id, sender_node, event, digest, token, issued_at, lane, state)
     VALUES ($1, 'vn', $2, $3, 'delivered', 'd', 't', now(), $4, 'waiting')`,
    [randomUUID(), randomUUID(), sender, lane],
  );

async function putWork(): Promise<void> {
  await putOutbox(node.owner, [{}, { lane: 'emergency' }, { partner: 'kh' }]);
  await putInbox('normal');
  await putInbox('emergency');
  await putReceipt('gb', 'normal');
}
const acts = async () =>
  (
    await node.owner.query<{ act: string; object: string; operator: string; after: { reason: string } }>(
      'SELECT act, object, operator, after FROM operator_log ORDER BY seq',
    )
  ).map(({ act, object, operator, after }) => [act, object, operator, after.reason].join(' | '));

it('hands out nothing that goes to a suspended partner, and goes on receiving and answering', async () => {
  await putWork();
  const all = ['deliver emergency gb', 'ingest emergency', 'deliver normal gb', 'deliver normal kh', 'ingest normal'];
  expect((await due()).toSorted()).toEqual([...all, 'acknowledge normal gb'].toSorted());
  await suspensions.suspendPartner('gb', '  Its key\nmay be stolen ', MINH);
  expect((await due()).toSorted()).toEqual(
    ['acknowledge normal gb', 'deliver normal kh', 'ingest emergency', 'ingest normal'].toSorted(),
  );
  expect(await suspensions.partners()).toEqual([
    { subject: 'gb', reason: 'Its key may be stolen', heldBy: 'minh', since: expect.any(Date) as Date },
  ]);
  await suspensions.resumePartner('gb', 'New key is in the directory', MINH);
  expect((await due()).toSorted()).toEqual([...all, 'acknowledge normal gb'].toSorted());
  expect(await acts()).toEqual([
    'partner_suspended | gb | minh | Its key may be stolen',
    'partner_resumed | gb | minh | New key is in the directory',
  ]);
});

it.each([
  ['emergency', ['acknowledge normal gb', 'deliver normal gb', 'deliver normal kh', 'ingest normal']],
  ['partner', ['deliver emergency gb', 'ingest emergency', 'ingest normal']],
  [
    'ingest',
    ['acknowledge normal gb', 'deliver emergency gb', 'deliver normal gb', 'deliver normal kh', 'ingest emergency'],
  ],
])('hands out nothing of the held queue %s, and all of the others', async (queue, left) => {
  await putWork();
  await suspensions.holdQueue(queue, 'maintenance', MINH);
  expect((await due()).toSorted()).toEqual(left);
  await suspensions.releaseQueue(queue, 'done', MINH);
  expect(await due()).toHaveLength(6);
});

it('lets a batch end that was under way', async () => {
  const [id] = await putOutbox(node.owner, [{}]);
  const [group] = await relay.dueGroups();
  const batch = (await relay.claim(group!, 64))!;
  await suspensions.suspendPartner('gb', 'why', MINH);
  const store = deliverStore(node.worker);
  expect(await store.begin(batch.id)).toHaveLength(1);
  const facts = { host: 'gb.example:443', tls: 'TLSv1.3', httpStatus: 503, code: 'partner_busy' } as const;
  const attempt = { messageId: id!, at: new Date(), durationMs: 12.6, ...facts };
  await node.worker.transaction((query) =>
    attemptStore(query, 'worker 7').finish(
      batch.id,
      [attempt],
      [{ messageId: id!, retryAt: new Date(), strike: false }],
    ),
  );
  expect(await due()).toEqual([]);
  const rows = await node.owner.query(
    'SELECT host, tls, http_status, worker, code, duration_ms FROM attempt WHERE message_id = $1',
    [id],
  );
  expect(rows).toEqual([
    {
      host: 'gb.example:443',
      tls: 'TLSv1.3',
      http_status: 503,
      worker: 'worker 7',
      code: 'partner_busy',
      duration_ms: 13,
    },
  ]);
});

it('writes down of an attempt that did not get far only what is known', async () => {
  const [id] = await putOutbox(node.owner, [{}]);
  const [group] = await relay.dueGroups();
  const batch = (await relay.claim(group!, 64))!;
  const attempt = { messageId: id!, at: new Date(), durationMs: 1, host: 'gb.example', code: 'partner_tls' } as const;
  await node.worker.transaction((query) => attemptStore(query).finish(batch.id, [attempt], []));
  expect(
    await node.owner.query('SELECT host, tls, http_status, worker FROM attempt WHERE message_id = $1', [id]),
  ).toEqual([{ host: 'gb.example', tls: null, http_status: null, worker: null }]);
});

it('lets messages to a suspended partner expire at their time', async () => {
  const [old] = await putOutbox(node.owner, [{ expiresAt: inSeconds(-1) }, {}]);
  await suspensions.suspendPartner('gb', 'why', MINH);
  const expired = await node.worker.transaction((query) => expireStore(query).lockExpired(new Date(), 10));
  expect(expired.map(({ id }) => id)).toEqual([old]);
});

it('sends no file to a suspended partner, and none while the queue to partners is held', async () => {
  const [messageId] = await putOutbox(node.owner, [{ state: 'received' }]);
  await node.owner.query(
    `INSERT INTO attachment (unit, id, use, state, delivery, referral_id, message_id, recipient_node, wrapped_key, facts, offset_bytes, sealed_bytes)
     VALUES ('vn.mps-criminal', $1, 'referral', 'clean', 'waiting', $2, $3, 'gb', 'k', 'f', 1, 1)`,
    [randomUUID(), randomUUID(), messageId],
  );
  const files = pushStore(node.worker);
  const claimable = () => node.owner.query('UPDATE attachment SET next_attempt_at = now()');
  await suspensions.suspendPartner('gb', 'why', MINH);
  expect(await files.claim('gb')).toBeUndefined();
  await suspensions.resumePartner('gb', 'why', MINH);
  await suspensions.holdQueue('partner', 'why', MINH);
  expect(await files.claim('gb')).toBeUndefined();
  await suspensions.releaseQueue('partner', 'why', MINH);
  await claimable();
  const [row] = await node.owner.query<{ attempts: number }>('SELECT attempts FROM attachment');
  expect(row).toEqual({ attempts: 0 });
  await files.claim('gb').catch(() => undefined); // its facts are invented; that it was claimed shows in the row
  const [claimed] = await node.owner.query<{ attempts: number }>('SELECT attempts FROM attachment');
  expect(claimed).toEqual({ attempts: 1 });
});

it('wakes the relay when something goes on', async () => {
  let wakes = 0;
  const stop = listenForWork(node.url('worker'), () => (wakes += 1));
  await waitFor('the connection', () => wakes > 0);
  await suspensions.suspendPartner('gb', 'why', MINH);
  const before = wakes;
  await suspensions.resumePartner('gb', 'why', MINH);
  expect(await waitFor('the wake-up', () => wakes > before)).toBe(true);
  await stop();
});

it('answers clearly what cannot be done, and writes nothing down', async () => {
  await suspensions.suspendPartner('gb', 'first', MINH);
  await suspensions.holdQueue('ingest', 'first', MINH);
  const faulty = (rule: string) => ({ code: 'bad_request', faults: [{ pointer: '/reason', code: rule }] });
  await expect(suspensions.suspendPartner('gb', 'again', MINH)).rejects.toMatchObject({ code: 'already_suspended' });
  await expect(suspensions.resumePartner('kh', 'why', MINH)).rejects.toMatchObject({ code: 'not_suspended' });
  await expect(suspensions.suspendPartner('zz', 'why', MINH)).rejects.toMatchObject({ code: 'not_found' });
  await expect(suspensions.resumePartner('zz', 'why', MINH)).rejects.toMatchObject({ code: 'not_found' });
  await expect(suspensions.holdQueue('ingest', 'again', MINH)).rejects.toMatchObject({ code: 'already_suspended' });
  await expect(suspensions.releaseQueue('partner', 'why', MINH)).rejects.toMatchObject({ code: 'not_suspended' });
  await expect(suspensions.holdQueue('all', 'why', MINH)).rejects.toMatchObject({ code: 'not_found' });
  await expect(suspensions.suspendPartner('kh', ' \n ', MINH)).rejects.toMatchObject(faulty('required'));
  await expect(suspensions.suspendPartner('kh', 'x'.repeat(301), MINH)).rejects.toMatchObject(faulty('too_long'));
  await expect(suspensions.suspendPartner('kh', 'a\u0007b', MINH)).rejects.toMatchObject(faulty('wrong_form'));
  expect((await suspensions.partners()).map(({ subject, reason }) => `${subject} ${reason}`)).toEqual(['gb first']);
  expect((await suspensions.queues()).map(({ subject }) => subject)).toEqual(['ingest']);
  expect(await acts()).toHaveLength(2);
});

it('lets one of two operators suspend who do so at the same time', async () => {
  const both = await Promise.allSettled([
    suspensions.suspendPartner('gb', 'one', MINH),
    suspensions.suspendPartner('gb', 'two', { ...MINH, id: 'anh' }),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await acts()).toHaveLength(1);
});

it('lets no process of the partners’ side lift a suspension', async () => {
  await suspensions.suspendPartner('gb', 'why', MINH);
  for (const role of ['gateway', 'worker', 'office'] as const)
    await expect(node[role].query('DELETE FROM partner_hold')).rejects.toMatchObject({ code: '42501' });
});
