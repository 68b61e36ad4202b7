import type { Request, Response } from 'express';
import { asTraoError, type TraoError } from '../../../../libs/errors';
import type { Translate } from '../../../../libs/pages';
import { saveSession } from '../../../../libs/sign-in';

/** What is wrong with a form of one reason, for its summary and its field. */
export interface ReasonFault {
  readonly text: string;
  readonly href: string;
  readonly typed: string;
}

/** A text field of a form; what is no text is empty. */
export function typedIn(request: Request, name: string): string {
  const value = (request.body as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'string' ? value.slice(0, 1_000) : '';
}

/**
 * Does what a form with a reason asks for.
 * @returns undefined when it is done, else what is wrong with the reason
 * @throws TraoError everything that another reason would not mend
 */
export async function actWithReason(
  request: Request,
  t: Translate,
  field: string,
  act: (reason: string) => Promise<void>,
): Promise<ReasonFault | undefined> {
  const typed = typedIn(request, 'reason');
  try {
    await act(typed);
    return undefined;
  } catch (error) {
    const rule = reasonRule(asTraoError(error));
    if (rule === undefined) throw error;
    return { text: t(`queues:reason.${rule}`), href: `#${field}`, typed };
  }
}

/** What is wrong with the reason, where the reason is what is wrong. */
const reasonRule = ({ code, faults }: TraoError): string | undefined =>
  code === 'bad_request' ? faults.find(({ pointer }) => pointer === '/reason')?.code : undefined;

/** Says on the next page that it is done. */
export async function done(request: Request, response: Response, notice: string, to: string): Promise<void> {
  request.session.notice = notice;
  // A browser follows a redirect as soon as its head has come: by then the notice has to be there.
  await saveSession(request);
  response.redirect(303, to);
}
