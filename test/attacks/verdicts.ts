import { type OpenContext } from '../../libs/envelope';
import { craft, type Craft } from '../fakes/craft';
import { endOf } from '../fakes/end-of';
import { makeParties, type Parties } from '../fakes/parties';

/** A sender and a recipient for each suite. */
export type BothSuites = readonly [hybrid: Parties, classic: Parties];

export const bothSuites = async (): Promise<BothSuites> => [await makeParties('hybrid'), await makeParties('classic')];

/**
 * How messages of both suites end that were all changed in these ways: each verdict once, in the order of the alphabet. An attack that
 * has one intended code has one verdict.
 */
export async function verdicts(
  suites: readonly Parties[],
  changes: readonly Craft[],
  context: Partial<OpenContext> = {},
): Promise<string[]> {
  const ends = new Set<string>();
  for (const parties of suites) {
    for (const change of changes)
      ends.add(await endOf(await craft(parties, change), { ...parties.context, ...context }));
  }
  return [...ends].toSorted();
}

/** All verdicts on tokens that were sealed honestly and changed afterwards. */
export async function verdictsOn(
  suites: readonly Parties[],
  change: (token: string) => readonly string[],
): Promise<string[]> {
  const ends = new Set<string>();
  for (const parties of suites) {
    for (const token of change(await craft(parties))) ends.add(await endOf(token, parties.context));
  }
  return [...ends].toSorted();
}

/** For each segment that is not empty: the token with that segment changed. */
export function eachSegment(token: string, change: (segment: string) => string): string[] {
  const segments = token.split('.');
  return segments.flatMap((segment, at) => (segment === '' ? [] : [segments.with(at, change(segment)).join('.')]));
}

/** Changes of the signed message inside: one for each segment of the JWS. */
export const eachInnerSegment = (change: (segment: string) => string): Craft[] =>
  [0, 1, 2].map((at) => ({
    original: (jws) => {
      const segments = jws.split('.');
      return segments.with(at, change(segments[at]!)).join('.');
    },
  }));
