import { formOf, sectionsOf, type Field, type Leaf } from '../forms';
import { codeList, type Purpose } from '../schema';
import type { Language } from '../text';
import { labelled } from './message-sections';
import type { Block, Cell, Paper, StyleName, Text, TextPair } from './paper';
import { PAPER_WARNING, PROMPT_WORDS, REMINDERS } from './prompt-words';
import { pageNumber } from './referral-paper';
import { WORDS } from './words';

export interface PromptSheet {
  /** Undefined before anybody has chosen one: the questions of all purposes. */
  readonly purpose?: Purpose | undefined;
  readonly language: Language | 'both';
  /** The date of the file. */
  readonly at: Date;
}

/** One question in both languages: the same place of the same form. */
interface FieldPair {
  readonly vi: Field;
  readonly en: Field;
}

/** More answers than these are not printed: the line is for writing (countries, languages). */
const MOST_BOXES = 24;
const BOX = '☐';
/** Lines to write on, by how an answer is asked for. */
const LINES: { readonly [kind in Leaf['kind']]?: number } = { textarea: 7 };

/**
 * The questions of a referral on paper, with room to write: the same as on the screen, because they come from the same forms.
 * Nothing on it is about anybody.
 */
export function promptPaper({ purpose, language, at }: PromptSheet): Paper {
  const languages = language === 'both' ? (['vi', 'en'] as const) : ([language] as const);
  const say = (words: TextPair, style: StyleName, second: StyleName = style): Text[] =>
    languages.map((lang, i) => ({ text: words[lang], style: i === 0 ? style : second, lang }));
  const line = (words: TextPair): string => languages.map((lang) => words[lang]).join(' · ');
  const heading = (words: TextPair): Block => ({
    kind: 'heading',
    cell: [{ text: line(words), style: 'heading', lang: languages[0] }],
  });
  return {
    title: line(PROMPT_WORDS.title),
    lang: languages[0],
    madeAt: at,
    frame: {
      handling: say(PAPER_WARNING, 'strong'),
      foot: say(PROMPT_WORDS.blank, 'small'),
      pages: (page, of) => pageNumber(page, of).filter(({ lang }) => languages.some((one) => one === lang)),
      watermark: '',
    },
    blocks: [
      {
        kind: 'title',
        cell: [
          ...say(PROMPT_WORDS.title, 'title', 'subtitle'),
          ...say(purpose ? labelled('purpose', purpose) : PROMPT_WORDS.every, 'strong'),
        ],
      },
      heading(PROMPT_WORDS.before),
      ...REMINDERS.map((words): Block => ({ kind: 'paragraph', cell: reminder(say(words, 'value', 'small')) })),
      ...partsOf(purpose).flatMap(({ title, fields }) => {
        const asked = fields.flatMap((field) => questions(field, { say, line }));
        return asked.length > 0 ? [heading(title), ...asked] : [];
      }),
    ],
  };
}

const reminder = ([first, ...others]: Text[]): Cell => [{ ...first!, text: `${BOX} ${first!.text}` }, ...others];

interface Part {
  readonly title: TextPair;
  readonly fields: readonly FieldPair[];
}

function partsOf(purpose: Purpose | undefined): Part[] {
  return plansOf(purpose)
    .filter(({ id }) => !NOT_ASKED.includes(id))
    .map(({ title, pages }) => {
      const paths = [...pages].filter(([id]) => !PAGES_NOT_ASKED.includes(id)).flatMap(([, ofPage]) => ofPage);
      const form = (language: Language) => formOf('referral', { language, purpose, paths });
      return { title, fields: pairs(form('vi'), form('en')) };
    });
}

interface Plan {
  readonly id: string;
  readonly title: TextPair;
  /** Paths of the questions, by the id of their page. */
  readonly pages: Map<string, readonly string[]>;
}

