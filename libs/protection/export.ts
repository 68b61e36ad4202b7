import { faultAt, type Bilingual, type Fault, type RuleCode } from '../errors';
import type { Side } from '../lifecycle';
import type { Caveat, Handling, HandlingCode } from '../schema';

/** What content is taken out of the node for. */
export type ExportUse = 'case_file' | 'judicial' | 'statistics' | 'onward';
/** Who takes it out: a side of the referral, the receiver with the sender's permission, or a unit that is neither. */
export type Exporter = Side | 'permitted_recipient' | 'other_unit';

interface Rule {
  readonly who: readonly Exporter[];
  readonly otherwise: RuleCode;
}

const FREE: Rule = { who: ['sender', 'recipient', 'permitted_recipient', 'other_unit'], otherwise: 'use_forbidden' };
const PARTIES: Rule = { who: ['sender', 'recipient', 'permitted_recipient'], otherwise: 'use_by_parties_only' };
const PERMITTED: Rule = { who: ['sender', 'permitted_recipient'], otherwise: 'use_needs_permission' };
const NEVER: Rule = { who: [], otherwise: 'use_forbidden' };

/**
 * What each handling code lets content be used for. This is our reading of the Europol handling codes (H0 no restriction, H1 not
 * in court, H2 not passed on without permission, H3 for the receiving unit only); liaison officers have to confirm it.
 */
const USES: { readonly [code in HandlingCode]: { readonly [use in ExportUse]: Rule } } = {
  H0: { case_file: FREE, judicial: FREE, statistics: FREE, onward: FREE },
  H1: { case_file: FREE, judicial: NEVER, statistics: FREE, onward: FREE },
  H2: { case_file: FREE, judicial: NEVER, statistics: FREE, onward: PERMITTED },
  H3: { case_file: PARTIES, judicial: NEVER, statistics: NEVER, onward: NEVER },
};
/** Uses that a caveat forbids whatever the code says. */
const FORBIDDEN: { readonly [caveat in Caveat]?: ExportUse } = { no_judicial_use: 'judicial' };

const USE_NAMES: { readonly [use in ExportUse]: Bilingual } = {
  case_file: { en: 'in a case file', vi: 'trong hồ sơ vụ việc' },
  judicial: { en: 'in court', vi: 'trước tòa án' },
  statistics: { en: 'for statistics', vi: 'cho thống kê' },
  onward: { en: 'by another unit', vi: 'bởi đơn vị khác' },
};

/** Whether content may be exported for a use; empty when it may. Passing it on to a unit is `forwardFaults`' matter too. */
export function exportFaults(handling: Handling, use: ExportUse, exporter: Exporter = 'other_unit'): Fault[] {
  const { who, otherwise } = USES[handling.code][use];
  const barred = handling.caveats.flatMap((caveat, i) =>
    FORBIDDEN[caveat] === use ? [faultAt(`/handling/caveats/${i}`, 'use_forbidden', USE_NAMES[use])] : [],
  );
  return [...(who.includes(exporter) ? [] : [faultAt('/handling/code', otherwise, USE_NAMES[use])]), ...barred];
}
