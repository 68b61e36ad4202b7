import type { Database } from './database';

/** A certificate that a partner has shown and that was taken. */
export interface ShownCertificate {
  /** SHA-256 of the certificate, hexadecimal. */
  readonly fingerprint: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

/** `out`: shown when we called the partner; `in`: when it called us. */
export type LinkSide = 'out' | 'in';

/** Connections are many, certificates few: that one is still in use is written down once a minute. */
const PAUSE_MS = 60_000;

/**
 * Writes down which certificates partners show. It never fails whoever asks: a connection that works must not end because of a note.
 * @param failed hears when a note could not be written
 */
export function linkNotes(
  { query }: Pick<Database, 'query'>,
  side: LinkSide,
  failed: (error: unknown) => void,
): (partner: string, certificate: ShownCertificate) => void {
  const noted = new Map<string, number>();
  return (partner, { fingerprint, validFrom, validTo }) => {
    const key = `${partner} ${fingerprint}`;
    const now = Date.now();
    if (now - (noted.get(key) ?? 0) < PAUSE_MS) return;
    noted.set(key, now);
    query(
      `INSERT INTO partner_link (partner, side, fingerprint, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (partner, side, fingerprint) DO UPDATE SET last_seen = now()`,
      [partner, side, fingerprint, validFrom, validTo],
    ).catch((error: unknown) => {
      noted.delete(key); // the next connection tries again
      failed(error);
    });
  };
}

/** A certificate of a partner with the times at which it was seen. */
export interface SeenCertificate extends ShownCertificate {
  readonly partner: string;
  readonly side: LinkSide;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
}

/** Certificates that partners have shown, the last seen first. */
export function seenCertificates({ query }: Pick<Database, 'query'>, partner?: string): Promise<SeenCertificate[]> {
  return query(
    `SELECT partner, side, fingerprint, valid_from AS "validFrom", valid_to AS "validTo", first_seen AS "firstSeen",
       last_seen AS "lastSeen"
     FROM partner_link WHERE $1::text IS NULL OR partner = $1 ORDER BY last_seen DESC LIMIT 500`,
    [partner ?? null],
  );
}
