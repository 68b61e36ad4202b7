import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { digestOf } from '../envelope';
import { spkiDigest } from '../trust';
import { handshake } from './handshake';
import { reviewOf } from './limbo-reviewed';
import { textOf } from './members';
import { isMembers, type Members, type Recognised } from './recognise';
import { Tally, type SuiteResult } from './suite';
import { judge, UnreadableCase, type Outcome, type Verdict } from './verdict';

const NAME = 'x509-limbo';

interface Chain {
  readonly id: string;
  readonly side: 'server' | 'client';
  readonly good: boolean;
  readonly leaf: string;
  readonly intermediates: readonly string[];
  readonly roots: readonly string[];
  readonly key: string | undefined;
  readonly members: Members;
}

/**
 * The chains of x509-limbo, presented to our TLS settings with the roots of the case as pinned authorities: once with the key of
 * the peer pinned, so that all depends on the chain; once with another key pinned, where nothing may be taken.
 */
export async function runLimbo({ path, document }: Recognised & { format: 'x509-limbo' }): Promise<SuiteResult[]> {
  const [taken, unpinned] = [new Tally(NAME, path), new Tally(`${NAME}, another key pinned`, path)];
  const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
  for (const testcase of document['testcases'] as unknown[]) {
    try {
      const chain = chainOf(testcase);
      const outcome = await present(chain, spkiOf(chain.leaf));
      taken.add(chain.id, verdictOf(chain, outcome));
      if (outcome.did !== 'not_run') unpinned.add(chain.id, judge('invalid', await present(chain, digestOf(other))));
    } catch (error) {
      if (!(error instanceof UnreadableCase)) throw error;
      taken.add(isMembers(testcase) ? String(testcase['id']) : '?', { count: 'unreadable', why: error.message });
    }
  }
  return [taken.result(), unpinned.result()].filter(({ cases }) => cases > 0);
}

/** @param pin undefined where the key of the leaf cannot be read: then no directory can pin it */
async function present(chain: Chain, pin: string | undefined): Promise<Outcome> {
  const { side, leaf, intermediates, roots, key } = chain;
  const obstacle = obstacleOf(chain);
  if (key === undefined || obstacle !== undefined) return { did: 'not_run', why: obstacle ?? NO_KEY };
  const peer = { chain: inOrder(leaf, intermediates).join('\n'), key };
  return handshake(side, peer, { ca: [...roots, ...anchored(intermediates, roots)] as [string], spki: [pin ?? ''] });
}

/** As many as a directory lists for a node (schemas/directory). */
const MAX_AUTHORITIES = 10;

/**
 * A directory pins every authority of a chain. Here those between that the roots of the case stand for, by their signature; nothing
 * else, so that no certificate which is only sent along becomes a root.
 */
function anchored(intermediates: readonly string[], roots: readonly string[]): string[] {
  if (intermediates.length + roots.length > MAX_AUTHORITIES) return [];
  const found: string[] = [];
  let left = [...intermediates];
  for (let before = -1; before !== left.length;) {
    before = left.length;
    const issuers = [...roots, ...found].map(certificateOf);
    const next = left.filter((pem) => issuers.some((issuer) => isIssuer(issuer, certificateOf(pem))));
    found.push(...next);
    left = left.filter((pem) => !next.includes(pem));
  }
  return found;
}

/** As a peer sends them (RFC 8446 §4.4.2): each the issuer of the one before; the file has them in any order. What is left comes last. */
function inOrder(leaf: string, intermediates: readonly string[]): string[] {
  const chain = [leaf];
  const left = [...intermediates];
  for (let last = certificateOf(leaf); last !== undefined; last = certificateOf(chain.at(-1)!)) {
    const issued = last;
    const next = left.findIndex((pem) => isIssuer(certificateOf(pem), issued));
    if (next === -1) break;
    chain.push(...left.splice(next, 1));
  }
  return [...chain, ...left];
}

