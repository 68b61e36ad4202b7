import type { Entry } from './entry';

const ALGORITHMS = 'libs/envelope/algorithms.ts';
const COMPACT = 'libs/envelope/compact.ts';
const DECRYPT = 'libs/envelope/decrypt.ts';
const HEADER = 'libs/envelope/message-header.ts';
const KEYS = 'libs/envelope/keys.ts';
const OPEN = 'libs/envelope/open.ts';
const SIGN = 'libs/envelope/sign.ts';
const SUITES = 'libs/envelope/suites.ts';
const ADMISSION = 'libs/trust/key-admission.ts';

/** Algorithms and keys: the key alone decides what it is used with, and few keys are let in. */
export const ALGORITHMS_AND_KEYS: readonly Entry[] = [
  {
    id: 'B-01',
    attack: 'The algorithm `none`, in any letter case, outside and inside',
    control: 'One table of algorithms each; nothing outside it is tried',
    where: [ALGORITHMS, SUITES],
    outcome: ['bad_algorithm', 'bad_header', 'not_canonical'],
  },
  {
    id: 'B-02',
    attack: 'HS256 with a public key as the secret (CVE-2015-9235, CVE-2016-5431)',
    control: 'No symmetric algorithm is in the table; the algorithm is the key’s, not the header’s',
    where: [ALGORITHMS, SIGN],
    outcome: ['bad_header', 'bad_signature'],
  },
  {
    id: 'B-03',
    attack: 'RS for PS, another salt or hash, another curve, another algorithm than the key is for',
    control: 'The algorithm and its parameters follow from the key',
    where: [ALGORITHMS, OPEN, KEYS],
    outcome: ['bad_signature', 'bad_header', 'bad_algorithm', 'bad_key'],
  },
  {
    id: 'B-04',
    attack: 'Downgrade to RSA1_5, RSA-OAEP, CBC, `dir`; the name of the other suite',
    control: 'A header is exactly that of its suite',
    where: [HEADER, SUITES],
    outcome: ['bad_algorithm', 'bad_header'],
  },
  {
    id: 'B-05',
    attack: 'A password with ten million rounds (“billion hashes”, CVE-2022-36083)',
    control: 'Refused at the header; nothing is derived',
    where: [HEADER],
    outcome: ['bad_algorithm', 'bad_header'],
  },
  {
    id: 'B-06',
    attack: 'Compressed content, also as a bomb (CVE-2024-28176)',
    control: '`zip` is no member of a header; nothing is unfolded',
    where: [HEADER, 'libs/envelope/padding.ts'],
    outcome: ['bad_header', 'bad_padding'],
  },
  {
    id: 'B-07',
    attack: 'A key in the header: `jwk` (CVE-2018-0114), `jku`, `x5u`, `x5c`, `x5t`',
    control: 'Keys come from the directory; a header has exactly its members; nothing is fetched',
    where: [HEADER, 'libs/trust/partners.ts'],
    outcome: ['bad_header', 'bad_signature'],
  },
  {
    id: 'B-08',
    attack: 'A key id that is a path, a query, a template, a prototype’s name, a megabyte, another partner’s',
    control: 'An id is a short name; it selects among keys that are there',
    where: [COMPACT, OPEN, 'libs/trust/partners.ts'],
    outcome: ['bad_header', 'undecryptable', 'unknown_sender', 'bad_signature'],
  },
  {
    id: 'B-09',
    attack: 'Content that nobody signed, rightly encrypted (GHSA-pm7g-w2cf-q238)',
    control: 'What is decrypted must be a compact JWS of our kind with a signature of the sender',
    where: [OPEN],
    outcome: ['not_canonical', 'bad_header', 'bad_signature'],
  },
  {
    id: 'B-10',
    attack: 'A message in a message, twelve deep',
    control: 'Exactly one JWE around exactly one JWS around JSON',
    where: [OPEN],
    outcome: ['not_canonical', 'bad_header', 'malformed_json'],
  },
  {
    id: 'B-11',
    attack: 'Critical members: unknown, none, registered, in another order (CVE-2026-35042, CVE-2026-32597)',
    control: 'One list of critical members, in one order',
    where: [HEADER],
    outcome: ['bad_header'],
  },
  {
    id: 'B-12',
    attack: 'An empty key, or none (CVE-2026-107720)',
    control: 'Kinds of keys are listed; without a key nothing is believed',
    where: [ADMISSION, KEYS, OPEN],
    outcome: ['bad_key', 'bad_signature', 'unknown_sender', 'undecryptable', 'directory_malformed'],
  },
  {
    id: 'B-13',
    attack: 'A point off its curve, of another curve, of low order, mirrored (CVE-2017-16007)',
    control: 'OpenSSL checks points on import and shared secrets of zero; the point is authenticated',
    where: [DECRYPT, ADMISSION],
    outcome: ['undecryptable', 'bad_header', 'bad_key'],
  },
  {
    id: 'B-14',
    attack:
      'RSA that is short, has another exponent, small or close factors, a prime in common, or the structure of ROCA',
    control: 'RSA by exception only; length, exponent and modulus are looked at',
    where: [ADMISSION, 'libs/trust/weak-rsa.ts'],
    outcome: ['bad_key', 'directory_malformed'],
  },
  {
    id: 'B-15',
    attack: 'r or s zero or the order (CVE-2022-21449), other lengths, DER, malleable signatures',
    control: 'OpenSSL verifies; messages are known by sender and id, never by their spelling',
    where: [SIGN, 'libs/exchange/accept.ts'],
    outcome: ['bad_signature'],
  },
  {
    id: 'B-16',
    attack: 'A tag or a vector of another length, cut elsewhere, or used again',
    control: 'Lengths are fixed; each message has a key of its own',
    where: [DECRYPT],
    outcome: ['undecryptable'],
  },
  {
    id: 'B-17',
    attack: 'A wrapped content key, or one of another length',
    control: 'Keys are agreed on, none is wrapped: the segment must be empty',
    where: [SUITES, HEADER],
    outcome: ['not_canonical', 'bad_header'],
  },
  {
    id: 'B-18',
    attack: 'A key in another use: `use`, `key_ops`, `alg`; one key for two uses or two partners, TLS too',
    control: 'Admission by use; a public key stands once in the directory',
    where: [ADMISSION, 'libs/trust/soundness.ts'],
    outcome: ['bad_key', 'directory_key_reused'],
  },
  {
    id: 'B-19',
    attack: 'A second recipient, a second bad signature, an unprotected header',
    control: 'Compact form only: one recipient, one signature, one protected header',
    where: [COMPACT],
    outcome: ['not_canonical'],
  },
  {
    id: 'B-20',
    attack: 'Certificates in any order in the header',
    control: 'A header has exactly its members',
    where: [HEADER],
    outcome: ['bad_header'],
  },
  {
    id: 'B-21',
    attack: 'Learning from a refusal why it was one: by its code, its words, its work, its time',
    control:
      'One code, one sentence, a whole decryption and one verification whatever failed; `bench -- --only timing` measures',
    where: [DECRYPT, SIGN, 'libs/errors/catalogue.ts'],
    outcome: ['undecryptable'],
  },
  {
    id: 'B-22',
    attack: 'Adaptive probes of RSA key transport (Bleichenbacher, Manger)',
    control: 'There is none: no suite has it and no such key is admitted',
    where: [SUITES, ADMISSION],
    outcome: ['bad_algorithm', 'bad_key'],
  },
  {
    id: 'B-23',
    attack: 'A weak or unknown suite of HPKE, an encapsulated key of another length',
    control: 'One suite of HPKE, fixed in code',
    where: [SUITES, KEYS, DECRYPT],
    outcome: ['bad_algorithm', 'undecryptable', 'not_canonical', 'bad_header'],
  },
  {
    id: 'B-24',
    attack: 'A malformed ML-KEM key or ciphertext; an X25519 share with its unused bit set',
    control: 'Keys are checked on import (FIPS 203 §7.2); all bytes of the encapsulation enter the secret',
    where: [KEYS, ADMISSION, DECRYPT],
    outcome: ['bad_key', 'undecryptable'],
  },
];
