import { importSigningKey, issueReceipt, type Receipt } from '../../libs/envelope';
import { entryOf, pairOf } from './vector-parties';
import { type ReceiptVectors } from './vector-format';

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

/** New receipts, and twins of one of them with one thing wrong each. */
export async function makeReceipts(): Promise<ReceiptVectors> {
  const pair = await pairOf('gb.rcpt1', 'ES256');
  const edwards = await pairOf('gb.rcpt2', 'Ed25519');
  const revoked = await pairOf('gb.rcpt3', 'ES256');
  const privateKeys = [pair, edwards, revoked];
  const keys = privateKeys.map((key) => {
    const entry = { node: 'gb', ...entryOf(key) };
    return key === revoked ? { ...entry, status: 'revoked' as const } : entry;
  });
  const issue = async (change: Partial<Receipt> = {}, { kid, privateJwk } = pair) =>
    issueReceipt({ ...RECEIPT, ...change }, await importSigningKey(kid, privateJwk));

  const token = await issue();
  const [header, body, signature] = token.split('.') as [string, string, string];
  const recoded = (segment: string, from: string, to: string) =>
    Buffer.from(Buffer.from(segment, 'base64url').toString().replace(from, to)).toString('base64url');
  const withHeader = (from: string, to: string) => [recoded(header, from, to), body, signature].join('.');
  const withClaims = (from: string, to: string) => [header, recoded(body, from, to), signature].join('.');
  const forger = await pairOf(pair.kid, 'ES256');
  const tampered: ReceiptVectors['tampered'] = [
    { name: 'signed with another key', code: 'bad_signature', token: await issue({}, forger) },
    {
      name: 'signed with another algorithm',
      code: 'bad_signature',
      token: await issue({}, { ...edwards, kid: pair.kid }),
    },
    { name: 'another message', code: 'bad_signature', token: withClaims('29e0', '29e1') },
    { name: 'another event', code: 'bad_signature', token: withClaims('received', 'delivered') },
    { name: 'another digest', code: 'bad_signature', token: withClaims('n4bQ', 'n4bR') },
    { name: 'signed with a revoked key', code: 'unknown_sender', token: await issue({}, revoked) },
    {
      name: 'signed with a key that is not listed',
      code: 'unknown_sender',
      token: await issue({}, { ...pair, kid: 'gb.rcpt9' }),
    },
    { name: 'issued in the name of another node', code: 'unknown_sender', token: await issue({ issuer: 'la' }) },
    {
      name: 'issued before the key is valid',
      code: 'unknown_sender',
      token: await issue({ at: new Date('2026-10-31T23:59:59.999Z') }),
    },
    { name: 'another type', code: 'receipt_malformed', token: withHeader('secevent+jwt', 'trao-message+jws') },
    { name: 'the algorithm none', code: 'receipt_malformed', token: withHeader('ES256', 'none') },
    { name: 'an embedded key', code: 'receipt_malformed', token: withHeader('{', '{"jwk":{},') },
    { name: 'an unknown event', code: 'receipt_malformed', token: withClaims('received', 'forgotten') },
    { name: 'a refusal without a code', code: 'receipt_malformed', token: withClaims('received', 'refused') },
    { name: 'a claim twice', code: 'receipt_malformed', token: withClaims('{', '{"iss":"la",') },
    { name: 'an unknown claim', code: 'receipt_malformed', token: withClaims('{', '{"note":"x",') },
    { name: 'padding behind it', code: 'receipt_malformed', token: `${token}=` },
    { name: 'no signature', code: 'receipt_malformed', token: `${header}.${body}.` },
    { name: 'larger than 4096 characters', code: 'receipt_malformed', token: token + 'A'.repeat(4096) },
  ];
  const events: readonly (readonly [string, Partial<Receipt>])[] = [
    ['received', {}],
    ['delivered', { event: 'delivered', seq: 2 }],
    ['opened', { event: 'opened', seq: 3 }],
    ['refused', { event: 'refused', code: 'stale_key' }],
    ['not received', { event: 'not_received', issuer: 'gb', audience: 'gb' }],
    ['not delivered', { event: 'not_delivered' }],
    ['not opened', { event: 'not_opened' }],
  ];
  const valid = await Promise.all([
    ...events.map(async ([name, change]) => rowOf(name, change, await issue(change))),
    issue({}, edwards).then((text) => rowOf('received, signed with Ed25519', {}, text)),
  ]);
  return { keys, privateKeys, valid, tampered };
}

function rowOf(name: string, change: Partial<Receipt>, token: string): ReceiptVectors['valid'][number] {
  const { at, ...receipt } = { ...RECEIPT, ...change };
  return { name, token, receipt: { ...receipt, at: at.toISOString() } };
}
