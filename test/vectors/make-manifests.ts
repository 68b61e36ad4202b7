import { importSigningKey, manifests } from '../../libs/envelope';
import { type ManifestClaims } from '../../libs/schema';
import { type ManifestVectors } from './vector-format';
import { entryOf, pairOf } from './vector-parties';

const DIGESTS = ['n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg', '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'] as const;
const SENT: readonly manifests.ManifestEntry[] = [
  { id: '01a201d7-1e88-7568-b9b7-4e493e2729e0', digest: DIGESTS[0], standing: 'held' },
  { id: '01a201d7-1e88-7568-b9b7-4e493e2729e1', digest: DIGESTS[1], standing: 'filed' },
  { id: '01a2065f-b4f0-7c2a-ba67-7d1d0286b808', digest: DIGESTS[0], standing: 'opened' },
];

const treeOf = (entries: readonly manifests.ManifestEntry[]) => {
  const tree = new manifests.MerkleTree();
  for (const entry of entries) tree.add(manifests.manifestLeaf(entry));
  return tree;
};
const sumOf = (entries: readonly manifests.ManifestEntry[], before: number) => {
  const tree = treeOf(entries);
  return { count: tree.count, root: tree.root(), total: before + tree.count };
};

/** New manifests, the bytes of their leaves and roots of trees of each small size, and twins of one manifest with one thing wrong each. */
export async function makeManifests(): Promise<ManifestVectors> {
  const pair = await pairOf('vn.rcpt1', 'ES256');
  const edwards = await pairOf('vn.rcpt2', 'Ed25519');
  const privateKeys = [pair, edwards];
  const keys = privateKeys.map((key) => ({ node: 'vn', ...entryOf(key) }));
  const claims: ManifestClaims = {
    iss: 'vn',
    aud: 'gb',
    iat: 1_795_392_062,
    day: '2026-11-22',
    sent: sumOf(SENT, 1000),
    received: sumOf([], 0),
  };
  const issue = async (change: Partial<ManifestClaims> = {}, { kid, privateJwk } = pair) =>
    manifests.issueManifest({ ...claims, ...change }, await importSigningKey(kid, privateJwk));
  const token = await issue();
  const [header, body, signature] = token.split('.') as [string, string, string];
  const recoded = (segment: string, from: string, to: string) =>
    Buffer.from(Buffer.from(segment, 'base64url').toString().replace(from, to)).toString('base64url');
  const withHeader = (from: string, to: string) => [recoded(header, from, to), body, signature].join('.');
  const withClaims = (from: string, to: string) => [header, recoded(body, from, to), signature].join('.');
  const tampered: ManifestVectors['tampered'] = [
    { name: 'signed with another key', code: 'bad_signature', token: await issue({}, await pairOf(pair.kid, 'ES256')) },
    {
      name: 'signed with another algorithm',
      code: 'bad_signature',
      token: await issue({}, { ...edwards, kid: pair.kid }),
    },
    { name: 'another day', code: 'bad_signature', token: withClaims('2026-11-22', '2026-11-21') },
    { name: 'another count', code: 'bad_signature', token: withClaims('"count":3', '"count":2') },
    { name: 'another node', code: 'unknown_sender', token: withClaims('"iss":"vn"', '"iss":"la"') },
    {
      name: 'a receipt by its type',
      code: 'manifest_malformed',
      token: withHeader('trao-manifest+jws', 'secevent+jwt'),
    },
    { name: 'the algorithm none', code: 'manifest_malformed', token: withHeader('ES256', 'none') },
    { name: 'an unknown claim', code: 'manifest_malformed', token: withClaims('{', '{"note":"x",') },
    { name: 'a claim twice', code: 'manifest_malformed', token: withClaims('{', '{"iss":"la",') },
    { name: 'padding behind it', code: 'manifest_malformed', token: `${token}=` },
    { name: 'no signature', code: 'manifest_malformed', token: `${header}.${body}.` },
  ];
  const valid = [
    { name: 'three messages sent and none received', token, claims },
    { name: 'signed with Ed25519', token: await issue({}, edwards), claims },
  ];
  const leaves = SENT.map((entry) => ({
    ...entry,
    leaf: Buffer.from(manifests.manifestLeaf(entry)).toString('base64url'),
  }));
  const roots = Array.from({ length: SENT.length + 1 }, (_, count) => treeOf(SENT.slice(0, count)).root());
  return { keys, privateKeys, leaves, roots, valid, tampered };
}
