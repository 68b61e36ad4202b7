import { exampleDraft, pingDraft, referralDraft } from '../../test/fakes/documents';
import { receiptBy } from '../../test/fakes/hand-made';
import { replaceKeys, withNewKey, withUnit } from '../../test/fakes/rotation';
import { twoCountries } from '../../test/fakes/two-countries';
import type { MemoryNode } from '../../test/fakes/memory-node';
import { openCase, originalOf, readEvent } from '../casework';
import { readOriginal } from '../envelope';
import { isProof } from './check-evidence';

const UNIT = 'vn.mps-criminal';
const PARTNER = 'gb.ho-sca';
const DAY_MS = 86_400_000;

/** Viet Nam has sealed a message to a key that the United Kingdom destroys before it arrives. */
async function staleMessage(document = referralDraft()) {
  const countries = await twoCountries();
  const { vn, gb, world } = countries;
  const { messageId } = await vn.send(document, UNIT);
  const next = await withNewKey(world, PARTNER, 'gb.ho-sca.enc3');
  gb.world = next.world;
  await replaceKeys(gb, PARTNER, next.pair);
  const row = () => vn.tables.outbox.get(messageId)!;
  const sealed = row().message;
  const there = () => gb.tables.inbox.get(`vn ${messageId}`);
  return { ...countries, next, messageId, row, sealed, there };
}

/** Both nodes work until nothing is due. */
async function work(...nodes: readonly MemoryNode[]): Promise<void> {
  for (let round = 0; round < 4; round += 1) for (const node of nodes) await node.work();
}

async function originals(node: MemoryNode, direction: string): Promise<string[]> {
  const events = [...node.tables.events.values()].filter((event) => event.direction === direction);
  return Promise.all(
    events.map(async (event) => {
      const stored = node.tables.cases.get(`${event.unit} ${event.referralId}`)!;
      return JSON.stringify(readEvent(openCase(stored, await node.keys.storageKey(event.unit)), event));
    }),
  );
}

