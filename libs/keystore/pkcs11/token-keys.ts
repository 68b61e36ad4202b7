import { createHash } from 'node:crypto';
import { TraoError } from '../../errors';
import { encodeBase64url, type Jwk, type SignatureAlgorithm, type SigningKey } from '../../envelope';
import { signsFor } from '../admission';
import type { KeyRecord, TokenPlace } from '../key-record';
import { CK, findObjects, type Attribute, type Handle, type Mechanism } from './cryptoki';
import { Token, type Session } from './token';

const MAX_SIGNATURE_BYTES = 1024;
const P256 = Buffer.from('06082a8648ce3d030107', 'hex');
const EDWARDS25519 = Buffer.from('06032b6570', 'hex');
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();
const asIs = (data: Uint8Array) => Buffer.from(data);

/** How each algorithm is done by a token, a row each. */
const ROWS: Readonly<Record<SignatureAlgorithm, Row>> = {
  /** On the digest, as every token can; the answer is r and s, as JWS has it. */
  ES256: {
    generate: CK.CKM_EC_KEY_PAIR_GEN,
    template: [{ type: CK.CKA_EC_PARAMS, value: P256 }],
    sign: { mechanism: CK.CKM_ECDSA },
    input: sha256,
  },
  Ed25519: {
    generate: CK.CKM_EC_EDWARDS_KEY_PAIR_GEN,
    template: [{ type: CK.CKA_EC_PARAMS, value: EDWARDS25519 }],
    sign: { mechanism: CK.CKM_EDDSA },
    input: asIs,
  },
  PS256: {
    generate: CK.CKM_RSA_PKCS_KEY_PAIR_GEN,
    template: [
      { type: CK.CKA_MODULUS_BITS, value: 3072 },
      { type: CK.CKA_PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) },
    ],
    sign: {
      mechanism: CK.CKM_RSA_PKCS_PSS,
      parameter: { type: CK.CK_PARAMS_RSA_PSS, hashAlg: CK.CKM_SHA256, mgf: CK.CKG_MGF1_SHA256, saltLen: 32 },
    },
    input: sha256,
  },
};

interface Row {
  readonly generate: number;
  readonly template: readonly Attribute[];
  readonly sign: Mechanism;
  readonly input: (data: Uint8Array) => Buffer;
}

/**
 * A key on a token, as one that signs. It signs once here, so that a label that leads to another key is noticed at the start.
 * @throws TraoError `token_unavailable`, `token_refused`, `key_missing`, `bad_key`
 */
export async function tokenSigner(
  record: KeyRecord,
  place: TokenPlace,
  pinFile: string | undefined,
): Promise<SigningKey> {
  const algorithm = record.kind as SignatureAlgorithm;
  const token = await Token.of({ ...place, pinFile });
  const { sign, input } = ROWS[algorithm];
  let found: { readonly generation: number; readonly key: Handle } | undefined;
  const signer: SigningKey = {
    kid: record.kid,
    algorithm,
    sign: (data) =>
      token.run(async (session) => {
        if (found?.generation !== session.generation)
          found = { generation: session.generation, key: privateKey(session, place) };
        session.cryptoki.C_SignInit(session.handle, sign, found.key);
        return session.cryptoki.C_SignAsync(session.handle, input(data), Buffer.alloc(MAX_SIGNATURE_BYTES));
      }),
  };
  if (await signsFor(record.public!, signer)) return signer;
  throw new TraoError('bad_key', { detail: `${place.token}/${place.label} is not the key ${record.kid}.` });
}

/**
 * Makes a key on a token. It is made there and can never leave it.
 * @returns the public key
 * @throws TraoError `key_exists` when the token has a key of this label, `token_unavailable`, `token_refused`
 */
