import { digestOf } from '../envelope';
import type { Members } from './recognise';
import type { Outcome, Verdict } from './verdict';

interface Dispute {
  /** Where the case stands, for people: it is known by its digest. */
  readonly suite: string;
  readonly tcId: number;
  /** SHA-256, base64url; see `digestOfCase`. */
  readonly digest: string;
  readonly why: string;
}

const SAME_AS_357 = 'labelled invalid, and byte for byte the token of tcId 357, which is labelled valid';
const NOT_BASE64URL = 'labelled valid, and has a "?" where only base64url may stand (RFC 7515 §2)';
const OTHER_ALG = 'labelled valid, and its header names another algorithm than its key allows (RFC 7517 §4.4)';

/** Cases of public suites whose label is wrong or contradicts itself. Another case of the same number is not meant. */
const DISPUTES: readonly Dispute[] = [
  { suite: 'json_web_signature', tcId: 346, digest: 'Oc8RRknBy7EJ9YT-C7L3YqHo1C1HavKxDAOyV4BOj4Y', why: OTHER_ALG },
  { suite: 'json_web_signature', tcId: 347, digest: 'Kv7wPqHBBbLdo7OkQM6tBbcm3Q6Uk6y3pkYqWTotCyY', why: OTHER_ALG },
  { suite: 'json_web_signature', tcId: 350, digest: 'hIEY5-tPrRlvLggRQ66_WEKxZsv7b1tiT9LYc4vroNE', why: OTHER_ALG },
  { suite: 'json_web_signature', tcId: 351, digest: 'ATdGHkA1CX6CJqHXsGe3hs8-vJyd5q94Gwu-dK5eYeA', why: OTHER_ALG },
  { suite: 'json_web_signature', tcId: 367, digest: 'e6-VaUk0RKrzXvPQRTL2oy0hYtvmxIqkNGl3fp7e3oQ', why: SAME_AS_357 },
  { suite: 'json_web_signature', tcId: 370, digest: 'e6-VaUk0RKrzXvPQRTL2oy0hYtvmxIqkNGl3fp7e3oQ', why: SAME_AS_357 },
  { suite: 'json_web_signature', tcId: 372, digest: '9P1rvzUpMk4iSz5wL2Rv7CvYT_lHXnO3l89RuAQJ06A', why: NOT_BASE64URL },
  { suite: 'json_web_signature', tcId: 373, digest: 'cugqu5ihALedLSz43DpUGw3bYlVYyoaJhvzeHm1xOjU', why: NOT_BASE64URL },
];

const byDigest = new Map(DISPUTES.map((dispute) => [dispute.digest, dispute]));

/** What makes a case of JOSE this one and no other: token, label and key, not its number. */
const digestOfCase = (group: Members, test: Members): string =>
  digestOf(JSON.stringify([test['jws'], test['result'], group['private']]));

/** The verdict on a disputed case: neither right nor wrong, with what was done; undefined for all other cases. */
export function disputeOf(group: Members, test: Members, outcome: Outcome): Verdict | undefined {
  const dispute = typeof test['jws'] === 'string' ? byDigest.get(digestOfCase(group, test)) : undefined;
  if (!dispute) return undefined;
  const done = 'why' in outcome ? `${outcome.did}: ${outcome.why}` : outcome.did;
  return { count: 'disputed', why: `${dispute.why}; here: ${done}` };
}
