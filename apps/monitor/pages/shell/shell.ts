import { join } from 'node:path';
import type { Request } from 'express';
import type { Language, Translate } from '../../../../libs/pages';
import { BaseShell, navigation, type SiteSettings } from '../../../../libs/web';
import { findOperator } from './page-access';

export interface ShellSettings extends Omit<SiteSettings, 'home'> {
  readonly node: string;
}

const MONITOR = join(__dirname, '..', '..');

/** Groups of pages, in the order of the navigation. */
const AREAS = [
  'overview',
  'messages',
  'recover',
  'queues',
  'partners',
  'keys',
  'alerts',
  'errors',
  'audit',
  'settings',
];

/** Draws pages of the monitor. */
export class Shell extends BaseShell {
  constructor(private readonly settings: ShellSettings) {
    super({ ...settings, home: MONITOR });
  }

  get node(): string {
    return this.settings.node;
  }

  protected more(request: Request, t: Translate, _language: Language): object {
    const operator = findOperator(request);
    const areas = AREAS.map((area) => ({ href: `/${area}`, text: t(`monitor:navigation.${area}`) }));
    return {
      node: t('monitor:name', { node: nodeName(this.settings.node, t) }),
      officer: operator && {
        id: operator.id,
        name: operator.name ?? operator.id,
        unit: operator.roles.map((role) => t(`monitor:role.${role}`)).join(', '),
        roles: operator.roles,
      },
      // Tables of many columns, on screens of people who watch machines.
      wide: true,
      navigation: operator && navigation(request, areas),
      footer: operator ? [{ href: '/runbooks', text: t('monitor:footer.runbooks') }] : [],
      partner: (id: string) => nodeName(id, t),
    };
  }
}

/** The country of a node for people; its id where the texts do not know it. */
export function nodeName(id: string, t: Translate): string {
  const key = `monitor:node.${id}`;
  const name = t(key);
  // A key that is not there comes back as it is, without its area.
  return name === `node.${id}` || name === key ? id : name;
}
