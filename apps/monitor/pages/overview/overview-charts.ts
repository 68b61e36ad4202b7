import { barChart, lineChart } from '../../../../libs/charts';
import { LANES } from '../../../../libs/monitoring';
import type { Language, Translate } from '../../../../libs/pages';
import { clockParts, formatInstant, formatNumber } from '../../../../libs/text';
import type { watched } from '../../../../libs/storage';
import { minuteOf } from './partner-card';

const HOUR_MS = 3_600_000;
/** How far charts look back, in hours. */
const HOURS = 48;

/** What charts are drawn from. */
export interface ChartFacts {
  readonly hours: readonly watched.HourOfMessages[];
  readonly depths: readonly watched.DepthSample[];
}

interface Words {
  readonly t: Translate;
  readonly language: Language;
  readonly timeZone: string;
}

/** The beginning of the first hour that charts show. */
export const firstHour = (now: Date): Date => new Date((Math.floor(now.getTime() / HOUR_MS) - HOURS + 1) * HOUR_MS);

/** A cell of the table beside a chart; a count leads to its messages. */
interface Cell {
  readonly text: string;
  readonly href?: string | undefined;
}

const GROUPS = ['arrived', 'failed', 'waiting'] as const;

/** The charts of the overview, each with the table of its numbers. `empty` says what it means that there is nothing. */
export function overviewCharts({ hours, depths }: ChartFacts, now: Date, { t, language, timeZone }: Words) {
  const first = firstHour(now).getTime();
  const all = Array.from({ length: HOURS }, (_, n) => new Date(first + n * HOUR_MS));
  const labels = all.map((hour) => clockParts(hour, timeZone, language).time);
  const byHour = new Map(hours.map((one) => [one.hour.getTime(), one]));
  const at = (hour: Date) => byHour.get(hour.getTime());
  const number = (value: number) => formatNumber(value, language);
  const when = (hour: Date) => formatInstant(hour, timeZone, language);
  const seconds = (value: number) => durationText(value, t, language);
  const depthOf = new Map(depths.map((one) => [`${one.at.getTime()} ${one.lane}`, one.waiting]));
  const depth = (hour: Date, lane: string) => depthOf.get(`${hour.getTime()} ${lane}`) ?? null;
  const caption = (name: 'ended' | 'receipt' | 'depth') => ({
    id: `chart-${name}`,
    title: t(`overview:chart.${name}`),
    description: t(`overview:chart.${name}Text`),
  });
  const row = (hour: Date, cells: readonly Cell[]) => ({ head: when(hour), cells });
  const timed = hours.some(({ p50 }) => p50 !== null);
  return [
    {
      ...caption('ended'),
      picture:
        hours.length > 0
          ? barChart(caption('ended'), {
              labels,
              tick: number,
              whole: true,
              series: GROUPS.map((group) => ({
                name: t(`overview:chart.${group}`),
                values: all.map((hour) => at(hour)?.[group] ?? 0),
              })),
            })
          : undefined,
      empty: t('overview:chart.emptyEnded'),
      columns: GROUPS.map((group) => t(`overview:chart.${group}`)),
      rows: all.filter(at).map((hour) =>
        row(
          hour,
          GROUPS.map((group) => countCell(hour, group, at(hour)![group], number)),
        ),
      ),
    },
    {
      ...caption('receipt'),
      picture: timed
        ? lineChart(caption('receipt'), {
            labels,
            tick: seconds,
            series: [
              { name: t('overview:chart.p50'), values: all.map((hour) => at(hour)?.p50 ?? null) },
              { name: t('overview:chart.p95'), values: all.map((hour) => at(hour)?.p95 ?? null) },
            ],
          })
        : undefined,
      empty: t('overview:chart.emptyReceipt'),
      columns: [t('overview:chart.p50'), t('overview:chart.p95')],
      rows: all.flatMap((hour) => {
        const { p50 = null, p95 = null } = at(hour) ?? {};
        return p50 === null || p95 === null ? [] : [row(hour, [{ text: seconds(p50) }, { text: seconds(p95) }])];
      }),
    },
    {
      ...caption('depth'),
      picture:
        depths.length > 0
          ? lineChart(caption('depth'), {
              labels,
              tick: number,
              whole: true,
              series: LANES.map((lane) => ({
                name: t(`overview:lane.${lane}`),
                values: all.map((hour) => depth(hour, lane)),
              })),
            })
          : undefined,
      empty: t('overview:chart.emptyDepth'),
      columns: LANES.map((lane) => t(`overview:lane.${lane}`)),
      rows: all
        .filter((hour) => LANES.some((lane) => depth(hour, lane) !== null))
        .map((hour) =>
          row(
            hour,
            LANES.map((lane) => ({ text: number(depth(hour, lane) ?? 0) })),
          ),
        ),
    },
  ];
}

function countCell(hour: Date, state: string, count: number, number: (value: number) => string): Cell {
  if (count === 0) return { text: number(0) };
  const until = new Date(hour.getTime() + HOUR_MS);
  const query = new URLSearchParams({ direction: 'sent', state, since: minuteOf(hour), until: minuteOf(until) });
  return { text: number(count), href: `/messages?${query.toString()}` };
}

/** Seconds in the unit that people would say: "1.2 s", "5 min", "3 h". */
function durationText(seconds: number, t: Translate, language: Language): string {
  const value = (of: number, digits: number) => formatNumber(Number(of.toFixed(digits)), language, digits);
  if (seconds < 60) return t('overview:chart.seconds', { value: value(seconds, 2) });
  if (seconds < 7_200) return t('overview:chart.minutes', { value: value(seconds / 60, 1) });
  return t('overview:chart.hours', { value: value(seconds / 3_600, 1) });
}
