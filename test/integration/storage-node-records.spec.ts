import { alarmStore, directoryStore, PROCESS_ROLES, watchStore } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';

/** What a node keeps about itself and its partners: directories, alarms, watches. */
let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('records');
});
afterAll(() => node?.remove());
beforeEach(() => node.owner.query('TRUNCATE alarm, directory_document, partner_watch'));

it('keeps adopted directories as bytes, oldest first, and the first of two with one version', async () => {
  const store = directoryStore(node.worker);
  const [seven, nine] = [Buffer.from([0, 255, 7]), Buffer.from('nine')];
  expect(await store.adopted(0)).toEqual([]);
  await store.keep([
    { version: 9, signed: nine },
    { version: 7, signed: seven },
  ]);
  await directoryStore(node.gateway).keep([{ version: 9, signed: Buffer.from('another nine') }]);
  const office = directoryStore(node.office);
  expect(await office.adopted(0)).toEqual([seven, nine]);
  expect(await office.adopted(7)).toEqual([nine]);
  expect([await office.version(7), await office.version(8)]).toEqual([seven, undefined]);
});

it('keeps what is known of partners, the last of it', async () => {
  const store = watchStore(node.worker);
  const [first, later] = [new Date('2026-11-22T06:00:00.123Z'), new Date('2026-11-22T06:05:00Z')];
  const heard = { partner: 'gb', askedAt: first, answeredAt: first, version: 7, behindSince: first };
  const silent = { partner: 'kh', askedAt: first, answeredAt: undefined, version: undefined, behindSince: undefined };
  await store.note([
    { ...heard, clock: { offsetMs: -412_000, doubtMs: 12.5 }, code: undefined },
    { ...silent, clock: undefined, code: 'partner_unreachable' },
  ]);
  expect(await watchStore(node.office).known()).toEqual([
    { ...heard, clock: { offsetMs: -412_000, doubtMs: 13 }, code: undefined },
    { ...silent, clock: undefined, code: 'partner_unreachable' },
  ]);
  const now = { ...heard, askedAt: later, behindSince: undefined, clock: undefined, code: 'directory_fork' };
  await store.note([now]);
  expect(await store.known()).toEqual([now, expect.objectContaining({ partner: 'kh' })]);
  await store.note([]);
  expect(await store.known()).toHaveLength(2);
});

/** The monitor makes alerts of alarms, and raises none. */
const RAISING = PROCESS_ROLES.filter((role) => role !== 'monitor');

it('raises no alarm for a monitor', async () => {
  await expect(alarmStore(node.monitor)('id_reused', 'subject', 'id_reused')).rejects.toThrow('permission denied');
});

it('raises an alarm with a key once, whichever process is first', async () => {
  const once = 'directory_expiring 7 30';
  for (const role of RAISING)
    await alarmStore(node[role])('directory_expiring', 'directory', undefined, { detail: `told by the ${role}`, once });
  await alarmStore(node.office)('directory_expiring', 'directory', undefined, { once: 'directory_expiring 7 14' });
  expect(await node.owner.query('SELECT subject, detail, once FROM alarm ORDER BY id')).toEqual([
    { subject: 'directory', detail: `told by the ${RAISING[0]}`, once },
    { subject: 'directory', detail: null, once: 'directory_expiring 7 14' },
  ]);
});

it('keeps alarms of every process', async () => {
  await alarmStore(node.gateway)('id_reused', 'subject 1', 'id_reused');
  await alarmStore(node.worker)('message_stuck', 'subject 2');
  await alarmStore(node.office)('directory_refused', 'file', 'directory_fork');
  expect(await node.owner.query('SELECT kind, subject, code FROM alarm ORDER BY id')).toEqual([
    { kind: 'id_reused', subject: 'subject 1', code: 'id_reused' },
    { kind: 'message_stuck', subject: 'subject 2', code: null },
    { kind: 'directory_refused', subject: 'file', code: 'directory_fork' },
  ]);
});
