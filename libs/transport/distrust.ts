/** So many connections in a row that the other side ended are no accident any more. */
const IN_A_ROW = 3;

/**
 * Tells a lasting distrust from a network blip. In TLS 1.3 a client whose certificate was refused sees only that the other side closed,
 * which a gateway that restarts does too; what the client itself refuses is sure at once. Either waits for people and not for time, so
 * somebody has to hear of it: once, until the partner has answered again.
 */
export class Distrust {
  private readonly counts = new Map<string, number>();

  constructor(private readonly report: (partner: string) => void) {}

  /** @param sure the partner's own certificate was refused */
  failed(partner: string, sure: boolean): void {
    const before = this.counts.get(partner) ?? 0;
    const now = sure ? Math.max(before + 1, IN_A_ROW) : before + 1;
    this.counts.set(partner, now);
    if (before < IN_A_ROW && now >= IN_A_ROW) this.report(partner);
  }

  /** TLS with the partner came about, whatever it answered. */
  ended(partner: string): void {
    this.counts.delete(partner);
  }
}
