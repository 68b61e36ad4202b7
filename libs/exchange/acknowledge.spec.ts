import { referralDraft } from '../../test/fakes/documents';
import { twoCountries } from '../../test/fakes/two-countries';
import { TraoError, type Code } from '../errors';
import { acknowledge, type AcknowledgePorts } from './acknowledge';
import { RetryAfterError } from './circuit';

/** A filed referral whose `delivered` receipt is claimed for its way back. */
async function claimedReceipt() {
  const countries = await twoCountries();
  const { vn, gb, clock } = countries;
  const { messageId } = await vn.send(referralDraft(), 'vn.mps-criminal');
  await vn.work();
  await gb.run(await gb.claim('ingest'));
  const batch = await gb.claim('acknowledge');
  const receipt = () => [...gb.tables.receipts.values()].find((row) => row.receipt.event === 'delivered')!;
  const run = (post: AcknowledgePorts['post']) =>
    acknowledge(batch.id, { ...gb.ports.acknowledge, random: () => 0.5, post });
  const pause = () => gb.tables.circuits.get('vn')!.retryAt!.getTime() - clock.now().getTime();
  return { ...countries, batch, messageId, receipt, run, pause };
}

describe('handing evidence back', () => {
  it('moves the message at its sender, and is done', async () => {
    const { vn, gb, batch, messageId, receipt } = await claimedReceipt();
    await gb.run(batch);
    expect(receipt()).toMatchObject({ place: 'handed', batch: undefined });
    expect(vn.tables.outbox.get(messageId)!.state).toBe('delivered');
    expect(gb.alarms).toEqual([]);
    expect(await gb.relay()).toBe(0);
  });

  it('sends the bytes that were stored', async () => {
    const { receipt, run } = await claimedReceipt();
    const posted: unknown[] = [];
    await run((...request) => {
      posted.push(request);
      return Promise.resolve([{ status: 'known' }]);
    });
    expect(posted).toEqual([['vn', [receipt().receipt.token]]]);
    expect(receipt().place).toBe('handed');
  });

  it('does nothing when another worker has taken it over', async () => {
    const { gb, receipt } = await claimedReceipt();
    await acknowledge(gb.newId(), gb.ports.acknowledge);
    expect(receipt().place).toBe('waiting');
  });

  it('closes the circuit of a partner that answers again', async () => {
    const { gb, batch, clock } = await claimedReceipt();
    gb.tables.circuits.set('vn', { failures: 2, retryAt: clock.now() });
    await gb.run(batch);
    expect(gb.tables.circuits.get('vn')).toEqual({ failures: 0, retryAt: undefined });
  });

  it('raises an alarm when the partner refuses it, and tries again later', async () => {
    const { gb, receipt, run, clock } = await claimedReceipt();
    await run(() => Promise.resolve([{ status: 'refused', code: 'receipt_wrong_digest' }]));
    expect(receipt()).toMatchObject({ place: 'waiting', batch: undefined });
    expect(receipt().dueAt.getTime()).toBeGreaterThan(clock.now().getTime());
    const subject = receipt().receipt.id;
    expect(gb.alarms).toEqual([{ kind: 'receipt_refused', subject, code: 'receipt_wrong_digest' }]);
  });

  it('gives up after two hundred refusals, with one alarm in all', async () => {
    const { gb, receipt, run, clock } = await claimedReceipt();
    const refuse = () => Promise.resolve([{ status: 'refused' as const, code: 'unknown_sender' as const }]);
    await run(refuse);
    for (let round = 2; round <= 200; round += 1) {
      expect(receipt().place).toBe('waiting');
      clock.advance(15 * 60_000);
      await acknowledge((await gb.claim('acknowledge')).id, { ...gb.ports.acknowledge, post: refuse });
    }
    expect(receipt().place).toBe('refused');
    expect(gb.alarms).toHaveLength(1);
  });
});

describe('evidence that cannot be handed back now', () => {
  it.each<Code>([
    'partner_unreachable',
    'partner_tls',
    'partner_timeout',
    'partner_busy',
    'partner_error',
    'bad_answer',
  ])('stays due behind the circuit: %s', async (code) => {
    const { gb, clock, receipt, run, pause } = await claimedReceipt();
    await run(() => Promise.reject(new TraoError(code)));
    expect(receipt()).toMatchObject({ place: 'waiting', batch: undefined, dueAt: clock.now() });
    expect(pause()).toBe(500);
    expect(await gb.relay()).toBe(0);
    clock.advance(500);
    await gb.work();
    expect(receipt().place).toBe('handed');
  });

  it('waits as long as the partner asks, within bounds', async () => {
    const { run, pause } = await claimedReceipt();
    await run(() => Promise.reject(new RetryAfterError('partner_busy', 1e12)));
    expect(pause()).toBe(900_000);
  });

  it.each<Code>(['internal', 'database_unavailable', 'unknown_sender'])(
    'is not held against the partner when this machine is at fault: %s',
    async (code) => {
      const { gb, clock, run } = await claimedReceipt();
      await expect(run(() => Promise.reject(new TraoError(code)))).rejects.toMatchObject({ code });
      expect(gb.tables.circuits.size).toBe(0);
      clock.advance(30_000);
      expect(await gb.relay()).toBe(1);
    },
  );
});
