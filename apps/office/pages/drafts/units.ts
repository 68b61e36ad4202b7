import type { Self } from '../../../../libs/casework';
import type { Option } from '../../../../libs/forms';
import type { Language } from '../../../../libs/pages';
import { unitName } from '../shell/shell';

/** Every unit that works now, of all nodes, by its name. */
export function unitOptions(self: Self, language: Language): Option[] {
  return self
    .partners()
    .directory.nodes.flatMap(({ units }) => units)
    .filter(({ status }) => status === 'active')
    .map(({ id }) => ({ value: id, label: unitName(id, language) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, language));
}
