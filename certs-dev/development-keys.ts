import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Suite } from '../libs/envelope';
import { TraoError } from '../libs/errors';
import { KeyAdmin, makeKeyFile, openKeystore, type KeyMetadata } from '../libs/keystore';
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
import { makeTls } from './development-tls';
import { save } from './save';

export { tlsPassphraseFile } from './development-tls';

/**
 * Keys, certificates and a co-signed directory for nodes that run on one machine for demonstration and tests. Everything is made
 * here, at random, in a folder that git ignores; production has its own ceremony.
 *
 *   FOLDER/directory.json, trust-anchor.json
 *   FOLDER/governance/NODE/, NODE.key           the countries' governance keys, all in one place only because this is a demonstration
 *   FOLDER/nodes/NODE/tls/{ca,cert}.pem, {ca-key,key}.pem   the keys encrypted (see development-tls.ts)
 *   FOLDER/nodes/NODE/{gateway,worker,office}/  each process's own keys, encrypted (see libs/keystore)
 *   FOLDER/nodes/NODE/unlock/PROCESS.key, tls.passphrase   what opens them; the only secrets that stand here in the clear
 */
export interface DevelopmentNode {
  readonly id: string;
  readonly name: { readonly en: string; readonly vi: string };
  readonly endpoint: string;
  readonly suite: Suite;
}

/** Working calendars of nodes (schemas/calendars): a country with several names one. */
const CALENDARS: Readonly<Record<string, string>> = { gb: 'gb-eng' };
/** A process of production does not start with what lies in a folder that has this file. */
const NOTICE =
  'Keys of a demonstration: all private keys of all countries. Nothing of this folder may be used in production.\n';
const YEAR_MS = 365 * 86_400_000;
const LIMITS = { maxMessageBytes: 1_048_576, maxBatchMessages: 64, maxBatchBytes: 8_388_608 };

/** Grows when the files of an earlier version can no longer be read. */
const FORMAT = 2;
/** The processes of a node, and with which of its keys each works. */
const PROCESSES = ['gateway', 'worker', 'office'] as const;
type Process = (typeof PROCESSES)[number];
type Folders = Readonly<Record<Process, KeyAdmin>>;

interface Source {
  readonly format?: number;
  readonly wish: string;
  readonly directory: Directory;
}

/** The file that opens the keys of a process of a node. */
export const unlockFile = (folder: string, node: string, process: Process) =>
  join(folder, 'nodes', node, 'unlock', `${process}.key`);

/** Makes what is missing and leaves what is there; a changed endpoint or suite gives a new version of the directory. */
export async function ensureDevelopmentKeys(folder: string, nodes: readonly DevelopmentNode[]): Promise<void> {
  const file = join(folder, 'directory-source.json');
  const wish = JSON.stringify(nodes);
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Source) : undefined;
  if (before && before.format !== FORMAT)
    throw new TraoError('key_plain', { detail: `${folder} is of an earlier version. Run: npm run demo -- --reset` });
  if (before?.wish === wish && existsSync(join(folder, 'directory.json'))) return;

  const issuedAt = new Date();
  const validity = { notBefore: later(issuedAt, -3_600_000), notAfter: later(issuedAt, YEAR_MS) };
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
    issuedAt: issuedAt.toISOString(),
    expiresAt: validity.notAfter.toISOString(),
    trustDomain: 'demo',
    governance,
    nodes: entries,
  };
  const signers = await Promise.all(governance.keys.map((key) => readGovernanceKey(folder, key.node)));
  save(join(folder, 'trust-anchor.json'), JSON.stringify({ trustDomain: 'demo', governance }));
  save(join(folder, 'directory.json'), await signDirectory(directory, signers));
  save(join(folder, 'DEVELOPMENT-KEYS.txt'), NOTICE);
  save(file, JSON.stringify({ format: FORMAT, wish, directory } satisfies Source));
}

interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

