import units from '../../schemas/codes/v1/units.json';
import type { DirectoryUnit } from './generated/directory';

/** A unit of the code list: who may stand in a directory, under which name. */
export interface ListedUnit {
  readonly id: string;
  readonly node: string;
  readonly class: DirectoryUnit['class'];
  readonly name: { readonly en: string; readonly vi: string };
  /** The date on which the unit ceased to be, where it did. */
  readonly to?: string;
}

/** The units of a node in the code list `units`. */
export function listedUnits(node: string): readonly ListedUnit[] {
  return (units.entries as readonly ListedUnit[]).filter((unit) => unit.node === node);
}
