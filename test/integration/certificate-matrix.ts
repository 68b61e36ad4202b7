import type { ChainFault } from '../../libs/trust';
import * as x from './certificates-extensions';
import {
  authorityExtensions,
  days,
  issue,
  issuedWith,
  leafExtensions,
  makeAuthority,
  makeCertificate,
  makeIntermediate,
  makeKey,
  withChain,
  type Authority,
  type Certificate,
  type CertificateSpec,
} from './certificates-fixture';
import { authorities, honest } from './gateway-fixture';

/**
 * What becomes of a certificate: it is taken; or TLS refuses it, with OpenSSL's verdict; or TLS takes it and we do not, and the one
 * whom it claims to be is known, so that an alarm can say so. `UNSPECIFIED` is all that Node tells of some verdicts.
 */
export type Verdict = 'taken' | { readonly tls: string } | { readonly fault: ChainFault; readonly claimed?: 'vn' };

/** A certificate that is presented as that of Viet Nam, as a client to the gateway and as a server to our client. */
export interface Row {
  readonly name: string;
  readonly certificate: Certificate;
  /** Whether the directory pins its key for Viet Nam: then nothing but the certificate can be at fault. Default: it does. */
  readonly pinned?: false;
  /** Authorities that the directory pins for Viet Nam beside its own. */
  readonly authorities?: readonly Authority[];
  readonly asClient: Verdict;
  readonly asServer: Verdict;
}

const BOTH = [x.SERVER_AUTH, x.CLIENT_AUTH];
const { vn: ca, kh: caOfOther } = authorities;
/** An authority of Viet Nam with RSA, because no honest tool signs ECDSA over MD5. */
const rsaAuthority = makeAuthority('ca.vn.rsa', makeKey({ rsa: 3072 }));

/** A certificate of Viet Nam's authority, honest but for what is told. */
const leaf = (more: Partial<CertificateSpec> = {}, until = days(30)) => makeCertificate('vn', ca, until, more);
/** Extensions of an honest one and more. */
const plus = (...more: readonly Buffer[]) => [...leafExtensions(...BOTH), issuedWith(ca), ...more];
const below = (issuer: Authority, ...chain: readonly Authority[]) =>
  withChain(makeCertificate('vn', issuer), issuer, ...chain);
/** Authorities below Viet Nam's, the lowest first. */
function ladder(steps: number): Authority[] {
  const list: Authority[] = [];
  while (list.length < steps) list.unshift(makeIntermediate(`ca.vn.${steps}.${list.length}`, list[0] ?? ca));
  return list;
}
const climb = ([lowest, ...rest]: readonly Authority[]) => below(lowest!, ...rest);
const [one, three, four] = [ladder(1), ladder(3), ladder(4)];
/** An authority below Viet Nam's with other extensions than it should have. */
const between = (
  extensions: (key: Authority['privateKey']) => readonly Buffer[],
  more: Partial<CertificateSpec> = {},
) => {
  const privateKey = makeKey();
  return makeIntermediate('ca.vn.between', ca, { privateKey, extensions: extensions(privateKey), ...more });
};

const both = (verdict: Verdict): Pick<Row, 'asClient' | 'asServer'> => ({ asClient: verdict, asServer: verdict });
const tls = (code: string) => both({ tls: code });
const ours = (fault: ChainFault) => both({ fault, claimed: 'vn' });
const TAKEN = both('taken');

