import { manifests } from '../envelope';
import type { Clock, Self, StorageKeys } from '../casework';
import { LISTED_AT_ONCE } from './answer-manifest';
import { idsOf } from './manifest-days';
import { differences, grouped, paged, type Difference } from './manifest-merge';
import {
  otherWay,
  type Finding,
  type FindingKind,
  type KnownThere,
  type ManifestLink,
  type ManifestRows,
  type Way,
} from './manifest-ports';
import { sendAgain, type LostStore } from './send-again';
import { settle, type SettlePorts } from './settle';

export interface CompareStore extends LostStore {
  /** Writes findings down, and an alarm about those that are new, in the commit of the surrounding work. @returns the new ones */
  note(findings: readonly Finding[]): Promise<readonly Finding[]>;
}

export interface ComparePorts extends SettlePorts {
  readonly self: Self;
  readonly clock: Clock;
  readonly keys: StorageKeys;
  readonly rows: ManifestRows;
  readonly link: ManifestLink;
  /** Which of the ids are known of messages between this node and a partner, whatever became of them. */
  readonly known: (partner: string, way: Way, ids: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Findings of a day and way that are not healed yet. */
  readonly open: (partner: string, day: string, way: Way) => Promise<readonly Pick<Finding, 'messageId' | 'kind'>[]>;
  readonly heal: (partner: string, findings: readonly Pick<Finding, 'messageId' | 'kind'>[]) => Promise<void>;
  readonly healing: <T>(work: (store: CompareStore) => Promise<T>) => Promise<T>;
}

/** What became of the differences of a day and way. */
export interface Comparison {
  /** Messages about which the two lists do not say the same; most are on their way. */
  differ: number;
  /** Receipts of the partner that were missing here and were brought. */
  receipts: number;
  /** Findings by kind, those that were found before among them. */
  readonly found: Partial<Record<FindingKind, number>>;
}

/** Ids in one question to a partner. */
const ASKED_AT_ONCE = 64;

/**
 * Looks which messages of a day the two nodes do not say the same about, message by message, and mends what can be mended from here.
 * The lists are read one after the other while messages come and go, so nothing is concluded from them alone: the partner is asked again
 * about each message, after our own row was read.
 */
export async function compareDay(partner: string, day: string, way: Way, ports: ComparePorts): Promise<Comparison> {
  const { rows, link } = ports;
  const { after, to } = idsOf(day);
  const mine = paged((above) => rows.entries(partner, way, above, to, LISTED_AT_ONCE), after, LISTED_AT_ONCE);
  const theirs = paged((above) => link.list(partner, day, otherWay(way), above), after, LISTED_AT_ONCE);
  const comparison: Comparison = { differ: 0, receipts: 0, found: {} };
  const open = await ports.open(partner, day, way);
  const still = new Set<string>();
  for await (const group of grouped(differences(mine, theirs), ASKED_AT_ONCE)) {
    comparison.differ += group.length;
    const about = { partner, day, way };
    const findings =
      way === 'sent' ? await ofSent(about, group, comparison, ports) : await ofReceived(about, group, ports);
    for (const { messageId, kind } of findings) {
      still.add(`${kind} ${messageId}`);
      comparison.found[kind] = (comparison.found[kind] ?? 0) + 1;
    }
  }
  await ports.heal(
    partner,
    open.filter(({ messageId, kind }) => !still.has(`${kind} ${messageId}`)),
  );
  return comparison;
}

type About = Pick<Finding, 'partner' | 'day' | 'way'>;

const finding = (
  about: About,
  kind: FindingKind,
  { id, mine, theirs }: Difference,
  more: Partial<Finding> = {},
): Finding => ({
  ...about,
  kind,
  messageId: id,
  mine: mine?.digest,
  theirs: theirs?.digest,
  evidence: [],
  ...more,
});

const farther = ({ mine, theirs }: Difference): boolean =>
  theirs !== undefined &&
  (!mine || manifests.STANDINGS.indexOf(theirs.standing) > manifests.STANDINGS.indexOf(mine.standing));

const otherBytes = ({ mine, theirs }: Difference): boolean =>
  mine !== undefined && theirs !== undefined && mine.digest !== theirs.digest;

/** Messages that we sent: what the partner knows more of is brought here, and what it has lost travels again. */
async function ofSent(about: About, group: readonly Difference[], comparison: Comparison, ports: ComparePorts) {
  const { partner } = about;
  const gone = group.filter(({ theirs }) => !theirs);
  const asked = [...gone, ...group.filter(farther)];
  const there =
    asked.length > 0
      ? await ports.link.ask(
          partner,
          asked.map(({ id }) => id),
        )
      : [];
  comparison.receipts += await bring(partner, there, ports);
  const answers = new Map(there.map((answer) => [answer.id, answer]));
  // It says itself, after we had its receipt, that it has no such message. What it refused it has, or its receipt has told just now.
  const lost = gone.filter(({ id }) => !answers.get(id)!.held);
  const unseen = group.filter(({ mine }) => !mine);
  const known = await ports.known(
    partner,
    'sent',
    unseen.map(({ id }) => id),
  );
  const strange = unseen.filter(({ id }) => !known.has(id));
  return ports.healing(async (store) => {
    const outcomes = await sendAgain(
      lost.map(({ id }) => id),
      store,
      ports,
    );
    const findings = [
      ...lost.flatMap((difference) => {
        const outcome = outcomes.get(difference.id);
        if (outcome === undefined) return []; // it has moved on meanwhile
        if (outcome === 'queued') return [finding(about, 'lost_there', difference)];
        return [finding(about, 'not_resendable', difference, { code: outcome })];
      }),
      ...strange.map((difference) =>
        finding(about, 'unknown_here', difference, { evidence: answers.get(difference.id)!.receipts }),
      ),
      ...group.filter(otherBytes).map((difference) => finding(about, 'digest_differs', difference)),
    ];
    await store.note(findings);
    return findings;
  });
}

/** Settles receipts of the partner that did not get here. @returns how many were new */
async function bring(partner: string, there: readonly KnownThere[], ports: ComparePorts): Promise<number> {
  const results = await settle(
    there.flatMap(({ receipts }) => receipts),
    partner,
    ports,
  );
  return results.filter(({ status }) => status === 'stored').length;
}

/** Messages that we received: what we lost the partner sends again; what it never sent is for people. */
async function ofReceived(about: About, group: readonly Difference[], ports: ComparePorts) {
  const { partner } = about;
  const absent = group.filter(({ mine }) => !mine);
  const known = await ports.known(
    partner,
    'received',
    absent.map(({ id }) => id),
  );
  const missing = absent.filter(({ id }) => !known.has(id));
  const extra = group.filter(({ theirs }) => !theirs);
  const there =
    extra.length > 0
      ? await ports.link.ask(
          partner,
          extra.map(({ id }) => id),
        )
      : [];
  const unsent = new Set(there.filter(({ sent }) => !sent).map(({ id }) => id));
  const findings = [
    ...missing.map((difference) => finding(about, 'missing_here', difference)),
    ...extra.filter(({ id }) => unsent.has(id)).map((difference) => finding(about, 'unknown_there', difference)),
    ...group.filter(otherBytes).map((difference) => finding(about, 'digest_differs', difference)),
  ];
  await ports.healing((store) => store.note(findings));
  return findings;
}