export async function generateOnToken(
  algorithm: SignatureAlgorithm,
  place: TokenPlace,
  pinFile: string | undefined,
): Promise<Jwk> {
  const token = await Token.of({ ...place, pinFile });
  const { generate, template } = ROWS[algorithm];
  const ours = [
    { type: CK.CKA_TOKEN, value: true },
    { type: CK.CKA_LABEL, value: place.label },
  ];
  return token.run(async (session) => {
    const { cryptoki, handle } = session;
    if (findObjects(cryptoki, handle, labelled(CK.CKO_PRIVATE_KEY, place)).length > 0)
      throw new TraoError('key_exists', { detail: `${place.token}/${place.label}` });
    const pair = cryptoki.C_GenerateKeyPair(
      handle,
      { mechanism: generate },
      [{ type: CK.CKA_CLASS, value: CK.CKO_PUBLIC_KEY }, ...ours, { type: CK.CKA_VERIFY, value: true }, ...template],
      [
        { type: CK.CKA_CLASS, value: CK.CKO_PRIVATE_KEY },
        ...ours,
        { type: CK.CKA_PRIVATE, value: true },
        { type: CK.CKA_SENSITIVE, value: true },
        { type: CK.CKA_EXTRACTABLE, value: false },
        { type: CK.CKA_SIGN, value: true },
      ],
    );
    return publicJwk(algorithm, session, pair.publicKey);
  });
}

/** The public half of a key that is on a token already. @throws TraoError `key_missing`, `token_unavailable`, `token_refused` */
export async function publicKeyOnToken(
  algorithm: SignatureAlgorithm,
  place: TokenPlace,
  pinFile: string | undefined,
): Promise<Jwk> {
  const token = await Token.of({ ...place, pinFile });
  return token.run(async (session) => publicJwk(algorithm, session, onlyOne(session, CK.CKO_PUBLIC_KEY, place)));
}

/** Takes both halves of a key off the token. That they are gone already is no fault. */
export async function destroyOnToken(place: TokenPlace, pinFile: string | undefined): Promise<void> {
  const token = await Token.of({ ...place, pinFile });
  await token.run(async ({ cryptoki, handle }) => {
    for (const kind of [CK.CKO_PRIVATE_KEY, CK.CKO_PUBLIC_KEY]) {
      for (const object of findObjects(cryptoki, handle, labelled(kind, place)))
        cryptoki.C_DestroyObject(handle, object);
    }
  });
}

const labelled = (kind: number, { label }: TokenPlace): Attribute[] => [
  { type: CK.CKA_CLASS, value: kind },
  { type: CK.CKA_LABEL, value: label },
];

const privateKey = (session: Session, place: TokenPlace) => onlyOne(session, CK.CKO_PRIVATE_KEY, place);

function onlyOne({ cryptoki, handle }: Session, kind: number, place: TokenPlace): Handle {
  const [object, second] = findObjects(cryptoki, handle, labelled(kind, place));
  const name = `${place.token}/${place.label}`;
  if (!object) throw new TraoError('key_missing', { detail: name });
  if (second) throw new TraoError('bad_key', { detail: `Two keys are called ${name}.` });
  return object;
}

function publicJwk(algorithm: SignatureAlgorithm, { cryptoki, handle }: Session, key: Handle): Jwk {
  const values = (...types: number[]) =>
    cryptoki
      .C_GetAttributeValue(
        handle,
        key,
        types.map((type) => ({ type })),
      )
      .map(({ value }) => value);
  if (algorithm === 'PS256') {
    const [n, e] = values(CK.CKA_MODULUS, CK.CKA_PUBLIC_EXPONENT) as [Buffer, Buffer];
    return { kty: 'RSA', n: encodeBase64url(withoutZeros(n)), e: encodeBase64url(withoutZeros(e)) };
  }
  const [point] = values(CK.CKA_EC_POINT) as [Buffer];
  if (algorithm === 'Ed25519') return { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(point.subarray(-32)) };
  // An OCTET STRING with an uncompressed point, 04 x y; some modules leave the wrapping away.
  return {
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64url(point.subarray(-64, -32)),
    y: encodeBase64url(point.subarray(-32)),
  };
}

const withoutZeros = (bytes: Buffer) => bytes.subarray(bytes.findIndex((byte) => byte !== 0));
