import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { digestOf, generateKeyPair, importSigningKey, type Jwk, type Suite } from '../libs/envelope';
import { makeDevelopmentCa, makeDevelopmentCertificate, type CertificateFiles, type KeyFile } from '../libs/keystore';
import {
  listedUnits,
  type Directory,
  type DirectoryKey,
  type DirectoryNode,
  type DirectoryUnit,
  type Governance,
  type ListedUnit,
} from '../libs/schema';
import { signDirectory, spkiDigest } from '../libs/trust';

/**
 * Keys, certificates and a co-signed directory for nodes that run on one machine for demonstration and tests. Everything is made
 * here, at random, in a folder that git ignores; production has its own ceremony.
 *
 *   FOLDER/directory.json, trust-anchor.json
 *   FOLDER/governance/NODE.json                 the countries' governance keys, all in one place only because this is a demonstration
 *   FOLDER/nodes/NODE/tls/{ca,cert,key}.pem
 *   FOLDER/nodes/NODE/{gateway,worker,office}/  each process's own keys (see libs/keystore)
 */
export interface DevelopmentNode {
  readonly id: string;
  readonly name: { readonly en: string; readonly vi: string };
  readonly endpoint: string;
  readonly suite: Suite;
}

/** Working calendars of nodes (schemas/calendars): a country with several names one. */
const CALENDARS: Readonly<Record<string, string>> = { gb: 'gb-eng' };
const YEAR_MS = 365 * 86_400_000;
const LIMITS = { maxMessageBytes: 1_048_576, maxBatchMessages: 64, maxBatchBytes: 8_388_608 };

/** Makes what is missing and leaves what is there; a changed endpoint or suite gives a new version of the directory. */
export async function ensureDevelopmentKeys(folder: string, nodes: readonly DevelopmentNode[]): Promise<void> {
  const file = join(folder, 'directory-source.json');
  const wish = JSON.stringify(nodes);
  const before = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { wish: string; directory: Directory })
    : undefined;
  if (before?.wish === wish && existsSync(join(folder, 'directory.json'))) return;

  const issuedAt = new Date();
  const validity = {
    notBefore: stamp(issuedAt, -3_600_000),
    notAfter: stamp(issuedAt, YEAR_MS),
    status: 'active',
  } as const;
  const governance = before?.directory.governance ?? (await makeGovernance(folder, nodes, validity));
  const known = new Map(before?.directory.nodes.map((node) => [node.id, node]));
  const entries: DirectoryNode[] = [];
  for (const node of nodes) {
    const entry = known.get(node.id) ?? (await makeNode(folder, node, validity));
    entries.push({
      ...entry,
      endpoint: node.endpoint,
      suites: [node.suite, ...(node.suite === 'hybrid' ? ['classic' as const] : [])],
    });
  }
  const directory: Directory = {
    schema: 'directory/v1',
    version: (before?.directory.version ?? 0) + 1,
    issuedAt: stamp(issuedAt, 0),
    expiresAt: stamp(issuedAt, YEAR_MS),
    trustDomain: 'demo',
    governance,
    nodes: entries,
  };
  const signers = await Promise.all(governance.keys.map((key) => readGovernanceKey(folder, key.node)));
  save(join(folder, 'trust-anchor.json'), JSON.stringify({ trustDomain: 'demo', governance }));
  save(join(folder, 'directory.json'), await signDirectory(directory, signers));
  save(file, JSON.stringify({ wish, directory }));
}

type Validity = Pick<DirectoryKey, 'notBefore' | 'notAfter' | 'status'>;

async function makeGovernance(
  folder: string,
  nodes: readonly DevelopmentNode[],
  validity: Validity,
): Promise<Governance> {
  const keys = await Promise.all(
    nodes.map(async ({ id }) => {
      const { kid, jwk } = await newKey('Ed25519', join(folder, 'governance', `${id}.json`));
      return { kid, jwk, node: id, ...validity };
    }),
  );
  return { threshold: Math.min(2, nodes.length), keys };
}

