import { CHUNK_BYTES } from '../../libs/attachments';
import { readFile, type FileClaim } from '../../libs/casework';
import { digestOf, encodeBase64url, open, type SealInput } from '../../libs/envelope';
import { craft, withHeader, withSegment, type Craft } from '../fakes/craft';
import { pingDraft, referralDraft } from '../fakes/documents';
import { example } from '../fakes/example-messages';
import { pdf } from '../fakes/files';
import { receiptBy, sealByHand, sealingBy } from '../fakes/hand-made';
import { officer } from '../fakes/officers';
import { sentFiles } from '../fakes/sent-files';
import { encryptionPair, makeParties } from '../fakes/parties';
import { RECIPIENT, SENDER, threeCountries, verdictOf, type Countries } from './countries';
import { signers } from './directories';
import { bothSuites, verdicts } from './verdicts';

/** One thing taken for another: tokens of other kinds, other suites, other headers, other forms of the content. */
let world: Countries;
beforeEach(async () => {
  world = await threeCountries();
});

const sealed = async (change: Craft, input?: SealInput) =>
  craft({ input: input ?? (await sealingBy(world.vn, pingDraft({ senderUnit: SENDER }))) }, change);

describe('C-09 a token of one kind in the place of another', () => {
  const ours = async () => {
    const message = await sealByHand(world.vn, pingDraft({ senderUnit: SENDER }));
    const receipt = await receiptBy(world.vn, 'gb', message);
    const { directory, signAny } = await signers();
    return { message, receipt, directory: Buffer.from(await signAny(directory)).toString() };
  };

  it('C-09 where a message is expected: a receipt, a signed original, a directory', async () => {
    const { message, receipt, directory } = await ours();
    for (const token of [receipt, message.original, directory, `${message.original}..`]) {
      expect(await verdictOf(world.gb, token, 'vn')).toBe('gateway: bad_request');
    }
    const suites = await bothSuites();
    const within = [receipt, directory].map((original): Craft => ({ original: () => original }));
    expect(await verdicts(suites, within)).toEqual(['bad_header', 'not_canonical']);
  });

  it('C-09 where a receipt is expected: a message, sealed or signed, a directory', async () => {
    const { message, directory } = await ours();
    for (const token of [message.token, message.original, directory]) {
      expect(await world.gb.settle([token], 'vn')).toEqual([{ status: 'refused', code: 'receipt_malformed' }]);
    }
  });

  it('C-09 where a directory is expected: a message, a receipt, alone or countersigned', async () => {
    const { message, receipt } = await ours();
    const { adopt, signAny } = await signers();
    for (const token of [message.token, message.original, receipt]) {
      expect(await adopt(Buffer.from(token))).toBe('directory_malformed');
      const [header, payload, signature] = token.split('.');
      const general = { payload, signatures: [{ protected: header, signature }] };
      expect(await adopt(Buffer.from(JSON.stringify(general)))).toBe('directory_malformed');
    }
    expect(await adopt(await signAny(pingDraft()))).toBe('directory_malformed');
  });
});

it('C-14 the suite changed on the way: it stands in the signature, and the directory pins it', async () => {
  const hybrid = await makeParties('hybrid');
  const classic = await encryptionPair('enc1', 'classic');
  const unit = hybrid.message.header.recipientUnit;
  const context = { ...hybrid.context, decryptionKey: () => Promise.resolve({ unit, key: classic.private }) };
  let original = '';
  await craft(hybrid, { original: (jws) => (original = jws) });
  // The classic half alone, with everything else as it was.
  const stripped = await craft(
    { input: { ...hybrid.input, recipientKey: classic.public } },
    { original: () => original },
  );
  await expect(open(stripped, context)).rejects.toMatchObject({ code: 'suite_mismatch' });
  await expect(open(stripped, { ...context, suites: ['hybrid', 'classic'] })).rejects.toMatchObject({
    code: 'suite_mismatch',
  });
  // A message that says inside that it is of the other suite, sealed in a suite that the recipient's node does not list.
  expect(await verdictOf(world.gb, await sealed({ inner: { suite: 'hybrid' } }), 'vn')).toBe('suite_mismatch');
  const toVn = await sealingBy(world.gb, pingDraft({ senderUnit: RECIPIENT, recipientUnit: SENDER }));
  const recipientKey = { ...classic.public, kid: toVn.recipientKey.kid };
  expect(await verdictOf(world.vn, await sealed({}, { ...toVn, recipientKey }), 'gb')).toBe('suite_mismatch');
});

