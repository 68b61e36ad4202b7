import { isSpelt, spelling, type Word } from './scan-words';

/** Borne by so many people, and so seldom a given name, that the word names nobody by itself. */
const COMMONEST = 'Nguyễn, Trần, Lê, Phạm, Huỳnh, Phan, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Đinh, Trịnh, Trương';

/** Further family names of the Kinh majority, some of them also given names or names of peoples. */
const FURTHER =
  'Hoàng, Vũ, Dương, Lý, Lâm, Mai, Cao, Đào, Đoàn, Lưu, Hà, Tạ, Tô, Vương, Chu, Châu, Thái, Tăng, Quách, Kiều, Phùng, ' +
  'Đàm, Lương, Triệu, Tống, Hứa, Thạch, Sơn, La, Ma, Kim, Mạc';

/** Of the Tày, Thái, Nùng, Hmông, Dao and Mường. */
const UPLAND =
  'Nông, Bế, Hầu, Lò, Lường, Quàng, Cầm, Vi, Giàng, Sùng, Thào, Vàng, Vừ, Lầu, Hạng, Lù, Tráng, Phàn, Tẩn, Chảo, Bàn';

/** Without its diacritics each is a word of English or of another name. It then counts only before a usual middle name. */
const ALSO_ENGLISH = 'do, to, la, ma, son, ha, lo, lu, thai, dam, mac, ban, be, vi, hang, hau, vang, cam';

/** Middle names by which a Vietnamese name is known. */
const MIDDLE =
  'Văn, Thị, Đức, Hữu, Ngọc, Minh, Thanh, Xuân, Quang, Hoàng, Kim, Thu, Hồng, Đình, Công, Bá, Gia, Thùy, Phương';

/** Stands before a Vietnamese name in any case but all capitals. */
const VIETNAMESE_TITLES = 'ông, bà, anh, chị, em, cô, chú, bác, cậu, cháu, bé, dì, cụ, thím, mợ';
/** The titles that stay titles without diacritics; "ba", "co", "be", "di", "cu" and "cau" are other words. */
const UNMARKED_TITLES = 'ong, anh, chi, em, chu, bac, chau';
const ENGLISH_TITLES = 'mr, mrs, ms, mx, dr, prof, miss';

/** Words that begin a sentence or a phrase, and are no given name before a family name. */
const NO_GIVEN_NAME =
  'the, a, in, on, at, to, from, with, by, for, and, or, of, he, she, they, her, his, their, this, that, when, after, before, ' +
  'if, is, was, but, as, family, surname, name, case, both, some, many, họ, ho, của, va, và, với, gặp, tên, phố, đường, quận';

const list = (names: string) => names.split(', ');
const byFolded = (names: string) => Map.groupBy(list(names).map(spelling), ({ folded }) => folded);
const exact = (names: string) => new Set(list(names));

const FAMILY = byFolded([COMMONEST, FURTHER, UPLAND].join(', '));
const COMMON_FAMILY = byFolded(COMMONEST);
const AMBIGUOUS = exact(ALSO_ENGLISH);
const MARKERS = byFolded('Văn, Thị');
const MIDDLE_NAMES = byFolded(MIDDLE);
const LOCAL_TITLES = exact(`${VIETNAMESE_TITLES}, ${UNMARKED_TITLES}`);
const FOREIGN_TITLES = exact(ENGLISH_TITLES);
const OPENERS = exact(NO_GIVEN_NAME);

const isListed = (names: ReturnType<typeof byFolded>, word: Word) =>
  (names.get(word.folded) ?? []).some((listed) => isSpelt(word, listed));

/** What a word can be to a name. Words are compared with their diacritics, or as a whole without. */
export const isFamilyName = (word: Word): boolean => isListed(FAMILY, word);
export const isCommonFamilyName = (word: Word): boolean => isListed(COMMON_FAMILY, word);
export const needsMiddleName = (word: Word): boolean => AMBIGUOUS.has(word.text);
export const isMiddleName = (word: Word): boolean => MIDDLE_NAMES.has(word.folded);
export const opensPhrase = (word: Word): boolean => OPENERS.has(word.text);

/**
 * Văn or Thị after a family name: the two together name somebody even in lower case. A family name with diacritics needs
 * them here too: "đoàn thi đấu" is a delegation, and "do thị trường" is the market's fault.
 */
export function isMarkerAfter(family: Word, word: Word): boolean {
  if (!isListed(MARKERS, word) || !isCommonFamilyName(family)) return false;
  return isMarked(family) ? isMarked(word) : family.capital || !needsMiddleName(family);
}

const isMarked = ({ text, folded: plain }: Word) => text !== plain;

/** A title before a Vietnamese name. In a text of capitals "ANH" is as often "you" or the country. */
export const isLocalTitle = (word: Word): boolean => LOCAL_TITLES.has(word.text) && !word.shouted;
/** "miss" in lower case is a verb. */
export const isForeignTitle = (word: Word): boolean =>
  FOREIGN_TITLES.has(word.text) && (word.capital || word.text !== 'miss');

/** False for a word of a name that half a country shares, or that is an everyday form of address. */
export function tellsWho(word: Word): boolean {
  const everyday = COMMON_FAMILY.has(word.folded) || MARKERS.has(word.folded) || LOCAL_TITLES.has(word.text);
  return word.text.length > 1 && !everyday;
}