const GOOD: readonly Row[] = [
  { name: 'P-256', certificate: leaf(), ...TAKEN },
  { name: 'P-384', certificate: leaf({ privateKey: makeKey('P-384') }), ...TAKEN },
  { name: 'Ed25519', certificate: leaf({ privateKey: makeKey('Ed25519') }), ...TAKEN },
  { name: 'RSA of 2048 bits', certificate: leaf({ privateKey: makeKey({ rsa: 2048 }) }), ...TAKEN },
  { name: 'RSA of 3072 bits', certificate: leaf({ privateKey: makeKey({ rsa: 3072 }) }), ...TAKEN },
  { name: 'an authority between, pinned', certificate: climb(one), authorities: one, ...TAKEN },
  { name: 'three authorities between, pinned', certificate: climb(three), authorities: three, ...TAKEN },
  // Without a statement any use is allowed (RFC 5280 §4.2.1.12), and which key it is says the pin.
  { name: 'no extended key usage', certificate: leaf({ extensions: leafExtensions() }), ...TAKEN },
  {
    name: 'client use only',
    certificate: leaf({ extensions: leafExtensions(x.CLIENT_AUTH) }),
    asClient: 'taken',
    asServer: { tls: 'INVALID_PURPOSE' },
  },
  {
    name: 'server use only',
    certificate: leaf({ extensions: leafExtensions(x.SERVER_AUTH) }),
    asClient: { tls: 'INVALID_PURPOSE' },
    asServer: 'taken',
  },
  {
    name: 'authorities of others sent along',
    certificate: withChain(leaf(), authorities.kh, authorities.gb),
    ...TAKEN,
  },
];

const TIME_AND_KEY: readonly Row[] = [
  { name: 'expired', certificate: leaf({}, days(-1)), ...tls('CERT_HAS_EXPIRED') },
  { name: 'expired a second ago', certificate: leaf({}, new Date(Date.now() - 1000)), ...tls('CERT_HAS_EXPIRED') },
  { name: 'not yet valid', certificate: leaf({ from: days(1) }), ...tls('CERT_NOT_YET_VALID') },
  {
    name: 'an authority between that has expired',
    certificate: below(between((key) => authorityExtensions(key), { until: days(-1) })),
    ...tls('CERT_HAS_EXPIRED'),
  },
  {
    name: 'RSA of 1024 bits',
    certificate: leaf({ privateKey: makeKey({ rsa: 1024 }) }),
    asClient: { tls: 'UNSPECIFIED' },
    asServer: { tls: 'UNSPECIFIED' },
  },
  {
    name: 'RSA of 2047 bits, which OpenSSL rounds up',
    certificate: leaf({ privateKey: makeKey({ rsa: 2047 }) }),
    ...ours('weak_key'),
  },
  { name: 'signed with SHA-1', certificate: leaf({ hash: 'sha1' }), ...tls('UNSPECIFIED') },
  {
    name: 'signed with RSA and SHA-1',
    certificate: issue({ name: 'vn', issuer: rsaAuthority, hash: 'sha1', extensions: leafExtensions(...BOTH) }),
    ...tls('UNSPECIFIED'),
  },
  {
    name: 'signed with RSA and MD5',
    certificate: issue({ name: 'vn', issuer: rsaAuthority, hash: 'md5', extensions: leafExtensions(...BOTH) }),
    ...tls('UNSPECIFIED'),
  },
];

const USE: readonly Row[] = [
  {
    name: 'use for code signing only',
    certificate: leaf({ extensions: leafExtensions(x.CODE_SIGNING) }),
    ...tls('INVALID_PURPOSE'),
  },
  {
    name: 'a key that may only sign certificates',
    certificate: leaf({ extensions: [x.keyUsage(x.CERT_SIGN)] }),
    ...tls('INVALID_PURPOSE'),
  },
  {
    name: 'a key that may only encrypt keys',
    certificate: leaf({ extensions: [x.keyUsage(x.KEY_ENCIPHERMENT)] }),
    asClient: { tls: 'INVALID_PURPOSE' },
    asServer: 'taken',
  },
  {
    name: 'an authority as the leaf',
    certificate: leaf({ extensions: [x.basicConstraints({ ca: true })] }),
    ...ours('leaf_is_authority'),
  },
  {
    name: 'the pinned authority itself',
    certificate: ca,
    asClient: { tls: 'INVALID_PURPOSE' },
    asServer: { tls: 'INVALID_PURPOSE' },
  },
  {
    name: 'an unknown critical extension',
    certificate: leaf({ extensions: plus(x.unknownCritical()) }),
    ...tls('UNSPECIFIED'),
  },
  { name: 'the serial number 0', certificate: leaf({ serial: Buffer.from([0]) }), ...ours('odd_serial') },
  { name: 'a negative serial number', certificate: leaf({ serial: Buffer.from([0x81, 2]) }), ...ours('odd_serial') },
  { name: 'a serial number of 21 octets', certificate: leaf({ serial: Buffer.alloc(21, 1) }), ...ours('odd_serial') },
];

