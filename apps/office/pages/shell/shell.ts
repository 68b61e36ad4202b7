import { join } from 'node:path';
import type { Request } from 'express';
import type { Language, Translate } from '../../../../libs/pages';
import { labelOf } from '../../../../libs/schema';
import { clockParts, formatDate } from '../../../../libs/text';
import { BaseShell, holdsOne, navigation, type SiteSettings } from '../../../../libs/web';
import { findVisitor, READERS, WRITERS } from './page-access';

export interface ShellSettings extends Omit<SiteSettings, 'home'> {
  readonly node: string;
  /** How people call an officer of this office, by the id of their entry. */
  readonly nameOf: (officer: string) => string;
}

const OFFICE = join(__dirname, '..', '..');

/** Draws pages of the office. */
export class Shell extends BaseShell {
  constructor(private readonly settings: ShellSettings) {
    super({ ...settings, home: OFFICE });
  }

  nameOf = (officer: string): string => this.settings.nameOf(officer);

  /** The time of day in the office's zone. */
  time(instant: Date): string {
    return clockParts(instant, this.timeZone, 'en').time;
  }

  /** A month of the calendar, YYYY-MM, as people write it. */
  month(month: string): string {
    return formatDate(month);
  }

  protected more(request: Request, t: Translate, language: Language): object {
    const officer = findVisitor(request);
    return {
      node: t(`office:node.${this.settings.node}`),
      officer: officer && {
        id: officer.id,
        name: officer.name ?? officer.id,
        unit: unitName(officer.unit, language),
        roles: officer.roles,
      },
      navigation: officer && navigationOf(request, t, officer.roles),
      footer: [
        { href: '/help', text: t('pages:footer.help') },
        { href: '/help/terms', text: t('pages:footer.terms') },
        { href: '/help/accessibility', text: t('pages:footer.accessibility') },
        { href: '/help/privacy', text: t('pages:footer.privacy') },
      ],
      unit: (id: string) => unitName(id, language),
      label: (list: string, code: string) => labelOf(list, code, language) ?? code,
    };
  }
}

/** The name of a unit for people; its id where the list does not know it. */
export function unitName(id: string, language: Language): string {
  return labelOf('units', id, language) ?? id;
}

function navigationOf(request: Request, t: Translate, roles: readonly string[]) {
  const [reads, writes] = [holdsOne({ roles }, READERS), holdsOne({ roles }, WRITERS)];
  const item = (href: string, key: string) => ({ href, text: t(`office:navigation.${key}`) });
  return navigation(request, [
    ...(reads ? [item('/work', 'work'), item('/cases', 'cases')] : []),
    ...(writes ? [item('/new', 'new')] : []),
    ...(roles.includes('statistics_officer') || reads ? [item('/statistics', 'statistics')] : []),
    ...(roles.includes('auditor') || roles.includes('dpo') ? [item('/access', 'access')] : []),
    item('/settings', 'settings'),
  ]);
}
