import { answerDraft, referralDraft } from '../../test/fakes/documents';
import { sealByHand } from '../../test/fakes/hand-made';
import { replaceKeys, withNewKey, withUnit } from '../../test/fakes/rotation';
import { twoCountries } from '../../test/fakes/two-countries';
import type { MemoryNode } from '../../test/fakes/memory-node';

const UNIT = 'vn.mps-criminal';
const PARTNER = 'gb.ho-sca';
const DAY_MS = 86_400_000;

/** Both nodes work until nothing is due. */
async function work(...nodes: readonly MemoryNode[]): Promise<void> {
  for (let round = 0; round < 4; round += 1) for (const node of nodes) await node.work();
}

describe('a key whose time is over', () => {
  it('opens what was on its way, until it is destroyed', async () => {
    const { vn, gb, world } = await twoCountries();
    const { messageId } = await vn.send(referralDraft(), UNIT);
    const next = await withNewKey(world, PARTNER, 'gb.ho-sca.enc3');
    gb.world = next.world;
    await work(vn, gb);
    expect(vn.tables.outbox.get(messageId)!.state).toBe('delivered');
  });

  it('that was destroyed is known to have been here, also when the directory has forgotten it', async () => {
    const { vn, gb, world } = await twoCountries();
    const { messageId } = await vn.send(referralDraft(), UNIT);
    const { world: after, pair } = await withNewKey(world, PARTNER, 'gb.ho-sca.enc3');
    gb.world = withUnit(after, PARTNER, ({ encryptionKeys }) => ({ encryptionKeys: encryptionKeys.slice(-1) }));
    await replaceKeys(gb, PARTNER, pair);
    gb.keys.destroyed.add('gb.ho-sca.enc2');
    await work(vn, gb);
    expect(vn.tables.outbox.get(messageId)).toMatchObject({ state: 'refused', code: 'stale_key' });
  });

  it('that was revoked opens nothing: the sender seals anew', async () => {
    const { vn, gb, world } = await twoCountries();
    const { messageId } = await vn.send(referralDraft(), UNIT);
    gb.world = withUnit(world, PARTNER, ({ encryptionKeys }) => ({
      encryptionKeys: encryptionKeys.map((key) => ({ ...key, status: 'revoked' as const })),
    }));
    await work(vn, gb);
    expect(vn.tables.outbox.get(messageId)).toMatchObject({ state: 'refused', code: 'stale_key' });
  });
});

describe('a message that seems to come from the future', () => {
  const HOUR_MS = 3_600_000;

  /** The clock of the United Kingdom is behind that of Viet Nam. */
  async function behind(byMs: number) {
    const countries = await twoCountries();
    const { vn, gb, clock } = countries;
    const issuedAt = new Date(clock.now().getTime() + byMs);
    const message = await sealByHand(vn, referralDraft({ senderUnit: UNIT }), {}, { issuedAt });
    await gb.accept([message.token], 'vn');
    await gb.file();
    return { ...countries, messageId: message.id, row: () => gb.tables.inbox.get(`vn ${message.id}`)! };
  }

  it('waits until the clock is right, and is filed then', async () => {
    const { gb, clock, row } = await behind(HOUR_MS);
    expect(row().state).toBe('held');
    expect(gb.alarms).toEqual([]);
    clock.advance(HOUR_MS);
    await gb.file();
    expect(row().state).toBe('filed');
  });

  it('is refused when it still does so after a day', async () => {
    const { gb, clock, row, messageId } = await behind(3 * DAY_MS);
    clock.advance(DAY_MS + 11_000);
    await gb.file();
    expect(row().state).toBe('refused');
    expect(gb.alarms).toEqual([{ kind: 'integrity_failure', subject: messageId, code: 'not_yet_valid' }]);
  });
});

describe('a message signed with a key that stands in a newer directory than ours', () => {
  async function unknownSigner() {
    const countries = await twoCountries();
    const { gb, vn, world } = countries;
    const { messageId } = await vn.send(referralDraft(), UNIT);
    gb.world = withUnit(world, UNIT, () => ({ signingKeys: [] }));
    await work(vn, gb);
    return { ...countries, messageId, row: () => gb.tables.inbox.get(`vn ${messageId}`)! };
  }

  it('waits for that directory and is filed then', async () => {
    const { gb, vn, world, row, clock, messageId } = await unknownSigner();
    expect(row().state).toBe('held');
    expect(gb.alarms).toEqual([]);
    gb.world = world;
    clock.advance(11_000);
    await work(gb, vn);
    expect(row().state).toBe('filed');
    expect(vn.tables.outbox.get(messageId)!.state).toBe('delivered');
  });

  it('is refused after a day', async () => {
    const { gb, vn, row, clock, messageId } = await unknownSigner();
    clock.advance(DAY_MS + 11_000);
    await work(gb, vn);
    expect(row().state).toBe('refused');
    expect(gb.alarms).toEqual([{ kind: 'integrity_failure', subject: messageId, code: 'unknown_sender' }]);
    expect(vn.tables.outbox.get(messageId)).toMatchObject({ state: 'refused', code: 'undecryptable' });
  });

  it('is refused at once when the directory says that the key was revoked', async () => {
    const { gb, vn, world } = await twoCountries();
    await vn.send(referralDraft(), UNIT);
    gb.world = withUnit(world, UNIT, ({ signingKeys }) => ({
      signingKeys: signingKeys.map((key) => ({ ...key, status: 'revoked' as const })),
    }));
    await work(vn, gb);
    expect([...gb.tables.inbox.values()].map(({ state }) => state)).toEqual(['refused']);
  });

  it('of a retired one is filed: it was signed in its time', async () => {
    const { gb, vn, world } = await twoCountries();
    const { messageId } = await vn.send(referralDraft(), UNIT);
    gb.world = withUnit(world, UNIT, ({ signingKeys }) => ({
      signingKeys: signingKeys.map((key) => ({ ...key, status: 'retired' as const })),
    }));
    await work(vn, gb);
    expect(gb.tables.inbox.get(`vn ${messageId}`)!.state).toBe('filed');
    const ack = await gb.send(answerDraft('ack', messageId), PARTNER);
    await work(gb, vn);
    expect(gb.tables.outbox.get(ack.messageId)!.state).toBe('delivered');
  });
});
