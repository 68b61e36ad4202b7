import type { Directory, DirectoryKey, DirectoryNode, DirectoryUnit } from '../schema';
import { isValidAt } from './validity';

/** What the directory in force expects a node to be able to do with its private keys. */
export interface ExpectedKeys {
  /** Active units of the node. */
  readonly units: readonly string[];
  /** Ids of the encryption keys that partners may seal to now. */
  readonly decryption: readonly string[];
}

/** What the processes of a node must be able to load at `at`. */
export function expectedKeys({ nodes }: Directory, node: string, at: Date): ExpectedKeys {
  const units = (nodes.find(({ id }) => id === node)?.units ?? []).filter((unit) => isActive(unit, at));
  const keys = units.flatMap((unit) => unit.encryptionKeys.filter((key) => isInUse(key, at)));
  return { units: units.map(({ id }) => id), decryption: keys.map(({ kid }) => kid) };
}

/**
 * Whether partners know a signing key of a node's unit, or a receipt key of the node, and take what it signs now. What another key
 * signs they would refuse for ever.
 * @param unit the unit of a signing key
 */
export function isPublished({ nodes }: Directory, node: string, kid: string, unit?: string): boolean {
  const own = nodes.find(({ id }) => id === node);
  return own !== undefined && keysOf(own, unit).some((key) => key.kid === kid && key.status === 'active');
}

const keysOf = ({ receiptKeys, units }: DirectoryNode, unit?: string): readonly DirectoryKey[] =>
  unit === undefined ? receiptKeys : (units.find(({ id }) => id === unit)?.signingKeys ?? []);

const isActive = ({ status, notAfter }: DirectoryUnit, at: Date) =>
  status === 'active' && (notAfter === undefined || at < new Date(notAfter));

const isInUse = (key: DirectoryKey, at: Date) => key.status === 'active' && isValidAt(key, at);
