/**
 * The one catalogue of error codes. Each has a meaning for people, a retry decision for machines and an HTTP status.
 * Codes are part of the contract: they may be added, never renamed.
 *
 * retry: `never` = the same bytes fail again; `later` = try again with backoff; `reseal` = seal anew and send again.
 * wire:  the closed code of a signed `refused` receipt (domain §3.1) that this inner code becomes outside the node. Whatever fails
 *   before the sender is proven looks the same outside, `undecryptable`: who asks by trying must not learn which step stopped it.
 */
export type Retry = 'never' | 'later' | 'reseal';

/** Codes that a `refused` receipt may carry. */
export const WIRE_CODES = [
  'unknown_sender',
  'bad_signature',
  'stale_key',
  'unknown_unit',
  'schema_unsupported',
  'schema_invalid',
  'too_large',
  'id_reused',
  'expired',
  'seq_gap_timeout',
  'policy_blocked',
  'undecryptable',
] as const;
export type WireCode = (typeof WIRE_CODES)[number];

interface Entry {
  readonly meaning: string;
  readonly retry: Retry;
  readonly http: number;
  readonly wire?: WireCode;
}

const never = (http: number, meaning: string, wire?: WireCode): Entry => ({
  meaning,
  retry: 'never',
  http,
  ...(wire && { wire }),
});
const later = (http: number, meaning: string): Entry => ({ meaning, retry: 'later', http });