describe('a message sealed to a key that the partner has destroyed', () => {
  it('is refused with signed evidence and set aside, and alarms nobody', async () => {
    const { vn, gb, row, messageId, sealed, there } = await staleMessage();
    await work(vn, gb, vn);
    expect(row()).toMatchObject({ state: 'refused', code: 'stale_key' });
    expect(there()).toBeUndefined();
    expect([...gb.tables.conflicts.values()]).toMatchObject([{ id: messageId, digest: sealed.digest }]);
    expect([...vn.alarms, ...gb.alarms]).toEqual([]);
  });

  it('is sealed anew by itself and filed, signed original unchanged, proven by one final receipt', async () => {
    const { vn, gb, next, row, sealed, there } = await staleMessage();
    await work(vn, gb);
    vn.world = next.world;
    expect(await vn.reseal()).toBe(1);
    expect(row()).toMatchObject({ state: 'queued', code: undefined, superseded: [{ digest: sealed.digest }] });
    expect(row().message).toMatchObject({ recipientKid: 'gb.ho-sca.enc3', expiresAt: sealed.expiresAt });
    expect(row().message.digest).not.toBe(sealed.digest);
    await work(vn, gb);
    expect(row().state).toBe('delivered');
    expect(there()!.state).toBe('filed');
    expect(await originals(gb, 'filed')).toEqual(await originals(vn, 'sent'));
    const finals = [...vn.tables.receipts.values()].filter(({ receipt }) => receipt.event === 'delivered');
    expect(finals).toHaveLength(1);
    expect(await isProof(finals[0]!.receipt.token, row().message, vn.ports.settle.self)).toBe(true);
    expect([...vn.alarms, ...gb.alarms]).toEqual([]);
    expect(await vn.reseal()).toBe(0);
  });

  it('waits for the directory that lists the new key, and looks again', async () => {
    const { vn, gb, next, row, clock } = await staleMessage();
    await work(vn, gb);
    expect(await vn.reseal()).toBe(0);
    expect(row()).toMatchObject({ state: 'refused', resealAt: new Date(clock.now().getTime() + 30_000) });
    vn.world = next.world;
    expect(await vn.reseal()).toBe(0);
    clock.advance(30_000);
    expect(await vn.reseal()).toBe(1);
  });

  it('waits while the unit has no key at all, or is not there', async () => {
    const { vn, gb, next, row, clock } = await staleMessage();
    await work(vn, gb);
    for (const change of [{ encryptionKeys: [] }, { status: 'historical' as const }]) {
      vn.world = withUnit(next.world, PARTNER, () => change);
      clock.advance(30_000);
      expect(await vn.reseal()).toBe(0);
      expect(row()).toMatchObject({ state: 'refused', code: 'stale_key' });
    }
    expect(vn.alarms).toEqual([]);
  });

  it('is not sealed a second time to a key that was refused before', async () => {
    const { vn, gb, next, row, clock } = await staleMessage();
    await work(vn, gb);
    vn.world = next.world;
    await vn.reseal();
    const third = await withNewKey(next.world, PARTNER, 'gb.ho-sca.enc4');
    gb.world = third.world;
    await replaceKeys(gb, PARTNER, third.pair);
    await work(vn, gb);
    expect(row()).toMatchObject({ state: 'refused', code: 'stale_key' });
    clock.advance(30_000);
    expect(await vn.reseal()).toBe(0);
    vn.world = third.world;
    clock.advance(30_000);
    expect(await vn.reseal()).toBe(1);
    await work(vn, gb);
    expect(row()).toMatchObject({ state: 'delivered', message: { recipientKid: 'gb.ho-sca.enc4' } });
    expect(row().superseded.map(({ kid }) => kid)).toEqual(['gb.ho-sca.enc2', 'gb.ho-sca.enc3']);
  });

  it('keeps its place: later messages of the referral wait for it and are filed in order', async () => {
    const { vn, gb, next, messageId, clock } = await staleMessage();
    await work(vn, gb);
    vn.world = next.world;
    const { referralId } = [...vn.tables.cases.values()][0]!;
    const cancel = exampleDraft('cancel-request-trace-adult', {
      recipientUnit: PARTNER,
      referralId,
      purpose: 'VERIFY',
    });
    const later = await vn.send(cancel, UNIT);
    await work(vn, gb);
    expect(gb.tables.inbox.get(`vn ${later.messageId}`)!.state).toBe('held');
    await vn.reseal();
    await work(vn, gb);
    clock.advance(11_000);
    await work(gb, vn);
    for (const id of [messageId, later.messageId]) expect(vn.tables.outbox.get(id)!.state).toBe('delivered');
  });

  it('is sealed anew also where no case keeps it', async () => {
    const { vn, gb, next, row } = await staleMessage(pingDraft());
    await work(vn, gb);
    vn.world = next.world;
    expect(await vn.reseal()).toBe(1);
    await work(vn, gb);
    expect(row().state).toBe('delivered');
  });

  it('is found by the keys of its unit, whichever of the node that is', async () => {
    const { vn, gb, world } = await twoCountries();
    const { messageId } = await vn.send(pingDraft(), 'vn.mofa-london');
    vn.keys.storage.delete('vn.moh-social');
    const next = await withNewKey(world, PARTNER, 'gb.ho-sca.enc3');
    gb.world = next.world;
    await replaceKeys(gb, PARTNER, next.pair);
    await work(vn, gb);
    vn.world = next.world;
    expect(await vn.reseal()).toBe(1);
    await work(vn, gb);
    expect(vn.tables.outbox.get(messageId)!.state).toBe('delivered');
  });

  it.each([pingDraft(), referralDraft()])('waits for a storage key that is missing on this machine', async (draft) => {
    const { vn, gb, next, row, clock } = await staleMessage(draft);
    await work(vn, gb);
    vn.world = next.world;
    const held = vn.keys.storage.get(UNIT)!;
    vn.keys.storage.delete(UNIT);
    expect(await vn.reseal()).toBe(0);
    vn.keys.storage.set(UNIT, held);
    clock.advance(30_000);
    expect(await vn.reseal()).toBe(1);
    expect(row()).toMatchObject({ state: 'queued' });
    expect(vn.alarms).toEqual([]);
  });
});