it('C-21 a protected header changed within what is allowed', async () => {
  const changes = [
    { pri: 'urgent' },
    { exp: 4_000_000_000 },
    { iat: 1 },
    { jti: '01a1c0a0-91d8-7f7c-8fa6-000000000000' },
  ];
  for (const members of changes) {
    expect(await verdictOf(world.gb, withHeader(await sealed({}), members), 'vn')).toBe('undecryptable');
  }
  const reordered = (token: string) => {
    const [header, ...rest] = token.split('.');
    const members = JSON.parse(Buffer.from(header!, 'base64url').toString()) as object;
    const text = JSON.stringify(Object.fromEntries(Object.entries(members).toReversed()));
    return [encodeBase64url(Buffer.from(text)), ...rest].join('.');
  };
  expect(await verdictOf(world.gb, reordered(await sealed({})), 'vn')).toBe('undecryptable');
  // The signature holds the other header, the one inside.
  const relabelled = (jws: string) => withHeader(jws, { aud: 'gb.nca' });
  expect(await verdictOf(world.gb, await sealed({ original: relabelled }), 'vn')).toBe('bad_signature');
});

describe('C-23 another form of the same content', () => {
  it('C-23 is filed as it was signed, byte for byte: nothing is written anew before it is verified', async () => {
    const unusual = (json: string) =>
      `\n ${JSON.stringify(JSON.parse(json), null, 3).replace('"header"', '"\\u0068eader"')}\t`;
    expect(await verdictOf(world.gb, await sealed({ payload: unusual }), 'vn')).toBe('filed');
    const parties = await makeParties('classic');
    let signed = '';
    const token = await craft(parties, { payload: unusual, original: (jws) => (signed = jws) });
    expect((await open(token, parties.context)).original).toBe(signed);
  });

  it('C-23 under the signature of the first form is refused', async () => {
    const rewritten: Craft = {
      original: (jws) => withPayload(jws, (json) => JSON.stringify(JSON.parse(json), null, 1)),
    };
    expect(await verdicts(await bothSuites(), [rewritten])).toEqual(['bad_signature']);
  });

  it('C-23 in another Unicode form is refused, and never made one', async () => {
    const message = example('referral-protect-adult.json');
    const parties = await makeParties('classic', message);
    const decomposed: Craft = { payload: (json) => json.normalize('NFD') };
    expect(JSON.stringify(message).normalize('NFD')).not.toBe(JSON.stringify(message));
    expect(await verdicts([parties], [decomposed])).toEqual(['not_nfc']);
  });
});

it('C-24 the digest of an attachment exchanged', async () => {
  const attachment = { type: 'other', sha256: digestOf('one'), mime: 'application/pdf' };
  const draft = { ...referralDraft({ senderUnit: SENDER }), attachments: [attachment] };
  expect(await verdictOf(world.gb, await sealed({}, await sealingBy(world.vn, draft)), 'vn')).toBe('filed');
  const exchanged: Craft = {
    original: (jws) => withPayload(jws, (json) => json.replace(digestOf('one'), digestOf('two'))),
  };
  const token = await sealed(exchanged, await sealingBy(world.vn, draft));
  expect(await verdictOf(world.gb, token, 'vn')).toBe('bad_signature');
});

describe('at a gateway that hands over other bytes than its partner sent', () => {
  const PDF: FileClaim = { name: 'a.pdf', type: 'other', mime: 'application/pdf' };
  const size = 2 * CHUNK_BYTES + 9;

  /** Two files of one referral are there, whole; none was looked at. */
  async function arrived() {
    const sent = await sentFiles([PDF, pdf(size)], [PDF, pdf(size)]);
    const { vn, gb, ids } = sent;
    await vn.work();
    await gb.work();
    while ((await vn.pushFiles()) > 0);
    const at = gb.tables.pieces;
    const keysOf = (id: string) => [...at.keys()].filter((key) => key.includes(id));
    return { gb, id: ids[0]!, at, own: keysOf(ids[0]!), other: keysOf(ids[1]!) };
  }
  type Arrived = Awaited<ReturnType<typeof arrived>>;

  it.each<[string, (there: Arrived) => void]>([
    ['a chunk of another file', ({ at, own, other }) => at.set(own[1]!, at.get(other[1]!)!)],
    ['another whole file', ({ at, own, other }) => own.forEach((key, n) => at.set(key, at.get(other[n]!)!))],
    ['two chunks in each other’s place', ({ at, own: [a, b] }) => void at.set(a!, at.get(b!)!).set(b!, at.get(a!)!)],
    ['the first chunks only', ({ at, own }) => at.delete(own.at(-1)!)],
  ])('C-24 a file exchanged: %s', async (_what, exchange) => {
    const there = await arrived();
    exchange(there);
    while ((await there.gb.judgeFiles()) > 0);
    const reader = officer('gb.ho-sca', 'caseworker');
    await expect(readFile(reader, there.id, there.gb.ports.caseFiles)).rejects.toMatchObject({ code: 'file_damaged' });
    expect(there.gb.alarms).toEqual([{ kind: 'file_damaged', subject: there.id }]);
  });
});

/** A JWS with another payload under its signature. */
function withPayload(jws: string, change: (json: string) => string): string {
  return withSegment(jws, 1, (payload) => {
    const json = Buffer.from(payload, 'base64url').toString();
    const other = change(json);
    if (other === json) throw new Error('nothing was changed');
    return encodeBase64url(Buffer.from(other));
  });
}
