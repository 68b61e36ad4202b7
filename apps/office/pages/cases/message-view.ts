import type { Request } from 'express';
import { formOf, shownAnswers, type ShownAnswer } from '../../../../libs/forms';
import type { Message } from '../../../../libs/schema';
import { unitName, type Shell } from '../shell/shell';

/** Parts of a message in the order in which they are read; what belongs to none of them comes at the end. */
const PARTS: readonly (readonly [string, readonly string[]])[] = [
  ['urgent', ['alert', 'risk']],
  ['person', ['identityMode', 'person', 'guardian', 'bestInterests']],
  ['safety', ['location', 'safeContact', 'familyContact', 'consularContact']],
  ['consent', ['consent']],
  ['happened', ['identification', 'exploitation', 'evaluation', 'police']],
  ['others', ['trace']],
  ['needs', ['needs', 'health']],
  ['journey', ['return', 'plan']],
  ['questions', ['questions']],
  ['files', ['attachments']],
  ['handling', ['handling']],
  ['contact', ['contact']],
];

export interface MessagePart {
  readonly key: string;
  readonly answers: readonly ShownAnswer[];
}

/** What a message says, in words, part by part. */
export function messageParts(message: Message, shell: Shell, request: Request): MessagePart[] {
  const language = shell.language(request);
  const { messageType } = message.header;
  // Nothing that came may be hidden because the purpose would not ask for it: the form of all purposes reads it.
  const fields = formOf(messageType, { language, timeZone: shell.timeZone });
  const answers = shownAnswers(fields, message, { language, unit: (id) => unitName(id, language) });
  const rest = answers.filter(({ path }) => !PARTS.some(([, paths]) => paths.includes(topOf(path))));
  const known = PARTS.map(([key, paths]) => ({
    key,
    answers: answers.filter(({ path }) => paths.includes(topOf(path))),
  }));
  return [...(rest.length > 0 ? [{ key: 'body', answers: rest }] : []), ...known].filter(
    (part) => part.answers.length > 0,
  );
}

const topOf = (path: string) => path.split('.')[0]!;
