import { open, type OpenContext } from '../../libs/envelope';
import { craft, headerOf } from '../fakes/craft';
import { pingDraft, referralDraft } from '../fakes/documents';
import { sealByHand, sealingBy, type HandMade } from '../fakes/hand-made';
import type { MemoryNode } from '../fakes/memory-node';
import { MemoryTables } from '../fakes/memory-tables';
import { Replay } from '../fakes/replay';
import { fateOf, RECIPIENT, SENDER, THIRD, threeCountries, verdictOf, type Countries } from './countries';

/** The same message again: as it was, in other clothes, from elsewhere, many at once. A case takes each message once. */
let world: Countries;
beforeEach(async () => {
  world = await threeCountries();
});

const HOUR_MS = 3_600_000;
const REUSED = { problem: { code: 'id_reused' } };
const sealedPing = () => sealByHand(world.vn, pingDraft({ senderUnit: SENDER }));
const referral = () => sealByHand(world.vn, referralDraft({ senderUnit: SENDER }));
const casesOf = (node: MemoryNode) => [node.tables.cases.size, node.tables.events.size, node.tables.receipts.size];

/** A referral that the United Kingdom has filed. */
async function filedReferral() {
  const message = await referral();
  const [answer] = await world.gb.accept([message.token], 'vn');
  await world.gb.file();
  expect(fateOf(world.gb, 'vn', message.id)).toBe('filed');
  return { message, answer };
}

/** The signed original of a message, sealed to the same unit once more by somebody who may do so. */
async function sealedAnew(message: HandMade): Promise<string> {
  const { jti, iat, exp, pri } = headerOf(message.token);
  const input = await sealingBy(world.vn, referralDraft({ senderUnit: SENDER }));
  return craft({ input }, { outer: { jti, iat, exp, pri }, original: () => message.original });
}

it('C-04 the same sealed message again gets the same receipt and files nothing', async () => {
  const { message, answer } = await filedReferral();
  const before = casesOf(world.gb);
  for (let time = 0; time < 5; time += 1) {
    world.clock.advance(HOUR_MS);
    expect(await world.gb.accept([message.token], 'vn')).toEqual([answer]);
    await world.gb.file();
  }
  // Another node has it, which is not its sender.
  expect(await verdictOf(world.gb, message.token, 'kh')).toBe('gateway: identity_mismatch');
  expect([casesOf(world.gb), world.gb.alarms]).toEqual([before, []]);
});

it('C-05 the same signed message in a new encryption is refused, kept and alarmed', async () => {
  const { message } = await filedReferral();
  const before = casesOf(world.gb);
  const again = await sealedAnew(message);
  // It is genuine in every other respect.
  const key = [...world.gb.keys.decryption].find(([, { unit }]) => unit === RECIPIENT)!;
  const { partners } = world.world;
  const context: OpenContext = {
    node: 'gb',
    peer: 'vn',
    trustDomain: 'test',
    now: world.clock.now(),
    maxBytes: 65_536,
    suites: ['classic'],
    decryptionKey: () => Promise.resolve(key[1]),
    nodeOf: (unit) => partners.nodeOf(unit),
    verificationKey: (unit, kid, at) => partners.verificationKey(unit, kid, at),
  };
  expect((await open(again, context)).original).toBe(message.original);
  expect(await world.gb.accept([again], 'vn')).toEqual([{ jti: message.id, ...REUSED }]);
  await world.gb.file();
  expect(casesOf(world.gb)).toEqual(before);
  expect([...world.gb.tables.conflicts.values()].map(({ token }) => token)).toEqual([again]);
  expect(world.gb.alarms).toEqual([{ kind: 'id_reused', subject: message.id, code: 'id_reused' }]);
});

it('C-06 other content under a known id is refused and alarmed, and both are kept', async () => {
  const first = await sealedPing();
  const second = await sealByHand(world.vn, referralDraft({ senderUnit: SENDER }), { messageId: first.id });
  expect(await verdictOf(world.gb, first.token, 'vn')).toBe('filed');
  expect(await verdictOf(world.gb, second.token, 'vn')).toBe('gateway: id_reused');
  expect(world.gb.tables.inbox.get(`vn ${first.id}`)!.message.token).toBe(first.token);
  expect([...world.gb.tables.conflicts.values()].map(({ token }) => token)).toEqual([second.token]);
  expect(world.gb.alarms).toEqual([{ kind: 'id_reused', subject: first.id, code: 'id_reused' }]);
  // In one batch too: the first one counts.
  const [one, two] = [await sealedPing(), await sealedPing()];
  const twin = await sealByHand(world.vn, pingDraft({ senderUnit: SENDER }), { messageId: one.id });
  const answers = await world.gb.accept([one.token, twin.token, two.token], 'vn');
  expect(answers.map((answer) => ('problem' in answer ? answer.problem.code : 'received'))).toEqual([
    'received',
    'id_reused',
    'received',
  ]);
});

