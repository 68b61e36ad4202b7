import type { Entry } from './entry';

const DELIVERY = 'libs/lifecycle/delivery.ts';
const PARTNERS = 'libs/trust/partners.ts';
const RECEIPTS = 'libs/envelope/receipts.ts';
const SETTLE = 'libs/exchange/settle.ts';

/** Receipts: what does not prove anything changes nothing, and what proves something is kept. */
export const RECEIPT_ATTACKS: readonly Entry[] = [
  {
    id: 'G-01',
    attack: 'Forged: another key under the same id, changed, unsigned, with a key of its own',
    control: 'Signature of a receipt key of the directory; exact header and claims',
    where: [RECEIPTS],
    outcome: ['bad_signature', 'receipt_malformed'],
  },
  {
    id: 'G-02',
    attack: 'For another message, also in the answer to this one',
    control: 'The message must have been sent from here to the issuer, and be the one that was answered',
    where: [SETTLE, 'libs/exchange/deliver.ts'],
    outcome: ['receipt_unknown_message', 'bad_answer'],
  },
  {
    id: 'G-03',
    attack: 'For this message and other bytes',
    control: 'The digest must be that of the bytes sent',
    where: [SETTLE],
    outcome: ['receipt_wrong_digest', 'receipt_malformed'],
  },
  {
    id: 'G-04',
    attack: 'Signed, handed over or meant by another partner',
    control: 'Issuer, certificate, recipient of the message and addressee must agree',
    where: [SETTLE],
    outcome: ['identity_mismatch', 'receipt_unknown_message', 'unknown_sender', 'bad_signature'],
  },
  {
    id: 'G-05',
    attack: 'Of a key that was revoked, has ended or is not yet valid',
    control: 'Keys are judged as of the signed time; a revoked one for no time',
    where: [PARTNERS, 'libs/trust/validity.ts'],
    outcome: ['unknown_sender', 'stored'],
  },
  {
    id: 'G-06',
    attack: 'Signed with the TLS key or a unit’s signing key',
    control: 'Receipt keys are a list of their own; one key has one use',
    where: [PARTNERS, 'libs/trust/soundness.ts'],
    outcome: ['bad_signature', 'unknown_sender', 'directory_key_reused'],
  },
  {
    id: 'G-07',
    attack: 'An old receipt for a message that was sealed anew',
    control: 'A receipt speaks of the bytes that it names',
    where: [SETTLE],
    outcome: ['stored', 'alarm'],
  },
  {
    id: 'G-08',
    attack: 'A refusal, again or late, as if it were final',
    control: 'States only move forward; refusals of earlier bytes end nothing',
    where: [SETTLE, DELIVERY],
    outcome: ['stored', 'alarm'],
  },
  {
    id: 'G-09',
    attack: 'Two receipts that contradict each other',
    control: 'Both are kept; people decide',
    where: [SETTLE, DELIVERY],
    outcome: ['stored', 'alarm'],
  },
  {
    id: 'G-10',
    attack: 'A receipt before there is anything to receive',
    control: 'Only of bytes that were sealed here; negative evidence is never a partner’s',
    where: [SETTLE],
    outcome: ['receipt_unknown_message', 'receipt_wrong_digest', 'receipt_malformed', 'stored'],
  },
  {
    id: 'G-11',
    attack: 'A receipt lost and asked for again',
    control: 'Signed once, stored as bytes',
    where: ['libs/exchange/accept.ts', 'libs/exchange/acknowledge.ts'],
    outcome: ['same receipt'],
  },
  {
    id: 'G-12',
    attack: 'Receipts in another order',
    control: 'States only move forward',
    where: [DELIVERY],
    outcome: ['stored'],
  },
  {
    id: 'G-13',
    attack: 'The receiver denies',
    control: 'Receipt, sealed bytes and directory convince anybody with a standard library',
    where: [RECEIPTS],
    outcome: ['stored'],
  },
  {
    id: 'G-14',
    attack: 'The sender denies',
    control: 'The signed original is kept as it came',
    where: ['libs/casework/case-record.ts', 'libs/envelope/sign.ts'],
    outcome: ['stored'],
  },
  {
    id: 'G-15',
    attack: 'A proof of a log in a receipt, which nobody can check here',
    control: 'No policy demands one yet, so no receipt may carry one: claims are exact',
    where: [RECEIPTS],
    outcome: ['receipt_malformed'],
  },
  {
    id: 'G-16',
    attack: 'Learning content from a receipt, also by guessing',
    control: 'The digest is that of sealed bytes; ids and times, and nothing else',
    where: [RECEIPTS],
    outcome: ['stored'],
  },
];
