import { importSigningKey } from '../../libs/envelope';
import type { Directory } from '../../libs/schema';
import { adoptDirectory, signDirectory, type TrustAnchor } from '../../libs/trust';
import { makePair, type FictionalPair } from '../fakes/fictional-keys';
import { fictionalWorld } from '../fakes/fictional-world';
import { ask, describeWithTools } from './tools';

/** The partner directory: signed by several countries, each with software of its own. */
const NOW = new Date('2026-11-29T00:00:00Z');
const VALIDITY = { notBefore: '2026-11-01T00:00:00Z', notAfter: '2027-11-01T00:00:00Z', status: 'active' } as const;
const COUNTRIES = ['vn', 'gb', 'kh'] as const;

interface VerifiedThere {
  readonly payload: string;
  readonly signers: readonly string[];
}

describeWithTools('a directory', () => {
  let pairs: readonly FictionalPair[];
  let directory: Directory;
  let anchor: TrustAnchor;
  beforeAll(async () => {
    pairs = await Promise.all(COUNTRIES.map((country) => makePair(`${country}.gov`, 'ES256')));
    const keys = pairs.map(({ kid, publicJwk }, at) => ({ kid, jwk: publicJwk, node: COUNTRIES[at]!, ...VALIDITY }));
    directory = { ...(await fictionalWorld()).directory, governance: { threshold: 2, keys } };
    anchor = { trustDomain: directory.trustDomain, governance: directory.governance };
  });

  const adopted = (signed: string) =>
    adoptDirectory(Buffer.from(signed), anchor, NOW).then(
      ({ version }) => version,
      (error: { code: string }) => error.code,
    );
  const verifyThere = (text: string) => {
    const keys = Object.fromEntries(pairs.map(({ kid, publicJwk }) => [kid, publicJwk]));
    return ask<VerifiedThere>('countersigned', { text, keys }) as VerifiedThere;
  };
  const signHere = async (...signers: readonly number[]) =>
    signDirectory(
      directory,
      await Promise.all(signers.map((at) => importSigningKey(pairs[at]!.kid, pairs[at]!.privateJwk))),
    );
  const signThere = (payload: string, ...signers: readonly number[]) =>
    (
      ask<{ text: string }>('countersign', {
        payload,
        signers: signers.map((at) => ({ kid: pairs[at]!.kid, key: pairs[at]!.privateJwk })),
      }) as { text: string }
    ).text;

  it('that we have signed is verified by jwcrypto, signature by signature, over the exact bytes', async () => {
    const text = await signHere(0, 1);
    const { payload, signers } = verifyThere(text);
    expect(signers).toEqual(['vn.gov', 'gb.gov']);
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).toEqual(directory);
  });

  it('that was changed is verified by nobody', async () => {
    const { payload, signatures } = JSON.parse(await signHere(0, 1)) as { payload: string; signatures: object[] };
    const changed = { ...directory, version: directory.version + 1 };
    const other = Buffer.from(JSON.stringify(changed)).toString('base64url');
    expect(other).not.toBe(payload);
    const text = JSON.stringify({ payload: other, signatures });
    expect(verifyThere(text).signers).toEqual([]);
    expect(await adopted(text)).toBe('directory_below_threshold');
  });

  it('that they have signed alone is adopted by us', async () => {
    const payload = Buffer.from(JSON.stringify(directory)).toString('base64url');
    expect(await adopted(signThere(payload, 0, 2))).toBe(directory.version);
    expect(await adopted(signThere(payload, 2))).toBe('directory_below_threshold');
  });

  it('that one country has signed with each is adopted by us, and verified by jwcrypto', async () => {
    const ours = JSON.parse(await signHere(0)) as { payload: string; signatures: object[] };
    const theirs = JSON.parse(signThere(ours.payload, 1)) as { payload: string; signatures: object[] };
    expect(theirs.payload).toBe(ours.payload);
    expect(await adopted(JSON.stringify(ours))).toBe('directory_below_threshold');
    const both = JSON.stringify({ payload: ours.payload, signatures: [...ours.signatures, ...theirs.signatures] });
    expect(await adopted(both)).toBe(directory.version);
    expect(verifyThere(both).signers).toEqual(['vn.gov', 'gb.gov']);
  });

  it('whose signatures stand under other key ids is verified by nobody', async () => {
    const signed = JSON.parse(await signHere(0, 1)) as { payload: string; signatures: { protected: string }[] };
    const [one, two] = signed.signatures as [{ protected: string }, { protected: string }];
    const swapped = JSON.stringify({
      payload: signed.payload,
      signatures: [
        { ...one, protected: two.protected },
        { ...two, protected: one.protected },
      ],
    });
    expect(verifyThere(swapped).signers).toEqual([]);
    expect(await adopted(swapped)).toBe('directory_below_threshold');
  });
});
