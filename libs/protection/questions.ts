import { faultAt, type Fault } from '../errors';
import { factsOf, type CaseState } from '../lifecycle';
import { fieldRule, type Rfi, type RfiResponse } from '../schema';
import type { Disclosure } from './disclosure';

/** Faults of a request that asks for what its purpose forbids, and of an answer to what was not asked. */
export function questionFaults({ message, state, side }: Disclosure): Fault[] {
  if ('rfi' in message) return [...fieldFaults(message), ...twiceFaults(idsAsked(message), '/rfi/questions', 'id')];
  if (!('rfiResponse' in message)) return [];
  const answered = message.rfiResponse.answers.map(({ question }) => question);
  const asked = questionsOf(message, state, side);
  return [
    ...answered.flatMap((id, i) =>
      asked.includes(id) ? [] : [faultAt(`/rfiResponse/answers/${i}/question`, 'question_not_asked')],
    ),
    ...twiceFaults(answered, '/rfiResponse/answers', 'question'),
  ];
}

const idsAsked = ({ rfi }: Rfi) => rfi.questions.map(({ id }) => id);

function fieldFaults({ header, rfi }: Rfi): Fault[] {
  return rfi.questions.flatMap(({ field }, i) =>
    field !== undefined && fieldRule(field)?.cells[header.purpose] === 'X'
      ? [faultAt(`/rfi/questions/${i}/field`, 'not_allowed_for_purpose')]
      : [],
  );
}

/** The ids of the questions in the other side's request that the response names; none when there is no such request. */
function questionsOf(
  { header }: RfiResponse,
  state: CaseState | undefined,
  side: Disclosure['side'],
): readonly string[] {
  const request = state?.history.find(({ step }) => step.id === header.inReplyTo && step.by !== side);
  return factsOf('rfi', request?.step)?.questions ?? [];
}

function twiceFaults(ids: readonly string[], list: string, member: string): Fault[] {
  return ids.flatMap((id, i) => (ids.indexOf(id) < i ? [faultAt(`${list}/${i}/${member}`, 'question_twice')] : []));
}
