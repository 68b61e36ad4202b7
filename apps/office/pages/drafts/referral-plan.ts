import { formOf, questionsOf, sectionsOf, type FormTarget, type Option, type Page } from '../../../../libs/forms';
import type { Language, Translate } from '../../../../libs/pages';
import type { ConsentTie } from '../../../../libs/protection';
import { codeList, labelOf } from '../../../../libs/schema';
import {
  DOCUMENT,
  groundLens,
  groundOf,
  GROUNDS,
  OVERRIDE,
  recordLens,
  scopesLens,
  type FirstRecord,
  type Written,
} from './lens';
import { choiceField, type DraftPage, type DraftSection } from './plan';

/** For whom the questions are asked. */
export interface PlanChoice {
  readonly t: Translate;
  readonly language: Language;
  readonly timeZone: string;
  readonly units: readonly Option[];
  /** Answers that can be picked for some fields, by field key. */
  readonly answers?: { readonly [key: string]: readonly Option[] };
  readonly tie: ConsentTie;
  readonly first: FirstRecord;
  /** True unless the person is known to be of age. */
  readonly child: boolean;
  readonly now: () => Date;
}

/** The task list of a referral, with what its answers so far make it ask. Sections that ask nothing are left out. */
export function referralSections(written: Written, choice: PlanChoice): DraftSection[] {
  const { tie, language } = choice;
  return sectionsOf(tie.purpose, language)
    .map(({ id, title, pages }) => ({ id, title, pages: pages.flatMap((page) => pagesFor(id, page, written, choice)) }))
    .filter(({ pages }) => pages.length > 0);
}

function pagesFor(section: string, page: Page, written: Written, choice: PlanChoice): DraftPage[] {
  // The consent of a message follows from records that never leave; those are what people answer.
  if (page.paths.includes('consent')) return consentPages(section, written, choice);
  const { id, title } = page;
  const fields = questionsOf(page, written.document, { ...choice, purpose: choice.tie.purpose });
  if (fields.length === 0) return [];
  const kind = page.paths.includes('attachments') ? 'files' : 'questions';
  return [{ section, id, title, fields, lens: DOCUMENT, at: '', kind }];
}

/** Consent is asked step by step; the other grounds have pages of their own. */
function consentPages(section: string, written: Written, choice: PlanChoice): DraftPage[] {
  const { tie, first, now, t } = choice;
  const ground = groundOf(written);
  const title = (id: string) => t(`drafts:consent.title.${id}`);
  const page = (id: string, more: Pick<DraftPage, 'fields' | 'lens' | 'kind' | 'at'>): DraftPage => ({
    section,
    id,
    title: title(id),
    ...more,
  });
  const form = (target: FormTarget, paths: readonly string[]) => formOf(target, { ...choice, paths });
  const asked = page('ground', {
    fields: [groundField(choice), ...(ground === 'not_sought' ? [legalBasisField(choice)] : [])],
    lens: groundLens(tie, first, now),
    kind: 'ground',
    at: '',
  });
  const record = (id: string, paths: readonly string[], kind: DraftPage['kind'] = 'questions') =>
    page(id, { fields: form('consentRecord', paths), lens: recordLens(tie), kind, at: '/consentRecord' });
  if (ground === 'override') {
    const fields = form('overrideRecord', ['basis', 'reason', 'decidedAt', 'expiresAt', 'personToldWhen']);
    return [asked, page('override', { fields, lens: OVERRIDE, kind: 'questions', at: '/overrideRecord' })];
  }
  if (ground !== 'consent') return [asked];
  return [
    asked,
    record('how', ['explainedBy', 'language', 'interpreterUsed', 'takenAt', 'takenByUnit', 'formVersion']),
    record('points', ['questions']),
    page('scopes', { fields: [scopesField(choice)], lens: scopesLens(tie), kind: 'scopes', at: '' }),
    ...(choice.child ? [record('child', ['assent', 'guardianConsent'])] : []),
    record('term', ['status', 'expiresAt', 'wayToWithdraw']),
    record('form', ['formSha256'], 'signed_form'),
  ];
}

function groundField({ t }: PlanChoice) {
  const options = GROUNDS.map((value) => ({
    value,
    label: t(`drafts:consent.ground.${value}`),
    hint: t(`drafts:consent.ground.${value}_hint`),
  }));
  return choiceField({
    path: 'ground',
    label: t('drafts:consent.ground.label'),
    asked: t('drafts:consent.asked.ground'),
    options,
  });
}

function legalBasisField({ t, language }: PlanChoice) {
  const options = codesOf('legalBasis', language).filter(({ value }) => value !== 'consent');
  return choiceField({
    path: 'legalBasis',
    label: t('drafts:consent.legalBasis'),
    asked: t('drafts:consent.asked.legalBasis'),
    options,
  });
}

/** Every yes in plain words: what it opens, and to whom. */
function scopesField({ t, language, tie }: PlanChoice) {
  const options = codesOf('consentScope', language).map((option) => ({
    ...option,
    hint: t(`drafts:consent.scope.${option.value}`),
  }));
  const unitClass = labelOf('unitClass', tie.unitClass, language) ?? tie.unitClass;
  const purpose = labelOf('purpose', tie.purpose, language) ?? tie.purpose;
  const label = t('drafts:consent.scopesFor', { country: t(`office:node.${tie.node}`), unitClass, purpose });
  return choiceField({
    path: 'scopes',
    label,
    asked: t('drafts:consent.asked.scopes'),
    options,
    kind: 'choices',
    none: true,
  });
}

const codesOf = (list: string, language: Language): Option[] =>
  codeList(list)!.entries.map(({ code, label }) => ({ value: code, label: label[language] }));
