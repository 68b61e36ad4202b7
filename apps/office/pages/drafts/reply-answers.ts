import { readMessage, type Actor, type ReadPorts } from '../../../../libs/casework';
import type { Option } from '../../../../libs/forms';
import type { Language, Translate } from '../../../../libs/pages';
import { codeList, fieldRule, labelOf, type Purpose, type Rfi } from '../../../../libs/schema';

interface Wishes {
  readonly t: Translate;
  readonly language: Language;
  readonly reading: ReadPorts;
  readonly purpose: Purpose | undefined;
}

/** Answers that can only be picked because of what the case is: the parts that may be asked for, the questions that were asked. */
export async function answersFor(
  actor: Actor,
  document: { readonly header: Readonly<Record<string, unknown>> },
  { language, reading, purpose, t }: Wishes,
): Promise<{ readonly [key: string]: readonly Option[] }> {
  const { messageType, inReplyTo } = document.header;
  if (messageType === 'rfi') return { 'rfi/question.field': askable(purpose, language) };
  if (messageType !== 'rfi_response' || typeof inReplyTo !== 'string') return {};
  const request = await readMessage(actor, inReplyTo, reading);
  return request && 'rfi' in request ? { 'rfi-response/answer.question': asked(request, language, t) } : {};
}

/** What the purpose of the referral allows to ask for. */
function askable(purpose: Purpose | undefined, language: Language): Option[] {
  return codeList('fieldPath')!
    .entries.filter(({ code }) => purpose === undefined || fieldRule(code)?.cells[purpose] !== 'X')
    .map(({ code, label }) => ({ value: code, label: label[language] }));
}

function asked({ rfi }: Rfi, language: Language, t: Translate): Option[] {
  return rfi.questions.map(({ id, code, field, text }, index) => ({
    value: id,
    label: [
      t('drafts:reply.question', { number: index + 1 }),
      labelOf('questionCode', code, language),
      field && labelOf('fieldPath', field, language),
      text,
    ]
      .filter(Boolean)
      .join(' · '),
  }));
}