export const CATALOGUE = {
  // JSON and schema
  malformed_json: never(400, 'The document is not valid JSON.', 'schema_invalid'),
  invalid_utf8: never(400, 'The document is not valid UTF-8.', 'schema_invalid'),
  duplicate_key: never(400, 'An object names the same key twice.', 'schema_invalid'),
  forbidden_key: never(400, 'An object has a key that is never allowed.', 'schema_invalid'),
  too_deep: never(400, 'The document is nested too deeply.', 'schema_invalid'),
  number_out_of_range: never(400, 'A number cannot be represented exactly.', 'schema_invalid'),
  not_nfc: never(400, 'A text is not in Unicode normal form C.', 'schema_invalid'),
  too_large: never(413, 'The document is larger than allowed.', 'too_large'),
  schema_invalid: never(422, 'The document does not follow its schema.', 'schema_invalid'),
  schema_unsupported: never(422, 'The schema version of the document is not supported.', 'schema_unsupported'),
  // envelope
  not_canonical: never(400, 'A token is not in canonical compact form.', 'undecryptable'),
  bad_header: never(400, 'A protected header has a missing, extra or wrong member.', 'undecryptable'),
  bad_algorithm: never(400, 'The algorithm is not allowed here.', 'undecryptable'),
  bad_key: never(400, 'The key is of a kind that is not admitted for this use.', 'undecryptable'),
  undecryptable: never(400, 'The message could not be decrypted.', 'undecryptable'),
  bad_padding: never(400, 'The padding of the message is wrong.', 'undecryptable'),
  bad_signature: never(400, 'The signature does not verify.', 'undecryptable'),
  identity_mismatch: never(403, 'The identities in and around the message disagree.', 'undecryptable'),
  wrong_domain: never(403, 'The message belongs to another trust domain.', 'policy_blocked'),
  suite_mismatch: never(403, 'The message does not use the suite pinned for this partner.', 'undecryptable'),
  not_yet_valid: never(400, 'The message was issued in the future.', 'policy_blocked'),
  expired: never(410, 'The message has expired.', 'expired'),
  stale_key: { meaning: 'The message is sealed to a retired key.', retry: 'reseal', http: 409, wire: 'stale_key' },
  // routing and rules
  unknown_unit: never(404, 'The unit is not in the directory.', 'unknown_unit'),
  unknown_sender: never(403, 'The sender is not in the directory.', 'undecryptable'),
  wrong_recipient: never(403, 'The message is addressed to somebody else.', 'unknown_unit'),
  transition_refused: never(409, 'The referral does not allow this step now.', 'policy_blocked'),
  protection_refused: never(422, 'Rules that protect the person forbid this.', 'policy_blocked'),
  case_frozen: never(423, 'The person has withdrawn consent: the case is frozen until it is erased.', 'policy_blocked'),
  case_erased: never(410, 'The content of the case was erased.', 'policy_blocked'),
  draft_changed: never(409, 'The draft was changed meanwhile.'),
  unknown_referral: never(404, 'No such referral is known here.', 'policy_blocked'),
  foreign_thread: never(403, 'The message belongs to a referral of other parties.', 'policy_blocked'),
  seq_gap: later(409, 'An earlier message of the referral has not arrived yet.'),
  seq_gap_timeout: never(409, 'An earlier message of the referral never arrived.', 'seq_gap_timeout'),
  seq_reused: never(409, 'The sequence number of the referral was used before.', 'policy_blocked'),
  chain_broken: never(409, 'The message does not continue the chain of its referral.', 'policy_blocked'),
  id_reused: never(409, 'The message id was used before with other content.', 'id_reused'),
  idempotency_conflict: never(409, 'The idempotency key was used before with other content.'),
  resend_refused: never(409, 'The message cannot be sent again: it arrived, was refused, has expired or was erased.'),
  // files
  file_type: never(422, 'The file is no PDF, JPEG or PNG, or not of the type that it is said to be.'),
  file_too_big: never(413, 'The file is larger than allowed.'),
  file_empty: never(422, 'The file is empty.'),
  file_too_many: never(409, 'The draft has as many files as it can have.'),
  file_encrypted: never(422, 'The PDF is protected by a password.'),
  file_infected: never(422, 'The scanner found malware in the file.'),
  file_offset: later(409, 'The bytes do not continue what is here of the file.'),
  file_interrupted: later(400, 'The upload ended before the file was complete.'),
  file_complete: never(409, 'The file is complete: no bytes can follow.'),
  file_quarantined: later(423, 'The file waits for the scanner.'),
  file_waiting: later(409, 'The file has not arrived yet.'),
  file_damaged: never(409, 'The file is not what the message says: its bytes were changed.'),
  file_conflict: never(409, 'Other bytes are here at that place of the file.'),
  scanner_unavailable: later(503, 'The scanner does not answer.'),
  // directory
  directory_malformed: never(422, 'The directory document does not follow its format.'),
  directory_below_threshold: never(403, 'The directory carries too few valid signatures.'),
  directory_expired: never(403, 'The directory has expired.'),
  directory_rollback: never(409, 'The directory is older than the one in force.'),
  directory_fork: never(409, 'Two different directories carry the same version.'),
  directory_key_reused: never(422, 'The directory lists one public key in two uses.'),
  directory_key_changed: never(409, 'The directory gives a key id another public key than before.'),
  directory_key_unrevoked: never(409, 'The directory brings back a key that was revoked.'),
  directory_not_confirmed: never(409, 'The fingerprint of the directory was not confirmed.'),
  directory_not_a_signer: never(403, 'The key is no governance key that may sign this directory.'),
  // receipts
  receipt_malformed: never(400, 'The receipt does not follow its format.'),
  receipt_unknown_message: never(404, 'The receipt names a message that was not sent from here.'),
  receipt_wrong_digest: never(409, 'The receipt names other bytes than those sent.'),
  receipt_contradictory: never(409, 'The receipt contradicts an earlier one.'),
  // manifests
  manifest_malformed: never(400, 'The manifest does not follow its format.'),
  manifest_refused: never(409, 'The manifest is not about this node, its partner and a day that has begun.'),
  manifest_unread: later(502, 'The manifest of the partner cannot be verified.'),
  // HTTP and access
  bad_request: never(400, 'The request is not understood.'),
  unauthenticated: never(401, 'Sign-in is needed.'),
  forbidden: never(403, 'This is not allowed for you.'),
  reason_needed: never(403, 'A reason is needed to open the case of a colleague.'),
  sign_in_refused: never(403, 'The sign-in was not accepted.'),
  identity_unavailable: later(503, 'The identity provider does not answer.'),
  mail_unavailable: later(503, 'The mail server does not take mail.'),
  mail_refused: never(502, 'The mail server refuses a mail.'),
  webhook_unavailable: later(503, 'The target of a webhook does not answer.'),
  webhook_refused: later(502, 'The target of a webhook does not take it.'),
  webhook_gone: never(410, 'The target of a webhook says that it is no longer there.'),
  target_not_allowed: never(422, 'The target lies in a network that is not allowed here.'),
  alert_resolved: never(409, 'The alert has ended.'),
  target_removed: never(410, 'The target no longer stands in the settings.'),
  form_expired: never(403, 'The form has expired.'),
  second_person_needed: never(403, 'Somebody else has to confirm this: nobody confirms what they proposed.'),
  change_pending: never(409, 'A change of this setting waits to be confirmed already.'),
  change_decided: never(409, 'The change was confirmed or taken back meanwhile.'),
  alert_ends_itself: never(409, 'An alert of this kind ends by itself, when what it warns of is over.'),
  not_found: never(404, 'There is no such thing here.'),
  unsupported_media_type: never(415, 'The content type is not supported.'),
  digest_mismatch: later(400, 'The body does not match its Content-Digest.'),
  // transport
  partner_unreachable: later(502, 'The partner does not answer.'),
  partner_tls: later(502, 'No trusted TLS connection to the partner.'),
  partner_timeout: later(504, 'The partner did not answer in time.'),
  partner_busy: later(503, 'The partner asks to wait.'),
  partner_error: later(502, 'The partner answered with an error.'),
  bad_answer: later(502, 'The partner’s answer carries no verifiable receipt.'),
  partner_name: later(502, 'The name of the partner’s gateway leads to no address.'),
  partner_identity: later(502, 'The certificate at the partner’s address is not the one that the directory pins.'),
  partner_distrusts: later(502, 'The partner ends connections with our certificate.'),
  partner_clock: later(502, 'The clocks of the partner and of this node differ.'),
  partner_behind: later(502, 'The partner serves an older directory than the one in force here.'),
  // what operators hold and test
  already_suspended: never(409, 'It is suspended already.'),
  not_suspended: never(409, 'It is not suspended.'),
  ping_not_sent: later(503, 'Nobody sent the ping: no office of this node runs, or it has no unit for it.'),
  ping_unanswered: later(504, 'The partner did not confirm the ping in time.'),
  test_not_run: later(503, 'No worker of this node took up the connection test, or it ended on the way.'),
  // test vectors
  vectors_missing: never(404, 'The folder holds no test vectors of a known format.'),
  vectors_unknown: never(415, 'The file is of no known format of test vectors.'),
  vectors_unreadable: never(422, 'The file of test vectors is damaged or cannot be read.'),
  vectors_unsafe: never(422, 'The archive names a file outside of itself.'),
  // this machine
  case_unreadable: never(500, 'A stored case does not open: its row or its key was changed.'),
  case_busy: later(409, 'The case was changed at the same time.'),
  database_unavailable: later(503, 'The database does not answer.'),
  queue_unavailable: later(503, 'The queue does not answer.'),
  rate_limited: later(429, 'The partner sends more than this node takes at a time.'),
  too_many_connections: later(429, 'The partner holds more connections than this node allows.'),
  overloaded: later(503, 'The process has no capacity now.'),
  port_taken: never(500, 'A network port is used by another process.'),
  clock_skew: never(500, 'The clock of this machine is wrong.'),
  config_invalid: never(500, 'The configuration has faults.'),
  key_missing: never(500, 'A private key is missing from the key store.'),
  key_folder_missing: never(500, 'The folder of private keys is missing.'),
  key_unreadable: never(500, 'A file of private keys cannot be read.'),
  key_exposed: never(500, 'Other users of this machine can reach a file of private keys.'),
  key_plain: never(500, 'A private key is stored without encryption.'),
  key_locked: never(500, 'The passphrase or key file does not open the private keys.'),
  key_damaged: never(500, 'A file of a private key is damaged or was changed.'),
  key_unusable: never(500, 'No private key for this use can be used now.'),
  key_exists: never(409, 'There is a private key of this name already.'),
  key_reused: never(422, 'The key stands in another use already.'),
  key_last: never(409, 'The last usable key of its use cannot be retired.'),
  keys_unready: never(500, 'The process cannot use all the private keys that it needs.'),
  token_unavailable: later(503, 'The security module or its token does not answer.'),
  token_refused: never(500, 'The security module refuses the PIN.'),
  tls_unusable: never(500, 'The files hold no TLS certificate with its key.'),
  tls_distrusted: never(500, 'Partners would not trust this TLS certificate.'),
  backup_tool_missing: never(500, 'A program of PostgreSQL that backups need is not installed.'),
  backup_tool_old: never(500, 'A program of PostgreSQL is older than the server.'),
  backup_failed: never(500, 'The backup could not be made.'),
  backup_locked: never(403, 'The key does not open the backup.'),
  backup_damaged: never(422, 'The backup is damaged, cut off or was changed.'),
  restore_occupied: never(409, 'There is something already where the backup would be restored to.'),
  restore_failed: never(500, 'The backup could not be restored; nothing was changed.'),
  schema_newer: never(500, 'The database was made by a later version of the program.'),
  not_for_production: never(500, 'The node is of production, and something of it is not.'),
  start_failed: never(500, 'A process did not start.'),
  internal: later(500, 'An unexpected error.'),
} as const satisfies Record<string, Entry>;

export type Code = keyof typeof CATALOGUE;

/** The catalogue row of `code`. */
export function entryOf(code: Code): Entry {
  return CATALOGUE[code];
}

/** The closed code that a partner sees for an inner code; inner codes without one become `policy_blocked`. */
export function wireCodeOf(code: Code): WireCode {
  return entryOf(code).wire ?? 'policy_blocked';
}
