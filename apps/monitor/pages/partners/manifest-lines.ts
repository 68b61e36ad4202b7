import { CATALOGUE, meaningOf, type Code } from '../../../../libs/errors';
import { reconciling } from '../../../../libs/exchange';
import type { Language, Translate } from '../../../../libs/pages';
import type { manifestWork } from '../../../../libs/storage';
import { formatDate } from '../../../../libs/text';

interface Reader {
  readonly t: Translate;
  readonly language: Language;
}

type Round = manifestWork.ManifestRound;

/** What is known of comparisons with one partner. */
export interface KnownManifests {
  /** The newest first. */
  readonly rounds: readonly Round[];
  readonly counts: readonly manifestWork.KindCount[];
  /** What is open first. */
  readonly findings: readonly manifestWork.ShownFinding[];
}

const RESULT_COLOUR = { agree: 'green', mended: 'yellow', people: 'red' } as const;

/** What both sides hold, as the last comparison that was made to its end has found it, and what is open since whichever one. */
export function manifestLines({ rounds, counts, findings }: KnownManifests, reader: Reader) {
  const last = rounds.find(wasMade);
  const open = findings.filter(({ healedAt }) => healedAt === null);
  const openCount = counts.reduce((sum, count) => sum + count.open, 0);
  const [newest] = rounds;
  return {
    last: last && lastLine(last, reader),
    newer: newest && newest !== last ? newerLine(newest, reader) : undefined,
    kinds: reconciling.FINDING_KINDS.flatMap((kind) => kindLine(kind, last, counts, reader)),
    open: open.map((finding) => findingLine(finding, reader)),
    more: openCount - open.length,
  };
}

/** One that another replaced, or whose partner did not answer, has an end too, and says nothing of messages. */
const wasMade = ({ finishedAt, code, days }: Round): boolean => finishedAt !== null && code === null && days.length > 0;

function lastLine(round: Round, { t }: Reader) {
  const { days, finishedAt, until, reason } = round;
  const differing = days.filter((day) => reconciling.WAYS.some((way) => !day[way].agrees));
  const result = round.ok !== true ? 'people' : differing.length > 0 ? 'mended' : 'agree';
  return {
    finishedAt,
    // Where an old backup was restored a comparison goes on further back than it was asked for.
    days: t('partners:manifest.days', {
      since: formatDate([round.since, ...days.map(({ day }) => day)].toSorted()[0]!),
      until: formatDate(until),
      agree: days.length - differing.length,
      count: days.length,
    }),
    by: t(`partners:manifest.reason.${reason}`),
    result,
    resultText: t(`partners:manifest.result.${result}`),
    resultColour: RESULT_COLOUR[result],
    brought: sum(days, ({ receipts }) => receipts),
  };
}

/** One that was asked for after the last that was made, and is not made yet or will not be. */
function newerLine({ requestedAt, startedAt, finishedAt, code }: Round, { t, language }: Reader) {
  const state = finishedAt ? 'failed' : startedAt ? 'runs' : 'waits';
  return { requestedAt, text: t(`partners:manifest.newer.${state}`), code, meaning: meaning(code, language) };
}

/** A kind of difference, where there is any of it. */
function kindLine(
  kind: reconciling.FindingKind,
  last: Round | undefined,
  counts: readonly manifestWork.KindCount[],
  { t }: Reader,
) {
  const { open, healed } = counts.find((count) => count.kind === kind) ?? { open: 0, healed: 0 };
  const found = sum(last?.days ?? [], (way) => way.found?.[kind]);
  if (found + open + healed === 0) return [];
  return [
    {
      kind,
      text: t(`partners:manifest.kind.${kind}`),
      does: t(`partners:manifest.does.${kind}`),
      found,
      open,
      healed,
      runbook: reconciling.HEALING.includes(kind) ? 'manifest_differs' : 'manifest_unexplained',
    },
  ];
}

function findingLine(finding: manifestWork.ShownFinding, { t, language }: Reader) {
  const { day, way, messageId, kind, code, foundAt } = finding;
  return {
    day: formatDate(day),
    way: t(`partners:manifest.way.${way}`),
    messageId,
    // Nothing is here to be shown of these.
    known: kind !== 'unknown_here' && kind !== 'missing_here',
    kind: t(`partners:manifest.kind.${kind}`),
    code,
    meaning: meaning(code, language),
    foundAt,
  };
}

const sum = (days: readonly reconciling.DayReport[], count: (way: reconciling.WayReport) => number | undefined) =>
  days
    .flatMap((day) => reconciling.WAYS.map((way) => count(day[way]) ?? 0))
    .reduce((total, number) => total + number, 0);

const meaning = (code: string | null, language: Language) =>
  code !== null && Object.hasOwn(CATALOGUE, code) ? meaningOf(code as Code, language) : undefined;
