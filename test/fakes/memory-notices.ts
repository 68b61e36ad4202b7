import type {
  ClaimedNotice,
  Notice,
  NoticePorts,
  NoticeStore,
  OfficerSettings,
  SendNoticeStore,
  SettingsStore,
} from '../../libs/notices';
import { caseSource } from './memory-cases';
import type { MemoryNode } from './memory-node';
import { caseKey } from './memory-tables';

interface NoticeRow {
  readonly dueAt?: Date | undefined;
  readonly urgent: boolean;
  readonly wantedAt?: Date | undefined;
  readonly claimedUntil?: Date | undefined;
  readonly claimedUrgent: boolean;
  readonly attempts: number;
  readonly sentAt?: Date | undefined;
}

const NEW: NoticeRow = { urgent: false, claimedUrgent: false, attempts: 0 };
const DRAFT_LIFETIME_MS = 28 * 86_400_000;
const OVERLAP_MS = 5 * 60_000;

const earlier = (...times: readonly (Date | undefined)[]): Date | undefined =>
  times.filter((time) => time !== undefined).toSorted((a, b) => a.getTime() - b.getTime())[0];

/** What the tables of notices hold for one unit of a node in memory, and the stores over them. */
export class MemoryNotices {
  readonly settings = new Map<string, OfficerSettings>();
  readonly rows = new Map<string, NoticeRow>();
  readonly seen = new Set<string>();
  private lookedAt: Date | undefined;
  /** Another process has the unit. */
  busy = false;

  constructor(
    private readonly node: MemoryNode,
    private readonly unit: string,
  ) {}

  /** Nobody has to be kept out, so that a transaction is a call. */
  readonly transaction = <T>(
    _unit: string,
    work: (store: NoticeStore & SendNoticeStore & SettingsStore) => Promise<T>,
  ) => work({ ...this.collecting(), ...this.sending(), ...this.choosing() });

  get ports(): NoticePorts {
    return { ...this.node.ports.draft, ...this.node.ports.sweep, transaction: this.transaction };
  }

  private choosing(): SettingsStore {
    return {
      settings: (_unit, officer) => Promise.resolve(this.settings.get(officer)),
      saveSettings: (_unit, officer, settings) => {
        this.settings.set(officer, settings);
        return Promise.resolve();
      },
    };
  }

  private collecting(): NoticeStore {
    const { tables, clock } = this.node;
    const { referralOf, files } = caseSource(tables, this.unit);
    const own = <R extends { readonly unit: string }>(rows: Iterable<R>) =>
      [...rows].filter(({ unit }) => unit === this.unit);
    return {
      referralOf,
      files,
      beginLook: () => {
        if (this.busy) return Promise.resolve(undefined);
        const now = clock.now();
        const since = this.lookedAt ? new Date(this.lookedAt.getTime() - OVERLAP_MS) : now;
        this.lookedAt = now;
        return Promise.resolve({ since });
      },
      filedSince: (_unit, since) =>
        Promise.resolve(
          own(tables.events.values()).filter(({ direction, at }) => direction === 'filed' && at >= since),
        ),
      cases: (_unit, ids) =>
        Promise.resolve(own(tables.cases.values()).filter(({ referralId }) => ids.includes(referralId))),
      failedSince: () => {
        const sent = new Set(own(tables.events.values()).map(({ messageId }) => messageId));
        const failed = [...tables.outbox.values()].filter(({ state }) =>
          ['refused', 'expired', 'undeliverable'].includes(state),
        );
        return Promise.resolve(failed.map(({ message }) => message.id).filter((id) => sent.has(id)));
      },
      draftsSince: (_unit, since) =>
        Promise.resolve(
          own(tables.drafts.values()).filter(
            ({ expiresAt }) => expiresAt.getTime() - DRAFT_LIFETIME_MS >= since.getTime(),
          ),
        ),
      casesDue: (_unit, from, to, changedSince) =>
        Promise.resolve(
          own(tables.cases.values()).filter(
            (row) =>
              row.nextMarkAt !== undefined &&
              row.nextMarkAt <= to &&
              (row.nextMarkAt > from || tables.changes.get(caseKey(row))! >= changedSince),
          ),
        ),
      unseen: (_unit, names) => {
        const fresh = names.filter((name) => !this.seen.has(name));
        for (const name of fresh) this.seen.add(name);
        return Promise.resolve(fresh);
      },
      readers: () =>
        Promise.resolve(
          [...this.settings].map(([officer, settings]) => ({
            officer,
            settings,
            sentAt: this.rows.get(officer)?.sentAt,
          })),
        ),
      want: (_unit, notices) => {
        for (const notice of notices) this.want(notice);
        return Promise.resolve();
      },
    };
  }

  want({ officer, dueAt, urgent }: Notice): void {
    const row = this.rows.get(officer) ?? NEW;
    this.rows.set(officer, {
      ...row,
      dueAt: earlier(row.dueAt, dueAt),
      urgent: row.urgent || urgent,
      wantedAt: row.wantedAt ?? this.node.clock.now(),
    });
  }

  private sending(): SendNoticeStore {
    return {
      claimDue: (_unit, now, until, limit) => {
        const due = [...this.rows].filter(([, { dueAt, claimedUntil }]) =>
          claimedUntil ? claimedUntil <= now : dueAt !== undefined && dueAt <= now,
        );
        const claimed = due.slice(0, limit).flatMap(([officer, row]): ClaimedNotice[] => {
          const urgent = row.urgent || (row.claimedUntil !== undefined && row.claimedUrgent);
          this.rows.set(officer, {
            ...row,
            claimedUntil: until,
            claimedUrgent: urgent,
            dueAt: undefined,
            urgent: false,
          });
          const settings = this.settings.get(officer)!;
          return [{ officer, urgent, attempts: row.attempts, wantedAt: row.wantedAt!, settings }];
        });
        return Promise.resolve(claimed);
      },
      endNotice: (_unit, { officer, urgent }, end) => {
        const row = { ...this.rows.get(officer)!, claimedUntil: undefined };
        if (end.end === 'later') {
          const attempts = row.attempts + (end.failed ? 1 : 0);
          this.rows.set(officer, { ...row, attempts, dueAt: earlier(row.dueAt, end.at), urgent: row.urgent || urgent });
        } else if (end.end === 'dropped') this.rows.set(officer, { ...row, attempts: 0, wantedAt: row.dueAt });
        else {
          const next = row.urgent ? end.nextUrgent : end.next;
          const dueAt = row.dueAt && (row.dueAt > next ? row.dueAt : next);
          this.rows.set(officer, { ...row, attempts: 0, sentAt: end.at, dueAt, wantedAt: dueAt && end.at });
        }
        return Promise.resolve();
      },
    };
  }
}
