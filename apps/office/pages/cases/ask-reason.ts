import type { Request, Response } from 'express';
import { ACCESS_REASONS, type AccessReason } from '../../../../libs/caseload';
import type { Shell } from '../shell/shell';

/** What was wrong with the reason that came, and what there was of it. */
interface Asked {
  /** Where the officer was going. */
  readonly back: string;
  readonly wrong?: 'code' | 'text';
  readonly code?: AccessReason | undefined;
  readonly text?: string;
}

/** Asks an officer why they open the case of a colleague. */
export function askReason(
  shell: Shell,
  id: string,
  request: Request,
  response: Response,
  { back, wrong, code, text }: Asked,
): void {
  const t = shell.translator(request);
  shell.show(request, response, 'cases/reason.njk', {
    title: t('case:reason.title'),
    id,
    return: back,
    text,
    reasons: ACCESS_REASONS.map((value) => ({
      value,
      text: t(`case:access.reason.${value}`),
      checked: value === code,
    })),
    errors: wrong ? [{ text: t(`case:reason.missing.${wrong}`), href: `#${wrong}` }] : [],
    wrong,
  });
}
