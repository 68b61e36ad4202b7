import fc from 'fast-check';
import { fictionalWorld, type FictionalWorld } from '../../test/fakes/fictional-world';
import { ManualClock } from '../../test/fakes/manual-clock';
import { MemoryNode } from '../../test/fakes/memory-node';
import { seededRandom } from '../../test/fakes/seeded-random';
import type { Message } from '../schema';
import { chaos, drafting, following, UNITS, type Attempt } from './fixtures/attempts';
import { anybody, submissionBy } from './fixtures/mutations';
import { wrongs, type Claim } from './fixtures/oracle';
import { Office } from './fixtures/watched-office';

/**
 * Random sequences of what officers of two units may try. Whatever they do, nothing may leave that should not, and nobody
 * may see what belongs to the other unit.
 */

let world: FictionalWorld;
beforeAll(async () => {
  world = await fictionalWorld();
});

let runs = 0;
/** Runs sequences, each in an office of its own, and counts what left in the end. */
async function holdsFor(sequences: fc.Arbitrary<Attempt[]>, numRuns: number) {
  const sent: Office['sent'][number][] = [];
  const looks = { own: 0, foreign: 0 };
  const property = fc.asyncProperty(fc.nat(), sequences, async (seed, attempts) => {
    const clock = new ManualClock();
    const random = seededRandom(seed);
    const office = new Office(new MemoryNode('vn', world, clock, random), new MemoryNode('gb', world, clock, random));
    for (const next of attempts) await next(office);
    expect(office.sent.flatMap(({ claim }) => wrongs(claim))).toEqual([]);
    expect(office.leaks).toEqual([]);
    expect(office.node.tables.outbox.size).toBe(office.sent.length);
    runs += 1;
    sent.push(...office.sent);
    looks.own += office.looks.own;
    looks.foreign += office.looks.foreign;
  });
  await fc.assert(property, { numRuns });
  const count = (test: (one: Office['sent'][number]) => boolean) => sent.filter(test).length;
  return {
    referrals: count(({ claim }) => claim.message.header.messageType === 'referral'),
    ofChildren: count(({ claim, child }) => child && claim.message.header.messageType === 'referral'),
    byDecision: count(({ claim: { message } }) => 'consent' in message && message.consent?.status === 'override'),
    corrections: count(({ claim }) => claim.message.header.messageType === 'correction'),
    withdrawals: count(({ claim }) => claim.message.header.messageType === 'consent_withdrawal'),
    ...looks,
  };
}

describe('whatever officers of two units try', () => {
  it('no referral leaves without consent, approval and cosignature', async () => {
    const left = await holdsFor(drafting, 2_400);
    // Enough of them were right, so that the rest was refused for a reason.
    expect(left.referrals).toBeGreaterThan(300);
    expect(left.ofChildren).toBeGreaterThan(50);
    expect(left.byDecision).toBeGreaterThan(30);
  }, 240_000);

  it('nothing leaves by a way around', async () => {
    const before = runs;
    await holdsFor(chaos, 6_000);
    expect(runs - before).toBe(6_000);
  }, 240_000);

  it('later messages disclose no more than the referral could, and nobody sees what is another unit’s', async () => {
    const left = await holdsFor(following, 1_600);
    expect(left.corrections).toBeGreaterThan(30);
    expect(left.withdrawals).toBeGreaterThan(30);
    expect(Math.min(left.own, left.foreign)).toBeGreaterThan(30);
    expect(runs).toBeGreaterThanOrEqual(10_000);
  }, 240_000);
});

describe('the second opinion', () => {
  const right = submissionBy(anybody(UNITS[0], 0), { base: 1, changes: [] }, new Date('2026-11-21T09:00:00Z'));
  const claim = (change: Partial<Claim> = {}, document: object = {}): Claim => ({
    message: { ...right.document, ...document } as unknown as Message,
    record: right.record,
    override: undefined,
    drafters: ['a'],
    voices: [{ by: 'b', role: 'liaison_officer', kind: 'approve' }],
    held: false,
    now: new Date('2026-11-21T09:00:00Z'),
    ...change,
  });
  const child = { person: { ageStatus: 'child' } };

  it.each<[string, Claim, number]>([
    ['nothing wrong', claim(), 0],
    ['a hold', claim({ held: true }), 1],
    ['no record', claim({ record: undefined }), 4],
    ['a record of another purpose', claim({ record: { ...right.record!, grants: [] } }), 4],
    ['a field without its scope', claim({}, { familyContact: 'allowed' }), 1],
    ['approval by the drafter', claim({ drafters: ['b'] }), 1],
    ['a child without cosignature', claim({}, child), 5],
    ['an expired record', claim({ now: new Date('2028-01-01T00:00:00Z') }), 4],
  ])('sees %s', (_, made, count) => {
    expect(wrongs(made)).toHaveLength(count);
  });
});
