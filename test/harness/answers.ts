import { formOf, valuesOf, type FormTarget, type Values } from '../../libs/forms';
import type { MessageType, Purpose } from '../../libs/schema';
import type { Document } from './examples';
import { recordsOf } from './office-of-examples';

/** What an officer types on the pages of a message, by the names of the controls, so that the document comes out of it. */
export interface Answers {
  readonly document: Values;
  /** On the pages of the section about consent. */
  readonly ground: Values;
  readonly scopes: Values;
  readonly record: Values;
  readonly override: Values;
}

/** How a page says "none of these" of a list of codes. */
const NONE = '-';

/** @param timeZone of the office, whose clocks the officer reads */
export function answersOf(document: Document, timeZone: string): Answers {
  const { messageType, purpose } = document.header;
  const values = (target: FormTarget, value: unknown) =>
    value === undefined
      ? {}
      : valuesOf(
          formOf(target, { language: 'en', timeZone, ...(target === 'referral' && { purpose: purpose as Purpose }) }),
          value,
        );
  const { consent, override } = recordsOf(document);
  const { legalBasis, scopes } = (document['consent'] ?? {}) as {
    readonly legalBasis?: string;
    readonly scopes?: readonly string[];
  };
  const ground = consent ? 'consent' : override ? 'override' : 'not_sought';
  return {
    document: values(messageType as MessageType, document),
    ground: { ground, ...(legalBasis !== undefined && { legalBasis }) },
    scopes: { scopes: scopes && scopes.length > 0 ? scopes : [NONE] },
    record: values('consentRecord', consent),
    override: values('overrideRecord', override),
  };
}

/** The answers for the page of a draft, such as `/drafts/ID/consent/scopes`. */
export function answersFor(path: string, answers: Answers): Values {
  const [, , , section, page] = path.split(/[/?#]/);
  if (section !== 'consent') return answers.document;
  if (page === 'ground' || page === 'scopes' || page === 'override') return answers[page];
  return answers.record;
}
