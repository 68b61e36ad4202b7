import type { CaseState, Side } from '../lifecycle';
import type { ConsentRecord, Message, OverrideRecord } from '../schema';
import type { UnitClass } from './scopes';

/** A message before it is sealed, with everything that decides whether it may be. */
export interface Disclosure {
  readonly message: Message;
  readonly sender: { readonly unit: string };
  readonly recipient: { readonly unit: string; readonly node: string; readonly unitClass: UnitClass };
  readonly now: Date;
  /** Absent for a referral, which opens a case, and for messages of no case. */
  readonly state?: CaseState | undefined;
  readonly side: Side;
  /** What the person has consented to: a local record, at the unit that took it. */
  readonly record?: ConsentRecord | undefined;
  /** A decision of this unit to share without consent: a local record. */
  readonly override?: OverrideRecord | undefined;
  /**
   * Set for a message that has come in: its sender keeps record and decision, so what the message says of them counts.
   * Never set before sealing.
   */
  readonly records?: 'not_ours' | undefined;
  /** A local protection hold. It leaves no trace in the message. */
  readonly hold: boolean;
}