async function makeGovernance(
  folder: string,
  nodes: readonly DevelopmentNode[],
  validity: Validity,
): Promise<Governance> {
  const keys = await Promise.all(
    nodes.map(async ({ id }) => {
      const home = join(folder, 'governance', id);
      const keyFile = `${home}.key`;
      if (!existsSync(keyFile)) await makeKeyFile(keyFile);
      const admin = await KeyAdmin.open(home, { keyFile }, undefined, true);
      const held = (await admin.list())[0] ?? (await admin.generate({ use: 'governance', ...validity }, 'Ed25519'));
      return { ...entryOf(held), node: id };
    }),
  );
  return { threshold: Math.min(2, nodes.length), keys };
}

async function readGovernanceKey(folder: string, node: string) {
  const home = join(folder, 'governance', node);
  return (await openKeystore({ folder: home, unlock: { keyFile: `${home}.key` } })).governanceKey();
}

async function makeNode(folder: string, node: DevelopmentNode, validity: Validity): Promise<DirectoryNode> {
  const tls = await makeTls(folder, node.id, node.endpoint);
  const folders = await openFolders(folder, node.id);
  const receipt = await folders.gateway.generate({ use: 'receipt', ...validity }, 'ES256');
  await copy(receipt, folders.gateway, folders.worker);
  const units: DirectoryUnit[] = [];
  for (const unit of listedUnits(node.id)) units.push(await makeUnit(folders, unit, validity));
  return {
    id: node.id,
    name: node.name,
    endpoint: node.endpoint,
    tls: { ca: [tls.ca.cert], spki: [spkiDigest(new X509Certificate(tls.leaf.cert).raw)] },
    receiptKeys: [entryOf(receipt)],
    suites: [node.suite],
    limits: LIMITS,
    calendar: CALENDARS[node.id] ?? node.id,
    workingHours: { timezone: node.id === 'vn' ? 'Asia/Ho_Chi_Minh' : 'Europe/London', from: '08:00', to: '17:00' },
    contacts: [{ role: 'operator', email: `operator@${node.id}.trao.example` }],
    units,
  };
}

async function makeUnit({ office, worker }: Folders, unit: ListedUnit, validity: Validity): Promise<DirectoryUnit> {
  const { id, name } = unit;
  const entry = { id, name, class: unit.class };
  // A unit that was merged away keeps its name in the directory and gets no keys.
  if (unit.to)
    return { ...entry, status: 'historical', notAfter: `${unit.to}T00:00:00Z`, signingKeys: [], encryptionKeys: [] };
  const signing = await office.generate({ use: 'signing', unit: id, ...validity }, 'ES256');
  const encryptionKeys = [];
  for (const suite of ['hybrid', 'classic'] as const) {
    const key = await worker.generate({ use: 'encryption', unit: id, ...validity }, suite);
    encryptionKeys.push({ ...entryOf(key), suite });
  }
  await copy(await office.generate({ use: 'storage', unit: id, ...validity }, 'A256'), office, worker);
  return { ...entry, status: 'active', signingKeys: [entryOf(signing)], encryptionKeys };
}

/** The key folders of a node's processes; each is opened by a secret of its own. */
async function openFolders(folder: string, node: string): Promise<Folders> {
  const opened = PROCESSES.map(async (process) => {
    const keyFile = unlockFile(folder, node, process);
    if (!existsSync(keyFile)) await makeKeyFile(keyFile);
    const keys = await KeyAdmin.open(join(folder, 'nodes', node, process), { keyFile }, undefined, true);
    return [process, keys] as const;
  });
  return Object.fromEntries(await Promise.all(opened)) as unknown as Folders;
}

/** Some keys are those of two processes. */
async function copy({ kid }: KeyMetadata, from: KeyAdmin, to: KeyAdmin): Promise<void> {
  const { record, privateJwk } = await from.reveal(kid);
  const { use, unit, notBefore, notAfter } = record;
  await to.take({ kid, use, unit, notBefore: new Date(notBefore), notAfter: new Date(notAfter) }, privateJwk);
}

/** A key as it stands in the directory. */
const entryOf = ({ kid, public: jwk, notBefore, notAfter }: KeyMetadata): DirectoryKey => ({
  kid,
  jwk: jwk as DirectoryKey['jwk'],
  notBefore,
  notAfter,
  status: 'active',
});

const later = (from: Date, plusMs: number) => new Date(from.getTime() + plusMs);