it('C-06 under the id of a message that was refused for its retired key, new bytes are taken once', async () => {
  const current = await world.world.partners.sealingKey(RECIPIENT, world.clock.now());
  const recipientKey = { ...current, kid: `${RECIPIENT}.enc1` };
  const stale = await sealByHand(world.vn, pingDraft({ senderUnit: SENDER }), {}, { recipientKey });
  const anew = () => sealByHand(world.vn, pingDraft({ senderUnit: SENDER }), { messageId: stale.id });
  const [second, third] = [await anew(), await anew()];
  expect(await verdictOf(world.gb, stale.token, 'vn')).toBe('set aside: stale_key');
  expect(await verdictOf(world.gb, second.token, 'vn')).toBe('filed');
  expect(await verdictOf(world.gb, third.token, 'vn')).toBe('gateway: id_reused');
  expect(await world.gb.accept([stale.token], 'vn')).toMatchObject([{ receipt: expect.any(String) as string }]);
  expect(fateOf(world.gb, 'vn', stale.id)).toBe('filed');
});

it('C-07 a message of an erased case, again: its first receipt, and no case', async () => {
  const replay = await Replay.of(
    'referral-protect-adult',
    'ack-protect-adult',
    'accept-protect-adult',
    'consent-withdrawal-protect-adult',
  );
  const { gb, vn } = replay;
  const [sent] = [...vn.tables.outbox.values()].filter(({ message: { id } }) => id === [...replay.ids.values()][0]);
  const { token, id } = sent!.message;
  const [receipt] = await gb.accept([token], 'vn');
  await replay.send('erasure-confirm-protect-adult-recipient');
  expect(gb.tables.inbox.get(`vn ${id}`)!.message.token).toBe('');
  const erased = [...gb.tables.cases.values()];

  expect(await gb.accept([token], 'vn')).toEqual([receipt]);
  await gb.file();
  expect([...gb.tables.cases.values()]).toEqual(erased);
  expect(gb.tables.inbox.get(`vn ${id}`)!.message.token).toBe('');
  expect(gb.alarms).toEqual([]);
});

it('C-08 a message again at a node that was restored from before it: filed once, and evidence that agrees', async () => {
  const { vn, gb } = world;
  const { messageId } = await vn.send(referralDraft(), SENDER);
  const { token } = vn.tables.outbox.get(messageId)!.message;
  const [first] = await gb.accept([token], 'vn');
  await gb.file();
  // The backup knows nothing of it.
  const { inbox, cases, events, receipts, search } = new MemoryTables();
  Object.assign(gb.tables, { inbox, cases, events, receipts, search });

  const [second] = await gb.accept([token], 'vn');
  await gb.file();
  expect(fateOf(gb, 'vn', messageId)).toBe('filed');
  expect([gb.tables.cases.size, gb.tables.inbox.size]).toEqual([1, 1]);
  // Two receipts for the same bytes are no contradiction.
  const tokens = [first, second].map((answer) => (answer as { receipt: string }).receipt);
  expect(await vn.settle(tokens, 'gb')).toEqual([{ status: 'stored' }, { status: 'stored' }]);
  expect(vn.tables.outbox.get(messageId)!.state).toBe('received');
  expect(vn.alarms).toEqual([]);
});

it('C-13 fifty copies at the same moment are one row, one receipt and one case', async () => {
  const { gb } = world;
  const message = await referral();
  const answers = await Promise.all(Array.from({ length: 50 }, () => gb.accept([message.token], 'vn')));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toEqual([{ jti: message.id, receipt: expect.any(String) as string }]);
  await Promise.all([gb.file(), gb.file()]);
  // One `received`, one `delivered`.
  expect(casesOf(gb)).toEqual([1, 1, 2]);
  expect(gb.alarms).toEqual([]);
});

it('C-22 one id from two partners is two messages', async () => {
  const { vn, kh, gb } = world;
  const messageId = vn.newId();
  const one = await sealByHand(vn, pingDraft({ senderUnit: SENDER }), { messageId });
  const two = await sealByHand(kh, pingDraft({ senderUnit: THIRD }), { messageId });
  expect(await verdictOf(gb, one.token, 'vn')).toBe('filed');
  expect(await verdictOf(gb, two.token, 'kh')).toBe('filed');
  expect([...gb.tables.inbox.keys()]).toEqual([`vn ${messageId}`, `kh ${messageId}`]);
  expect(gb.alarms).toEqual([]);
  // A guessed id takes nobody's place: ids are a partner's own.
  expect(await gb.accept([one.token], 'vn')).toMatchObject([{ jti: messageId, receipt: expect.any(String) as string }]);
});
