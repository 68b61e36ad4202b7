import { SIGNATURE_ALGORITHMS } from './algorithms';
import {
  exactList,
  exactly,
  name,
  admitHeader,
  parseHeader,
  seconds,
  splitCompact,
  type Header,
  type HeaderMember,
  type Segment,
} from './compact';
import { SUITE_NAMES, SUITES, type Suite } from './suites';
import { TraoError } from '../errors';

const MESSAGE_TYP = 'trao-message+jws';
const ENVELOPE_TYP = 'trao-envelope+jwe';
export const PRIORITIES = ['emergency', 'urgent', 'normal'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** What a gateway, a queue and an operator may see of a message: sensitivity S0 (domain §5) and nothing else. */
export interface OuterHeader {
  readonly kid: string;
  readonly jti: string;
  /** Sender node. */
  readonly iss: string;
  /** Recipient node. */
  readonly aud: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
  readonly pri: Priority;
  readonly suite: Suite;
}

/** What the sender unit signs around the payload. */
export interface InnerHeader {
  readonly alg: keyof typeof SIGNATURE_ALGORITHMS;
  readonly kid: string;
  /** Sender unit. */
  readonly iss: string;
  /** Recipient unit. */
  readonly aud: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  /** Trust domain: a test message can never be replayed in production. */
  readonly dom: string;
  readonly suite: Suite;
}

/** The header of a signed original, for whoever has it and must not verify it again. @throws TraoError `not_canonical`, `bad_header` */
export function readOriginal(original: string): InnerHeader {
  return readInnerHeader(splitCompact(original, 3)[0]!);
}

/** Members that RFC 7515 does not register for a JWS header, so a verifier that ignores them must refuse the message. */
const INNER_CRIT = ['iss', 'aud', 'jti', 'iat', 'exp', 'dom', 'suite'] as const;

const oneOf =
  (names: readonly string[]): HeaderMember =>
  (value) =>
    typeof value === 'string' && names.includes(value);

const OUTER_MEMBERS = {
  kid: name,
  jti: name,
  iss: name,
  aud: name,
  iat: seconds,
  exp: seconds,
  pri: oneOf(PRIORITIES),
};
const OUTER_FIXED = { typ: exactly(ENVELOPE_TYP), cty: exactly(MESSAGE_TYP) };

const INNER_MEMBERS = {
  alg: oneOf(Object.keys(SIGNATURE_ALGORITHMS)),
  kid: name,
  typ: exactly(MESSAGE_TYP),
  iss: name,
  aud: name,
  jti: name,
  iat: seconds,
  exp: seconds,
  dom: name,
  suite: oneOf(SUITE_NAMES),
  crit: exactList(INNER_CRIT),
};

/** The protected header of the JWE, without what the library of the suite adds (`epk`). */
export function outerHeaderMembers(header: OuterHeader): Header {
  const { suite, ...members } = header;
  const { alg, enc } = SUITES[suite];
  return { alg, ...(enc && { enc }), typ: ENVELOPE_TYP, cty: MESSAGE_TYP, ...members };
}

/** The protected header of the JWS, without `alg` and `kid`, which the key brings. */
export function innerHeaderMembers(header: Omit<InnerHeader, 'alg' | 'kid'>): Header {
  return { typ: MESSAGE_TYP, ...header, crit: [...INNER_CRIT] };
}

/** The ephemeral public key of ECDH-ES (RFC 7518 §4.6.1.1) and nothing besides; whether it is on its curve, import says. */
export const publicPoint: HeaderMember = (value) => {
  if (typeof value !== 'object' || value === null) return false;
  const members = Object.keys(value).sort().join();
  return (
    (members === 'crv,kty,x,y' || members === 'crv,kty,x') && Object.values(value).every((v) => typeof v === 'string')
  );
};

/**
 * Reads the protected header of a JWE. The suite follows from `alg`; a header that is not exactly that of its suite is refused.
 * @throws TraoError `bad_header`, `bad_algorithm`
 */
export function readOuterHeader(segment: Segment): OuterHeader {
  const header = parseHeader(segment.bytes);
  const suite = SUITE_NAMES.find((key) => SUITES[key].alg === header['alg']);
  if (!suite) throw new TraoError('bad_algorithm');
  const members =
    suite === 'hybrid'
      ? { ...OUTER_FIXED, ...OUTER_MEMBERS, alg: exactly(SUITES.hybrid.alg) }
      : {
          ...OUTER_FIXED,
          ...OUTER_MEMBERS,
          alg: exactly(SUITES.classic.alg),
          enc: exactly(SUITES.classic.enc),
          epk: publicPoint,
        };
  admitHeader(header, members);
  const { kid, jti, iss, aud, iat, exp, pri } = header as unknown as OuterHeader;
  return { kid, jti, iss, aud, iat, exp, pri, suite };
}

/**
 * Reads the protected header of the signed message inside.
 * @throws TraoError `bad_header`
 */
export function readInnerHeader(segment: Segment): InnerHeader {
  const raw = parseHeader(segment.bytes);
  admitHeader(raw, INNER_MEMBERS);
  const { alg, kid, iss, aud, jti, iat, exp, dom, suite } = raw as unknown as InnerHeader;
  return { alg, kid, iss, aud, jti, iat, exp, dom, suite };
}
