import { readReceipt } from '../envelope';
import { pingDraft } from '../../test/fakes/documents';
import { receiptBy } from '../../test/fakes/hand-made';
import { twoCountries } from '../../test/fakes/two-countries';

const DAY_MS = 86_400_000;
const UNIT = 'vn.mps-criminal';

async function waiting() {
  const countries = await twoCountries();
  const emergency = await countries.vn.sent(pingDraft({ priority: 'emergency' }), UNIT);
  const normal = await countries.vn.sent(pingDraft(), UNIT);
  countries.link.fault = 'down';
  return { ...countries, emergency, normal };
}

describe('the timer of a sender', () => {
  it('leaves messages alone that have time', async () => {
    const { vn, clock } = await waiting();
    clock.advance(14 * DAY_MS - 1);
    expect(await vn.expire()).toBe(0);
    expect(vn.alarms).toEqual([]);
  });

  it('ends those whose time is over, with an alarm for each', async () => {
    const { vn, clock, emergency, normal } = await waiting();
    clock.advance(14 * DAY_MS);
    expect(await vn.expire()).toBe(1);
    expect(vn.tables.outbox.get(emergency.id)).toMatchObject({ state: 'expired', code: 'expired' });
    expect(vn.tables.outbox.get(normal.id)).toMatchObject({ state: 'queued' });
    expect(vn.alarms).toEqual([{ kind: 'undeliverable', subject: emergency.id, code: 'expired' }]);
    expect(await vn.expire()).toBe(0);
  });

  it('signs that they were not received', async () => {
    const { world, vn, clock, emergency } = await waiting();
    clock.advance(14 * DAY_MS);
    await vn.expire();
    const [row] = [...vn.tables.receipts.values()];
    expect(row).toMatchObject({ place: 'own', receipt: { senderNode: 'vn', issuedAt: clock.now() } });
    const evidence = await readReceipt(row!.receipt.token, (...key) => world.partners.receiptKey(...key));
    expect(evidence).toMatchObject({
      issuer: 'vn',
      audience: 'vn',
      event: 'not_received',
      messageId: emergency.id,
      digest: emergency.digest,
      seq: 1,
    });
  });

  it('is overruled by evidence of the partner', async () => {
    const { vn, gb, clock, emergency } = await waiting();
    clock.advance(14 * DAY_MS);
    await vn.expire();
    await vn.settle([await receiptBy(gb, 'vn', emergency, { event: 'delivered' })], 'gb');
    expect(vn.tables.outbox.get(emergency.id)!.state).toBe('delivered');
  });

  it('does not end what a partner has', async () => {
    const { vn, clock, link } = await waiting();
    link.fault = 'none';
    await vn.work();
    clock.advance(60 * DAY_MS);
    expect(await vn.expire()).toBe(0);
  });

  it('ends nothing when it cannot sign', async () => {
    const { vn, clock } = await waiting();
    vn.keys.receipt = undefined;
    clock.advance(60 * DAY_MS);
    await expect(vn.expire()).rejects.toMatchObject({ code: 'key_missing' });
    expect([...vn.tables.outbox.values()].map(({ state }) => state)).toEqual(['queued', 'queued']);
  });
});
