import { createHash, createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { digestOf, type Receipt } from '../../libs/envelope';
import { originalOf } from '../../libs/casework';
import type { Directory, DirectoryKey } from '../../libs/schema';
import { caseOf } from '../fakes/case-of';
import { headerOf } from '../fakes/craft';
import { pingDraft, referralDraft } from '../fakes/documents';
import { receiptBy, sealByHand } from '../fakes/hand-made';
import { replaceKeys, withNewKey } from '../fakes/rotation';
import { RECIPIENT, SENDER, threeCountries } from './countries';

/** Genuine receipts at the wrong time: again, too early, out of order, against each other; and what they prove to others. */
let world: Awaited<ReturnType<typeof sentMessage>>;
beforeEach(async () => {
  world = await sentMessage();
});

async function sentMessage() {
  const countries = await threeCountries();
  const message = await countries.vn.sent(referralDraft(), SENDER);
  const { vn, gb } = countries;
  const receipt = (event: Receipt['event'], claims: Partial<Receipt> = {}) =>
    receiptBy(gb, 'vn', message, { event, ...(event === 'refused' && { code: 'policy_blocked' }), ...claims });
  const row = () => vn.tables.outbox.get(message.id)!;
  const kept = () => [...vn.tables.receipts.values()].map(({ receipt: one }) => one.token);
  return { ...countries, message, receipt, row, kept };
}
const STORED = [{ status: 'stored' }];
const KNOWN = [{ status: 'known' }];
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;

describe('a message that was sealed anew, after its first bytes were refused for a retired key', () => {
  /** The United Kingdom has a new key; the message is on its way a second time. */
  async function resealed() {
    const { vn, gb, world: countries, message } = world;
    const next = await withNewKey(countries, RECIPIENT, 'gb.ho-sca.enc3');
    gb.world = next.world;
    await replaceKeys(gb, RECIPIENT, next.pair);
    const refusal = await receiptBy(gb, 'vn', message, { event: 'refused', code: 'stale_key', seq: 2 });
    await vn.settle([refusal], 'gb');
    expect(world.row()).toMatchObject({ state: 'refused', code: 'stale_key' });
    vn.world = next.world;
    expect(await vn.reseal()).toBe(1);
    expect(world.row().state).toBe('queued');
    return { refusal };
  }

  it('G-07 an old receipt for the first bytes says nothing about the new ones', async () => {
    await resealed();
    const { vn } = world;
    expect(await vn.settle([await world.receipt('received')], 'gb')).toEqual(STORED);
    expect(world.row().state).toBe('queued');
    // That they were delivered after all contradicts the refusal.
    expect(await vn.settle([await world.receipt('delivered')], 'gb')).toEqual(STORED);
    expect(world.row().state).toBe('queued');
    expect(vn.alarms).toEqual([{ kind: 'receipt_contradictory', subject: world.message.id }]);
  });

  it('G-08 the refusal of the first bytes, again or anew, does not end the second ones', async () => {
    const { refusal } = await resealed();
    const { vn, gb } = world;
    expect(await vn.settle([refusal], 'gb')).toEqual(KNOWN);
    const anew = await receiptBy(gb, 'vn', world.message, { event: 'refused', code: 'stale_key', seq: 3 });
    expect(await vn.settle([anew], 'gb')).toEqual(STORED);
    expect(world.row().state).toBe('queued');
  });
});

it('G-08 a refusal after the delivery does not undo it', async () => {
  const { vn } = world;
  await vn.settle([await world.receipt('delivered')], 'gb');
  const refusal = await world.receipt('refused');
  expect(await vn.settle([refusal], 'gb')).toEqual(STORED);
  expect(world.row().state).toBe('delivered');
  expect(vn.alarms).toEqual([{ kind: 'receipt_contradictory', subject: world.message.id }]);
});

it.each([
  ['delivered', 'refused'],
  ['opened', 'refused'],
  ['refused', 'delivered'],
  ['refused', 'opened'],
] as const)(
  'G-09 two receipts that contradict each other, %s and %s: both are kept, one alarm',
  async (first, second) => {
    const { vn } = world;
    const tokens = [await world.receipt(first), await world.receipt(second)];
    expect(await vn.settle([tokens[0]!], 'gb')).toEqual(STORED);
    expect(await vn.settle([tokens[1]!], 'gb')).toEqual(STORED);
    expect(await vn.settle([tokens[1]!], 'gb')).toEqual(KNOWN);
    expect(world.row().state).toBe(first);
    expect(world.kept()).toEqual(tokens);
    const alarms = vn.alarms.filter(({ kind }) => kind === 'receipt_contradictory');
    expect(alarms).toEqual([{ kind: 'receipt_contradictory', subject: world.message.id }]);
  },
);

it('G-10 a receipt before there is anything to receive', async () => {
  const { vn, gb } = world;
  // Of a message that will only be written.
  const messageId = vn.newId();
  const early = await world.receipt('received', { messageId, digest: digestOf('whatever') });
  expect(await vn.settle([early], 'gb')).toEqual([{ status: 'refused', code: 'receipt_unknown_message' }]);
  // Of one that waits here: whoever names the digest of its bytes has them.
  const guessed = await world.receipt('delivered', { digest: digestOf(world.message.id) });
  expect(await vn.settle([guessed], 'gb')).toEqual([{ status: 'refused', code: 'receipt_wrong_digest' }]);
  expect([world.row().state, world.kept()]).toEqual(['queued', []]);
  // `delivered` before `received` is no lie: answers get lost.
  expect(await vn.settle([await receiptBy(gb, 'vn', world.message, { event: 'delivered' })], 'gb')).toEqual(STORED);
  expect(world.row().state).toBe('delivered');
  // Negative evidence is the waiting node's own.
  for (const event of ['not_received', 'not_delivered', 'not_opened'] as const) {
    expect(await vn.settle([await world.receipt(event)], 'gb')).toEqual([
      { status: 'refused', code: 'receipt_malformed' },
    ]);
  }
});

it('G-11 a receipt that was lost comes again as the same bytes, and counts once', async () => {
  const { vn, gb, link, clock } = world;
  link.fault = 'lost';
  await vn.work();
  expect([world.row().state, gb.tables.inbox.size]).toEqual(['sending', 1]);
  const issued = [...gb.tables.receipts.values()].map(({ receipt }) => receipt.token);
  await gb.file();
  const delivered = [...gb.tables.receipts.values()].map(({ receipt }) => receipt.token);

  link.fault = 'twice';
  clock.advance(900_000);
  for (let round = 0; round < 3; round += 1) for (const node of [vn, gb]) await node.work();
  expect(world.row().state).toBe('delivered');
  expect(world.kept().toSorted()).toEqual(delivered.toSorted());
  expect(delivered).toEqual(expect.arrayContaining(issued));
  expect([gb.tables.inbox.size, gb.tables.cases.size]).toEqual([1, 1]);
  expect([...vn.alarms, ...gb.alarms]).toEqual([]);
});

it('G-12 receipts in any order lead to one state', async () => {
  const events = ['received', 'delivered', 'opened'] as const;
  const orders = events.flatMap((one) => events.flatMap((two) => events.map((three) => [one, two, three])));
  for (const order of orders.filter((each) => new Set(each).size === 3)) {
    world = await sentMessage();
    for (const event of order) expect(await world.vn.settle([await world.receipt(event)], 'gb')).toEqual(STORED);
    expect(world.row().state).toBe('opened');
    expect(world.kept()).toHaveLength(3);
    expect(world.vn.alarms).toEqual([]);
  }
});

/** Verifies a JWS as a third party would, with the directory and without a line of ours. */
function isSignedBy(jws: string, { jwk }: DirectoryKey): boolean {
  const [header, payload, signature] = jws.split('.') as [string, string, string];
  const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  const ecdsa = key.asymmetricKeyType === 'ec';
  const input = Buffer.from(`${header}.${payload}`);
  const material = { key, dsaEncoding: 'ieee-p1363' as const };
  return verify(ecdsa ? 'sha256' : null, input, ecdsa ? material : key, Buffer.from(signature, 'base64url'));
}
const keyOf = (keys: readonly DirectoryKey[], jws: string) => keys.find(({ kid }) => kid === headerOf(jws)['kid'])!;
const nodeOf = ({ nodes }: Directory, id: string) => nodes.find((node) => node.id === id)!;

it('G-13 a receiver that denies: its receipts, the sealed bytes and the directory convince a third party', async () => {
  const { vn, gb, message } = world;
  for (let round = 0; round < 2; round += 1) for (const node of [vn, gb]) await node.work();
  expect(world.row().state).toBe('delivered');
  const { receiptKeys } = nodeOf(vn.world.directory, 'gb');
  const events = world.kept().map((token) => {
    expect(isSignedBy(token, keyOf(receiptKeys, token))).toBe(true);
    const { iss, aud, txn, events: said } = claimsOf(token);
    expect({ iss, aud, txn }).toEqual({ iss: 'gb', aud: 'vn', txn: message.id });
    const [[event, { digest }]] = Object.entries(said as Record<string, { digest: string }>) as [
      [string, { digest: string }],
    ];
    expect(digest).toBe(createHash('sha256').update(message.token).digest('base64url'));
    return event.slice(event.lastIndexOf('/') + 1);
  });
  expect(events.toSorted()).toEqual(['delivered', 'received']);
});

it('G-14 a sender that denies: the signed original that the receiver keeps convinces a third party', async () => {
  const { vn, gb, message } = world;
  for (const node of [vn, gb]) await node.work();
  const record = await caseOf(gb, RECIPIENT);
  const [event] = [...gb.tables.events.values()];
  const original = originalOf(record, event!)!;
  const { signingKeys } = nodeOf(gb.world.directory, 'vn').units.find(({ id }) => id === SENDER)!;
  expect(isSignedBy(original, keyOf(signingKeys, original))).toBe(true);
  expect(headerOf(original)).toMatchObject({ iss: SENDER, aud: RECIPIENT, jti: message.id, dom: 'test' });
  expect(claimsOf(original)['header']).toMatchObject({
    messageId: message.id,
    senderUnit: SENDER,
    recipientUnit: RECIPIENT,
  });
  const changed = original.replace(/\.([^.]+)\./, (_, payload: string) => `.${payload.slice(0, -4)}AAAA.`);
  expect(isSignedBy(changed, keyOf(signingKeys, changed))).toBe(false);
});

it('G-15 a proof of a log in a receipt, which nobody here can check', async () => {
  const { vn, gb } = world;
  const key = await gb.keys.receiptKey();
  const honest = claimsOf(await world.receipt('received'));
  const signed = async (claims: object) => {
    const header = Buffer.from(JSON.stringify({ typ: 'secevent+jwt', alg: key.algorithm, kid: key.kid })).toString(
      'base64url',
    );
    const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return `${input}.${Buffer.from(await key.sign(Buffer.from(input))).toString('base64url')}`;
  };
  expect(await vn.settle([await signed(honest)], 'gb')).toEqual(STORED);
  // A claim that is not read could say anything: no receipt may have one.
  for (const more of [{ log_proof: 'AAAA' }, { proof: {} }, { tree_size: 1, root: 'AAAA' }]) {
    expect(await vn.settle([await signed({ ...honest, jti: gb.newId(), ...more })], 'gb')).toEqual([
      { status: 'refused', code: 'receipt_malformed' },
    ]);
  }
});

it('G-16 a receipt tells nothing of the content, and no guess at it can be tried', async () => {
  const { vn, gb } = world;
  const draft = pingDraft({ senderUnit: SENDER });
  const header = { messageId: vn.newId(), referralId: vn.newId(), createdAt: '2026-11-21T09:00:00.000Z' };
  const [one, two] = [await sealByHand(vn, draft, header), await sealByHand(vn, draft, header)];
  // The digest is that of sealed bytes, which are others each time, and never one of the content or of its signed form.
  expect(one.digest).not.toBe(two.digest);
  const content = Buffer.from(one.original.split('.')[1]!, 'base64url');
  const [answer] = await gb.accept([one.token], 'vn');
  await gb.file();
  const tokens = [...gb.tables.receipts.values()].map(({ receipt }) => receipt.token);
  expect(tokens).toContain((answer as { receipt: string }).receipt);
  for (const token of tokens) {
    const claims = claimsOf(token);
    expect(Object.keys(claims).toSorted()).toEqual(['aud', 'events', 'iat', 'iss', 'jti', 'txn']);
    const [event] = Object.values(claims['events'] as Record<string, { digest: string }>);
    expect(Object.keys(event!).toSorted()).toEqual(['at', 'digest', 'seq']);
    expect([digestOf(content), digestOf(one.original)]).not.toContain(event!.digest);
    expect(event!.digest).toBe(one.digest);
    for (const told of [SENDER, RECIPIENT, header.referralId, 'ping'])
      expect(JSON.stringify(claims)).not.toContain(told);
  }
});
