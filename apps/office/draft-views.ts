import { createHash } from 'node:crypto';
import type { Fault } from '../../libs/errors';
import type { Actor, readDraft } from '../../libs/casework';
import type { JsonValue } from '../../libs/schema';

/** A draft as the interface shows it; faults have the members that problems have. */
export function shownDraft(draft: Awaited<ReturnType<typeof readDraft>>) {
  const { record, faults, ...rest } = draft;
  return { ...rest, consent: record, faults: faults.map(shownFault) };
}

const shownFault = ({ pointer, code, rule, ruleVi }: Fault) => ({ pointer, code, detail: rule, detailVi: ruleVi });

/**
 * The id of a draft that was handed in with an idempotency key: one for each author, key and body, so that whoever tries again
 * comes to the same draft, and to the message that was sent from it. UUID version 8 (RFC 9562 §5.8).
 */
export function draftIdFor({ unit, id }: Actor, key: string, body: JsonValue): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(['draft', unit, id, key, body]))
    .digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
