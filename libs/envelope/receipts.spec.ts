import { issueReceipt, readReceipt, type Receipt } from '.';
import { rawJws, withSegment } from '../../test/fakes/craft';
import { flippedEverywhere, refusals, truncatedEverywhere } from '../../test/fakes/damage';
import { signaturePair, type SignaturePair } from '../../test/fakes/parties';
import { NEGATIVE_EVENTS, POSITIVE_EVENTS } from './receipts';
import { signCompact } from './sign';

const RECEIPT: Receipt = {
  id: '0b7f1f2e-6a5e-4a0a-9c1d-5e7f6a1b2c3d',
  issuer: 'gb',
  audience: 'vn',
  messageId: '01a201d7-1e88-7568-b9b7-4e493e2729e0',
  event: 'received',
  digest: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
  seq: 1,
  at: new Date('2026-11-22T06:01:02.345Z'),
};
const HEADER = { typ: 'secevent+jwt' };
const malformed = { code: 'receipt_malformed' };

describe('receipts', () => {
  let pair: SignaturePair;
  let token: string;
  let claims: Record<string, unknown>;
  const keyOf = (node: string, kid: string) =>
    Promise.resolve(node === 'gb' && kid === 'rcpt1' ? pair.public : undefined);
  const read = (text: string) => readReceipt(text, keyOf);
  const sign = (changes: object, header: object = HEADER) =>
    signCompact({ ...header }, Buffer.from(JSON.stringify({ ...claims, ...changes })), pair.private);

  beforeAll(async () => {
    pair = await signaturePair('rcpt1');
    token = await issueReceipt(RECEIPT, pair.private);
    claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
  });

  it.each([...POSITIVE_EVENTS, ...NEGATIVE_EVENTS])('say %s as it was issued', async (event) => {
    const receipt = { ...RECEIPT, event };
    expect(await read(await issueReceipt(receipt, pair.private))).toEqual(receipt);
  });

  it('of a refusal name a code, and only they do', async () => {
    const refused: Receipt = { ...RECEIPT, event: 'refused', code: 'stale_key' };
    expect(await read(await issueReceipt(refused, pair.private))).toEqual(refused);
    const { code: _, ...bare } = refused;
    expect(() => issueReceipt(bare, pair.private)).toThrow(expect.objectContaining(malformed));
    expect(() => issueReceipt({ ...RECEIPT, code: 'stale_key' }, pair.private)).toThrow(
      expect.objectContaining(malformed),
    );
    const open = { ...refused, code: 'internal' } as unknown as Receipt;
    expect(() => issueReceipt(open, pair.private)).toThrow(expect.objectContaining(malformed));
  });

  it('are Security Event Tokens about the sealed bytes, without content', () => {
    expect(JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString())).toEqual({
      alg: 'ES256',
      kid: 'rcpt1',
      typ: 'secevent+jwt',
    });
    expect(Object.keys(claims).sort()).toEqual(['aud', 'events', 'iat', 'iss', 'jti', 'txn']);
    expect(claims['iat']).toBe(Math.floor(RECEIPT.at.getTime() / 1000));
  });

  it('are verified with the key of their issuer at their time', async () => {
    const asked: unknown[] = [];
    await readReceipt(token, (node, kid, at) => {
      asked.push([node, kid, at.toISOString()]);
      return Promise.resolve(pair.public);
    });
    expect(asked).toEqual([['gb', 'rcpt1', '2026-11-22T06:01:02.000Z']]);
  });

  it('signed by another node are refused (attack G-04)', async () => {
    const foreign = await issueReceipt({ ...RECEIPT, issuer: 'la' }, pair.private);
    await expect(read(foreign)).rejects.toMatchObject({ code: 'unknown_sender' });
  });

  it('signed by another key under the same id are refused (attack G-01)', async () => {
    const other = await signaturePair('rcpt1');
    const forged = await issueReceipt(RECEIPT, other.private);
    await expect(read(forged)).rejects.toMatchObject({ code: 'bad_signature' });
  });

  it('signed with an unknown key are refused', async () => {
    const other = await signaturePair('rcpt2');
    const foreign = await issueReceipt(RECEIPT, other.private);
    await expect(read(foreign)).rejects.toMatchObject({ code: 'unknown_sender' });
  });

  it('that name another algorithm than their key has are refused', async () => {
    const header = JSON.stringify({ ...HEADER, alg: 'Ed25519', kid: 'rcpt1' });
    const forged = await rawJws(header, JSON.stringify(claims), pair.private);
    await expect(read(forged)).rejects.toMatchObject({ code: 'bad_signature' });
  });

  it.each([
    ['another type', { typ: 'trao-message+jws' }],
    ['no type', { typ: undefined }],
    ['the type of any token', { typ: 'JWT' }],
    ['an embedded key', { ...HEADER, jwk: { kty: 'OKP' } }],
    ['a content type', { ...HEADER, cty: 'JWT' }],
  ])('with %s in the header are refused (attack C-09)', async (_, header) => {
    await expect(read(await sign({}, header))).rejects.toMatchObject(malformed);
  });

  it.each([
    ['none', 'none'],
    ['a symmetric one', 'HS256'],
    ['no name', 1],
  ])('with an algorithm that is %s are refused', async (_, alg) => {
    const forged = await rawJws(JSON.stringify({ ...HEADER, alg, kid: 'rcpt1' }), JSON.stringify(claims), pair.private);
    await expect(read(forged)).rejects.toMatchObject(malformed);
  });

  it.each([
    ['an unknown claim', { note: 'x' }],
    ['no event', { events: {} }],
    ['an unknown event', { events: { 'https://attacker.example/events/received': {} } }],
    ['a message id that is none', { txn: 'x' }],
    ['no time', { iat: undefined }],
    ['a list of addressees', { aud: ['vn', 'la'] }],
    ['an issuer that is no node', { iss: '../gb' }],
  ])('with %s are refused', async (_, changes) => {
    await expect(read(await sign(changes))).rejects.toMatchObject(malformed);
  });

  it('with two events are refused, so that one cannot say both', async () => {
    const [event] = Object.values(claims['events'] as object) as [object];
    const prefix = Object.keys(claims['events'] as object)[0]!.replace('received', '');
    const events = { [`${prefix}received`]: event, [`${prefix}delivered`]: event };
    await expect(read(await sign({ events }))).rejects.toMatchObject(malformed);
  });

  it('larger than 4 KiB are refused unread', async () => {
    const large = withSegment(token, 1, (segment) => segment + 'A'.repeat(4096));
    await expect(read(large)).rejects.toMatchObject({ ...malformed, cause: { code: 'too_large' } });
  });

  it('are refused in another form', async () => {
    const parts = token.split('.');
    const json = JSON.stringify({ protected: parts[0], payload: parts[1], signature: parts[2] });
    for (const text of ['', json, `${token}=`, ` ${token}`, `${token}.AA`, `${parts[0]}.${parts[1]}.`]) {
      await expect(read(text)).rejects.toMatchObject(malformed);
    }
    const claimsTwice = JSON.stringify(claims).replace('{', '{"iss":"la",');
    const twice = await rawJws(JSON.stringify({ ...HEADER, alg: 'ES256', kid: 'rcpt1' }), claimsTwice, pair.private);
    await expect(read(twice)).rejects.toMatchObject({ ...malformed, cause: { code: 'duplicate_key' } });
  });

  it('are accepted with no bit flipped at any byte, and cut at none', async () => {
    const counts = await refusals([...flippedEverywhere(token), ...truncatedEverywhere(token)], read);
    expect(Object.keys(counts).sort()).toEqual(['bad_signature', 'receipt_malformed', 'unknown_sender']);
  });
});
