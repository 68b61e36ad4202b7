import type { PartnerWatch } from '../../../../libs/exchange';
import type { Language, Translate } from '../../../../libs/pages';
import type { Directory, DirectoryNode } from '../../../../libs/schema';
import { watchStore, partnerWork, type Database } from '../../../../libs/storage';
import { ageText } from '../queues/age';

/** Workers ask every partner each five minutes; three missed answers are silence. */
const SILENT_MS = 15 * 60_000;

/** What is known of the partners of this node now. */
export interface KnownPartners {
  readonly directory: Directory;
  readonly nodes: readonly DirectoryNode[];
  readonly facts: ReadonlyMap<string, partnerWork.PartnerFacts>;
  readonly watches: ReadonlyMap<string, PartnerWatch>;
  readonly suspended: ReadonlyMap<string, partnerWork.SuspendedThing>;
}

/** One statement after the other: a page takes one connection. */
export async function knownPartners(
  database: Database,
  directory: Directory,
  nodes: readonly DirectoryNode[],
  suspensions: partnerWork.Suspensions,
): Promise<KnownPartners> {
  const facts = await partnerWork.partnerFacts(
    database,
    nodes.map(({ id }) => id),
  );
  const watches = await watchStore(database).known();
  const suspended = await suspensions.partners();
  return {
    directory,
    nodes,
    facts: new Map(facts.map((one) => [one.partner, one])),
    watches: new Map(watches.map((one) => [one.partner, one])),
    suspended: new Map(suspended.map((one) => [one.subject, one])),
  };
}

interface Reader {
  readonly t: Translate;
  readonly language: Language;
  readonly now: Date;
}

/** How it stands with a partner, in words. */
export function partnerLine(node: DirectoryNode, known: KnownPartners, { t, language, now }: Reader) {
  const { id } = node;
  const facts = known.facts.get(id);
  const watch = known.watches.get(id);
  const suspended = known.suspended.get(id);
  const state = suspended ? 'suspended' : reachState(facts, watch, now);
  const { version, clock, answeredAt, askedAt, code } = watch ?? {};
  return {
    id,
    name: node.name[language],
    host: new URL(node.endpoint).host,
    state,
    stateText: t(`partners:state.${state}`),
    stateColour: STATE_COLOUR[state],
    suspended,
    circuit: facts?.retryAt ? t('partners:circuit.open', { failures: facts.failures }) : t('partners:circuit.closed'),
    retryAt: facts?.retryAt,
    waiting: facts?.waiting ?? 0,
    age: facts?.oldestAt && ageText(facts.oldestAt, now, t),
    lastOut: facts?.lastOut,
    lastIn: facts?.lastIn,
    clock: clock && t('partners:clock', { seconds: seconds(clock.offsetMs, language) }),
    version,
    behind: version !== undefined && version < known.directory.version,
    inForce: known.directory.version,
    answeredAt,
    askedAt,
    code,
  };
}

const STATE_COLOUR = { suspended: 'orange', unreachable: 'red', unknown: 'grey', answers: 'green' } as const;

export function reachState(
  facts: partnerWork.PartnerFacts | undefined,
  watch: PartnerWatch | undefined,
  now: Date,
): Exclude<keyof typeof STATE_COLOUR, 'suspended'> {
  if (facts?.retryAt) return 'unreachable';
  if (!watch) return 'unknown';
  const heard = watch.answeredAt && now.getTime() - watch.answeredAt.getTime() <= SILENT_MS;
  return heard ? 'answers' : 'unreachable';
}

/** Thousandths matter to nobody; a sign says which clock is ahead. */
function seconds(ms: number, language: Language): string {
  return new Intl.NumberFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  }).format(ms / 1000);
}
