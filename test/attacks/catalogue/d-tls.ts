import type { Entry } from './entry';

const ADMISSION = 'libs/trust/certificate-admission.ts';
const AUTHORITIES = 'libs/trust/authorities.ts';
const CLIENT = 'libs/transport/partner-client.ts';
const DIRECTORY = 'libs/trust/directory.ts';
const GATEWAY = 'apps/gateway/tls.ts';
const PARTNERS = 'libs/trust/partners.ts';
const PEER = 'apps/gateway/peer.ts';
const SETTINGS = 'libs/trust/tls-settings.ts';
const SOUNDNESS = 'libs/trust/soundness.ts';

/** TLS and the directory behind it: OpenSSL checks the chain, the directory says whose key it is. */
export const TLS_ATTACKS: readonly Entry[] = [
  {
    id: 'D-01',
    attack: 'All bad certificates of the matrix: expired, of others, weak, for another use …',
    control: 'TLS 1.3 to pinned authorities; then our own look at the chain; then the pinned key',
    where: [SETTINGS, ADMISSION, PARTNERS],
    outcome: ['TLS', 'no partner'],
  },
  {
    id: 'D-02',
    attack: 'A leaf that signs another leaf (CVE-2026-33896)',
    control: 'OpenSSL builds the chain, no code of ours',
    where: [SETTINGS],
    outcome: ['TLS'],
  },
  {
    id: 'D-03',
    attack: 'An authority without basic constraints, or whose key must not sign',
    control: 'OpenSSL; authorities are admitted to the directory',
    where: [AUTHORITIES, ADMISSION],
    outcome: ['TLS', 'no partner', 'directory_malformed'],
  },
  {
    id: 'D-04',
    attack: 'A path longer than an authority allows',
    control: 'OpenSSL',
    where: [SETTINGS],
    outcome: ['TLS'],
  },
  {
    id: 'D-05',
    attack: 'A partner’s authority issues for another partner',
    control: 'Keys are pinned by partner; the chain must end in that partner’s authority; name constraints hold',
    where: [PARTNERS, SOUNDNESS],
    outcome: ['TLS', 'no partner', 'identity_mismatch', 'directory_malformed'],
  },
  {
    id: 'D-06',
    attack: 'A TLS key that signs messages or receipts, and the reverse; a certificate for another use',
    control: 'One key has one use in the directory; extended key usage',
    where: [SOUNDNESS, SETTINGS],
    outcome: ['directory_key_reused', 'bad_signature', 'held', 'TLS', 'no partner'],
  },
  {
    id: 'D-07',
    attack: 'Expired or not yet valid, to the second',
    control: 'OpenSSL at the handshake, our own look on each request',
    where: [ADMISSION, PEER],
    outcome: ['TLS', 'no partner'],
  },
  {
    id: 'D-08',
    attack: 'Lists of revoked certificates: stale, forged, replayed, endless',
    control: 'None is fetched: the directory revokes, at once and for open connections too',
    where: [PARTNERS, PEER],
    outcome: ['no partner'],
  },
  {
    id: 'D-09',
    attack: 'An OCSP responder that says good, or nothing',
    control: 'None is asked',
    where: [GATEWAY, CLIENT],
    outcome: ['no partner'],
  },
  {
    id: 'D-10',
    attack: 'Weak keys, SHA-1, MD5, also in the authority',
    control: 'Security level 2; key strength and exponent; authorities are admitted',
    where: [SETTINGS, ADMISSION, AUTHORITIES],
    outcome: ['TLS', 'no partner', 'directory_malformed'],
  },
  {
    id: 'D-11',
    attack: 'A serial number that is zero, negative or of 21 octets',
    control: 'Our own look at the certificate',
    where: [ADMISSION],
    outcome: ['no partner'],
  },
  {
    id: 'D-12',
    attack: 'Extensions twice, or unknown and critical',
    control: 'OpenSSL with strict checks',
    where: [SETTINGS, ADMISSION],
    outcome: ['TLS', 'no partner'],
  },
  {
    id: 'D-13',
    attack: 'Names with NUL, wildcards, homoglyphs, of great length',
    control: 'Names name nobody: the pinned key does',
    where: [PARTNERS],
    outcome: ['no partner', 'identity_mismatch'],
  },
  {
    id: 'D-14',
    attack: 'Authorities that sign each other, chains of a hundred, thousands of names',
    control: 'OpenSSL’s limits; every authority of a chain must be pinned',
    where: [ADMISSION, SETTINGS],
    outcome: ['TLS', 'no partner'],
  },
  {
    id: 'D-15',
    attack: 'A certificate signed by itself under a trusted name',
    control: 'Chains end in pinned authorities',
    where: [SETTINGS],
    outcome: ['TLS'],
  },
  {
    id: 'D-16',
    attack: 'Two partners, or two authorities, with one name',
    control: 'Keys, not names; authorities of one name are no directory',
    where: [PARTNERS, AUTHORITIES],
    outcome: ['identity_mismatch', 'directory_malformed'],
  },
  {
    id: 'D-17',
    attack: 'A new key under the same name',
    control: 'The directory pins keys',
    where: [PARTNERS],
    outcome: ['no partner'],
  },
  {
    id: 'D-18',
    attack: 'A certificate, or a request for one, without the key',
    control: 'The handshake asks for a signature; a pin of two nodes is no directory',
    where: [GATEWAY, SOUNDNESS],
    outcome: ['TLS', 'directory_key_reused'],
  },
  {
    id: 'D-19',
    attack: 'The trust anchor swapped, alone or with a directory that fits',
    control: 'Adopted versions are verified from the anchor on; thresholds of countries',
    where: ['libs/platform/directory-keeper.ts', DIRECTORY],
    outcome: ['directory_below_threshold'],
  },
  {
    id: 'D-20',
    attack: 'A clock set back by two years',
    control: 'Versions only grow; a key that was revoked speaks for no time; pins have no time',
    where: [DIRECTORY, PARTNERS, 'libs/trust/validity.ts'],
    outcome: ['directory_rollback', 'directory_below_threshold', 'no partner'],
  },
  {
    id: 'D-21',
    attack: 'Resumption across partners, renegotiation',
    control: 'No session is taken up again; identity on every request',
    where: [GATEWAY, CLIENT, PEER],
    outcome: ['TLS'],
  },
  {
    id: 'D-22',
    attack: 'TLS 1.2 and older, weak cipher suites, plain text',
    control: 'TLS 1.3 only, one table of settings',
    where: [SETTINGS],
    outcome: ['TLS', 'partner_tls'],
  },
  {
    id: 'D-23',
    attack: 'Headers of a proxy that ends TLS',
    control: 'None is read: the connection itself says who it is',
    where: [PEER],
    outcome: ['no partner', 'identity_mismatch', 'TLS'],
  },
  {
    id: 'D-24',
    attack: 'HTTP/2 by ALPN or by its preface',
    control: 'HTTP/1.1 only',
    where: [GATEWAY, CLIENT],
    outcome: ['TLS', 'HTTP 400', 'partner_tls'],
  },
];
