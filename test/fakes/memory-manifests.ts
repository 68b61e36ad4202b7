import { reconciling } from '../../libs/exchange';
import type { DeliveryState } from '../../libs/lifecycle';
import type { MemoryNode } from './memory-node';
import { inboxKey, moveMessage, update } from './memory-tables';

type Known = Awaited<ReturnType<reconciling.ManifestLink['ask']>>;
type Open = reconciling.Finding & { healed: boolean; times: number };

const SENT: Partial<Record<DeliveryState, reconciling.ManifestEntry['standing']>> = {
  received: 'held',
  delivered: 'filed',
  opened: 'opened',
};

/** The manifests of a node in memory: what its gateway answers, and what its worker compares. */
export class MemoryManifests {
  /** Days that a partner's manifest made this node look at. */
  readonly wished: string[] = [];
  readonly kept: { readonly partner: string; readonly own: string; readonly theirs: string }[] = [];
  readonly findings: Open[] = [];
  readonly sums = new Map<string, Readonly<Record<reconciling.Way, number>>>();
  /** Days of the last round. */
  days: reconciling.DayReport[] = [];

  constructor(readonly node: MemoryNode) {}

  readonly rows: reconciling.ManifestRows = {
    entries: (partner, way, after, to, limit) => {
      const all = way === 'sent' ? this.sent(partner) : this.received(partner);
      const page = all.filter(({ id }) => id > after && id < to).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      return Promise.resolve(page.slice(0, limit));
    },
    before: (partner, day) => {
      const total = { sent: 0, received: 0 };
      for (const [key, sum] of this.sums) {
        const [whose, which] = key.split(' ');
        if (whose !== partner || which! >= day) continue;
        total.sent += sum.sent;
        total.received += sum.received;
      }
      return Promise.resolve(total);
    },
  };

  get served() {
    return {
      ...this.node.ports.settle,
      keys: this.node.keys,
      clock: this.node.clock,
      rows: this.rows,
      keep: (partner: string, own: reconciling.SignedManifest, theirs: reconciling.SignedManifest) => {
        this.kept.push({ partner, own: own.token, theirs: theirs.token });
        return Promise.resolve();
      },
      wish: (partner: string, day: string) => {
        this.wished.push(`${partner} ${day}`);
        return Promise.resolve();
      },
      known: (partner: string, ids: readonly string[]) => Promise.resolve(this.knownTo(partner, ids)),
    };
  }

  /** Asks the gateway of another node directly, with the bodies of the wire in between. */
  linkTo(other: MemoryManifests): reconciling.ManifestLink {
    const peer = this.node.node;
    const body = (value: unknown) => Buffer.from(JSON.stringify(value));
    return {
      exchange: (_, token) => reconciling.answerManifest(token, peer, other.served),
      list: async (_, day, way, after) =>
        reconciling.decodeEntries(
          body({ entries: await reconciling.listManifest(peer, day, way, after, other.rows) }),
          day,
          after,
        ),
      ask: (_, ids) => Promise.resolve(reconciling.decodeKnown(body(other.knownTo(peer, ids)), ids)),
    };
  }

  portsTo(other: MemoryManifests): reconciling.RoundPorts {
    const { tables, ports, keys, clock } = this.node;
    const served = this.served;
    return {
      ...ports.settle,
      keys,
      clock,
      rows: this.rows,
      link: this.linkTo(other),
      known: (partner, way, ids) =>
        Promise.resolve(
          new Set(
            ids.filter((id) => (way === 'sent' ? tables.outbox.has(id) : tables.inbox.has(inboxKey(partner, id)))),
          ),
        ),
      open: (partner, day, way) => Promise.resolve(this.open(partner).filter((f) => f.day === day && f.way === way)),
      heal: (partner, healed) => {
        for (const one of this.open(partner))
          one.healed ||= healed.some(({ messageId, kind }) => messageId === one.messageId && kind === one.kind);
        return Promise.resolve();
      },
      healing: (work) => tables.atomically(() => work(this.store())),
      keep: async (partner, own, theirs) => {
        await served.keep(partner, own, theirs);
        this.count(partner, own);
      },
      count: (partner, own) => Promise.resolve(this.count(partner, own)),
      uncounted: (partner, before) => Promise.resolve(this.uncounted(partner, before)),
      explained: (partner, before) => {
        const open = this.open(partner).filter(({ day }) => day < before);
        const many = (...kinds: string[]) => open.filter(({ kind }) => kinds.includes(kind)).length;
        return Promise.resolve({
          sent: many('lost_there', 'not_resendable') - many('unknown_here'),
          received: many('unknown_there') - many('missing_here'),
        });
      },
      compared: (day) => {
        this.days.push(day);
        return Promise.resolve();
      },
    };
  }

