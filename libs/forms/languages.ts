import type { Lang } from '../schema';
import type { Option } from './field';

/** Languages that people on this road speak and whose names the platform knows, as tags of BCP 47. */
const WELL_KNOWN = (
  'ak am ar az be bg bn bo cs da de el es et fa ff fi fr ha he hi hr hu hy id ig it ja ka kk km kn ko ku lg lo lt ' +
  'lv mk ml mn mr ms my nan ne nl no om or pa pl ps pt ro ru rw si sk sl sn so sq sr sv sw ta te th ti tl tr uk ' +
  'ur uz wo yo yue zh zu'
).split(' ');

/** Languages of Viet Nam's ethnic groups, and sign languages, whose names the platform does not know; codes of ISO 639-3. */
const OWN_NAMES: readonly ({ readonly tag: string } & { readonly [language in Lang]: string })[] = [
  { tag: 'tyz', en: 'Tày', vi: 'Tiếng Tày' },
  { tag: 'nut', en: 'Nung', vi: 'Tiếng Nùng' },
  { tag: 'blt', en: 'Tai Dam (Black Tai)', vi: 'Tiếng Thái Đen' },
  { tag: 'twh', en: 'Tai Dón (White Tai)', vi: 'Tiếng Thái Trắng' },
  { tag: 'mtq', en: 'Muong', vi: 'Tiếng Mường' },
  { tag: 'hmn', en: 'Hmong', vi: 'Tiếng Mông' },
  { tag: 'mww', en: 'Hmong Daw (White Hmong)', vi: 'Tiếng Mông Trắng' },
  { tag: 'hnj', en: 'Hmong Njua (Green Hmong)', vi: 'Tiếng Mông Xanh' },
  { tag: 'ium', en: 'Iu Mien (Dao)', vi: 'Tiếng Dao (Iu Miền)' },
  { tag: 'mji', en: 'Kim Mun (Dao)', vi: 'Tiếng Dao (Kìm Mùn)' },
  { tag: 'jra', en: 'Jarai', vi: 'Tiếng Gia Rai' },
  { tag: 'rad', en: 'Rade', vi: 'Tiếng Ê Đê' },
  { tag: 'bdq', en: 'Bahnar', vi: 'Tiếng Ba Na' },
  { tag: 'cjm', en: 'Eastern Cham', vi: 'Tiếng Chăm (miền Trung)' },
  { tag: 'cja', en: 'Western Cham', vi: 'Tiếng Chăm (miền Tây)' },
  { tag: 'kpm', en: 'Koho', vi: 'Tiếng Cơ Ho' },
  { tag: 'sed', en: 'Sedang', vi: 'Tiếng Xơ Đăng' },
  { tag: 'hre', en: 'Hre', vi: 'Tiếng Hrê' },
  { tag: 'rog', en: 'Northern Roglai', vi: 'Tiếng Ra Glai' },
  { tag: 'cmo', en: 'Central Mnong', vi: 'Tiếng Mnông' },
  { tag: 'tou', en: 'Tho', vi: 'Tiếng Thổ' },
  { tag: 'kjg', en: 'Khmu', vi: 'Tiếng Khơ Mú' },
  { tag: 'bru', en: 'Eastern Bru', vi: 'Tiếng Bru - Vân Kiều' },
  { tag: 'ktv', en: 'Eastern Katu', vi: 'Tiếng Cơ Tu' },
  { tag: 'tth', en: 'Upper Ta’oih', vi: 'Tiếng Tà Ôi' },
  { tag: 'jeh', en: 'Jeh', vi: 'Tiếng Giẻ Triêng' },
  { tag: 'cua', en: 'Cua', vi: 'Tiếng Co' },
  { tag: 'hni', en: 'Hani', vi: 'Tiếng Hà Nhì' },
  { tag: 'cje', en: 'Chru', vi: 'Tiếng Chu Ru' },
  { tag: 'lbt', en: 'Lachi', vi: 'Tiếng La Chí' },
  { tag: 'lhu', en: 'Lahu', vi: 'Tiếng La Hủ' },
  { tag: 'khb', en: 'Lü', vi: 'Tiếng Lự' },
  { tag: 'pha', en: 'Pa-Hng', vi: 'Tiếng Pà Thẻn' },
  { tag: 'sti', en: 'Bulo Stieng', vi: 'Tiếng Xtiêng' },
  { tag: 'mlc', en: 'Cao Lan', vi: 'Tiếng Cao Lan (Sán Chay)' },
  { tag: 'cma', en: 'Maa', vi: 'Tiếng Mạ' },
  { tag: 'crw', en: 'Chrau', vi: 'Tiếng Chơ Ro' },
  { tag: 'pcc', en: 'Bouyei', vi: 'Tiếng Giáy (Bố Y)' },
  { tag: 'zng', en: 'Mang', vi: 'Tiếng Mảng' },
  { tag: 'cnc', en: 'Côông', vi: 'Tiếng Cống' },
  { tag: 'slt', en: 'Sila', vi: 'Tiếng Si La' },
  { tag: 'laq', en: 'Qabiao', vi: 'Tiếng Pu Péo' },
  { tag: 'brb', en: 'Brao', vi: 'Tiếng Brâu' },
  { tag: 'tyh', en: 'O’du', vi: 'Tiếng Ơ Đu' },
  { tag: 'rmx', en: 'Romam', vi: 'Tiếng Rơ Măm' },
  { tag: 'scb', en: 'Chut', vi: 'Tiếng Chứt' },
  { tag: 'nty', en: 'Mantsi', vi: 'Tiếng Lô Lô' },
  { tag: 'lha', en: 'Laha', vi: 'Tiếng La Ha' },
  { tag: 'phu', en: 'Phuan', vi: 'Tiếng Phuan' },
  { tag: 'hab', en: 'Hanoi Sign Language', vi: 'Ngôn ngữ ký hiệu Hà Nội' },
  { tag: 'hos', en: 'Ho Chi Minh City Sign Language', vi: 'Ngôn ngữ ký hiệu Thành phố Hồ Chí Minh' },
  { tag: 'haf', en: 'Haiphong Sign Language', vi: 'Ngôn ngữ ký hiệu Hải Phòng' },
  { tag: 'bfi', en: 'British Sign Language', vi: 'Ngôn ngữ ký hiệu Anh' },
];

/** Undetermined, as ISO 639 calls it. */
const NOT_KNOWN = { tag: 'und', en: 'Not known', vi: 'Chưa rõ' };

/** What most people here speak comes first. */
const FIRST = ['vi', 'en'];

const lists = new Map<Lang, readonly Option[]>();

/** Languages with their names: Vietnamese and English, the others in the alphabet of the language, then not known. */
export function languageOptions(language: Lang): readonly Option[] {
  const known = lists.get(language);
  if (known) return known;
  const names = new Intl.DisplayNames([language], { type: 'language', languageDisplay: 'standard' });
  const named = (value: string): Option => ({ value, label: inTitleCase(names.of(value) as string, language) });
  const { compare } = new Intl.Collator(language);
  const others = [
    ...WELL_KNOWN.map(named),
    ...OWN_NAMES.map((own) => ({ value: own.tag, label: own[language] })),
  ].toSorted((a, b) => compare(a.label, b.label));
  const options = [...FIRST.map(named), ...others, { value: NOT_KNOWN.tag, label: NOT_KNOWN[language] }];
  lists.set(language, options);
  return options;
}

function inTitleCase(name: string, language: Lang): string {
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}
