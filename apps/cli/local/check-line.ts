/** One line of `doctor`. */
export interface Check {
  readonly name: string;
  readonly result: 'ok' | 'warning' | 'fault';
  /** What was found. */
  readonly cause: string;
  /** What to do about it. */
  readonly next?: string;
}
