import type { ConsentRecord, OverrideRecord, Purpose } from '../schema';
import { grantedTo } from './consent-record';
import type { UnitClass } from './scopes';

/** Whom a message is for, and why: what every yes of the person is tied to. */
export interface ConsentTie {
  /** Node of the recipient. */
  readonly node: string;
  readonly unitClass: UnitClass;
  readonly purpose: Purpose;
}

/** Members of a consent that stand in the record as they stand in the message. */
const COPIED = [
  'takenAt',
  'language',
  'interpreterUsed',
  'formVersion',
  'formSha256',
  'takenByUnit',
  'expiresAt',
] as const satisfies readonly (keyof ConsentRecord)[];

/**
 * The member `consent` of a referral that rests on the person's own yes, out of the record that stays here: nobody types it twice, and
 * nothing is claimed that the record does not grant. A record that is unfinished gives a consent that is, too; its schema says so.
 */
export function consentOutOf(record: Partial<ConsentRecord>, tie: ConsentTie): object {
  return {
    status: record.status === 'narrowed' ? 'narrowed' : 'given',
    scopes: grantedTo(tie, { grants: record.grants ?? [] }),
    legalBasis: 'consent',
    ...Object.fromEntries(COPIED.filter((name) => record[name] !== undefined).map((name) => [name, record[name]])),
  };
}

/** The same for a referral that rests on a decision to share without consent: it holds up to the day on which the decision ends. */
export function consentInsteadOf({ basis, expiresAt }: Partial<OverrideRecord>): object {
  return {
    status: 'override',
    scopes: [],
    ...(basis !== undefined && { legalBasis: basis }),
    ...(expiresAt !== undefined && { expiresAt: expiresAt.slice(0, 10) }),
  };
}
