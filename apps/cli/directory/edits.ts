import { TraoError } from '../../../libs/errors';
import type { Directory, DirectoryNode, DirectoryUnit, JsonValue } from '../../../libs/schema';
import { listedKeys, type ListedKey } from '../../../libs/trust';
import type { ExportedKey, ExportedKeys } from './exported-keys';

/**
 * Changes of a directory document. Each works on the document that it gets; whether the result is one that can be signed is checked
 * afterwards, as a whole.
 */

/** Adds public keys of a node: each to its unit, its node or the governance. */
export function addKeys(directory: Directory, { node, keys }: ExportedKeys): void {
  for (const key of keys) addKey(directory, node, key);
}

function addKey(directory: Directory, node: string, { use, unit, entry }: ExportedKey): void {
  switch (use) {
    case 'governance':
      directory.governance.keys.push({ node, ...entry } as unknown as Directory['governance']['keys'][number]);
      return;
    case 'receipt':
      nodeOf(directory, node).receiptKeys.push(entry as unknown as DirectoryNode['receiptKeys'][number]);
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
      unitOf(directory, node, unit!).signingKeys.push(entry as unknown as DirectoryUnit['signingKeys'][number]);
      return;
    case 'encryption':
      unitOf(directory, node, unit!).encryptionKeys.push(entry as unknown as DirectoryUnit['encryptionKeys'][number]);
  }
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
