import type { Self } from '../../../../libs/casework';
import type { Language, Translate } from '../../../../libs/pages';
import { labelOf, type DirectoryNode, type DirectoryUnit } from '../../../../libs/schema';
import { clockParts } from '../../../../libs/text';
import { isValidAt } from '../../../../libs/trust';
import { unitName } from '../shell/shell';

/** A unit of a partner, as somebody who chooses sees it. */
export interface UnitChoice {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  /** Why it cannot be chosen; undefined where it can. */
  readonly refused?: string | undefined;
}

export interface CountryChoice {
  readonly node: string;
  readonly name: string;
  readonly hint: string;
  readonly units: readonly UnitChoice[];
}

interface Wishes {
  readonly t: Translate;
  readonly language: Language;
  readonly now: Date;
  readonly ownZone: string;
  /** Partners that have not answered lately. */
  readonly silent: ReadonlySet<string>;
}

/** Languages that the officers of a partner read; where none is listed, English is what both sides share. */
const READS: Readonly<Record<string, readonly string[]>> = {
  vn: ['vi', 'en'],
  kh: ['km', 'en'],
  cn: ['zh', 'en'],
  'eu-de': ['de', 'en'],
};

/** Whom a referral can be sent to: the units of every partner in the directory in force that are not history. */
export function countriesOf(self: Self, wishes: Wishes): CountryChoice[] {
  return self
    .partners()
    .partnersOf(self.node)
    .map((node) => countryChoice(node, wishes))
    .filter(({ units }) => units.length > 0);
}

function countryChoice(node: DirectoryNode, wishes: Wishes): CountryChoice {
  const { t, language, now, ownZone, silent } = wishes;
  const { timezone, from, to } = node.workingHours;
  const own = clockParts(now, ownZone, language);
  const there = clockParts(now, timezone, language);
  const names = new Intl.DisplayNames([language], { type: 'language' });
  const languages = (READS[node.id] ?? ['en']).map((tag) => names.of(tag) ?? tag).join(', ');
  const hours = t('drafts:new.hours', { from, to, place: there.place });
  const clocks = t('drafts:new.clocks', { there: there.time, place: there.place, own: own.time, ownPlace: own.place });
  const health = t(silent.has(node.id) ? 'drafts:new.silent' : 'drafts:new.answers');
  return {
    node: node.id,
    name: t(`office:node.${node.id}`),
    hint: [health, hours, clocks, t('drafts:new.languages', { languages })].join(' '),
    units: node.units.filter(({ status }) => status === 'active').map((unit) => unitChoice(unit, wishes)),
  };
}

function unitChoice(unit: DirectoryUnit, { t, language, now }: Wishes): UnitChoice {
  return {
    id: unit.id,
    name: unitName(unit.id, language),
    hint: labelOf('unitClass', unit.class, language) ?? unit.class,
    refused: refusalOf(unit, now, t),
  };
}

/** Nobody can be written to who has come to an end or whose key cannot be used: nothing could be sealed for them. */
function refusalOf(unit: DirectoryUnit, now: Date, t: Translate): string | undefined {
  if (unit.notAfter !== undefined && new Date(unit.notAfter) <= now) return t('drafts:new.ended');
  const usable = unit.encryptionKeys.some((key) => key.status === 'active' && isValidAt(key, now));
  return usable ? undefined : t('drafts:new.noKey');
}
