import { createHash } from 'node:crypto';

/** An act of an operator, as it is kept. `before` and `after` are the text of `jsonb`, letter by letter: the digest is over it. */
export interface LoggedAct {
  /** 1, 2, 3 … without a gap. */
  readonly seq: number;
  readonly at: Date;
  readonly operator: string;
  readonly roles: readonly string[];
  readonly act: string;
  readonly object: string;
  readonly before: string | null;
  readonly after: string | null;
  /** SHA-256 in hex; that of the act before is empty for the first one. */
  readonly previous: string;
  readonly digest: string;
}

/** How far a chain was followed. What is written down elsewhere of it (`seq` and `digest`) shows later that nothing was cut off. */
export interface ChainHead {
  readonly seq: number;
  readonly digest: string;
}

/**
 * `missing`: acts before this one are gone; `detached`: it does not continue the one before, which was changed together with its digest;
 * `changed`: its digest is not that of what it says.
 */
export const CHAIN_BREAKS = ['missing', 'detached', 'changed'] as const;
export type ChainBreak = (typeof CHAIN_BREAKS)[number];

/** What following a chain has found so far. */
export interface ChainCheck {
  readonly head: ChainHead;
  /** The first act that does not fit; what follows it was not looked at. */
  readonly broken?: { readonly seq: number; readonly why: ChainBreak };
}

/** Before the first act. */
export const CHAIN_START: ChainCheck = { head: { seq: 0, digest: '' } };

/** Follows a chain over the next acts, oldest first. A chain that is broken stays so. */
export function followChain(so: ChainCheck, acts: readonly LoggedAct[]): ChainCheck {
  let { head } = so;
  if (so.broken) return so;
  for (const act of acts) {
    const why = breakAt(head, act);
    if (why) return { head, broken: { seq: act.seq, why } };
    head = { seq: act.seq, digest: act.digest };
  }
  return { head };
}

function breakAt(head: ChainHead, act: LoggedAct): ChainBreak | undefined {
  if (act.seq !== head.seq + 1) return 'missing';
  if (act.previous !== head.digest) return 'detached';
  return digestOfAct(act) === act.digest ? undefined : 'changed';
}

/**
 * The digest of an act: over one line of JSON in the form in which PostgreSQL writes `jsonb` (the function `operator_note`): members
 * apart by comma and space. Texts are escaped there as here.
 */
export function digestOfAct({ seq, at, operator, roles, act, object, before, after, previous }: LoggedAct): string {
  const text = (value: string) => JSON.stringify(value);
  const line = [
    String(seq),
    text(at.toISOString()),
    text(operator),
    `[${roles.map(text).join(', ')}]`,
    text(act),
    text(object),
    before ?? 'null',
    after ?? 'null',
    text(previous),
  ].join(', ');
  return createHash('sha256').update(`[${line}]`).digest('hex');
}

/**
 * What a chain alone cannot show is that its last acts were cut off: whoever wrote down a head earlier finds out.
 * @param found the digest of the act with the number of the kept head; undefined when there is none
 */
export const endsBefore = (kept: ChainHead, found: string | undefined): boolean => found !== kept.digest;

const HEAD = /^(\d{1,15}):([0-9a-f]{64})$/;

/** A head as people write it down: `17:9f86…`. */
export const headText = ({ seq, digest }: ChainHead): string => `${seq}:${digest}`;

/** Undefined for a text that is no head. */
export function readHead(text: string): ChainHead | undefined {
  const [, seq, digest] = HEAD.exec(text.trim()) ?? [];
  return seq === undefined ? undefined : { seq: Number(seq), digest: digest! };
}
