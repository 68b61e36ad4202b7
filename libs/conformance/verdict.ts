import { asTraoError } from '../errors';

/** What a case says should happen. `acceptable`: either is right, but a result must be the one that the case names. */
export type Label = 'valid' | 'invalid' | 'acceptable';

/** What our code did with a case. */
export type Outcome =
  | { readonly did: 'accept' }
  /** Found wrong by cryptography, or in its form. `why`: the code of the failure. */
  | { readonly did: 'refuse'; readonly why: string }
  /** Accepted, with another result than the case names. */
  | { readonly did: 'differ'; readonly why: string }
  /** Taken from nobody, right or wrong: a kind of key, an algorithm or a form outside of Trao's tables. */
  | { readonly did: 'decline'; readonly why: string }
  /** Nothing of ours was asked: Trao does not use the algorithm at all. */
  | { readonly did: 'pass_over'; readonly why: string }
  /** Right or wrong cannot be told here, e.g. because it depends on another time than now. */
  | { readonly did: 'not_run'; readonly why: string }
  /** The case itself cannot be read. */
  | { readonly did: 'unreadable'; readonly why: string };

/** How the outcome of a case is counted. Each case is counted once. */
export const COUNTS = [
  'passed',
  'wronglyAccepted',
  'wronglyRejected',
  'refusedByPolicy',
  'disputed',
  'notRun',
  'unreadable',
] as const;
export type Count = (typeof COUNTS)[number];

export interface Verdict {
  readonly count: Count;
  /** The code of the failure, or the reason. */
  readonly why?: string;
}

/** Holds the outcome of a case against its label. */
export function judge(label: Label, outcome: Outcome): Verdict {
  switch (outcome.did) {
    case 'accept':
      return label === 'invalid' ? { count: 'wronglyAccepted' } : { count: 'passed' };
    case 'refuse':
      return { count: label === 'valid' ? 'wronglyRejected' : 'passed', why: outcome.why };
    case 'differ':
      return { count: label === 'valid' ? 'wronglyRejected' : 'wronglyAccepted', why: outcome.why };
    case 'decline':
      return { count: label === 'valid' ? 'refusedByPolicy' : 'passed', why: outcome.why };
    case 'pass_over':
      return { count: 'refusedByPolicy', why: outcome.why };
    case 'not_run':
      return { count: 'notRun', why: outcome.why };
    case 'unreadable':
      return { count: 'unreadable', why: outcome.why };
  }
}

export const ACCEPT: Outcome = { did: 'accept' };
export const refuse = (why: string): Outcome => ({ did: 'refuse', why });
export const decline = (why: string): Outcome => ({ did: 'decline', why });
/** What the algorithm is, in the words of the case. */
export const passOver = (...what: readonly unknown[]): Outcome => ({
  did: 'pass_over',
  why: what.map(String).join(' '),
});

/** Accepted when the result is the one that the case names. */
export function sameResult(result: Uint8Array, named: Uint8Array): Outcome {
  return Buffer.compare(result, named) === 0 ? ACCEPT : { did: 'differ', why: 'another result' };
}

/** For what is only computed, with nothing to accept: a case that names another result makes a claim, and that is refused. */
export function claimedResult(result: Uint8Array, claimed: Uint8Array): Outcome {
  return Buffer.compare(result, claimed) === 0 ? ACCEPT : refuse('another result');
}

/** A case that lacks a member or has one of another kind. It is no failure of ours, and must not pass for a refusal. */
export class UnreadableCase extends Error {}

/** The outcome of work that answers one or throws: a case that cannot be read is told apart from one that is refused. */
export async function outcomeOf(work: () => Outcome | Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnreadableCase) return { did: 'unreadable', why: error.message };
    const { code, cause } = asTraoError(error);
    const { name } = (cause ?? {}) as { readonly name?: unknown };
    return refuse(code === 'internal' && typeof name === 'string' ? name : code);
  }
}
