/** From the client to the server, and back. */
export type Direction = 'up' | 'down';
/** Bounds of a number that the seed draws, both included. */
export type Range = readonly [number, number];

/**
 * What stands in the way, as data. TCP hides a lost packet by sending it again, so what is lost comes late here and never twice; what
 * is silent for good says so. Duplicates of requests are made by a second sender: inside of TLS nobody can repeat one.
 */
export type Mode =
  /** Nothing. */
  | { readonly kind: 'pass' }
  /** Nobody listens: connections are refused, open ones are reset. */
  | { readonly kind: 'refuse' }
  /** Connections come about and nothing passes; what was sent passes when the mode ends, as TCP sends it again. */
  | { readonly kind: 'black_hole' }
  /** The same for one direction. */
  | { readonly kind: 'one_way'; readonly passes: Direction }
  /** The other end of what is open now is gone without a word, for good. New connections pass. */
  | { readonly kind: 'half_open' }
  /** Each segment comes later, by `ms` and up to `jitterMs` more. */
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs: number }
  | { readonly kind: 'throttle'; readonly bytesPerSecond: number }
  /** A part of all segments is lost: it comes after `stallMs`, and all that follows waits for it. */
  | { readonly kind: 'loss'; readonly share: number; readonly stallMs: number }
  /** Reset after so many bytes of requests. */
  | { readonly kind: 'reset'; readonly afterBytes: Range }
  /** The end of the connection after so many bytes of answers. */
  | { readonly kind: 'truncate'; readonly afterBytes: Range }
  /** Silent for good after so many bytes of answers, as after the headers. */
  | { readonly kind: 'silent_after'; readonly afterBytes: Range }
  /** A part of all connections is held up before their first byte, so that later ones overtake them. */
  | { readonly kind: 'reorder'; readonly share: number; readonly delayMs: number };

export const PASS: Mode = { kind: 'pass' };
