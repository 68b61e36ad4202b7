import { newCaseKey, type SealInput } from '../envelope';
import { draftOf, referralDraft, type Draft } from '../../test/fakes/documents';
import { sealByHand } from '../../test/fakes/hand-made';
import { MemoryNode } from '../../test/fakes/memory-node';
import { twoCountries } from '../../test/fakes/two-countries';
import { TraoError, wireCodeOf, type Code } from '../errors';
import { ingest } from './ingest';
import type { IngestPorts } from './ingest-ports';

const UNIT = 'vn.mps-criminal';
type Setup = Awaited<ReturnType<typeof receiver>>;

async function receiver() {
  const countries = await twoCountries();
  const kh = new MemoryNode('kh', countries.world, countries.clock, countries.random);
  const fromVn = (header: Draft['header'] = {}, sealing: Partial<SealInput> = {}, draft = referralDraft()) =>
    sealByHand(countries.vn, draft, { senderUnit: UNIT, ...header }, sealing);
  return { ...countries, kh, fromVn };
}

const keyOf = ({ world, clock }: Setup, unit: string) => world.partners.sealingKey(unit, clock.now());

/** The verdict on one message that the gateway has stored. */
async function verdictOn({ gb }: Setup, token: string, peer: string) {
  await gb.accept([token], peer);
  await gb.file();
  const receipts = [...gb.tables.receipts.values()].map(({ receipt }) => receipt);
  const [row] = [...gb.tables.inbox.values()];
  return { row: row!, verdict: receipts.find(({ event }) => event !== 'received')! };
}

describe('a message that cannot be filed', () => {
  const OTHER = '01a1c0a0-91d8-7f7c-8fa6-000000000000';
  const day = (setup: Setup, days: number) => new Date(setup.clock.now().getTime() + days * 86_400_000);
  const cases: readonly [string, (setup: Setup) => Promise<{ token: string }>, Code][] = [
    ['has expired', (s) => s.fromVn({}, { issuedAt: day(s, -2), expiresAt: day(s, -1) }), 'expired'],
    ['belongs to another trust domain', (s) => s.fromVn({}, { trustDomain: 'production' }), 'wrong_domain'],
    [
      'is signed by another unit',
      async (s) => s.fromVn({}, { signingKey: await s.vn.keys.signingKey('vn.mofa-london') }),
      'unknown_sender',
    ],
    [
      'bears a false signature',
      async (s) => {
        const { sign } = await s.vn.keys.signingKey('vn.mofa-london');
        return s.fromVn({}, { signingKey: { ...(await s.vn.keys.signingKey(UNIT)), sign } });
      },
      'bad_signature',
    ],
    [
      'is sealed to another unit',
      async (s) => s.fromVn({}, { recipientKey: await keyOf(s, 'gb.nca') }),
      'wrong_recipient',
    ],
    [
      'is sealed to a key that was never here',
      async (s) => s.fromVn({}, { recipientKey: { ...(await keyOf(s, 'gb.ho-sca')), kid: 'gb.ho-sca.enc9' } }),
      'undecryptable',
    ],
    [
      'uses a suite that is not pinned',
      async (s) => s.fromVn({}, { recipientKey: await keyOf(s, UNIT) }),
      'suite_mismatch',
    ],
    ['breaks its schema', (s) => s.fromVn({}, {}, { ...referralDraft(), biometrics: 'x' }), 'schema_invalid'],
    ['is of a later version', (s) => s.fromVn({ schemaVersion: '2.0' }), 'schema_unsupported'],
    ['has another priority inside', (s) => s.fromVn({}, { priority: 'emergency' }), 'identity_mismatch'],
    [
      'answers a referral that is not known',
      (s) => s.fromVn({ inReplyTo: OTHER }, {}, draftOf('ack', { recipientUnit: 'gb.ho-sca', purpose: 'VERIFY' })),
      'unknown_referral',
    ],
  ];

  it.each(cases)('because it %s is refused with signed evidence and an alarm', async (_, make, code) => {
    const setup = await receiver();
    const { token } = await make(setup);
    const { row, verdict } = await verdictOn(setup, token, 'vn');
    expect(row.state).toBe('refused');
    expect(verdict).toMatchObject({ event: 'refused', code: wireCodeOf(code), digest: row.message.digest });
    expect(setup.gb.alarms).toEqual([{ kind: 'integrity_failure', subject: row.message.id, code }]);
    expect(setup.gb.tables.cases.size).toBe(0);
    expect(setup.gb.tables.events.size).toBe(0);
  });

  it('raises its alarm exactly when the filing commits', async () => {
    const setup = await receiver();
    const { gb } = setup;
    const bad = await setup.fromVn({}, { trustDomain: 'production' });
    await gb.accept([bad.token], 'vn');
    const batch = await gb.claim('ingest');
    const fault = () => Promise.reject(new TraoError('database_unavailable'));
    const { transaction } = gb.ports.ingest;
    const failing: IngestPorts['transaction'] = (work) => transaction((store) => work({ ...store, file: fault }));
    await expect(ingest(batch.id, { ...gb.ports.ingest, transaction: failing })).rejects.toMatchObject({
      code: 'database_unavailable',
    });
    expect([[...gb.tables.inbox.values()][0]!.state, gb.alarms]).toEqual(['stored', []]);
    // After the commit nothing is left to do, so nothing can get lost.
    await ingest(batch.id, { ...gb.ports.ingest, raiseAlarm: fault });
    expect([[...gb.tables.inbox.values()][0]!.state, gb.alarms]).toEqual([
      'refused',
      [{ kind: 'integrity_failure', subject: bad.id, code: 'wrong_domain' }],
    ]);
  });

  it('harms no other message of its batch', async () => {
    const setup = await receiver();
    const bad = await setup.fromVn({}, { trustDomain: 'production' });
    const good = await setup.fromVn();
    await setup.gb.accept([bad.token, good.token], 'vn');
    await setup.gb.file();
    const states = new Map([...setup.gb.tables.inbox.values()].map(({ message, state }) => [message.id, state]));
    expect(states.get(bad.id)).toBe('refused');
    expect(states.get(good.id)).toBe('filed');
  });
});

