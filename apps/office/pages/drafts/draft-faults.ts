import type { ShownDraft } from '../../../../libs/casework';
import { asTraoError, type Fault, type RuleCode } from '../../../../libs/errors';
import { faultsByField } from '../../../../libs/forms';
import { assertConsentRecord, assertOverrideRecord } from '../../../../libs/schema';
import { groundOf } from './lens';
import { hrefOfPage, pagesOf, type DraftPage } from './plan';
import type { OpenedDraft } from './draft-desk';

/** A fault with the page on which it can be mended; without one where none can. */
export interface PlacedFault {
  readonly fault: Fault;
  readonly page?: DraftPage | undefined;
  readonly text: string;
  readonly href?: string | undefined;
}

/** Agreement that is missing is no fault of what was written: it is asked for on a page of its own. */
const AGREEMENT: ReadonlySet<RuleCode> = new Set([
  'approval_missing',
  'cosigner_missing',
  'approver_is_drafter',
  'approval_of_other_version',
  'wrong_approver_role',
]);

const isAgreement = ({ code }: Fault): boolean => AGREEMENT.has(code);
const isUndecided = ({ code }: Fault): boolean => code === 'narrative_undecided';

/** Everything that stands in the way of a draft but agreement and undecided texts, each at the page on which it can be mended. */
export function placedFaults(opened: OpenedDraft): PlacedFault[] {
  const { draft } = opened;
  const own = recordFaults(opened);
  const others = draft.faults.filter((fault) => !isAgreement(fault) && !isUndecided(fault) && !isTwice(fault, own));
  const placed = [...own, ...others].map((fault) => placedFault(fault, opened));
  const pages = pagesOf(opened.sections);
  const order = ({ page }: PlacedFault) => (page ? pages.indexOf(page) : -1);
  return [...new Map(placed.map((one) => [`${one.href} ${one.text}`, one])).values()].toSorted(
    (a, b) => order(a) - order(b),
  );
}

/** Faults of records that are still being written: a draft shows those of its document first. */
function recordFaults({ written }: OpenedDraft): Fault[] {
  const { record, override } = written;
  return [
    ...(record === undefined ? [] : faultsOf('/consentRecord', () => assertConsentRecord(record))),
    ...(override === undefined ? [] : faultsOf('/overrideRecord', () => assertOverrideRecord(override))),
  ];
}

function faultsOf(place: string, check: () => void): Fault[] {
  try {
    check();
    return [];
  } catch (error) {
    return asTraoError(error).faults.map((fault) => ({ ...fault, pointer: place + fault.pointer }));
  }
}

/** The consent of a message says nothing that its record does not say: one sentence is enough. */
function isTwice({ pointer, code }: Fault, own: readonly Fault[]): boolean {
  if (own.some((fault) => fault.pointer === pointer)) return true;
  const [, member, name] = pointer.split('/');
  if (member !== 'consent') return false;
  const schema = code === 'required_in_case' || code === 'required' || code === 'wrong_form' || code === 'wrong_format';
  return schema && name !== undefined && name !== 'legalBasis' && own.length > 0;
}

function placedFault(missing: Fault, opened: OpenedDraft): PlacedFault {
  const pages = pagesOf(opened.sections);
  const fault = { ...missing, pointer: firstAsked(missing, pages) };
  const { draft, language } = opened;
  for (const page of pages) {
    const shown = atPage(fault, page, opened);
    if (shown?.href !== undefined)
      return { fault, page, text: shown.text, href: hrefOfPage(draft.id, page) + shown.href };
  }
  const page = pages.find((one) => isFor(fault, one)) ?? pages.find((one) => isAbout(fault, one));
  const text = language === 'vi' ? fault.ruleVi : fault.rule;
  const [elsewhere] = faultsByField([], [fault], language).all;
  return { fault, page, text: elsewhere?.text ?? text, href: page && hrefOfPage(draft.id, page) };
}

/** Where something is missing as a whole, the first of its questions that has to be answered stands for it. */
function firstAsked({ pointer }: Fault, pages: readonly DraftPage[]): string {
  if (pointer === '') return pointer;
  const inside = pages
    .filter(({ at }) => at === '')
    .flatMap(({ fields }) => fields)
    .filter((field) => field.pointer.startsWith(`${pointer}/`));
  return (inside.find(({ obligation }) => obligation === 'mandatory') ?? inside[0])?.pointer ?? pointer;
}

/** The fault as a page shows it; undefined when it is none of its questions. */
function atPage(fault: Fault, page: DraftPage, { language, written }: OpenedDraft) {
  const pointer = pointerAt(fault.pointer, page, groundOf(written));
  if (pointer === undefined) return undefined;
  return faultsByField(page.fields, [{ ...fault, pointer }], language).all.find(({ href }) => href !== undefined);
}

/** The faults of a page, with pointers into what its lens shows. */
export function faultsOfPage(page: DraftPage, opened: OpenedDraft, faults: readonly PlacedFault[]): Fault[] {
  return faults
    .filter((placed) => placed.page === page)
    .map(({ fault }) => ({
      ...fault,
      pointer: pointerAt(fault.pointer, page, groundOf(opened.written)) ?? fault.pointer,
    }));
}

/** Where a fault stands in what a page asks about. */
function pointerAt(pointer: string, { at, kind }: DraftPage, ground: string | undefined): string | undefined {
  if (kind === 'ground') {
    if (pointer === '/consent' && ground === undefined) return '/ground';
    return pointer === '/consent/legalBasis' && ground === 'not_sought' ? '/legalBasis' : undefined;
  }
  if (kind === 'scopes') return SCOPES.test(pointer) ? '/scopes' : undefined;
  if (at !== '') return pointer.startsWith(`${at}/`) ? pointer.slice(at.length) : undefined;
  return RECORDS.test(pointer) ? undefined : pointer;
}

const SCOPES = /^\/consent\/scopes\b|^\/consentRecord\/grants\b/;
const RECORDS = /^\/(?:consentRecord|overrideRecord)\b/;

/** Faults that name the consent and mean what a child needs, or the decision instead of it. */
const isFor = ({ code, pointer }: Fault, { section, id }: DraftPage): boolean =>
  section === 'consent' &&
  pointer.startsWith('/consent') &&
  ((id === 'child' && /^(assent|guardian)_/.test(code)) || (id === 'override' && code.startsWith('override_')));

/** Faults of the consent as a whole belong to the page on which it is chosen. */
const isAbout = ({ pointer }: Fault, { kind }: DraftPage): boolean =>
  kind === 'ground' && (pointer === '/consent' || pointer.startsWith('/consent/'));

/** What is agreed to may leave once nothing else stands in its way. */
export const isWhole = (draft: ShownDraft): boolean =>
  draft.faults.every((fault) => isAgreement(fault) || isUndecided(fault));
