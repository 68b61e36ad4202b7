import { settle, accept } from '../../libs/exchange';
import { forgetArrived, relayStore, showDelivery } from '../../libs/storage';
import { pingDraft, referralDraft } from '../fakes/documents';
import { receiptBy } from '../fakes/hand-made';
import { replaceKeys, withNewKey } from '../fakes/rotation';
import { twoCountries } from '../fakes/two-countries';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { rowOf } from './rows-fixture';
import { claim, ingestAll, storeIn } from './stored-node';

/** A key is retired while messages to it are on their way: both sides over real databases, each process under its own role. */
const UNIT = 'vn.mps-criminal';
const PARTNER = 'gb.ho-sca';

let sender: NodeDatabase;
let recipient: NodeDatabase;
beforeAll(async () => {
  [sender, recipient] = await Promise.all([startNodeDatabase('reseal_vn'), startNodeDatabase('reseal_gb')]);
});
afterAll(() => Promise.all([sender?.remove(), recipient?.remove()]));
beforeEach(() =>
  Promise.all(
    [sender, recipient].map(({ owner }) =>
      owner.query(
        `TRUNCATE outbox, inbox, inbox_conflict, receipt, superseded, work_batch, attempt, delivery_event, unit_case, case_event,
           search_token, idempotency, alarm`,
      ),
    ),
  ),
);

async function countries() {
  const pair = await twoCountries(7, new Date().toISOString());
  storeIn(pair.vn, sender);
  storeIn(pair.gb, recipient);
  return pair;
}
type Countries = Awaited<ReturnType<typeof countries>>;

/** What waits at the sender, handed to the recipient's gateway, filed or refused there, and the evidence handed back. */
async function exchange({ vn, gb }: Countries, tokens: readonly string[]): Promise<void> {
  const answers = await accept(tokens, 'vn', gb.ports.accept);
  const received = answers.flatMap((answer) => ('receipt' in answer ? [answer.receipt] : []));
  await settle(received, 'gb', vn.ports.settle);
  await ingestAll(gb, recipient);
  const waiting = await recipient.owner.query<{ token: string }>(
    `UPDATE receipt SET state = 'handed' WHERE state = 'waiting' RETURNING token`,
  );
  await settle(
    waiting.map(({ token }) => token),
    'gb',
    vn.ports.settle,
  );
}

const sealed = async () =>
  (await sender.owner.query<{ sealed: string }>('SELECT sealed FROM outbox')).map((r) => r.sealed);
const alarms = (node: NodeDatabase) => node.owner.query('SELECT kind, code FROM alarm');

async function retire({ gb, world }: Countries, kid = 'gb.ho-sca.enc3') {
  const next = await withNewKey(world, PARTNER, kid);
  gb.world = next.world;
  await replaceKeys(gb, PARTNER, next.pair);
  return next.world;
}