describe('a message in a referral that exists', () => {
  it.each<[string, Draft['header'], Code]>([
    ['of another unit of the same country', { senderUnit: 'vn.mofa-london', seq: 1 }, 'foreign_thread'],
    ['that opens it again', { seq: 2 }, 'transition_refused'],
  ])('%s is refused', async (_, header, code) => {
    const setup = await receiver();
    const first = await setup.fromVn();
    await setup.gb.accept([first.token], 'vn');
    await setup.gb.file();
    const chain = header['seq'] === 2 ? { prevDigest: first.link } : {};
    const second = await setup.fromVn({ referralId: first.referralId, ...header, ...chain });
    await setup.gb.accept([second.token], 'vn');
    await setup.gb.file();
    expect(setup.gb.alarms).toEqual([{ kind: 'integrity_failure', subject: second.id, code }]);
  });

  it('of another country is refused', async () => {
    const setup = await receiver();
    const first = await setup.fromVn();
    await setup.gb.accept([first.token], 'vn');
    await setup.gb.file();
    const header = { senderUnit: 'kh.mosvy', referralId: first.referralId };
    const foreign = await sealByHand(setup.kh, referralDraft(), header);
    await setup.gb.accept([foreign.token], 'kh');
    await setup.gb.file();
    expect(setup.gb.alarms).toEqual([{ kind: 'integrity_failure', subject: foreign.id, code: 'foreign_thread' }]);
  });
});

describe('a fault of this machine', () => {
  const unset = () => Promise.reject(new TraoError('bad_key'));
  const faults: readonly [string, (setup: Setup) => Partial<IngestPorts>, Code][] = [
    ['no storage key', ({ gb }) => (gb.keys.storage.clear(), {}), 'key_missing'],
    ['no decryption key where the directory lists one', ({ gb }) => (gb.keys.decryption.clear(), {}), 'key_missing'],
    ['no receipt key', ({ gb }) => ((gb.keys.receipt = undefined), {}), 'key_missing'],
    ['a damaged decryption key', ({ gb }) => (Object.assign(gb.keys, { decryptionKey: unset }), {}), 'key_missing'],
    [
      'a directory without this node',
      ({ gb }) => ({ self: { node: 'xx', partners: () => gb.world.partners } }),
      'unknown_sender',
    ],
    [
      'no database',
      () => ({ transaction: () => Promise.reject(new TraoError('database_unavailable')) }),
      'database_unavailable',
    ],
  ];

  it.each(faults)('%s is thrown and refuses nothing', async (_, breakIt, code) => {
    const setup = await receiver();
    const { gb } = setup;
    await gb.accept([(await setup.fromVn()).token], 'vn');
    const batch = await gb.claim('ingest');
    const ports = { ...gb.ports.ingest, ...breakIt(setup) };
    await expect(ingest(batch.id, ports)).rejects.toMatchObject({ code });
    expect([...gb.tables.inbox.values()].map(({ state }) => state)).toEqual(['stored']);
    expect(gb.tables.events.size).toBe(0);
    expect([...gb.tables.receipts.values()].map(({ receipt }) => receipt.event)).toEqual(['received']);
    expect(gb.alarms).toEqual([]);
  });

  it('a case that was tampered with is thrown and refuses nothing', async () => {
    const setup = await receiver();
    const { gb } = setup;
    const first = await setup.fromVn();
    await gb.accept([first.token], 'vn');
    await gb.file();
    gb.keys.storage.set('gb.ho-sca', newCaseKey());
    await gb.accept([(await setup.fromVn({ referralId: first.referralId })).token], 'vn');
    await expect(gb.file()).rejects.toMatchObject({ code: 'case_unreadable' });
    expect([...gb.tables.inbox.values()].map(({ state }) => state).toSorted()).toEqual(['filed', 'stored']);
  });
});
