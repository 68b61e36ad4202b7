import path from 'node:path';
import { disputeOf } from '../disputed';
import { labelOf } from '../members';
import { isMembers, type Members, type Recognised } from '../recognise';
import { Tally, type SuiteResult } from '../suite';
import { judge, outcomeOf, passOver, UnreadableCase, type Outcome, type Verdict } from '../verdict';
import { joseCase } from './jose';
import { jwkCase, pointCase, x25519Case } from './key-agreement';
import { decapsulationCase, encapsulationCase, keyGenerationCase } from './ml-kem';
import { ecdsaCase, eddsaCase, pssCase } from './signatures';
import { aesGcmCase, hkdfCase, hmacCase } from './symmetric';

type Runner = (group: Members, test: Members) => Outcome | Promise<Outcome>;

/** How the tests of a group are run, by the type of the group; a type that serves several algorithms names those in use. */
const RUNNERS: Readonly<Record<string, Runner | Readonly<Record<string, Runner>>>> = {
  JsonWebSignature: joseCase,
  JsonWebEncryption: joseCase,
  JsonWebKey: joseCase,
  JsonWebCrypto: joseCase,
  EcdsaP1363Verify: ecdsaCase,
  EddsaVerify: eddsaCase,
  RsassaPssVerify: pssCase,
  EcdhWebcryptoTest: jwkCase,
  XdhJwkComp: jwkCase,
  EcdhEcpointTest: pointCase,
  XdhComp: x25519Case,
  AeadTest: { 'AES-GCM': aesGcmCase },
  MacTest: { HMACSHA256: hmacCase },
  HkdfTest: { 'HKDF-SHA-256': hkdfCase },
  MLKEMTest: decapsulationCase,
  MLKEMKeyGen: keyGenerationCase,
  MLKEMEncapsTest: encapsulationCase,
};

/** One file of Wycheproof's `testvectors_v1`: one suite. */
export async function runWycheproof({
  path: source,
  document,
}: Recognised & { format: 'wycheproof' }): Promise<SuiteResult> {
  const tally = new Tally(`wycheproof ${path.posix.basename(source).replace(/(?:_test)?\.json$/, '')}`, source);
  const algorithm = document['algorithm'];
  for (const group of document['testGroups'] as unknown[]) {
    const tests = isMembers(group) && Array.isArray(group['tests']) ? (group['tests'] as unknown[]) : undefined;
    if (tests === undefined) tally.add('(group)', { count: 'unreadable', why: 'no group of tests' });
    else for (const test of tests) tally.add(idOf(test), await verdictOf(group as Members, test, algorithm));
  }
  return tally.result();
}

const idOf = (test: unknown) => `tcId ${isMembers(test) ? String(test['tcId']) : '?'}`;

async function verdictOf(group: Members, test: unknown, algorithm: unknown): Promise<Verdict> {
  try {
    if (!isMembers(test)) throw new UnreadableCase('no test');
    const label = labelOf(test);
    const outcome = await outcomeOf(() => runnerOf(group['type'], algorithm)(group, test));
    return disputeOf(group, test, outcome) ?? judge(label, outcome);
  } catch (error) {
    if (error instanceof UnreadableCase) return { count: 'unreadable', why: error.message };
    throw error;
  }
}

function runnerOf(type: unknown, algorithm: unknown): Runner {
  const entry = own(RUNNERS, type);
  const runner = typeof entry === 'object' ? own(entry, algorithm) : entry;
  return runner ?? (() => passOver(...[algorithm, type].filter(Boolean), 'is not in use'));
}

/** A row of a table by a name from outside, which may be that of something every object has. */
const own = <T>(table: Readonly<Record<string, T>>, name: unknown): T | undefined =>
  typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined;
