import type { Entry } from './entry';

const ACCEPT = 'libs/exchange/accept.ts';
const DIRECTORY = 'libs/trust/directory.ts';
const FILE = 'libs/casework/file-message.ts';
const HEADER = 'libs/envelope/message-header.ts';
const INGEST = 'libs/exchange/ingest.ts';
const OPEN = 'libs/envelope/open.ts';
const PARTNERS = 'libs/trust/partners.ts';

/** Binding, replay and order: who said what to whom, once, and after what. */
export const BINDING: readonly Entry[] = [
  {
    id: 'C-01',
    attack: 'Surreptitious forwarding: a recipient passes a signed message on',
    control: 'Sender unit, recipient unit and id stand inside the signature and must be those outside',
    where: [OPEN],
    outcome: ['identity_mismatch', 'wrong_recipient'],
  },
  {
    id: 'C-02',
    attack: 'Another sender: outside, inside, in the content, in the certificate; two partners together',
    control: 'Certificate, envelope, signature and content must name one sender',
    where: [ACCEPT, OPEN, PARTNERS],
    outcome: ['identity_mismatch', 'unknown_sender', 'bad_signature', 'held'],
  },
  {
    id: 'C-03',
    attack: 'Another recipient, node or environment',
    control: 'Envelope, signature and content must name this unit, this node, this trust domain',
    where: [ACCEPT, OPEN, DIRECTORY],
    outcome: ['wrong_recipient', 'identity_mismatch', 'wrong_domain'],
  },
  {
    id: 'C-04',
    attack: 'The same sealed message again',
    control: 'Known by sender node and id; the first receipt is the answer',
    where: [ACCEPT],
    outcome: ['same receipt', 'identity_mismatch'],
  },
  {
    id: 'C-05',
    attack: 'The same signed message in a new encryption',
    control: 'One id, one digest of sealed bytes; others are evidence',
    where: [ACCEPT],
    outcome: ['id_reused', 'alarm'],
  },
  {
    id: 'C-06',
    attack: 'Other content under a known id',
    control: 'One id, one digest of sealed bytes; both are kept',
    where: [ACCEPT],
    outcome: ['id_reused', 'alarm'],
  },
  {
    id: 'C-07',
    attack: 'Replay after erasure',
    control: 'Id, digest and receipt stay when content goes',
    where: [ACCEPT, 'libs/storage/erasure.ts'],
    outcome: ['same receipt'],
  },
  {
    id: 'C-08',
    attack: 'Replay at a node that was restored from a backup, or has forgotten the sealed bytes',
    control: 'Ids are never purged; what a backup does not know is filed once, with evidence that agrees',
    where: [ACCEPT, INGEST, 'libs/exchange/settle.ts'],
    outcome: ['same receipt', 'filed'],
  },
  {
    id: 'C-09',
    attack: 'A token of one kind in the place of another: message, receipt, directory',
    control: 'A type in each header, exactly',
    where: [HEADER, 'libs/envelope/receipts.ts', 'libs/envelope/countersigned.ts'],
    outcome: ['bad_request', 'bad_header', 'receipt_malformed', 'directory_malformed'],
  },
  {
    id: 'C-10',
    attack: 'A signed time of ten days ago: an honest backlog must pass, an expired one not',
    control: 'Freshness is the signed expiry',
    where: [OPEN],
    outcome: ['filed', 'expired'],
  },
  {
    id: 'C-11',
    attack: 'A signed time in the future',
    control:
      'Five minutes of difference between clocks; beyond that it waits for a day, because the wrong clock may be ours',
    where: [OPEN],
    outcome: ['filed', 'held', 'not_yet_valid'],
  },
  {
    id: 'C-12',
    attack: 'An answer before the referral; 3, 2, 1; a fork; a message that saw what was never sent',
    control: 'Numbers, chain and `seen` per referral; turns are judged by what the author knew',
    where: [FILE, 'libs/lifecycle/fold.ts'],
    outcome: ['unknown_referral', 'held', 'seq_reused', 'chain_broken', 'transition_refused', 'filed'],
  },
  {
    id: 'C-13',
    attack: 'Fifty copies, or fifty contents under one id, at the same moment',
    control: 'A unique key in the database; the receipt that was stored is the answer',
    where: [ACCEPT, 'libs/storage/accepting.ts'],
    outcome: ['same receipt', 'id_reused'],
  },
  {
    id: 'C-14',
    attack: 'The post-quantum half stripped from the suite',
    control: 'The suite stands in the signature; the directory pins what a node opens',
    where: [OPEN],
    outcome: ['suite_mismatch'],
  },
  {
    id: 'C-15',
    attack: 'A message in a referral of others',
    control: 'A case belongs to two units',
    where: [FILE],
    outcome: ['foreign_thread', 'held'],
  },
  {
    id: 'C-16',
    attack: 'A message withheld',
    control: 'A gap in the numbers of a referral is held, then refused and alarmed after a day',
    where: ['libs/exchange/waiting-for-earlier.ts', FILE],
    outcome: ['held', 'seq_gap_timeout', 'alarm'],
  },
  {
    id: 'C-17',
    attack: 'An older set of keys; a revoked key brought back; an id given to another key',
    control: 'Versions only grow; key ids and revocations are remembered',
    where: [DIRECTORY, 'libs/trust/continuity.ts'],
    outcome: ['directory_rollback', 'directory_fork', 'directory_key_unrevoked', 'directory_key_changed'],
  },
  {
    id: 'C-18',
    attack: 'Directory rolled back, frozen, or signed by too few',
    control: 'Version, expiry and threshold of countries',
    where: [DIRECTORY, 'libs/trust/signers.ts'],
    outcome: ['directory_rollback', 'directory_expired', 'directory_below_threshold'],
  },
  {
    id: 'C-19',
    attack: 'A revoked key signs with a date of before',
    control: 'A revoked key speaks for no time at all; one that was merely replaced does for its own',
    where: [PARTNERS, 'libs/trust/validity.ts'],
    outcome: ['unknown_sender', 'filed'],
  },
  {
    id: 'C-20',
    attack: 'A key that ended between signing and receipt, or before signing',
    control: 'Keys are judged as of the signed time',
    where: [OPEN, 'libs/trust/validity.ts'],
    outcome: ['filed', 'unknown_sender'],
  },
  {
    id: 'C-21',
    attack: 'A protected header changed within what is allowed',
    control: 'Authenticated with the content',
    where: ['libs/envelope/decrypt.ts', 'libs/envelope/sign.ts'],
    outcome: ['undecryptable', 'bad_signature'],
  },
  {
    id: 'C-22',
    attack: 'One id from two partners, by chance or by guessing',
    control: 'Known by sender node and id',
    where: [ACCEPT],
    outcome: ['filed'],
  },
  {
    id: 'C-23',
    attack: 'Another form of the same content: spaces, escapes, order, Unicode form',
    control: 'Signed bytes are kept and verified as they are; nothing is written anew',
    where: [OPEN, 'libs/schema/assert.ts'],
    outcome: ['filed', 'bad_signature', 'not_nfc'],
  },
  {
    id: 'C-24',
    attack: 'The digest of an attachment exchanged, or the file itself: by its chunks or as a whole',
    control: 'Digest and key stand in the signed content; each chunk is bound to file, place and end',
    where: ['libs/envelope/sign.ts', 'libs/attachments/chunks.ts', 'libs/exchange/judge-files.ts'],
    outcome: ['bad_signature', 'file_damaged'],
  },
];
