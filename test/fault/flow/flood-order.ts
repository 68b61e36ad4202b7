/** What the flooding process is told, as a file. */
export interface FloodOrder {
  readonly port: number;
  readonly cert: string;
  readonly key: string;
  readonly passphrase: string;
  readonly ca: string;
  /** Normal messages a second, each in a request of its own, and for how long. */
  readonly perS: number;
  readonly seconds: number;
  /** Connections that it holds; another one carries its emergencies. */
  readonly connections: number;
  readonly normal: readonly string[];
  readonly emergencies: readonly string[];
}

/** What came of one lane. */
export interface FloodLane {
  readonly asked: number;
  /** Got a receipt. */
  readonly taken: number;
  /** Were asked to come later: 429. */
  readonly putOff: number;
  /** What else was said, by status, code or error. */
  readonly other: Readonly<Record<string, number>>;
  readonly slowestMs: number;
}

export interface Flooded {
  readonly perS: number;
  readonly normal: FloodLane;
  readonly emergencies: FloodLane;
}