async function readGovernanceKey(folder: string, node: string) {
  const { kid, jwk } = JSON.parse(readFileSync(join(folder, 'governance', `${node}.json`), 'utf8')) as KeyFile;
  return importSigningKey(kid, jwk);
}

async function makeNode(folder: string, node: DevelopmentNode, validity: Validity): Promise<DirectoryNode> {
  const home = join(folder, 'nodes', node.id);
  const tls = await makeTls(node.id, home);
  const receipt = await newKey('ES256', join(home, 'gateway', 'receipt.json'), join(home, 'worker', 'receipt.json'));
  const units: DirectoryUnit[] = [];
  for (const unit of listedUnits(node.id)) units.push(await makeUnit(home, unit, validity));
  return {
    id: node.id,
    name: node.name,
    endpoint: node.endpoint,
    tls: { ca: [tls.ca.cert], spki: [spkiDigest(new X509Certificate(tls.leaf.cert).raw)] },
    receiptKeys: [{ ...receipt, ...validity }],
    suites: [node.suite],
    limits: LIMITS,
    calendar: CALENDARS[node.id] ?? node.id,
    workingHours: { timezone: node.id === 'vn' ? 'Asia/Ho_Chi_Minh' : 'Europe/London', from: '08:00', to: '17:00' },
    contacts: [{ role: 'operator', email: `operator@${node.id}.trao.example` }],
    units,
  };
}

async function makeUnit(home: string, unit: ListedUnit, validity: Validity): Promise<DirectoryUnit> {
  const { id, name } = unit;
  const entry = { id, name, class: unit.class };
  // A unit that was merged away keeps its name in the directory and gets no keys.
  if (unit.to)
    return { ...entry, status: 'historical', notAfter: `${unit.to}T00:00:00Z`, signingKeys: [], encryptionKeys: [] };
  const signing = await newKey('ES256', join(home, 'office', 'signing', `${id}.json`));
  const encryptionKeys = [];
  for (const suite of ['hybrid', 'classic'] as const) {
    const { publicJwk, privateJwk } = await generateKeyPair(suite);
    const kid = kidOf(publicJwk);
    save(join(home, 'worker', 'encryption', `${kid}.json`), JSON.stringify({ kid, jwk: privateJwk, unit: id }));
    encryptionKeys.push({ kid, jwk: publicJwk as DirectoryKey['jwk'], suite, ...validity });
  }
  const storage = { kid: `storage-${id}`, jwk: { kty: 'oct', k: randomBytes(32).toString('base64url') } };
  for (const process of ['office', 'worker'])
    save(join(home, process, 'storage', `${id}.json`), JSON.stringify(storage));
  return { ...entry, status: 'active', signingKeys: [{ ...signing, ...validity }], encryptionKeys };
}

async function makeTls(node: string, home: string): Promise<{ ca: CertificateFiles; leaf: CertificateFiles }> {
  const ca = await makeDevelopmentCa(node);
  const leaf = await makeDevelopmentCertificate(node, ca, ['127.0.0.1', 'localhost', `${node}.trao.example`]);
  save(join(home, 'tls', 'ca.pem'), ca.cert);
  save(join(home, 'tls', 'cert.pem'), leaf.cert);
  save(join(home, 'tls', 'key.pem'), leaf.key);
  return { ca, leaf };
}

/** Makes a signature key, saves the private one and answers the public one. */
async function newKey(
  kind: 'ES256' | 'Ed25519',
  ...files: string[]
): Promise<{ kid: string; jwk: DirectoryKey['jwk'] }> {
  const { publicJwk, privateJwk } = await generateKeyPair(kind);
  const kid = kidOf(publicJwk);
  for (const file of files) save(file, JSON.stringify({ kid, jwk: privateJwk } satisfies KeyFile));
  return { kid, jwk: publicJwk as DirectoryKey['jwk'] };
}

const kidOf = (jwk: Jwk) => digestOf(JSON.stringify(jwk)).slice(0, 16);

const stamp = (from: Date, plusMs: number) => new Date(from.getTime() + plusMs).toISOString();

function save(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600 });
  chmodSync(file, 0o600);
}
