import { CATALOGUE, meaningOf, type Code, type WireCode } from '../errors';
import type { AlertKind } from './alert-kinds';
import { FIXES, type FixName } from './cause-fixes';

/** Which codes each fix is for: those that can stand at a message, at an attempt or in a receipt. Others concern something beside delivery. */
const FIX_OF: Readonly<Partial<Record<string, FixName>>> = {
  ...all('form', 'malformed_json', 'invalid_utf8', 'duplicate_key', 'forbidden_key', 'too_deep', 'number_out_of_range'),
  ...all('form', 'not_nfc', 'too_large', 'schema_invalid', 'schema_unsupported'),
  ...all('sealing', 'not_canonical', 'bad_header', 'bad_algorithm', 'bad_key', 'undecryptable', 'bad_padding'),
  ...all('sealing', 'bad_signature', 'identity_mismatch', 'wrong_domain', 'suite_mismatch'),
  ...all('clock', 'not_yet_valid', 'clock_skew'),
  ...all('expired', 'expired'),
  ...all('reseal', 'stale_key'),
  ...all('addressee', 'unknown_unit', 'unknown_sender', 'wrong_recipient'),
  ...all('officers', 'transition_refused', 'protection_refused', 'case_frozen', 'case_erased', 'draft_changed'),
  ...all('officers', 'unknown_referral', 'foreign_thread', 'seq_reused', 'chain_broken', 'policy_blocked'),
  ...all('order', 'seq_gap', 'seq_gap_timeout'),
  ...all('id', 'id_reused', 'idempotency_conflict'),
  ...all('file', 'file_type', 'file_too_big', 'file_empty', 'file_too_many', 'file_encrypted', 'file_offset'),
  ...all('file', 'file_interrupted', 'file_complete', 'file_quarantined', 'file_waiting', 'scanner_unavailable'),
  ...all('damaged', 'file_damaged', 'file_conflict'),
  ...all('infected', 'file_infected'),
  ...all('directory', 'directory_malformed', 'directory_below_threshold', 'directory_rollback', 'directory_fork'),
  ...all('directory', 'directory_key_reused', 'directory_key_changed', 'directory_key_unrevoked'),
  ...all('directory', 'directory_not_confirmed', 'directory_not_a_signer'),
  ...all('directoryEnded', 'directory_expired'),
  ...all('receipt', 'receipt_malformed', 'receipt_unknown_message', 'receipt_wrong_digest', 'receipt_contradictory'),
  ...all('request', 'bad_request', 'unauthenticated', 'forbidden', 'not_found', 'unsupported_media_type'),
  ...all('wait', 'partner_unreachable', 'partner_timeout', 'partner_busy', 'partner_error'),
  ...all('tls', 'partner_tls'),
  ...all('answer', 'bad_answer', 'digest_mismatch'),
  ...all('capacity', 'database_unavailable', 'queue_unavailable', 'overloaded', 'case_busy', 'token_unavailable'),
  ...all('keys', 'key_missing', 'key_folder_missing', 'key_unreadable', 'key_exposed', 'key_plain', 'key_locked'),
  ...all('keys', 'key_damaged', 'key_unusable', 'key_exists', 'key_reused', 'key_last', 'keys_unready'),
  ...all('keys', 'token_refused'),
  ...all('certificate', 'tls_unusable', 'tls_distrusted'),
  ...all('stored', 'case_unreadable'),
  ...all('fault', 'port_taken', 'config_invalid', 'not_for_production', 'start_failed', 'internal'),
};

function all<K extends Code | WireCode>(name: FixName, ...codes: readonly K[]): Record<K, FixName> {
  return Object.fromEntries(codes.map((code) => [code, name])) as Record<K, FixName>;
}

/** Wire codes that are no inner code have no meaning in the catalogue. */
const BLOCKED = { en: 'A rule of the partner forbids it.', vi: 'Một quy tắc của đối tác không cho phép.' };
const UNKNOWN = {
  en: 'The partner names a code that is not known here.',
  vi: 'Đối tác nêu một mã không được biết ở đây.',
};

/** Why something failed, in plain words, and what an operator does about it. */
export interface Cause {
  readonly meaning: string;
  readonly fix: string;
  readonly runbook: AlertKind;
}

/** The cause behind a code, whoever has written it. */
export function causeOf(code: string, language: 'en' | 'vi'): Cause {
  const listed = Object.hasOwn(CATALOGUE, code);
  const own = Object.hasOwn(FIX_OF, code) ? FIX_OF[code] : undefined;
  const { [language]: fix, runbook } = FIXES[own ?? (listed ? 'service' : 'unknown')];
  if (listed) return { meaning: meaningOf(code as Code, language), fix, runbook };
  return { meaning: (own ? BLOCKED : UNKNOWN)[language], fix, runbook };
}
