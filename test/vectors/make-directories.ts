import { importSigningKey } from '../../libs/envelope';
import { type Directory, type DirectoryNode } from '../../libs/schema';
import { signDirectory } from '../../libs/trust';
import { makeAuthority } from '../integration/certificates-fixture';
import { entryOf, pairOf } from './vector-parties';
import { type DirectoryVectors } from './vector-format';

const COUNTRIES = ['vn', 'gb', 'la'] as const;

/** New signed directories of one small world: two nodes, three governing countries, a threshold of two. */
export async function makeDirectories(): Promise<DirectoryVectors> {
  const privateKeys = await Promise.all(COUNTRIES.map((country) => pairOf(`${country}.gov1`, 'Ed25519')));
  const governance: Directory['governance'] = {
    threshold: 2,
    keys: privateKeys.map((pair, at) => ({ node: COUNTRIES[at]!, ...entryOf(pair) })),
  };
  const directory: Directory = {
    schema: 'directory/v1',
    version: 7,
    issuedAt: '2026-11-20T00:00:00Z',
    expiresAt: '2026-12-20T00:00:00Z',
    trustDomain: 'test',
    governance,
    nodes: [await makeNode('vn', 'A'), await makeNode('gb', 'E')],
  };
  const sign = async (signers: readonly number[], change: Partial<Directory> = {}) => {
    const keys = signers.map((at) => privateKeys[at]!);
    const imported = await Promise.all(keys.map(({ kid, privateJwk }) => importSigningKey(kid, privateJwk)));
    return signDirectory({ ...directory, ...change }, imported);
  };
  const good = await sign([0, 1]);
  const edited = (change: (jws: Record<string, unknown>) => object) =>
    JSON.stringify(change(JSON.parse(good) as Record<string, unknown>));
  const payloadOf = (text: string) =>
    Buffer.from((JSON.parse(text) as { payload: string }).payload, 'base64url').toString();
  const withPayload = (json: string) => edited((jws) => ({ ...jws, payload: Buffer.from(json).toString('base64url') }));
  const alone = { ...governance, threshold: 1 };
  const documents = {
    version7: good,
    version7OtherSigners: await sign([1, 2]),
    version7Forked: await sign([0, 1], { expiresAt: '2027-01-20T00:00:00Z' }),
    version8: await sign([0, 1, 2], { version: 8 }),
    version6: await sign([0, 1], { version: 6 }),
    version8LowerThreshold: await sign([0], { version: 8, governance: alone }),
    oneSigner: await sign([0]),
    sameSignerTwice: await sign([0, 0]),
    production: await sign([0, 1], { trustDomain: 'production' }),
    tamperedPayload: withPayload(payloadOf(good).replace('gateway.gb', 'attack.gb')),
    keyTwice: withPayload(payloadOf(good).replace('{', '{"version":9,')),
    unknownMember: withPayload(payloadOf(good).replace('{', '{"note":"x",')),
    privateMember: withPayload(payloadOf(good).replace('"jwk":{', '"jwk":{"d":"AA",')),
    unprotectedHeader: edited((jws) => ({ ...jws, header: {} })),
    spelling: edited((jws) => ({ ...jws, payload: `${String(jws['payload'])}=` })),
    notSigned: payloadOf(good),
  };
  return {
    anchor: { trustDomain: 'test', governance },
    privateKeys,
    now: '2026-11-22T06:00:00Z',
    documents,
    valid: [
      { name: 'the first one', document: 'version7', version: 7 },
      { name: 'the same again', document: 'version7', inForce: 'version7', version: 7 },
      { name: 'the same with other signatures', document: 'version7OtherSigners', inForce: 'version7', version: 7 },
      { name: 'a newer one', document: 'version8', inForce: 'version7', version: 8 },
    ],
    tampered: [
      { name: 'one country of two', document: 'oneSigner', code: 'directory_below_threshold' },
      { name: 'one country twice', document: 'sameSignerTwice', code: 'directory_below_threshold' },
      { name: 'content changed after signing', document: 'tamperedPayload', code: 'directory_below_threshold' },
      {
        name: 'a lower threshold without a quorum',
        document: 'version8LowerThreshold',
        inForce: 'version7',
        code: 'directory_below_threshold',
      },
      { name: 'an older one', document: 'version6', inForce: 'version7', code: 'directory_rollback' },
      {
        name: 'another one of the same version',
        document: 'version7Forked',
        inForce: 'version7',
        code: 'directory_fork',
      },
      { name: 'an expired one', document: 'version7', now: '2026-12-20T00:00:00Z', code: 'directory_expired' },
      { name: 'one of another trust domain', document: 'production', code: 'wrong_domain' },
      { name: 'a member twice', document: 'keyTwice', code: 'directory_malformed' },
      { name: 'an unknown member', document: 'unknownMember', code: 'directory_malformed' },
      { name: 'a private member in a key', document: 'privateMember', code: 'directory_malformed' },
      { name: 'an unprotected header', document: 'unprotectedHeader', code: 'directory_malformed' },
      { name: 'padding in the payload', document: 'spelling', code: 'directory_malformed' },
      { name: 'no signatures at all', document: 'notSigned', code: 'directory_malformed' },
    ],
  };
}

async function makeNode(id: 'vn' | 'gb', letter: string): Promise<DirectoryNode> {
  const entry = async (kid: string, kind: Parameters<typeof pairOf>[1]) => entryOf(await pairOf(kid, kind));
  const name = { en: id, vi: id };
  return {
    id,
    name,
    endpoint: `https://gateway.${id}.example:8443`,
    tls: { ca: [makeAuthority(`ca.${id}`).cert], spki: [letter.repeat(43)] },
    receiptKeys: [await entry(`${id}.rcpt1`, 'ES256')],
    suites: ['hybrid', 'classic'],
    limits: { maxMessageBytes: 1_048_576, maxBatchMessages: 64, maxBatchBytes: 8_388_608 },
    calendar: id,
    workingHours: { timezone: 'UTC', from: '08:00', to: '17:00' },
    contacts: [],
    units: [
      {
        id: `${id}.police`,
        name,
        class: 'police',
        status: 'active',
        signingKeys: [await entry(`${id}.sig1`, 'ES256')],
        encryptionKeys: [
          { ...(await entry(`${id}.enc1`, 'hybrid')), suite: 'hybrid' },
          { ...(await entry(`${id}.enc0`, 'classic')), suite: 'classic' },
        ],
      },
    ],
  };
}
