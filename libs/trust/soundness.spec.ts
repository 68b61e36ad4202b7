import { generateKeyPairSync } from 'node:crypto';
import { adoptDirectory, signDirectory } from '.';
import { countersign } from '../envelope';
import { type Directory, type DirectoryNode, type DirectoryUnit } from '../schema';
import certificates from './fixtures/certificates.json';
import { makeWorld, NOW, type World } from './fixtures/world';

type Edit = (
  directory: Directory,
  nodes: [DirectoryNode, DirectoryNode],
  units: [DirectoryUnit, DirectoryUnit],
) => unknown;

const REUSED: readonly (readonly [string, Edit])[] = [
  ['signing and receipts', (_, [vn], [unit]) => (unit.signingKeys[0]!.jwk = vn.receiptKeys[0]!.jwk)],
  ['governance and receipts', ({ governance }, [vn]) => (vn.receiptKeys[0]!.jwk = governance.keys[0]!.jwk)],
  ['two units', (_, __, [one, two]) => (two.encryptionKeys[0]!.jwk = one.encryptionKeys[0]!.jwk)],
  ['two nodes', (_, [vn, gb]) => (gb.receiptKeys[0]!.jwk = vn.receiptKeys[0]!.jwk)],
  ['signing and encryption', (_, __, [unit]) => (unit.encryptionKeys[1]!.jwk = unit.signingKeys[0]!.jwk)],
  ['two governing countries', ({ governance }) => (governance.keys[1]!.jwk = governance.keys[0]!.jwk)],
  ['TLS of two nodes', (_, [vn, gb]) => gb.tls.spki.push(vn.tls.spki[0]!)],
  ['TLS and signing', (_, __, [unit]) => (unit.signingKeys[0]!.jwk = certificates.tlsKey as never)],
];

const MALFORMED: readonly (readonly [string, Edit])[] = [
  ['a node twice', (directory, [vn]) => directory.nodes.push({ ...vn, receiptKeys: [], units: [] })],
  ['a unit twice', (_, __, [one, two]) => (two.id = one.id)],
  ['a unit of a foreign node', (_, __, [unit]) => (unit.id = 'gb.forest')],
  ['a unit whose node only begins like its own', (_, [vn]) => (vn.id = 'vn-xx')],
  ['a key id twice in one unit', (_, __, [unit]) => (unit.encryptionKeys[1]!.kid = unit.encryptionKeys[0]!.kid)],
  [
    'an encryption key id twice in one node',
    (_, __, [one, two]) => (two.encryptionKeys[0]!.kid = one.encryptionKeys[0]!.kid),
  ],
  ['a governance key id twice', ({ governance }) => (governance.keys[1]!.kid = governance.keys[0]!.kid)],
  ['a key of another suite than it says', (_, __, [unit]) => (unit.encryptionKeys[1]!.suite = 'hybrid')],
  [
    'an encryption key among the signing keys',
    (_, __, [unit]) => (unit.signingKeys[0]!.jwk = unit.encryptionKeys[0]!.jwk),
  ],
  ['a point off its curve', (_, __, [unit]) => (unit.signingKeys[0]!.jwk.y = unit.signingKeys[0]!.jwk.x!)],
  ['a malformed ML-KEM key (attack B-24)', (_, __, [unit]) => (unit.encryptionKeys[0]!.jwk.pub = malformedHybrid())],
  ['a private member', (_, __, [unit]) => Object.assign(unit.signingKeys[0]!.jwk, { d: 'AA' })],
  ['an unknown member', (directory) => Object.assign(directory, { note: 'x' })],
  ['a prime in two RSA keys (attack B-14)', (_, __, [one, two]) => giveRsa([one, two], commonPrime())],
  ['an RSA key without a modulus', (_, __, [one, two]) => giveRsa([one, two], ['', commonPrime()[0]!])],
  ['no nodes', (directory) => (directory.nodes = [])],
];

