import type { Language } from '../../../../libs/pages';
import { cityOf } from '../../../../libs/text';

/** Where officers of the partner countries work, and where they travel. */
const ZONES = [
  'Asia/Ho_Chi_Minh',
  'Europe/London',
  'Asia/Phnom_Penh',
  'Asia/Shanghai',
  'Australia/Sydney',
  'Europe/Berlin',
  'Europe/Paris',
];

/** Time zones to choose from, by the cities that people know them by; the chosen one is among them. */
export function zonesFor(chosen: string, language: Language) {
  const all = ZONES.includes(chosen) || chosen === '' ? ZONES : [...ZONES, chosen];
  return all.map((value) => ({ value, text: cityOf(value, language), selected: value === chosen }));
}
