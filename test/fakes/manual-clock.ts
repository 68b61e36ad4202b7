/** A clock that moves only when it is told to. */
export class ManualClock {
  private time: number;

  constructor(start = '2026-11-21T09:00:00.000Z') {
    this.time = Date.parse(start);
  }

  now(): Date {
    return new Date(this.time);
  }

  advance(ms: number): void {
    this.time += ms;
  }
}
