import { faultAt, TraoError } from '../../../../libs/errors';
import { ALERT_LEVELS, ALERT_STATES, isAlertKind, type Alert, type AlertState } from '../../../../libs/monitoring';
import type { alerts } from '../../../../libs/storage';

export const STATE_CHOICES = ['open', ...ALERT_STATES] as const;
type StateChoice = (typeof STATE_CHOICES)[number];

type Asked = Readonly<Record<string, unknown>>;

/** Which alerts somebody asked for; `typed` is for the form. */
export interface AlertQuery extends alerts.AlertFilter {
  readonly typed: Readonly<Record<'state' | 'level' | 'kind', string>>;
}

const NAMES = ['state', 'level', 'kind', 'after'];

/** @throws TraoError `bad_request`: something that is no filter, or no value of one */
export function readAlertQuery(asked: Asked): AlertQuery {
  const [state, level, kind, after] = NAMES.map((name) => asked[name] ?? '');
  const mark = typeof after === 'string' && after !== '' ? readMark(after) : undefined;
  const wrong = [
    ...(state === '' || STATE_CHOICES.includes(state as StateChoice) ? [] : ['state']),
    ...(level === '' || ALERT_LEVELS.includes(level as never) ? [] : ['level']),
    ...(kind === '' || (typeof kind === 'string' && isAlertKind(kind)) ? [] : ['kind']),
    ...(after === '' || mark ? [] : ['after']),
    ...Object.keys(asked).filter((name) => !NAMES.includes(name)),
  ];
  if (wrong.length > 0)
    throw new TraoError('bad_request', { faults: wrong.map((name) => faultAt(`?${name}`, 'bad_parameter')) });
  const typed = { state, level, kind } as AlertQuery['typed'];
  return {
    states: statesOf(typed.state as StateChoice | ''),
    levels: level === '' ? undefined : [level as Alert['level']],
    kinds: kind === '' ? undefined : [kind as Alert['kind']],
    after: mark,
    typed,
  };
}

function statesOf(choice: StateChoice | ''): readonly AlertState[] | undefined {
  if (choice === '') return undefined;
  return choice === 'open' ? ['new', 'acknowledged'] : [choice];
}

type Mark = NonNullable<alerts.AlertFilter['after']>;

/** The place behind an alert in the list, as a query has it. */
export const markText = ({ lastAt, id }: Mark): string =>
  Buffer.from(`${lastAt.toISOString()} ${id}`).toString('base64url');

function readMark(text: string): Mark | undefined {
  const [time = '', id = ''] = Buffer.from(text, 'base64url').toString().split(' ');
  const lastAt = new Date(time);
  return Number.isNaN(lastAt.getTime()) || !/^[0-9a-f-]{36}$/.test(id) ? undefined : { lastAt, id };
}
