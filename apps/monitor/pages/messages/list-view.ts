import type { Translate } from '../../../../libs/pages';
import {
  COLUMNS,
  cursorOf,
  DIRECTIONS,
  LANES,
  queryText,
  sizeBandOf,
  STATE_CHOICES,
  type Column,
  type MessageQuery,
} from '../../../../libs/monitoring';
import type { watched } from '../../../../libs/storage';
import { stateTag } from './message-words';

interface Words {
  readonly t: Translate;
  /** The name of a node for people. */
  readonly nameOf: (node: string) => string;
}

/** A cell of the list: a text, a moment, a tag, or a link. */
interface Cell {
  readonly text?: string | number;
  readonly at?: Date;
  readonly tag?: ReturnType<typeof stateTag>;
  readonly href?: string;
}

const CELLS: Readonly<Record<Column, (message: watched.ListedMessage, words: Words) => Cell>> = {
  id: ({ id }) => ({ text: id, href: `/messages/${id}` }),
  direction: ({ direction }, { t }) => ({ text: t(`messages:direction.${direction}`) }),
  partner: ({ partner }, { nameOf }) => ({ text: nameOf(partner) }),
  lane: ({ lane }, { t }) => ({ text: t(`messages:lane.${lane}`) }),
  state: ({ state }, { t }) => ({ tag: stateTag(state, t) }),
  attempts: ({ attempts }) => ({ text: attempts }),
  next: ({ nextAt }) => momentCell(nextAt),
  at: ({ at }) => ({ at }),
  changed: ({ changedAt }) => ({ at: changedAt }),
  receipt: ({ receiptAt }) => momentCell(receiptAt),
  code: ({ code }) => ({ text: code ?? '–' }),
  size: ({ sizeBytes }, { t }) => ({ text: bandText(sizeBytes, t) }),
  expires: ({ expiresAt }) => ({ at: expiresAt }),
};

const momentCell = (at: Date | undefined): Cell => (at ? { at } : { text: '–' });

/** The band of a size in words; nobody wrote down the size of a message of before. */
export function bandText(bytes: number, t: Translate): string {
  const band = sizeBandOf(bytes);
  return band === undefined ? '–' : t(`messages:size.${band}`);
}

/** The list as a table: its heads, its rows. */
export function tableOf({ messages }: watched.MessagePage, { columns }: MessageQuery, words: Words) {
  return {
    columns: columns.map((column) => words.t(`messages:column.${column}`)),
    rows: messages.map((message) => columns.map((column) => CELLS[column](message, words))),
  };
}

/** The form above the list: what can be chosen, and what is. */
export function formOf({ typed, columns }: MessageQuery, partners: readonly string[], { t, nameOf }: Words) {
  const choices = (list: readonly string[], chosen: string, text: (value: string) => string) => [
    { value: '', text: t('messages:filter.any'), selected: chosen === '' },
    ...list.map((value) => ({ value, text: text(value), selected: value === chosen })),
  ];
  // A partner that left the directory has messages still.
  const nodes = typed.partner === '' || partners.includes(typed.partner) ? partners : [...partners, typed.partner];
  return {
    direction: choices(DIRECTIONS.slice(1), typed.direction, (value) => t(`messages:direction.${value}`)),
    partner: choices(nodes, typed.partner, nameOf),
    state: choices(STATE_CHOICES, typed.state, (value) => t(`messages:state.${value}`)),
    lane: choices(LANES, typed.lane, (value) => t(`messages:lane.${value}`)),
    columns: COLUMNS.map((value) => ({
      value,
      text: t(`messages:column.${value}`),
      checked: columns.includes(value),
    })),
  };
}

/** Where the pages of the list are: the first, and the one behind this. */
export function pagesOf(query: MessageQuery, { next }: watched.MessagePage) {
  const text = queryText(query);
  const to = (more: string) => ['/messages', [text, more].filter(Boolean).join('&')].filter(Boolean).join('?');
  return {
    first: query.after && to(''),
    next: next && to(`after=${cursorOf(next)}`),
    csv: `/messages/export.csv${text && `?${text}`}`,
  };
}
