import { draftStore, dropExpiredDrafts, forUnit, sendStore } from '../../libs/storage';
import { waitFor } from '../harness/wait-for';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { draftOf, inSeconds, sentOf } from './rows-fixture';

/** Drafts: kept, changed by one officer at a time, gone when they are sent or forgotten. */
const UNIT = 'vn.police';

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('drafts');
});
afterAll(() => node?.remove());
beforeEach(() => node.owner.query('TRUNCATE draft, outbox, attempt, idempotency, delivery_event CASCADE'));

const drafting = <T>(work: (store: ReturnType<typeof draftStore>) => Promise<T>) =>
  forUnit(node.office, draftStore)(UNIT, work);
const ids = async () =>
  (await node.owner.query<{ id: string }>('SELECT id FROM draft ORDER BY id')).map(({ id }) => id);

it('keeps a draft as it was written', async () => {
  const draft = draftOf(UNIT);
  await drafting((store) => store.saveDraft(draft));
  expect(await drafting((store) => store.lockDraft(UNIT, draft.id))).toEqual(draft);
  expect(await drafting((store) => store.drafts(UNIT, 10))).toEqual([draft]);
});

it('replaces everything when it is written again: key, body and end', async () => {
  const draft = draftOf(UNIT);
  const changed = draftOf(UNIT, { id: draft.id, wrappedKey: Buffer.from('new'), expiresAt: inSeconds(9999) });
  await drafting((store) => store.saveDraft(draft));
  await drafting((store) => store.saveDraft(changed));
  expect(await drafting((store) => store.drafts(UNIT, 10))).toEqual([changed]);
});

it('lists the newest change first, as many as are asked for', async () => {
  const [first, second, third] = [draftOf(UNIT), draftOf(UNIT), draftOf(UNIT)];
  for (const draft of [first, second, third, first]) await drafting((store) => store.saveDraft(draft));
  const listed = await drafting((store) => store.drafts(UNIT, 2));
  expect(listed.map(({ id }) => id)).toEqual([first.id, third.id]);
});

it('lets one officer at a time change a draft: the second sees what the first wrote', async () => {
  const draft = draftOf(UNIT);
  await drafting((store) => store.saveDraft(draft));
  let seen: unknown;
  let second: Promise<void> | undefined;
  await drafting(async (store) => {
    await store.lockDraft(UNIT, draft.id);
    second = drafting(async (other) => {
      seen = (await other.lockDraft(UNIT, draft.id))?.body;
    });
    await waitFor('somebody to wait for a lock', async () => {
      const [row] = await node.owner.query<{ n: number }>('SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted');
      return row!.n > 0;
    });
    await store.saveDraft({ ...draft, body: Buffer.from('changed') });
    expect(seen).toBeUndefined();
  });
  await second;
  expect(seen).toEqual(Buffer.from('changed'));
});

describe('sending', () => {
  it('removes the draft in the commit that queues its message', async () => {
    const [sent, other] = [draftOf(UNIT), draftOf(UNIT)];
    for (const draft of [sent, other]) await drafting((store) => store.saveDraft(draft));
    await forUnit(node.office, sendStore)(UNIT, async (store) => {
      expect(await store.lockDraft(UNIT, sent.id)).toEqual(sent);
      await store.save(sentOf({ forgotten: [sent.id] }));
    });
    expect(await ids()).toEqual([other.id]);
    expect(await node.owner.query('SELECT 1 FROM outbox')).toHaveLength(1);
  });

  it('keeps the draft when the message is not queued', async () => {
    const draft = draftOf(UNIT);
    await drafting((store) => store.saveDraft(draft));
    const broken = forUnit(node.office, sendStore)(UNIT, async (store) => {
      await store.save(sentOf({ forgotten: [draft.id] }));
      throw new Error('stop');
    });
    await expect(broken).rejects.toThrow('stop');
    expect(await ids()).toEqual([draft.id]);
  });
});

describe('the end of a draft', () => {
  it('comes when nobody has changed it for too long, whichever unit it belongs to', async () => {
    const old = [draftOf(UNIT, { expiresAt: inSeconds(-1) }), draftOf('vn.social', { expiresAt: inSeconds(-9999) })];
    const kept = draftOf(UNIT, { expiresAt: inSeconds(60) });
    for (const draft of [...old, kept])
      await forUnit(node.office, draftStore)(draft.unit, (store) => store.saveDraft(draft));
    expect(await dropExpiredDrafts(node.worker, new Date())).toBe(2);
    expect(await ids()).toEqual([kept.id]);
    expect(await dropExpiredDrafts(node.worker, new Date())).toBe(0);
  });

  it('comes no earlier for a worker whose clock runs ahead', async () => {
    const draft = draftOf(UNIT, { expiresAt: inSeconds(60) });
    await drafting((store) => store.saveDraft(draft));
    expect(await dropExpiredDrafts(node.worker, inSeconds(3600))).toBe(0);
    expect(await ids()).toEqual([draft.id]);
  });

  it('is all that the worker learns of drafts', async () => {
    await drafting((store) => store.saveDraft(draftOf(UNIT)));
    expect(await node.worker.query('SELECT expires_at FROM draft')).toEqual([]);
    await expect(node.worker.query('SELECT body FROM draft')).rejects.toMatchObject({ code: '42501' });
  });
});
