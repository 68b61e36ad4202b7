import { judgeClock } from '../../../../libs/exchange';
import type { Language, Translate } from '../../../../libs/pages';
import type { watched } from '../../../../libs/storage';
import { formatNumber } from '../../../../libs/text';
import { ageText } from '../queues/age';

/** The kinds of process that a node needs. */
const APPS = ['gateway', 'worker', 'office', 'monitor'] as const;
/** A process counts as running when its last sign of life is younger. */
const ALIVE_MS = 60_000;
/** A clock that differs by more is told of. */
const SKEW_MS = 30_000;

/** A service as a row: its name, whether it runs, and more in words. */
export interface ServiceLine {
  readonly name: string;
  readonly state: { readonly text: string; readonly classes: string };
  readonly detail: string;
}

const tag = (text: string, colour: string) => ({ text, classes: `govuk-tag--${colour}` });

/** Whether everything that this node is made of runs. */
export function serviceLines(facts: watched.OverviewFacts, t: Translate, language: Language, now: Date): ServiceLine[] {
  const { processes, queueHolds, databaseMs } = facts;
  const alive = processes.filter(({ beatAt }) => now.getTime() - beatAt.getTime() <= ALIVE_MS);
  const up = tag(t('overview:up'), 'green');
  const down = tag(t('overview:down'), 'red');
  const kinds = new Set(alive.map(({ facts: said }) => said['queue']));
  const kind = ['redis', 'postgres'].find((one) => kinds.has(one)) ?? 'unknown';
  const held = queueHolds.map((queue) => t(`messages:queue.${queue}`)).join(', ');
  return [
    {
      name: t('overview:service.database'),
      state: up,
      detail: t('overview:databaseMs', { ms: formatNumber(Math.max(1, Math.round(databaseMs)), language) }),
    },
    {
      name: t('overview:service.queue'),
      state: queueHolds.length > 0 ? tag(t('overview:held'), 'yellow') : kind === 'unknown' ? down : up,
      detail: [t(`overview:queueOf.${kind}`), ...(held ? [t('overview:queueHeld', { queues: held })] : [])].join('; '),
    },
    ...APPS.map((app) => {
      const all = processes.filter((one) => one.app === app).length;
      const running = alive.filter((one) => one.app === app).length;
      const detail = all === 0 ? t('overview:none') : t('overview:instances', { up: running, all });
      return { name: t(`overview:service.${app}`), state: running > 0 ? up : down, detail };
    }),
    clockLine(facts, t, language),
  ];
}

/** Whether our clock is right, by the clocks of most partners. */
function clockLine({ watches }: watched.OverviewFacts, t: Translate, language: Language): ServiceLine {
  const name = t('overview:service.clock');
  const readings = watches.flatMap(({ partner, clock }) => (clock ? [{ partner, ...clock }] : []));
  if (readings.length === 0) return { name, state: tag('–', 'grey'), detail: t('overview:clockUnknown') };
  const { ours } = judgeClock(readings, SKEW_MS);
  if (!ours) return { name, state: tag(t('overview:up'), 'green'), detail: t('overview:clockFine') };
  const seconds = formatNumber(Math.round(ours.offMs / 1000), language);
  return { name, state: tag(t('overview:light.red'), 'red'), detail: t('overview:clockOff', { seconds }) };
}

/** The processes themselves, each with its machine. */
export function processLines({ processes }: watched.OverviewFacts, t: Translate, language: Language, now: Date) {
  return processes.map(({ app, host, version, beatAt, facts }) => {
    const free = facts['diskFree'];
    const isUp = now.getTime() - beatAt.getTime() <= ALIVE_MS;
    return {
      name: t(`overview:service.${app}`),
      host,
      version,
      tag: isUp ? tag(t('overview:up'), 'green') : tag(t('overview:silent'), 'red'),
      beat: ageText(beatAt, now, t),
      disk:
        typeof free === 'number'
          ? t('overview:disk', { percent: formatNumber(Math.round(free * 100), language) })
          : undefined,
    };
  });
}