/** Gives units RSA keys to sign with, by their moduli. */
function giveRsa(units: readonly DirectoryUnit[], moduli: readonly string[]): void {
  for (const [at, unit] of units.entries()) {
    const jwk = { kty: 'RSA', n: moduli[at]!, e: 'AQAB' } as const;
    Object.assign(unit.signingKeys[0]!, { jwk, exception: 'national_hsm_rsa_only' });
  }
}

/** Two moduli of 3072 bits, each of two sound primes, one of which they share. */
function commonPrime(): string[] {
  const [one, two] = [1, 2].map(() => {
    const { p, q } = generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey.export({ format: 'jwk' });
    return [p!, q!].map((text) => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`));
  }) as [bigint[], bigint[]];
  return [one[0]! * one[1]!, one[0]! * two[1]!].map((n) => Buffer.from(n.toString(16), 'hex').toString('base64url'));
}

/** Coefficients over the modulus 3329, which FIPS 203 §7.2 has a sender check. */
function malformedHybrid(): string {
  return Buffer.concat([Buffer.alloc(1152, 0xff), Buffer.alloc(64, 9)]).toString('base64url');
}

describe('a directory that countries have signed', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });

  const edited = (edit: Edit): Directory => {
    const directory = structuredClone(world.directory);
    const [vn, gb] = directory.nodes as [DirectoryNode, DirectoryNode];
    edit(directory, [vn, gb], vn.units as [DirectoryUnit, DirectoryUnit]);
    return directory;
  };
  const signers = () => [world.governors.vn, world.governors.gb];
  /** Adopts any document, rightly signed, as if the signers' programs had checked nothing. */
  const adopt = async (payload: string | Uint8Array) => {
    const signed = await countersign(Buffer.from(payload as string), 'trao-directory+jws', signers());
    const anchor = { trustDomain: 'test' as const, governance: world.directory.governance };
    return adoptDirectory(Buffer.from(signed), anchor, NOW);
  };

  it('is adopted when it is sound', async () => {
    expect(await adopt(JSON.stringify(edited(() => undefined)))).toEqual(world.directory);
  });

  it('may have sound RSA keys where an entry says why', async () => {
    const [one] = commonPrime();
    const [two] = commonPrime();
    const sound = edited((_, __, [first, second]) => giveRsa([first, second], [one!, two!]));
    expect(await adopt(JSON.stringify(sound))).toEqual(sound);
  });

  it.each(REUSED)('is refused with one public key for %s', async (_, edit) => {
    await expect(adopt(JSON.stringify(edited(edit)))).rejects.toMatchObject({ code: 'directory_key_reused' });
    await expect(signDirectory(edited(edit), signers())).rejects.toMatchObject({ code: 'directory_key_reused' });
  });

  it.each(MALFORMED)('is refused with %s', async (_, edit) => {
    await expect(adopt(JSON.stringify(edited(edit)))).rejects.toMatchObject({ code: 'directory_malformed' });
  });

  it.each([
    ['no JSON', 'directory'],
    ['another document', '{"schema":"receipt/v1"}'],
    ['a key twice', '{"schema":"directory/v1","schema":"directory/v1"}'],
    ['no UTF-8', Buffer.of(0xff)],
  ])('is refused when it is %s', async (_, payload) => {
    await expect(adopt(payload)).rejects.toMatchObject({ code: 'directory_malformed' });
  });

  it('is refused when it is no countersigned document at all', async () => {
    const anchor = { trustDomain: 'test' as const, governance: world.directory.governance };
    const bare = Buffer.from(JSON.stringify(world.directory));
    await expect(adoptDirectory(bare, anchor, NOW)).rejects.toMatchObject({ code: 'directory_malformed' });
  });

  it('is not signed in the first place when it is not sound', async () => {
    const unsound = edited((_, __, [unit]) => (unit.id = 'gb.forest'));
    await expect(signDirectory(unsound, signers())).rejects.toMatchObject({ code: 'directory_malformed' });
  });
});
