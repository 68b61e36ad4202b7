/** What a monitor answers, as far as commands show it (docs/reference/rest.md). */

export interface ShownPartner {
  readonly id: string;
  readonly name: { readonly en: string; readonly vi: string };
  readonly endpoint: string;
  readonly state: 'suspended' | 'unreachable' | 'unknown' | 'answers';
  readonly suspended: { readonly reason: string; readonly by: string; readonly since: string } | null;
  readonly lastIn: string | null;
  readonly lastOut: string | null;
  readonly waiting: number;
  readonly oldestAt: string | null;
}

export interface ShownStatus {
  readonly node: string;
  readonly at: string;
  readonly processes: readonly {
    readonly app: string;
    readonly host: string;
    readonly version: string;
    readonly up: boolean;
  }[];
  readonly partners: readonly ShownPartner[];
  readonly oldestWaitingAt: string | null;
  readonly openAlerts: Readonly<Record<'warn' | 'high' | 'critical', number>>;
  readonly heldQueues: readonly string[];
}

export interface ListedMessage {
  readonly id: string;
  readonly direction: 'sent' | 'received';
  readonly partner: string;
  readonly lane: string;
  readonly state: string;
  readonly code?: string;
  readonly attempts: number;
  readonly nextAt?: string;
  readonly at: string;
  readonly changedAt: string;
  readonly expiresAt: string;
  readonly sizeBytes: number;
}

export interface ShownMessage extends Omit<ListedMessage, 'code'> {
  readonly code: string | null;
  readonly digest: string;
  readonly states: readonly { readonly state: string; readonly at: string }[];
  readonly tries: readonly {
    readonly at: string;
    readonly durationMs: number;
    readonly code: string | null;
    readonly host: string | null;
    readonly tls: string | null;
    readonly httpStatus: number | null;
  }[];
  readonly receipts: readonly {
    readonly event: string;
    readonly issuer: string;
    readonly issuedAt: string;
    readonly code: string | null;
    readonly superseded: boolean;
    readonly verified: boolean;
  }[];
}

export interface ShownRecovery {
  readonly id: string;
  readonly partner: string;
  readonly total: number;
  readonly stoppedAt: string | null;
  readonly outcomes: Readonly<Record<'arrived' | 'waiting' | 'failed' | 'stopped', number>>;
  readonly done: boolean;
}

export interface ShownAlert {
  readonly id: string;
  readonly kind: string;
  readonly level: string;
  readonly state: string;
  readonly subject: string;
  readonly count: number;
  readonly lastAt: string;
  readonly code: string | null;
}

export interface ShownTest {
  readonly id: string;
  readonly finishedAt: string | null;
  readonly ok: boolean | null;
  readonly steps: readonly {
    readonly step: string;
    readonly ok: boolean;
    readonly ms: number;
    readonly code?: string;
    readonly detail?: string;
  }[];
}

export interface ShownPing {
  readonly id: string;
  readonly sentAt: string | null;
  readonly endedAt: string | null;
  readonly outcome: 'ok' | 'failed' | null;
  readonly code: string | null;
}

interface ShownWay {
  readonly mine: number;
  readonly theirs: number;
  readonly agrees: boolean;
  readonly receipts?: number;
}

export interface ShownRound {
  readonly id: string;
  readonly since: string;
  readonly until: string;
  readonly finishedAt: string | null;
  readonly ok: boolean | null;
  readonly code: string | null;
  readonly days: readonly { readonly day: string; readonly sent: ShownWay; readonly received: ShownWay }[];
}

export interface ShownFinding {
  readonly messageId: string;
  readonly day: string;
  readonly kind: string;
  readonly code: string | null;
  readonly healedAt: string | null;
}

export interface ShownManifests {
  readonly rounds: readonly ShownRound[];
  readonly findings: readonly ShownFinding[];
}