function isIssuer(issuer: X509Certificate | undefined, certificate: X509Certificate | undefined): boolean {
  try {
    return Boolean(issuer && certificate?.checkIssued(issuer) && certificate.verify(issuer.publicKey));
  } catch {
    return false;
  }
}

const NO_KEY = 'the file has no private key for the peer';

/** Why a chain cannot be presented, or its verdict cannot be that of a connection made now. */
function obstacleOf({ key, members, leaf, intermediates, roots }: Chain): string | undefined {
  if (key === undefined) return NO_KEY;
  const { crls, features, validation_time: time } = members;
  if ((Array.isArray(crls) && crls.length > 0) || (Array.isArray(features) && features.includes('has-crl')))
    return 'depends on a revocation list: the directory revokes';
  if (typeof time !== 'string') return undefined;
  const sameNow = [leaf, ...intermediates, ...roots].every(
    (pem) => isValid(pem, new Date(time)) && isValid(pem, new Date()),
  );
  return sameNow ? undefined : 'judged at another time than now';
}

function isValid(pem: string, at: Date): boolean {
  const certificate = certificateOf(pem);
  return certificate !== undefined && certificate.validFromDate <= at && at <= certificate.validToDate;
}

function verdictOf(chain: Chain, outcome: Outcome): Verdict {
  const verdict = judge(chain.good ? 'valid' : 'invalid', outcome);
  if (verdict.count === 'wronglyRejected') {
    // OpenSSL says so before we do.
    const why = certificateOf(chain.leaf)?.ca ? 'leaf_is_authority' : reviewOf(chain.members);
    return why === undefined ? verdict : { count: 'refusedByPolicy', why };
  }
  if (verdict.count === 'wronglyAccepted') {
    const why = nameOrDepth(chain) ?? reviewOf(chain.members);
    return why === undefined ? verdict : { count: 'disputed', why };
  }
  return verdict;
}

/** Two things that a case may turn on and that the pin takes the place of; each can be seen in the case itself. */
function nameOrDepth({ leaf, intermediates, members }: Chain): string | undefined {
  const { expected_peer_name: name, max_chain_depth: depth } = members;
  const certificate = certificateOf(leaf);
  if (isMembers(name) && certificate && !carriesName(certificate, String(name['kind']), String(name['value'])))
    return 'does not carry the expected name: identity is the pinned key';
  if (typeof depth === 'number' && intermediates.length > depth) return 'longer than a limit that the case sets';
  return undefined;
}

function carriesName(certificate: X509Certificate, kind: string, value: string): boolean {
  if (kind === 'DNS') return certificate.checkHost(value, { subject: 'never' }) !== undefined;
  return kind !== 'IP' || certificate.checkIP(value) !== undefined;
}

function certificateOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function spkiOf(pem: string): string | undefined {
  try {
    return spkiDigest(new X509Certificate(pem).raw);
  } catch {
    return undefined;
  }
}

/** @throws UnreadableCase */
function chainOf(testcase: unknown): Chain {
  if (!isMembers(testcase)) throw new UnreadableCase('no case');
  const { expected_result: result, validation_kind: kind, peer_certificate_key: key } = testcase;
  if (result !== 'SUCCESS' && result !== 'FAILURE') throw new UnreadableCase('no expected result');
  if (kind !== 'SERVER' && kind !== 'CLIENT') throw new UnreadableCase('neither server nor client');
  return {
    id: textOf(testcase, 'id'),
    side: kind === 'SERVER' ? 'server' : 'client',
    good: result === 'SUCCESS',
    leaf: textOf(testcase, 'peer_certificate'),
    intermediates: textsOf(testcase, 'untrusted_intermediates'),
    roots: textsOf(testcase, 'trusted_certs'),
    key: typeof key === 'string' ? key : undefined,
    members: testcase,
  };
}

function textsOf(members: Members, name: string): string[] {
  const value = members[name];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw new UnreadableCase(`no list ${name}`);
  return value;
}