describe('messages to a key that is retired while they are on their way', () => {
  it('are all sealed anew, filed and proven, without an alarm', async () => {
    const pair = await countries();
    const { vn } = pair;
    const sent = [];
    for (const draft of [referralDraft(), referralDraft(), pingDraft()]) sent.push(await vn.send(draft, UNIT));
    const first = await sealed();
    const world = await retire(pair);
    await exchange(pair, first);
    for (const { messageId } of sent)
      expect(await rowOf(sender.owner, 'outbox', messageId)).toMatchObject({ state: 'refused', code: 'stale_key' });
    expect(await recipient.owner.query('SELECT id FROM inbox')).toEqual([]);
    expect(await vn.reseal()).toBe(0);

    vn.world = world;
    vn.clock.advance(60_000);
    expect(await vn.reseal()).toBe(sent.length);
    expect(await claim(sender, 'deliver')).toBeDefined();
    expect(await relayStore(sender.worker, () => ['gb']).dueGroups()).toEqual([]);
    await exchange(pair, await sealed());

    for (const { messageId } of sent) {
      const row = await rowOf(sender.owner, 'outbox', messageId);
      expect(row).toMatchObject({ state: 'delivered', code: null, recipient_kid: 'gb.ho-sca.enc3', forget: false });
      const { states, receipts } = (await showDelivery(sender.office, messageId))!;
      expect(states.map(({ state }) => state)).toEqual([
        'queued',
        'received',
        'refused',
        'queued',
        'received',
        'delivered',
      ]);
      expect(receipts.map(({ event }) => event).toSorted()).toEqual(['delivered', 'received', 'received', 'refused']);
    }
    expect(await recipient.owner.query('SELECT state, count(*)::int AS n FROM inbox GROUP BY state')).toEqual([
      { state: 'filed', n: sent.length },
    ]);
    expect([...(await alarms(sender)), ...(await alarms(recipient))]).toEqual([]);
  });

  it('get their first receipts again when the first bytes come twice', async () => {
    const pair = await countries();
    await pair.vn.send(referralDraft(), UNIT);
    const first = await sealed();
    const world = await retire(pair);
    const [answer] = await accept(first, 'vn', pair.gb.ports.accept);
    await exchange(pair, first);
    pair.vn.world = world;
    await pair.vn.reseal();
    await exchange(pair, await sealed());
    expect(await accept(first, 'vn', pair.gb.ports.accept)).toEqual([answer]);
    expect(await recipient.owner.query('SELECT state FROM inbox')).toEqual([{ state: 'filed' }]);
  });

  it('do not count again when a copy of the first bytes is stored after they were refused, and so leave room for the new ones', async () => {
    const pair = await countries();
    const { vn, gb } = pair;
    await vn.send(referralDraft(), UNIT);
    const first = await sealed();
    const world = await retire(pair);
    const { accept: ports } = gb.ports;
    const { findKnown } = ports.store;
    // The copy was looked up before anything was known of it, and waits.
    const known = await findKnown.call(ports.store, 'vn', []);
    const [answer] = await accept(first, 'vn', ports);
    await exchange(pair, first);
    let looks = 0;
    const overtaken = {
      ...ports.store,
      findKnown: (node: string, ids: readonly string[]) =>
        looks++ === 0 ? Promise.resolve(known) : findKnown(node, ids),
    };
    expect(await accept(first, 'vn', { ...ports, store: overtaken })).toEqual([answer]);
    expect(await recipient.owner.query('SELECT id FROM inbox')).toEqual([]);
    vn.world = world;
    await vn.reseal();
    await exchange(pair, await sealed());
    expect(await recipient.owner.query('SELECT state FROM inbox')).toEqual([{ state: 'filed' }]);
    expect(await alarms(recipient)).toEqual([]);
  });

  it('take a late receipt about their first bytes without moving', async () => {
    const pair = await countries();
    const { vn, gb } = pair;
    const { messageId } = await vn.send(pingDraft(), UNIT);
    const [row] = await sender.owner.query<{ digest: string }>('SELECT digest FROM outbox');
    const first = await sealed();
    vn.world = await retire(pair);
    await exchange(pair, first);
    await vn.reseal();
    const late = await receiptBy(gb, 'vn', { id: messageId, digest: row!.digest });
    expect(await settle([late], 'gb', vn.ports.settle)).toEqual([{ status: 'stored' }]);
    expect(await rowOf(sender.owner, 'outbox', messageId)).toMatchObject({ state: 'queued' });
  });

  it('keep the signed original beside the sealed bytes only where no case has it, and until they have arrived', async () => {
    const pair = await countries();
    const { messageId: ping } = await pair.vn.send(pingDraft(), UNIT);
    const { messageId: referral } = await pair.vn.send(referralDraft(), UNIT);
    expect((await rowOf(sender.owner, 'outbox', referral))!['kept']).toBeNull();
    const kept = (await rowOf(sender.owner, 'outbox', ping))!['kept'] as Buffer;
    // Encrypted: no JWS begins in it.
    expect(kept.includes('eyJ')).toBe(false);
    await forgetArrived(sender.worker);
    expect((await rowOf(sender.owner, 'outbox', ping))!['kept']).not.toBeNull();
    await exchange(pair, await sealed());
    await forgetArrived(sender.worker);
    expect((await rowOf(sender.owner, 'outbox', ping))!['kept']).toBeNull();
  });

  it('are given up with an alarm once, when their content is gone', async () => {
    const pair = await countries();
    const { vn } = pair;
    const { messageId } = await vn.send(referralDraft(), UNIT);
    const first = await sealed();
    vn.world = await retire(pair);
    await exchange(pair, first);
    await sender.owner.query('DELETE FROM case_event');
    expect([await vn.reseal(), await vn.reseal()]).toEqual([1, 0]);
    expect(await rowOf(sender.owner, 'outbox', messageId)).toMatchObject({ state: 'refused', code: 'stale_key' });
    expect(await alarms(sender)).toEqual([{ kind: 'undeliverable', code: 'stale_key' }]);
  });
});
