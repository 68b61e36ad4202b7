import type { Directory, DirectoryKey } from '../schema';
import type { KeyUse } from './key-admission';

/** A key as it stands in a directory. */
export interface ListedKey {
  readonly key: DirectoryKey;
  readonly use: KeyUse;
  /** The name in which its id must be unique: an envelope names a node and a key, and no unit. */
  readonly owner: string;
  /** Whose it is: the country of a governance key, a node, or a unit. */
  readonly holder: string;
  /** JSON pointer (RFC 6901). */
  readonly pointer: string;
}

/** The name in which governance keys are unique. */
const GOVERNANCE = 'governance';

/** All keys of a directory, governance first, in the order in which they stand there. */
export function listedKeys({ governance, nodes }: Directory): ListedKey[] {
  return [
    ...governance.keys.map((key, at) => listed('governance', GOVERNANCE, key.node, '/governance/keys')(key, at)),
    ...nodes.flatMap((node, index) => [
      ...node.receiptKeys.map(listed('receipt', node.id, node.id, `/nodes/${index}/receiptKeys`)),
      ...node.units.flatMap((unit, place) => {
        const pointer = `/nodes/${index}/units/${place}`;
        return [
          ...unit.signingKeys.map(listed('signing', unit.id, unit.id, `${pointer}/signingKeys`)),
          ...unit.encryptionKeys.map(listed('encryption', node.id, unit.id, `${pointer}/encryptionKeys`)),
        ];
      }),
    ]),
  ];
}

const listed =
  (use: KeyUse, owner: string, holder: string, pointer: string) =>
  (key: DirectoryKey, at: number): ListedKey => ({ key, use, owner, holder, pointer: `${pointer}/${at}` });

/** Owner and id: what names one key of a directory. */
export const nameOf = ({ owner, key }: ListedKey): string => `${owner} ${key.kid}`;
