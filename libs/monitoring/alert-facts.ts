import type { AlarmKind } from '../casework';
import type { Lane, PartnerWatch } from '../exchange';
import type { DeliveryState } from '../lifecycle';
import type { Directory } from '../schema';
import type { AlertKind, AlertLevel, App } from './alert-kinds';

/** A process that runs: its last sign of life is younger than a minute. */
export interface RunningProcess {
  readonly app: App;
  readonly host: string;
  readonly facts: ProcessFacts;
}

/** What a process says of itself with each sign of life. Rows of other versions may lack any of it. */
export interface ProcessFacts {
  /** Part of the disk that is free, 0 to 1. */
  readonly diskFree?: number;
  readonly tls?: { readonly fingerprint: string; readonly validTo: string };
  readonly keys?: readonly {
    readonly kid: string;
    readonly use: string;
    readonly unit?: string;
    readonly validTo?: string;
    readonly state: string;
  }[];
  /** Sign-ins that were refused in the last 15 minutes. */
  readonly signInFailures?: number;
}

/** A certificate that a partner has shown: `out` when we called it, `in` when it called us. */
export interface PartnerLink {
  readonly partner: string;
  readonly side: 'out' | 'in';
  readonly fingerprint: string;
  readonly validTo: Date;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
}

/** Everything that alerts are judged from. All of it is S0: ids, states, codes, times, numbers. */
export interface AlertFacts {
  /** The node itself. */
  readonly node: string;
  readonly processes: readonly RunningProcess[];
  /** Messages that the partner has not received, by partner and lane. */
  readonly unsent: readonly {
    readonly partner: string;
    readonly lane: Lane;
    readonly waiting: number;
    readonly oldestAt: Date;
  }[];
  /** The directory in force; undefined while none is kept. */
  readonly directory: Directory | undefined;
  /** When directories came into force here, the newest ones. */
  readonly adoptedAt: readonly Date[];
  readonly links: readonly PartnerLink[];
  readonly watches: readonly PartnerWatch[];
  /** The last pings of each partner that have ended, the newest first. */
  readonly pings: readonly { readonly partner: string; readonly ok: boolean; readonly code: string | undefined }[];
  /** The clock of the database held against that of the monitor, theirs minus ours: it says what is due and whose claims hold. */
  readonly databaseClock: { readonly offsetMs: number; readonly doubtMs: number };
  readonly heldPartners: readonly string[];
  readonly heldQueues: readonly string[];
  /** The newest backup that succeeded; undefined while none was ever tried: then this node makes none, or in another way. */
  readonly backup: { readonly newestAt: Date | undefined } | undefined;
  /** Of what open alerts are about: how far it is now. */
  readonly outgoing: ReadonlyMap<string, DeliveryState>;
  readonly incoming: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, string>;
}

/** A condition that holds now. */
export interface Condition {
  readonly kind: AlertKind;
  /** What it is about: a partner, a node, a host, a key; an id, never a person. */
  readonly subject: string;
  readonly level: AlertLevel;
  readonly code?: string | undefined;
  /** A short fact for operators: numbers and times. */
  readonly detail?: string | undefined;
  /** When people are told again, where the kind has steps. */
  readonly tellAgainAt?: Date | undefined;
}

/** An alarm as it was raised. */
export interface RaisedAlarm {
  readonly kind: AlarmKind;
  readonly subject: string;
  readonly code: string | undefined;
  readonly detail: string | undefined;
  readonly at: Date;
  /** How often one of this kind was raised about this subject, this one included. */
  readonly times: number;
}
