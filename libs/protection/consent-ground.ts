import type { Fault } from '../errors';
import type { ConsentScope } from '../schema';
import { grantedTo, recordFaults } from './consent-record';
import type { Disclosure } from './disclosure';

/** What a message may rest on, and what is wrong with that. */
export interface Ground {
  /** What the person has said yes to. */
  readonly agreed: readonly ConsentScope[];
  /** What another ground stands in for. */
  readonly replaced: readonly ConsentScope[];
  readonly faults: readonly Fault[];
}

export const NO_GROUND: Ground = { agreed: [], replaced: [], faults: [] };

/** Nobody was asked, so nobody can be known: the kinds of unit that may still be told of an unnamed person. */
export const TELLABLE: readonly ConsentScope[] = ['share_with_police', 'share_with_services'];

/** What a record in force grants for this recipient and purpose; nothing without one. */
export function recordedFor(disclosure: Disclosure, bornOn: string | undefined): readonly ConsentScope[] {
  const { record, now, recipient, message } = disclosure;
  return record && recordFaults(record, '', now, bornOn).length === 0
    ? grantedTo({ ...recipient, purpose: message.header.purpose }, record)
    : [];
}
