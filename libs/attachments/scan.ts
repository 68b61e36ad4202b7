/** What a scanner says of a file. */
export type Verdict = 'clean' | 'infected';

/**
 * Shows a file to the scanner as a stream.
 * @throws TraoError `scanner_unavailable` when there is none, or it does not answer: the file stays in quarantine
 */
export type Scan = (content: AsyncIterable<Uint8Array>) => Promise<Verdict>;
