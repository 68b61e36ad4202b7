import { createPrivateKey, sign, type JsonWebKey } from 'node:crypto';
import {
  encodeBase64url,
  encryptCompact,
  generateKeyPair,
  importSigningKey,
  pad,
  seal,
  type SealInput,
} from '../../libs/envelope';
import { EXPIRES_AT, inputOf } from './vector-parties';
import { type Circumstances, type KeyPair, type MessageVectors } from './vector-format';

type TamperedMessage = MessageVectors['tampered'][number];

/** Twins of a sealed message (`token`, with `original` inside) with one thing wrong each. */
export async function tamperedTwins(
  vectors: Omit<MessageVectors, 'valid' | 'tampered'>,
  input: SealInput,
  token: string,
  original: string,
): Promise<TamperedMessage[]> {
  const sealed = async (change: Partial<SealInput>) => (await seal({ ...input, ...change })).token;
  const [header, ...rest] = token.split('.') as [string, ...string[]];
  const head = Buffer.from(header, 'base64url').toString();
  const withHead = (text: string) => [encodeBase64url(Buffer.from(text)), ...rest].join('.');
  const outer = JSON.parse(head) as Record<string, unknown>;
  // The library of the suite classic adds its own ephemeral key.
  const { epk: _, ...clean } = outer;
  const wrap = (plaintext: Uint8Array) => encryptCompact(clean, plaintext, input.recipientKey);
  const inside = (jws: string) => wrap(pad(Buffer.from(jws)));
  const resign = (change: Record<string, unknown>, payload = original.split('.')[1]!) =>
    inside(signedAnew(original, change, payload, vectors.keys.signing[0]!));
  const flipped = (at: number) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
  const block = Buffer.from(pad(Buffer.from(original)));
  block[block.length - 1] = 1;
  const other = await importSigningKey('vn.sig1', (await generateKeyPair('ES256')).privateJwk);
  const json = Buffer.from(original.split('.')[1]!, 'base64url').toString();
  const payload = (text: string) => encodeBase64url(Buffer.from(text));
  const row = (name: string, code: TamperedMessage['code'], text: string, change?: Partial<Circumstances>) => ({
    name,
    code,
    token: text,
    ...(change && { circumstances: change }),
  });
  const ecdsa = (await inputOf(vectors, input.message, 0)).signingKey;
  const edwards = (await inputOf(vectors, input.message, 1)).signingKey;
  return [
    row('padding behind the token', 'not_canonical', `${token}=`),
    row('a line feed behind the token', 'not_canonical', `${token}\n`),
    row('four segments', 'not_canonical', token.slice(0, token.lastIndexOf('.'))),
    row('a member twice in the outer header', 'bad_header', withHead(head.replace('{', '{"aud":"la",'))),
    row('zip in the outer header', 'bad_header', withHead(head.replace('{', '{"zip":"DEF",'))),
    row('jwk in the outer header', 'bad_header', withHead(head.replace('{', '{"jwk":{"kty":"OKP"},'))),
    row('another algorithm in the outer header', 'bad_algorithm', withHead(JSON.stringify({ ...outer, alg: 'dir' }))),
    row('another priority in the outer header', 'undecryptable', withHead(head.replace('normal', 'urgent'))),
    row('one character changed in the ciphertext', 'undecryptable', flipped(token.length - 100)),
    row(
      'one character changed in the second segment that is not empty',
      'undecryptable',
      flipped(token.split('.', 2).join('.').length + 4),
    ),
    row('a suite that is not pinned', 'suite_mismatch', token, { suites: [] }),
    row('a retired key', 'stale_key', withHead(head.replace('gb.enc1', 'gb.enc0'))),
    row('a key never known', 'undecryptable', withHead(head.replace('gb.enc1', 'gb.enc9'))),
    row('a byte in the padding', 'bad_padding', await wrap(block)),
    row('no padding', 'bad_padding', await wrap(Buffer.from(original))),
    row('plaintext that nobody signed', 'not_canonical', await inside(json)),
    row('an unsecured JWS', 'bad_header', await inside(`${payload('{"alg":"none"}')}.${payload(json)}.AA`)),
    row('a message in a message', 'not_canonical', await inside(token)),
    row('another type in the inner header', 'bad_header', await resign({ typ: 'secevent+jwt' })),
    row('a member too few in crit', 'bad_header', await resign({ crit: ['iss', 'aud', 'jti', 'iat', 'exp', 'dom'] })),
    row('a signer that is not listed', 'unknown_sender', await sealed({ signingKey: { ...ecdsa, kid: 'vn.sig9' } })),
    row('a signer that is revoked', 'unknown_sender', (await seal(await inputOf(vectors, input.message, 2))).token),
    row(
      'another algorithm than the listed key has',
      'bad_algorithm',
      await sealed({ signingKey: { ...edwards, kid: 'vn.sig1' } }),
    ),
    row('another key under a listed id', 'bad_signature', await sealed({ signingKey: other })),
    row('another peer delivered it', 'identity_mismatch', token, { peer: 'la' }),
    row('another sender node outside', 'identity_mismatch', await sealed({ senderNode: 'la' }), { peer: 'la' }),
    row(
      'another message id inside',
      'identity_mismatch',
      await resign({ jti: '01a201d7-1e88-7568-b9b7-4e493e2729e1' }),
    ),
    row('another time of expiry inside', 'identity_mismatch', await resign({ exp: EXPIRES_AT.getTime() / 1000 + 1 })),
    row('another recipient node', 'wrong_recipient', await sealed({ recipientNode: 'la' })),
    row('another recipient unit inside', 'wrong_recipient', await resign({ aud: 'gb.nca' })),
    row('another trust domain', 'wrong_domain', await sealed({ trustDomain: 'production' })),
    row(
      'another suite inside',
      'suite_mismatch',
      await resign({ suite: vectors.suite === 'hybrid' ? 'classic' : 'hybrid' }),
    ),
    row('issued in the future', 'not_yet_valid', token, { now: '2026-11-22T05:54:59Z' }),
    row('expired', 'expired', token, { now: '2026-12-02T06:00:00Z' }),
    row('a payload larger than allowed', 'too_large', token, { maxBytes: 100 }),
    row('a key twice in the payload', 'duplicate_key', await resign({}, payload(json.replace('{', '{"ping":{},')))),
    row('an unknown member in the payload', 'schema_invalid', await resign({}, payload(json.replace('{', '{"x":1,')))),
    row('another major version', 'schema_unsupported', await resign({}, payload(json.replace('"1.0"', '"2.0"')))),
    row(
      'another priority in the payload',
      'identity_mismatch',
      await resign({}, payload(json.replace('normal', 'urgent'))),
    ),
  ];
}

/** The JWS with members of its header changed, signed with ES256 by Node itself: a second implementation of signing. */
function signedAnew(
  original: string,
  change: Record<string, unknown>,
  payload: string,
  { privateJwk }: KeyPair,
): string {
  const header = JSON.parse(Buffer.from(original.split('.')[0]!, 'base64url').toString()) as Record<string, unknown>;
  const text = `${encodeBase64url(Buffer.from(JSON.stringify({ ...header, ...change })))}.${payload}`;
  const key = createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' });
  return `${text}.${encodeBase64url(sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }))}`;
}
