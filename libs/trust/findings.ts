import type { KeyUse } from './key-admission';

/** `danger`: read it aloud before you sign. `warning`: may be meant, may be a mistake. `note`: for completeness. */
export type Weight = 'danger' | 'warning' | 'note';

/** Everything that can be said about a change of the directory, and how heavy it is. */
export const FINDINGS = {
  // the document
  domain_changed: 'danger',
  expiry_earlier: 'warning',
  expiry_later: 'note',
  expires_soon: 'warning',
  lives_long: 'warning',
  issued_ahead: 'warning',
  order_changed: 'note',
  // who signs
  threshold_lowered: 'danger',
  threshold_raised: 'danger',
  one_country_decides: 'danger',
  quorum_unreachable: 'danger',
  quorum_ends_early: 'warning',
  quorum_without_spare: 'warning',
  // nodes
  node_added: 'danger',
  node_removed: 'danger',
  endpoint_changed: 'danger',
  authority_added: 'danger',
  authority_removed: 'danger',
  authorities_replaced: 'danger',
  pin_added: 'danger',
  pin_removed: 'danger',
  pins_replaced: 'danger',
  suite_weakened: 'danger',
  suite_removed: 'danger',
  suites_changed: 'warning',
  limits_lowered: 'warning',
  limits_raised: 'note',
  hours_changed: 'note',
  contacts_changed: 'note',
  name_changed: 'note',
  // units
  unit_added: 'warning',
  unit_removed: 'danger',
  unit_ended: 'danger',
  unit_reopened: 'warning',
  unit_class_changed: 'danger',
  // keys
  key_added: 'note',
  voice_added: 'danger',
  voice_removed: 'danger',
  key_retired: 'note',
  key_reactivated: 'danger',
  key_revoked: 'danger',
  key_unrevoked: 'danger',
  key_replaced: 'danger',
  key_moved: 'danger',
  key_time_shortened: 'danger',
  key_time_extended: 'warning',
  key_remark_changed: 'warning',
  open_key_removed: 'danger',
  evidence_key_removed: 'danger',
  spent_key_removed: 'note',
  // what no longer works
  unit_cannot_receive: 'danger',
  unit_cannot_receive_from: 'warning',
  unit_cannot_send: 'danger',
  unit_cannot_send_from: 'warning',
  node_cannot_vouch: 'danger',
  node_cannot_vouch_from: 'warning',
} as const satisfies Record<string, Weight>;

export type FindingCode = keyof typeof FINDINGS;

/** One thing to know about a directory or about a change of it. */
export interface Finding {
  readonly code: FindingCode;
  readonly weight: Weight;
  /** What it is about: empty for the document, `governance`, a node or a unit. */
  readonly place: string;
  readonly key?: { readonly kid: string; readonly use: KeyUse };
  readonly before?: string;
  readonly after?: string;
}

/** A finding with the weight of its code. */
export function finding(
  code: FindingCode,
  place: string,
  more: Pick<Finding, 'key' | 'before' | 'after'> = {},
): Finding {
  return { code, weight: FINDINGS[code], place, ...more };
}