describe('a message that cannot be sealed anew', () => {
  const undeliverable = (subject: string, code: string) => [{ kind: 'undeliverable', subject, code }];

  it('because its content was erased, stays refused and raises an alarm once', async () => {
    const { vn, gb, next, messageId, row, clock } = await staleMessage();
    await work(vn, gb);
    vn.world = next.world;
    vn.tables.events.clear();
    expect(await vn.reseal()).toBe(1);
    expect(row()).toMatchObject({ state: 'refused', code: 'stale_key' });
    expect(vn.alarms).toEqual(undeliverable(messageId, 'stale_key'));
    clock.advance(DAY_MS);
    expect(await vn.reseal()).toBe(0);
  });

  it('because its time is over', async () => {
    const { vn, gb, next, messageId, clock, sealed } = await staleMessage();
    await work(vn, gb);
    vn.world = next.world;
    clock.advance(sealed.expiresAt.getTime() - clock.now().getTime());
    expect(await vn.reseal()).toBe(1);
    expect(vn.alarms).toEqual(undeliverable(messageId, 'expired'));
  });

  it('because the partner does not take the suite any more that its signature names', async () => {
    const { vn, gb, next, messageId } = await staleMessage();
    await work(vn, gb);
    const nodes = next.world.directory.nodes.map((node) =>
      node.id === 'gb' ? { ...node, suites: ['hybrid' as const] as typeof node.suites } : node,
    );
    vn.world = withUnit({ ...next.world, directory: { ...next.world.directory, nodes } }, PARTNER, () => ({}));
    expect(await vn.reseal()).toBe(1);
    expect(vn.alarms).toEqual(undeliverable(messageId, 'suite_mismatch'));
  });

  it('because its case or its kept original was changed, holds up no other', async () => {
    const { vn, gb, next, messageId, clock } = await staleMessage();
    const ping = await vn.send(pingDraft(), UNIT);
    const good = await vn.send(referralDraft(), UNIT);
    for (const id of [ping.messageId, good.messageId]) {
      const row = vn.tables.outbox.get(id)!;
      vn.tables.outbox.set(id, { ...row, state: 'refused', code: 'stale_key' });
    }
    await work(vn, gb);
    vn.world = next.world;
    const [key, event] = [...vn.tables.events].find(([, row]) => row.messageId === messageId)!;
    vn.tables.events.set(key, { ...event, original: new Uint8Array(60) });
    const row = vn.tables.outbox.get(ping.messageId)!;
    vn.tables.outbox.set(ping.messageId, { ...row, kept: new Uint8Array(60) });
    clock.advance(1);
    expect(await vn.reseal()).toBe(3);
    expect(vn.tables.outbox.get(good.messageId)!.state).toBe('queued');
    expect(vn.alarms).toEqual([
      ...undeliverable(messageId, 'case_unreadable'),
      ...undeliverable(ping.messageId, 'case_unreadable'),
    ]);
  });

  it('because of a fault of this machine, is tried again', async () => {
    const { vn, gb, next, row } = await staleMessage();
    await work(vn, gb);
    vn.world = next.world;
    const { partners } = next.world;
    vn.world = {
      ...next.world,
      partners: Object.assign(Object.create(partners) as typeof partners, {
        sealingKey: () => Promise.reject(new Error('disk')),
      }),
    };
    await expect(vn.reseal()).rejects.toThrow('disk');
    expect(row()).toMatchObject({ state: 'refused', code: 'stale_key' });
  });
});

describe('what comes about bytes that were replaced', () => {
  async function replaced() {
    const setup = await staleMessage();
    const { vn, gb, next } = setup;
    await work(vn, gb);
    vn.world = next.world;
    await vn.reseal();
    return setup;
  }

  it('as a duplicate at the recipient gets its first receipt, byte for byte', async () => {
    const { vn, gb, sealed, messageId } = await replaced();
    const first = [...gb.tables.receipts.values()].find(({ receipt }) => receipt.event === 'received')!.receipt.token;
    expect(await gb.accept([sealed.token], 'vn')).toEqual([{ jti: messageId, receipt: first }]);
    await work(vn, gb);
    expect(await gb.accept([sealed.token], 'vn')).toEqual([{ jti: messageId, receipt: first }]);
    expect(gb.tables.inbox.get(`vn ${messageId}`)!.state).toBe('filed');
  });

  it('as other bytes at the recipient is refused once the new ones count', async () => {
    const { vn, gb, row, messageId } = await replaced();
    await work(vn, gb);
    const token = row().message.token.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'));
    const [answer] = await gb.accept([token], 'vn');
    expect(answer).toMatchObject({ jti: messageId });
    expect(answer).toHaveProperty('problem');
  });

  it('as a late receipt is kept and moves nothing', async () => {
    const { vn, gb, sealed, row } = await replaced();
    const again = await receiptBy(gb, 'vn', sealed, { event: 'refused', code: 'stale_key', seq: 2 });
    const late = await receiptBy(gb, 'vn', sealed);
    expect(await vn.settle([again, late], 'gb')).toEqual([{ status: 'stored' }, { status: 'stored' }]);
    expect(row().state).toBe('queued');
    expect(vn.alarms).toEqual([]);
  });

  it('as a delivery contradicts the refusal', async () => {
    const { vn, gb, sealed, row, messageId } = await replaced();
    for (const event of ['delivered', 'opened'] as const)
      await vn.settle([await receiptBy(gb, 'vn', sealed, { event, seq: 3 })], 'gb');
    expect(row().state).toBe('queued');
    const alarm = { kind: 'receipt_contradictory', subject: messageId };
    expect(vn.alarms).toEqual([alarm, alarm]);
  });
});

it('the header of a signed original names the suite, the units and the times', async () => {
  const { vn } = await twoCountries();
  const { messageId } = await vn.send(referralDraft(), UNIT);
  const [event] = [...vn.tables.events.values()];
  const record = openCase([...vn.tables.cases.values()][0]!, await vn.keys.storageKey(UNIT));
  expect(readOriginal(originalOf(record, event!)!)).toMatchObject({
    iss: UNIT,
    aud: PARTNER,
    jti: messageId,
    suite: 'classic',
  });
});
