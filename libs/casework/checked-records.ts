import { asTraoError, TraoError } from '../errors';
import { assertConsentRecord, assertOverrideRecord } from '../schema';
import type { Submission } from './draft';

/**
 * Checks what goes with a document and stays here. A draft keeps records that are still being written; nothing rests on one of them.
 * @throws TraoError `schema_invalid` with pointers below `/consentRecord` and `/overrideRecord`
 */
export function assertRecords({ record, override }: Submission): void {
  if (record !== undefined) below('/consentRecord', () => assertConsentRecord(record));
  if (override !== undefined) below('/overrideRecord', () => assertOverrideRecord(override));
}

function below(place: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    const { code, faults } = asTraoError(error);
    throw new TraoError(code, {
      faults: faults.map((fault) => ({ ...fault, pointer: place + fault.pointer })),
      cause: error,
    });
  }
}
