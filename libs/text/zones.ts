/** A language of the pages and of what is printed. */
export type Language = 'en' | 'vi';

/**
 * The city by which officers know a time zone: the capital where the partner authorities sit, not always the city in the
 * zone's name. Hà Nội keeps its marks in English too.
 */
const CITIES: Readonly<Record<string, Record<Language, string>>> = {
  'Asia/Ho_Chi_Minh': { en: 'Hà Nội', vi: 'Hà Nội' },
  'Asia/Bangkok': { en: 'Bangkok', vi: 'Băng Cốc' },
  'Asia/Phnom_Penh': { en: 'Phnom Penh', vi: 'Phnôm Pênh' },
  'Asia/Shanghai': { en: 'Beijing', vi: 'Bắc Kinh' },
  'Asia/Vientiane': { en: 'Vientiane', vi: 'Viêng Chăn' },
  'Australia/Canberra': { en: 'Canberra', vi: 'Canberra' },
  'Australia/Sydney': { en: 'Sydney', vi: 'Sydney' },
  'Europe/Berlin': { en: 'Berlin', vi: 'Béc-lin' },
  'Europe/Brussels': { en: 'Brussels', vi: 'Brúc-xen' },
  'Europe/London': { en: 'London', vi: 'Luân Đôn' },
  'Europe/Paris': { en: 'Paris', vi: 'Pa-ri' },
};

/** The name of a time zone for people: a city of `CITIES`, or the last part of the IANA name ("Asia/Kathmandu": Kathmandu). */
export function cityOf(zone: string, language: Language): string {
  return CITIES[zone]?.[language] ?? zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');
}