  open(partner: string): Open[] {
    return this.findings.filter((one) => one.partner === partner && !one.healed);
  }

  /** A round over some days; answers what it found, as `way kind` in the order of the days. */
  async compare(other: MemoryManifests, since: string, until: string): Promise<string[]> {
    this.days = [];
    await reconciling.reconcile(other.node.node, since, until, this.portsTo(other));
    return this.days.flatMap((day) =>
      reconciling.WAYS.flatMap((way) =>
        Object.entries(day[way].found ?? {}).map(([kind, many]) => `${day.day} ${way} ${kind} ${many}`),
      ),
    );
  }

  private count(partner: string, { claims }: reconciling.SignedManifest): void {
    this.sums.set(`${partner} ${claims.day}`, { sent: claims.sent.count, received: claims.received.count });
  }

  private sent(partner: string): reconciling.ManifestEntry[] {
    return [...this.node.tables.outbox.values()].flatMap(({ message, state }) => {
      const standing = SENT[state];
      return message.recipientNode === partner && standing
        ? [{ id: message.id, digest: message.digest, standing }]
        : [];
    });
  }

  private received(partner: string): reconciling.ManifestEntry[] {
    return [...this.node.tables.inbox.values()].flatMap(({ message, state, told }) => {
      if (message.senderNode !== partner || state === 'refused') return [];
      const standing = state !== 'filed' ? 'held' : told ? 'opened' : 'filed';
      return [{ id: message.id, digest: message.digest, standing }];
    });
  }

  private knownTo(partner: string, ids: readonly string[]): Known {
    const { tables, node } = this.node;
    return ids.map((id) => ({
      id,
      sent: tables.outbox.get(id)?.message.recipientNode === partner,
      held: tables.inbox.has(inboxKey(partner, id)),
      receipts: [...tables.receipts.values()].flatMap(({ receipt }) =>
        receipt.messageId === id && receipt.senderNode === partner && receipt.issuer === node ? [receipt.token] : [],
      ),
    }));
  }

  private uncounted(partner: string, before: string): string[] {
    const { tables } = this.node;
    const ids = [
      ...tables.outbox.keys(),
      ...[...tables.inbox.values()].flatMap(({ message }) => (message.senderNode === partner ? [message.id] : [])),
    ].toSorted();
    if (!ids[0]) return [];
    const earliest = reconciling.dayOf(new Date(Number.parseInt(ids[0].replace('-', '').slice(0, 12), 16)));
    return reconciling
      .daysDown(earliest, reconciling.dayBefore(before))
      .toReversed()
      .filter((day) => !this.sums.has(`${partner} ${day}`));
  }

  private store(): reconciling.CompareStore {
    const { tables, clock } = this.node;
    return {
      lockLost: (ids, units) =>
        Promise.resolve(
          ids.flatMap((id) => {
            const row = tables.outbox.get(id);
            if (!row) return [];
            const { message, state, kept } = row;
            const event = [...tables.events.values()].find(
              (one) => one.messageId === id && one.direction === 'sent' && units.includes(one.unit),
            );
            const record = event && tables.cases.get(`${event.unit} ${event.referralId}`);
            const source = event && record ? { record, event } : kept && { kept };
            const { recipientNode, priority, expiresAt } = message;
            return [
              { id, recipientNode, priority, state, expiresAt, hasBytes: message.token !== '', triedKids: [], source },
            ];
          }),
        ),
      queueAgain: (ids) => {
        for (const id of ids) {
          update(tables.outbox, id, { batch: undefined, dueAt: clock.now(), strikes: 0 });
          moveMessage(tables, id, 'queued');
        }
        return Promise.resolve();
      },
      queueSealed: (sealed) => {
        for (const { id, token, digest, recipientKid } of sealed) {
          const { message, superseded } = tables.outbox.get(id)!;
          update(tables.outbox, id, {
            message: { ...message, token, digest, recipientKid },
            superseded: [...superseded, { digest: message.digest, kid: message.recipientKid }],
            batch: undefined,
            dueAt: clock.now(),
          });
          moveMessage(tables, id, 'queued');
        }
        return Promise.resolve();
      },
      note: (findings) => {
        const fresh: reconciling.Finding[] = [];
        for (const finding of findings) {
          const known = this.open(finding.partner).find(
            (one) => one.messageId === finding.messageId && one.kind === finding.kind,
          );
          if (known) known.times += 1;
          else {
            this.findings.push({ ...finding, healed: false, times: 1 });
            fresh.push(finding);
          }
        }
        return Promise.resolve(fresh);
      },
    };
  }
}
