import { countersign, encodeBase64url, isCountersignedBy, readCountersigned } from '.';
import { rawJws } from '../../test/fakes/craft';
import { signaturePair, type SignaturePair } from '../../test/fakes/parties';

const TYP = 'trao-directory+jws';
const DOCUMENT = Buffer.from('{"version":1}');
const MAX_BYTES = 50_000;
const malformed = expect.objectContaining({ code: 'directory_malformed' });

interface General {
  payload: unknown;
  signatures: { protected: unknown; signature: unknown; header?: unknown }[];
}

describe('a countersigned document', () => {
  let vn: SignaturePair;
  let gb: SignaturePair;
  let text: string;
  beforeAll(async () => {
    vn = await signaturePair('vn.gov1');
    gb = await signaturePair('gb.gov1', 'Ed25519');
    text = await countersign(DOCUMENT, TYP, [vn.private, gb.private]);
  });
  const read = (json: string, maxBytes = MAX_BYTES) => readCountersigned(Buffer.from(json), TYP, maxBytes);
  const change = (edit: (jws: General) => unknown) => {
    const jws = JSON.parse(text) as General;
    const changed = edit(jws);
    return JSON.stringify(changed === undefined ? jws : changed);
  };
  const withProtected = (header: object) =>
    change((jws) => {
      jws.signatures[0]!.protected = encodeBase64url(Buffer.from(JSON.stringify(header)));
    });

  it('is signed by each of its signers', async () => {
    const document = read(text);
    expect(Buffer.from(document.payload)).toEqual(DOCUMENT);
    expect(isCountersignedBy(document, vn.public)).toBe(true);
    expect(isCountersignedBy(document, gb.public)).toBe(true);
  });

  it('is not signed by anybody else', async () => {
    const document = read(text);
    const other = await signaturePair('vn.gov1');
    const unknown = await signaturePair('la.gov1');
    expect(isCountersignedBy(document, other.public)).toBe(false);
    expect(isCountersignedBy(document, unknown.public)).toBe(false);
    expect(isCountersignedBy(document, { ...vn.public, algorithm: 'PS256' })).toBe(false);
  });

  it('is signed by nobody once its content is changed', async () => {
    const changed = read(change((jws) => ({ ...jws, payload: encodeBase64url(Buffer.from('{"version":2}')) })));
    expect(isCountersignedBy(changed, vn.public)).toBe(false);
    expect(isCountersignedBy(changed, gb.public)).toBe(false);
  });

  it('keeps the good signatures when one is bad', async () => {
    const document = read(
      change((jws) => {
        jws.signatures[0]!.signature = encodeBase64url(Buffer.alloc(64, 1));
      }),
    );
    expect(isCountersignedBy(document, vn.public)).toBe(false);
    expect(isCountersignedBy(document, gb.public)).toBe(true);
  });

  it('takes its algorithm from the key, not from the header', async () => {
    const jws = await rawJws(JSON.stringify({ alg: 'ES256', kid: 'gb.gov1', typ: TYP }), DOCUMENT, gb.private);
    const [header, payload, signature] = jws.split('.');
    const document = read(JSON.stringify({ payload, signatures: [{ protected: header, signature }] }));
    expect(isCountersignedBy(document, gb.public)).toBe(false);
  });

  it.each([
    ['another type', { alg: 'ES256', kid: 'a', typ: 'secevent+jwt' }],
    ['no type', { alg: 'ES256', kid: 'a' }],
    ['no algorithm', { kid: 'a', typ: TYP }],
    ['the algorithm none', { alg: 'none', kid: 'a', typ: TYP }],
    ['a symmetric algorithm', { alg: 'HS256', kid: 'a', typ: TYP }],
    ['an algorithm that is no text', { alg: 1, kid: 'a', typ: TYP }],
    ['the name of a method as algorithm', { alg: 'toString', kid: 'a', typ: TYP }],
    ['an embedded key', { alg: 'ES256', kid: 'a', typ: TYP, jwk: {} }],
    ['an unencoded payload', { alg: 'ES256', kid: 'a', typ: TYP, b64: false }],
    ['a critical member', { alg: 'ES256', kid: 'a', typ: TYP, crit: ['typ'] }],
    ['no key id', { alg: 'ES256', typ: TYP }],
  ])('is refused with %s in a header', (_, header) => {
    expect(() => read(withProtected(header))).toThrow(malformed);
  });

  it.each<[string, (jws: General) => unknown]>([
    ['no object', () => [1]],
    ['null', () => null],
    ['a member too many', (jws) => ({ ...jws, header: {} })],
    ['flattened', (jws) => ({ payload: jws.payload, ...jws.signatures[0] })],
    ['compact', (jws) => `${String(jws.signatures[0]!.protected)}.${String(jws.payload)}.AA`],
    ['with signatures that are no list', (jws) => ({ ...jws, signatures: 'ab' })],
    ['with a signature that is null', (jws) => ({ ...jws, signatures: [null] })],
    ['with an unprotected header', (jws) => void (jws.signatures[0]!.header = { alg: 'ES256' })],
    ['with a header that is a number', (jws) => void (jws.signatures[0]!.protected = 1)],
    ['with a signature that is a number', (jws) => void (jws.signatures[0]!.signature = 1)],
    ['with a signature in another spelling', (jws) => void (jws.signatures[0]!.signature += '=')],
    ['with a payload that is a number', (jws) => ({ ...jws, payload: 5 })],
    ['with a payload that is a list', (jws) => ({ ...jws, payload: ['AAAA'] })],
    ['with a payload in another spelling', (jws) => ({ ...jws, payload: `${String(jws.payload)}=` })],
    ['with too many signatures', (jws) => ({ ...jws, signatures: Array(65).fill(jws.signatures[0]) })],
  ])('is refused when it is %s', (_, edit) => {
    expect(() => read(change(edit))).toThrow(malformed);
  });

  it('is refused when it is larger than allowed, or names a member twice', () => {
    expect(() => read(text, text.length - 1)).toThrow(malformed);
    expect(() => read(text.replace('{', '{"payload":"AA",'))).toThrow(malformed);
  });
});