/** The sections of one purpose, or of all: then the purpose that asks the most gives the order. */
function plansOf(purpose: Purpose | undefined): Plan[] {
  const purposes = purpose ? [purpose] : (codeList('purpose')?.entries ?? []).map(({ code }) => code as Purpose);
  const all = purposes
    .map((one) => sectionsOf(one, 'vi').map((section, i) => ({ section, en: sectionsOf(one, 'en')[i]!.title })))
    .toSorted((a, b) => b.length - a.length);
  const plans = new Map<string, Plan>();
  for (const { section, en } of all.flat()) {
    const { id, title, pages } = section;
    const plan = plans.get(id) ?? { id, title: { vi: title, en }, pages: new Map<string, readonly string[]>() };
    for (const page of pages)
      plan.pages.set(page.id, [...new Set([...(plan.pages.get(page.id) ?? []), ...page.paths])]);
    plans.set(id, plan);
  }
  return [...plans.values()];
}

/** What officers know of themselves or decide, and files, are no questions to a person. */
const NOT_ASKED = ['attachments', 'your-details'];
/** What no person can tell. */
const NOT_ASKED_KINDS = ['digest', 'unit'] as const;
const PAGES_NOT_ASKED = ['handling', 'source', 'plan', 'questions'];

interface Saying {
  /** The words in the languages of the sheet, below each other. */
  readonly say: (words: TextPair, style: StyleName, second?: StyleName) => Text[];
  /** The same in one line. */
  readonly line: (words: TextPair) => string;
}

/** A question, or those that it consists of, each with what they are part of above it. */
function questions({ vi, en }: FieldPair, saying: Saying, within?: TextPair): Block[] {
  if (vi.kind === 'group' && en.kind === 'group') {
    const inside = joined(within, { vi: vi.label, en: en.label });
    return pairs(vi.members, en.members).flatMap((member) => questions(member, saying, inside));
  }
  if (vi.kind === 'list' && en.kind === 'list') {
    const { repeated } = PROMPT_WORDS;
    const each = { vi: `${vi.label} (${repeated.vi})`, en: `${en.label} (${repeated.en})` };
    return questions({ vi: { ...vi.item, label: each.vi }, en: { ...en.item, label: each.en } }, saying, within);
  }
  const known = NOT_ASKED_KINDS.some((kind) => kind === vi.kind);
  return known ? [] : [question(vi as Leaf, en as Leaf, within, saying)];
}

function question(vi: Leaf, en: Leaf, within: TextPair | undefined, { say, line }: Saying): Block {
  const boxes = optionsOf(vi, en).map((option) => `${BOX} ${line(option)}`);
  const hint = vi.hint !== undefined && en.hint !== undefined ? say({ vi: vi.hint, en: en.hint }, 'small') : [];
  const cell: Text[] = [
    ...(within ? [{ text: line(within), style: 'column' as const }] : []),
    ...say({ vi: vi.label, en: en.label }, 'label', 'small'),
    ...hint,
    ...(boxes.length > 0 ? [{ text: boxes.join(' '), style: 'value' as const }] : []),
  ];
  return { kind: 'writing', cell, lines: boxes.length > 0 ? 0 : (LINES[vi.kind] ?? 1) };
}

/** What can be ticked; none where the answer is written. */
function optionsOf(vi: Leaf, en: Leaf): readonly TextPair[] {
  if (vi.kind === 'yesno') return [WORDS.yes, WORDS.no, PROMPT_WORDS.notKnown];
  if (vi.kind === 'confirm') return [WORDS.yes];
  const options = vi.options ?? [];
  if (options.length > MOST_BOXES) return [];
  return options.map(({ label }, i) => ({ vi: label, en: en.options![i]!.label }));
}

function joined(within: TextPair | undefined, { vi, en }: TextPair): TextPair {
  return within ? { vi: `${within.vi} – ${vi}`, en: `${within.en} – ${en}` } : { vi, en };
}

const pairs = (vi: readonly Field[], en: readonly Field[]): FieldPair[] =>
  vi.map((field, i) => ({ vi: field, en: en[i]! }));
