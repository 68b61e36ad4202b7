import type { Promised } from '../../harness/ledger';
import type { NodeId, NodesOptions, QueueKind, TwoNodes } from '../../harness/two-nodes';
import type { Need } from './needs';

/** What a scenario gets to work with. */
export interface ScenarioContext {
  readonly nodes: TwoNodes;
  readonly queue: QueueKind;
  /** One line about what goes on, for whoever watches or replays. */
  readonly say: (line: string) => void;
  /** Runs when the scenario is over, however it ends; the last one first. */
  readonly afterwards: (undo: () => unknown) => void;
  /** The same for what the nodes need until all is judged. */
  readonly atEnd: (undo: () => unknown) => void;
}

/** An alarm, or an alert of the monitor, by its kind. */
export interface RaisedKind {
  readonly node: NodeId;
  readonly kind: string;
}

/** What a scenario has done; the promises are judged by whoever runs it. */
export interface ScenarioResult {
  /** Whatever an officer saw as sent. */
  readonly promised: readonly Promised[];
  /** When the last fault was gone, as Date.now(). */
  readonly healedAt: number;
  /** I11: what this fault must raise. Empty where it must raise nothing. */
  readonly alarms: readonly RaisedKind[];
  /** What it may raise besides, depending on where the seed hits. */
  readonly mayRaise?: readonly RaisedKind[];
  /** What was wrong besides the promises, one line each. */
  readonly faults?: readonly string[];
  /** Counts that show that the fault did strike. */
  readonly seen: Readonly<Record<string, number | string>>;
}

/** One fault of the world around two real nodes. */
export interface Scenario {
  readonly name: string;
  /** How the fault comes about, in a few words, for the report. */
  readonly how: string;
  /** What the machine must have. Without it the scenario is left out, visibly. */
  readonly needs?: readonly Need[];
  /** The queues to run it on; default: both. */
  readonly queues?: readonly QueueKind[];
  readonly options?: NodesOptions;
  run(context: ScenarioContext, seed: number): Promise<ScenarioResult>;
}
