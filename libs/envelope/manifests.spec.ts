import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManifestClaims } from '../schema';
import { rawJws, withSegment } from '../../test/fakes/craft';
import { flippedEverywhere, refusals, truncatedEverywhere } from '../../test/fakes/damage';
import { signaturePair, type SignaturePair } from '../../test/fakes/parties';
import { issueManifest, manifestLeaf, readManifest, STANDINGS } from './manifest-parts';
import { issueReceipt } from './receipts';
import { signCompact } from './sign';

const EXAMPLES = join(__dirname, '../../schemas/manifest/v1/examples/valid');
const [quiet, busy] = ['quiet-day', 'busy-day'].map(
  (name) => JSON.parse(readFileSync(join(EXAMPLES, `${name}.json`), 'utf8')) as ManifestClaims,
) as [ManifestClaims, ManifestClaims];

const HEADER = { typ: 'trao-manifest+jws' };
const malformed = { code: 'manifest_malformed' };

describe('manifests', () => {
  let pair: SignaturePair;
  let token: string;
  const keyOf = (node: string, kid: string) =>
    Promise.resolve(node === 'vn' && kid === 'rcpt1' ? pair.public : undefined);
  const read = (text: string) => readManifest(text, keyOf);
  const sign = (claims: object, header: object = HEADER) =>
    signCompact({ ...header }, Buffer.from(JSON.stringify(claims)), pair.private);

  beforeAll(async () => {
    pair = await signaturePair('rcpt1');
    token = await issueManifest(busy, pair.private);
  });

  it.each([quiet, busy])('say what was counted', async (claims) => {
    expect(await read(await issueManifest(claims, pair.private))).toEqual(claims);
  });

  it('have a type of their own, so that neither a receipt nor a message is one', async () => {
    expect(JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString())).toEqual({
      alg: 'ES256',
      kid: 'rcpt1',
      typ: 'trao-manifest+jws',
    });
    for (const typ of ['secevent+jwt', 'trao-message+jws', undefined])
      await expect(read(await sign(busy, { typ }))).rejects.toMatchObject(malformed);
    const receipt = await issueReceipt(
      {
        id: '0b7f1f2e-6a5e-4a0a-9c1d-5e7f6a1b2c3d',
        issuer: 'vn',
        audience: 'gb',
        messageId: '01a201d7-1e88-7568-b9b7-4e493e2729e0',
        event: 'received',
        digest: busy.sent.root,
        seq: 1,
        at: new Date('2026-11-22T06:01:02.345Z'),
      },
      pair.private,
    );
    await expect(read(receipt)).rejects.toMatchObject(malformed);
  });

  it('are not signed when they say what the contract does not allow', () => {
    expect(() => issueManifest({ ...busy, day: 'today' }, pair.private)).toThrow(expect.objectContaining(malformed));
  });

  it('are refused with other claims, a header that is not admitted, or when too long', async () => {
    await expect(read(await sign({ ...busy, unit: 'vn.mps' }))).rejects.toMatchObject(malformed);
    await expect(read(await sign(busy, { ...HEADER, jwk: {} }))).rejects.toMatchObject(malformed);
    await expect(read(token + 'A'.repeat(4096))).rejects.toMatchObject(malformed);
    const twice = withSegment(token, 1, () =>
      Buffer.from(JSON.stringify(busy).replace('{', '{"day":"2026-11-27",')).toString('base64url'),
    );
    await expect(read(twice)).rejects.toMatchObject(malformed);
  });

  it('count only when the key is one of the issuer, and of the algorithm that the header says', async () => {
    const other = await issueManifest({ ...busy, iss: 'la' }, pair.private);
    await expect(read(other)).rejects.toMatchObject({ code: 'unknown_sender' });
    const edwards = await rawJws(
      JSON.stringify({ ...HEADER, alg: 'Ed25519', kid: 'rcpt1' }),
      JSON.stringify(busy),
      pair.private,
    );
    await expect(read(edwards)).rejects.toMatchObject({ code: 'bad_signature' });
    const forger = await signaturePair('rcpt1');
    await expect(read(await issueManifest(busy, forger.private))).rejects.toMatchObject({ code: 'bad_signature' });
  });

  it('are refused with any bit changed, and cut off anywhere', async () => {
    const codes = await refusals([...flippedEverywhere(token), ...truncatedEverywhere(token)], read);
    const allowed = ['manifest_malformed', 'bad_signature', 'unknown_sender'];
    expect(Object.keys(codes).filter((code) => !allowed.includes(code))).toEqual([]);
  });
});

describe('the leaf of a message', () => {
  const id = '01a201d7-1e88-7568-b9b7-4e493e2729e0';
  const digest = 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg';

  it('is its id, its digest and how far it is', () => {
    const leaves = STANDINGS.map((standing) => Buffer.from(manifestLeaf({ id, digest, standing })));
    const start = '01a201d71e887568b9b74e493e2729e0' + Buffer.from(digest, 'base64url').toString('hex');
    expect(leaves.map((leaf) => leaf.toString('hex'))).toEqual([`${start}01`, `${start}02`, `${start}03`]);
  });
});