const CHAIN: readonly Row[] = [
  {
    name: 'an authority that nobody pinned, with the same name',
    certificate: makeCertificate('vn', makeAuthority('ca.vn')),
    ...tls('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
  },
  {
    name: 'signed by itself, with the same name',
    certificate: issue({ name: 'vn', extensions: leafExtensions(...BOTH) }),
    ...tls('DEPTH_ZERO_SELF_SIGNED_CERT'),
  },
  { name: 'signed by a leaf', certificate: below(between(() => leafExtensions(...BOTH))), ...tls('UNSPECIFIED') },
  {
    name: 'the authority between missing',
    certificate: makeCertificate('vn', makeIntermediate('ca.vn.gone', ca)),
    ...tls('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
  },
  {
    name: 'an authority between that says that it is none',
    certificate: below(between(() => [x.basicConstraints({ ca: false }), x.keyUsage(x.CERT_SIGN)])),
    ...tls('INVALID_PURPOSE'),
  },
  {
    name: 'an authority between that does not say that it is one',
    certificate: below(between(() => [x.keyUsage(x.CERT_SIGN)])),
    ...tls('INVALID_CA'),
  },
  {
    name: 'an authority between that must not sign',
    certificate: below(between(() => [x.basicConstraints({ ca: true }), x.keyUsage(x.DIGITAL_SIGNATURE)])),
    ...tls('UNSPECIFIED'),
  },
  {
    name: 'a path longer than its authority allows',
    certificate: (() => {
      const short = between((key) => authorityExtensions(key, 0));
      return below(makeIntermediate('ca.vn.low', short), short);
    })(),
    ...tls('PATH_LENGTH_EXCEEDED'),
  },
  {
    name: 'a name outside of what its authority may certify',
    certificate: (() => {
      const bound = between((key) => [...authorityExtensions(key), x.permittedHosts('vn')]);
      return withChain(
        makeCertificate('vn', bound, days(30), {
          extensions: [...leafExtensions(...BOTH), x.subjectAltName('gateway.gb')],
        }),
        bound,
      );
    })(),
    ...tls('UNSPECIFIED'),
  },
  { name: 'four authorities between, pinned', certificate: climb(four), authorities: four, ...ours('chain_too_long') },
  {
    name: 'an authority between that is only sent along',
    certificate: climb(ladder(1)),
    ...ours('authority_not_pinned'),
  },
  { name: 'fifty authorities sent along', certificate: climb(ladder(50)), ...ours('authority_not_pinned') },
];

const PIN: readonly Row[] = [
  { name: 'another key of the right authority', certificate: leaf(), pinned: false, ...ours('key_not_pinned') },
  {
    name: 'the pinned key, certified by the authority of another partner',
    certificate: makeCertificate('vn', caOfOther),
    asClient: { fault: 'authority_not_pinned', claimed: 'vn' },
    asServer: { tls: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
  },
];

export const ROWS: readonly Row[] = [...GOOD, ...TIME_AND_KEY, ...USE, ...CHAIN, ...PIN];

/** What the directory pins for Viet Nam in these tests. */
export const PINS = {
  ca: [ca, rsaAuthority, ...ROWS.flatMap(({ authorities: more = [] }) => more)].map(({ cert }) => cert),
  spki: [honest.vn, ...ROWS.filter(({ pinned }) => pinned !== false).map(({ certificate }) => certificate)].map(
    ({ spki }) => spki,
  ),
};
