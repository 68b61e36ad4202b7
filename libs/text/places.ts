import { areAbbreviated, areJoined, isSpelt, spelling, type Word } from './scan-words';

/**
 * Names of places that look like names of people, or hold a word that does. Provinces and cities of Viet Nam since July 2025,
 * then those before, which papers go on to name; then other places that cases name often. The scan of a text passes over
 * them, except where a family name before makes a name of a person of them.
 */
const PLACES = `
  Hà Nội, Huế, Hải Phòng, Đà Nẵng, Cần Thơ, Lai Châu, Điện Biên, Sơn La, Lạng Sơn, Quảng Ninh, Thanh Hóa, Nghệ An, Hà Tĩnh,
  Cao Bằng, Tuyên Quang, Lào Cai, Thái Nguyên, Phú Thọ, Bắc Ninh, Hưng Yên, Ninh Bình, Quảng Trị, Quảng Ngãi, Gia Lai,
  Khánh Hòa, Lâm Đồng, Đắk Lắk, Đồng Nai, Tây Ninh, Vĩnh Long, Đồng Tháp, Cà Mau, An Giang,
  Hà Giang, Hà Nam, Hà Tây, Bắc Kạn, Yên Bái, Bắc Giang, Hòa Bình, Vĩnh Phúc, Hải Dương, Thái Bình, Nam Định, Quảng Bình,
  Quảng Nam, Kon Tum, Bình Định, Phú Yên, Đắk Nông, Ninh Thuận, Bình Thuận, Bình Phước, Bình Dương, Bà Rịa, Vũng Tàu,
  Long An, Tiền Giang, Bến Tre, Trà Vinh, Hậu Giang, Kiên Giang, Sóc Trăng, Bạc Liêu, Sài Gòn, Tây Nguyên, Hạ Long,
  Hà Tiên, Lý Sơn, Cô Tô, Hoàng Sa, Trường Sa, Phú Quốc, Móng Cái, Mộc Bài, Việt Nam, Vietnam,
  Thái Lan, Thái Bình Dương, Hà Lan, Ba Lan, Phần Lan, Trung Quốc, Đài Loan, Hồng Kông, Hàn Quốc, Nhật Bản, Ấn Độ,
  Vương quốc Anh, Anh Quốc, Bắc Ireland, Châu Á, Châu Âu, Châu Phi, Châu Mỹ, Châu Úc, Hoa Kỳ, Campuchia, Phnôm Pênh,
  London, Manchester, Birmingham, Liverpool, Leeds, Bristol, Cardiff, Glasgow, Edinburgh, Belfast, Dover, Heathrow,
  United Kingdom, Great Britain, Northern Ireland, New Zealand, Hong Kong, Ha Noi, Phnom Penh, Sihanoukville,
  Paris, Berlin, Warsaw, Prague, Le Havre, La Rochelle, DR Congo
`;

type Phrase = readonly Pick<Word, 'folded' | 'letters'>[];

/** The phrases by their first word without diacritics, the longest first. */
const BY_FIRST_WORD = Map.groupBy(
  phrases(PLACES).toSorted((a, b) => b.length - a.length),
  (words) => words[0]!.folded,
);

const HO_CHI_MINH = phraseOf('Hồ Chí Minh');
const LEADS = [phraseOf('thành phố'), phraseOf('TP')];
const CITY = phraseOf('City');

/**
 * How many words, from `words[at]` on, are the name of a place; 0 when none is.
 * "Hồ Chí Minh" counts as the city only after "thành phố" or "TP", or before "City": alone it has the form of a person's
 * name, and a needless warning costs less than a name that slips through.
 */
export function placeAt(text: string, words: readonly Word[], at: number): number {
  if (isAt(text, words, at, HO_CHI_MINH)) return isCity(text, words, at) ? HO_CHI_MINH.length : 0;
  const candidates = BY_FIRST_WORD.get(words[at]!.folded) ?? [];
  return candidates.find((phrase) => words[at]!.capital && isAt(text, words, at, phrase))?.length ?? 0;
}

function isCity(text: string, words: readonly Word[], at: number): boolean {
  const after = at + HO_CHI_MINH.length;
  if (isAt(text, words, after, CITY) && areJoined(text, words[after - 1], words[after])) return true;
  const led = areAbbreviated(text, words[at - 1], words[at]);
  return led && LEADS.some((lead) => isAt(text, words, at - lead.length, lead));
}

function isAt(text: string, words: readonly Word[], at: number, phrase: Phrase): boolean {
  return phrase.every((listed, index) => {
    const word = words[at + index];
    return word && isSpelt(word, listed) && (index === 0 || areJoined(text, words[at + index - 1], word));
  });
}

function phrases(list: string): Phrase[] {
  return list.split(',').map(phraseOf);
}

function phraseOf(name: string): Phrase {
  return name.trim().split(' ').map(spelling);
}
