import { ManualClock } from '../../fakes/manual-clock';

/** The clock of a node: the right time, and by how much it is wrong. */
export class NodeClock extends ManualClock {
  /** Milliseconds; positive when it is ahead. */
  skewMs = 0;

  constructor(private readonly right: ManualClock) {
    super();
  }

  override now(): Date {
    return new Date(this.right.now().getTime() + this.skewMs);
  }

  override advance(ms: number): void {
    this.right.advance(ms);
  }
}
