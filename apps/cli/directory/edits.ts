import { TraoError } from '../../../libs/errors';
import type { Directory, DirectoryKey, DirectoryNode, DirectoryUnit, JsonValue } from '../../../libs/schema';
import { listedKeys, type ListedKey } from '../../../libs/trust';
import type { ExportedKey, ExportedKeys } from './exported-keys';

/**
 * Changes of a directory document. Each works on the document that it gets; whether the result is one that can be signed is checked
 * afterwards, as a whole.
 */

/** How long an encryption key stays listed after its end: as long as its private part may still open what was on its way. */
const GRACE_MS = 14 * 86_400_000;

/**
 * Adds public keys of a node: each to its unit, its node or the governance. An entry with the id of one that is there takes its place,
 * as when a key is retired. Encryption keys that have ended make room for new ones: a unit may have twenty.
 */
export function addKeys(directory: Directory, { node, keys }: ExportedKeys, now: Date): void {
  for (const key of keys) addKey(directory, node, key, now);
}

function addKey(directory: Directory, node: string, { use, unit, entry }: ExportedKey, now: Date): void {
  switch (use) {
    case 'governance':
      put(directory.governance.keys, { node, ...entry });
      return;
    case 'receipt':
      put(nodeOf(directory, node).receiptKeys, entry);
      return;
    case 'tls': {
      const { tls } = nodeOf(directory, node);
      for (const member of ['ca', 'spki'] as const) {
        const more = (entry[member] ?? []) as JsonValue[] as string[];
        tls[member].push(...more.filter((each) => !tls[member].includes(each)));
      }
      return;
    }
    case 'signing':
      put(unitOf(directory, node, unit!).signingKeys, entry);
      return;
    case 'encryption': {
      const owner = unitOf(directory, node, unit!);
      const isOver = ({ notAfter, status }: DirectoryKey) =>
        status !== 'revoked' && Date.parse(notAfter) + GRACE_MS <= now.getTime();
      owner.encryptionKeys = owner.encryptionKeys.filter((key) => !isOver(key));
      put(owner.encryptionKeys, entry);
    }
  }
}

function put<K extends DirectoryKey>(keys: K[], entry: ExportedKey['entry']): void {
  const at = keys.findIndex(({ kid }) => kid === entry['kid']);
  // Whether it is a key at all says the schema, for the document as a whole.
  keys.splice(at < 0 ? keys.length : at, 1, entry as unknown as K);
}

/**
 * Retires or revokes a key.
 * @param name id of the key; with its holder before it where two have one id, as `vn.mps-criminal/KID`
 * @throws TraoError `not_found`, `bad_request` when several keys have this id
 */
export function setStatus(directory: Directory, name: string, status: 'retired' | 'revoked'): void {
  const found = listedKeys(directory).filter((listed) => listed.key.kid === name || fullName(listed) === name);
  if (found.length === 0) throw new TraoError('not_found', { detail: `The directory lists no key ${name}.` });
  if (found.length > 1) {
    const names = found.map(fullName).join(', ');
    throw new TraoError('bad_request', { detail: `Several keys have this id. Say which: ${names}.` });
  }
  // The key that stands in the document, not a copy.
  found[0]!.key.status = status;
}

const fullName = ({ holder, key }: ListedKey) => `${holder}/${key.kid}`;

/** @throws TraoError `bad_request` when there is one of this id */
export function addNode(directory: Directory, entry: JsonValue): void {
  const { id } = (entry ?? {}) as { id?: unknown };
  if (directory.nodes.some((node) => node.id === id))
    throw new TraoError('bad_request', { detail: `The directory has a node ${String(id)} already.` });
  directory.nodes.push(entry as unknown as DirectoryNode);
}

/** @throws TraoError `not_found` */
export function removeNode(directory: Directory, id: string): void {
  nodeOf(directory, id);
  directory.nodes = directory.nodes.filter((node) => node.id !== id);
}

function nodeOf({ nodes }: Directory, id: string): DirectoryNode {
  const node = nodes.find((each) => each.id === id);
  if (node) return node;
  throw new TraoError('not_found', { detail: `The directory has no node ${id}. Add it first with --add-node.` });
}

function unitOf(directory: Directory, node: string, id: string): DirectoryUnit {
  const unit = nodeOf(directory, node).units.find((each) => each.id === id);
  if (unit) return unit;
  throw new TraoError('not_found', { detail: `The directory has no unit ${id} of ${node}.` });
}
