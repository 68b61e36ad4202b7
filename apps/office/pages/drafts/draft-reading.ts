import { shownAnswers, type ShownAnswer } from '../../../../libs/forms';
import { formatBytes, twoClocks } from '../../../../libs/text';
import { unitName } from '../shell/shell';
import type { OpenedDraft } from './draft-desk';
import { hrefOfPage, pagesOf, type DraftPage } from './plan';

/** A page of answers, to read. */
export interface ReadPage {
  readonly answers: readonly ShownAnswer[];
  /** Questions without an answer: "not known" where its writers said so. */
  readonly open: readonly { readonly label: string; readonly href: string; readonly notKnown: boolean }[];
  /** Where each answer can be changed, by its path. */
  readonly links: Readonly<Record<string, string>>;
}

export interface ReadSection {
  readonly id: string;
  readonly title: string;
  readonly pages: readonly ReadPage[];
}

/** Everything that was answered, section by section, with what was not. */
export function readSections(opened: OpenedDraft, timeZone: string): ReadSection[] {
  return opened.sections.map(({ id, title, pages }) => ({
    id,
    title,
    pages: pages.map((page) => readPage(page, opened, timeZone)),
  }));
}

function readPage(page: DraftPage, opened: OpenedDraft, timeZone: string): ReadPage {
  const { draft, written } = opened;
  const href = hrefOfPage(draft.id, page);
  const answers = answersOf(page, opened, timeZone);
  const value = page.lens.get(written);
  const open = page.fields
    .filter((field) => shownAnswers([field], value, readingOf(opened, timeZone)).length === 0)
    .map(({ label, path, id }) => ({
      label,
      href: `${href}#${id}`,
      notKnown: draft.progress?.notKnown.includes(path) ?? false,
    }));
  const links = Object.fromEntries(answers.flatMap(leaves).map(({ path }) => [path, href]));
  return { answers, links, open: page.kind === 'files' ? [] : open };
}

const leaves = (answer: ShownAnswer): readonly ShownAnswer[] => answer.parts?.flatMap(leaves) ?? [answer];

function answersOf({ fields, lens }: DraftPage, opened: OpenedDraft, timeZone: string): ShownAnswer[] {
  return shownAnswers(fields, lens.get(opened.written), readingOf(opened, timeZone));
}

function readingOf({ language, recipient }: OpenedDraft, timeZone: string) {
  return {
    language,
    unit: (id: string) => unitName(id, language),
    moment: (at: Date) => twoClocks(at, timeZone, recipient.timeZone, language),
  };
}

/** Files that go with a draft, as lines. */
export function fileLines({ draft, language }: OpenedDraft, label: (list: string, code: string) => string): string[] {
  return (draft.files ?? []).map(
    ({ type, bytes }) => `${label('attachmentType', type)} (${formatBytes(bytes, language)})`,
  );
}

/** The question under which a free text stands, with its page. */
export function placeOfText(opened: OpenedDraft, pointer: string): { readonly label: string; readonly href?: string } {
  for (const page of pagesOf(opened.sections)) {
    const field = page.fields.find((one) => pointer === one.pointer || pointer.startsWith(`${one.pointer}/`));
    if (field && page.at === '') return { label: field.label, href: hrefOfPage(opened.draft.id, page) };
  }
  return { label: pointer };
}
