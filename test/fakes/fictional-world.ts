import { digestOf, importSigningKey } from '../../libs/envelope';
import type { Directory, DirectoryKey, DirectoryNode, DirectoryUnit } from '../../libs/schema';
import { adoptDirectory, Partners, signDirectory } from '../../libs/trust';
import { makeAuthority } from '../integration/certificates-fixture';
import { FictionalKeys, makePair, type FictionalPair } from './fictional-keys';

/** Three countries with their keys and a directory that two of them have signed. Everything is invented. */
export interface FictionalWorld {
  readonly directory: Directory;
  readonly partners: Partners;
  /** A fresh key store of a node: what a test deletes is missing in that test only. */
  keysOf(node: string): FictionalKeys;
}

const VALIDITY = { notBefore: '2026-11-01T00:00:00Z', notAfter: '2027-11-01T00:00:00Z' };

type Suite = DirectoryNode['suites'][number];

interface UnitPlan {
  readonly id: string;
  readonly class: DirectoryUnit['class'];
  readonly status?: 'historical';
}

interface NodePlan {
  readonly id: string;
  readonly suite: Suite;
  readonly calendar: string;
  readonly timezone: string;
  readonly units: readonly UnitPlan[];
}

const PLAN: readonly NodePlan[] = [
  {
    id: 'vn',
    suite: 'hybrid',
    calendar: 'vn',
    timezone: 'Asia/Ho_Chi_Minh',
    units: [
      { id: 'vn.mps-criminal', class: 'police' },
      { id: 'vn.mofa-london', class: 'consular' },
      { id: 'vn.moh-social', class: 'social' },
      { id: 'vn.mnd-border', class: 'border' },
      { id: 'vn.molisa', class: 'social', status: 'historical' },
    ],
  },
  {
    id: 'gb',
    suite: 'classic',
    calendar: 'gb-eng',
    timezone: 'Europe/London',
    units: [
      { id: 'gb.ho-sca', class: 'competent_authority' },
      { id: 'gb.nca', class: 'police' },
      { id: 'gb.police', class: 'police' },
      { id: 'gb.la-children', class: 'child_protection' },
    ],
  },
  {
    id: 'kh',
    suite: 'classic',
    calendar: 'kh',
    timezone: 'Asia/Phnom_Penh',
    units: [{ id: 'kh.mosvy', class: 'social' }],
  },
];

let made: Promise<FictionalWorld> | undefined;

/** The world of this test file; making keys takes a moment, so it is made once. */
export function fictionalWorld(): Promise<FictionalWorld> {
  made ??= makeWorld();
  return made;
}

async function makeWorld(): Promise<FictionalWorld> {
  const stores = new Map<string, FictionalKeys>();
  const governance = await Promise.all(['vn', 'gb'].map((node) => makePair(`${node}.gov1`, 'Ed25519')));
  const nodes = await Promise.all(PLAN.map((plan) => makeNode(plan, stores)));
  const draft: Directory = {
    schema: 'directory/v1',
    version: 1,
    issuedAt: '2026-11-20T00:00:00Z',
    expiresAt: '2027-11-20T00:00:00Z',
    trustDomain: 'test',
    governance: {
      threshold: 2,
      keys: governance.map((pair, index) => ({ ...listed(pair), node: ['vn', 'gb'][index]! })),
    },
    nodes,
  };
  const keys = await Promise.all(governance.map(({ kid, privateJwk }) => importSigningKey(kid, privateJwk)));
  const signed = Buffer.from(await signDirectory(draft, keys));
  const anchor = { trustDomain: draft.trustDomain, governance: draft.governance };
  const directory = await adoptDirectory(signed, anchor, new Date('2026-11-21T00:00:00Z'));
  return { directory, partners: new Partners(directory), keysOf: (node) => copyOf(stores.get(node)!) };
}

async function makeNode(plan: NodePlan, stores: Map<string, FictionalKeys>): Promise<DirectoryNode> {
  const { id, suite, calendar, timezone } = plan;
  const keys = new FictionalKeys();
  stores.set(id, keys);
  const receipt = await makePair(`${id}.rcpt1`, 'Ed25519');
  await keys.hold(receipt);
  return {
    id,
    name: { en: id, vi: id },
    endpoint: `https://gateway.${id}.example:8443`,
    tls: { ca: [makeAuthority(`ca.${id}`).cert], spki: [digestOf(id)] },
    receiptKeys: [listed(receipt)],
    suites: [suite],
    limits: { maxMessageBytes: id === 'kh' ? 1024 : 65_536, maxBatchMessages: 64, maxBatchBytes: 8_388_608 },
    calendar,
    workingHours: { timezone, from: '08:00', to: '17:00' },
    contacts: [],
    units: await Promise.all(plan.units.map((unit) => makeUnit(unit, suite, keys))),
  };
}

async function makeUnit({ id, status, ...plan }: UnitPlan, suite: Suite, keys: FictionalKeys): Promise<DirectoryUnit> {
  const signing = await makePair(`${id}.sig1`, 'ES256');
  const current = await makePair(`${id}.enc2`, suite);
  const retired = await makePair(`${id}.enc1`, suite);
  // The retired one was destroyed.
  await keys.holdUnit(id, signing, [current]);
  return {
    id,
    name: { en: id, vi: id },
    class: plan.class,
    status: status ?? 'active',
    signingKeys: [listed(signing)],
    encryptionKeys: [
      { ...listed(current), suite },
      { ...listed(retired), suite, status: 'retired' },
    ],
  };
}

const listed = ({ kid, publicJwk }: FictionalPair): DirectoryKey => ({
  kid,
  jwk: publicJwk,
  ...VALIDITY,
  status: 'active',
});

function copyOf(keys: FictionalKeys): FictionalKeys {
  const copy = new FictionalKeys();
  copy.receipt = keys.receipt;
  for (const [unit, key] of keys.signing) copy.signing.set(unit, key);
  for (const [kid, key] of keys.decryption) copy.decryption.set(kid, key);
  for (const [unit, key] of keys.storage) copy.storage.set(unit, key);
  return copy;
}
