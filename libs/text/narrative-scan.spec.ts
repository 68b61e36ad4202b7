import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { FINDING_KINDS, scanText, type Finding } from '.';

/** What must be found stands in the text as `{kind|piece}`. */
const MARKED = /\{(\w+)\|([^}]*)\}/g;

const textOf = (marked: string) => marked.replaceAll(MARKED, '$2');

function findingsOf(marked: string): unknown[] {
  let markup = 0;
  return Array.from(marked.matchAll(MARKED), ({ index, 0: whole, 1: kind, 2: piece }) => {
    const start = index - markup;
    markup += whole.length - piece!.length;
    return { start, end: start + piece!.length, kind };
  });
}

const scanned = (marked: string, names: readonly string[] = []) => scanText(textOf(marked), { names });

describe('telephone numbers', () => {
  it.each([
    'Gọi {phone|0912345678} sau 18 giờ.',
    'Số: {phone|0912 345 678}',
    'Số: {phone|0912.345.678}, hoặc {phone|0387-654-321}.',
    'sđt{phone|0912345678}',
    'ĐT cố định ({phone|024) 3825 5555}',
    'Máy bàn {phone|028 3829 1234} (giờ hành chính)',
    'Chị ấy gọi {phone|+84 912 345 678} mỗi tối',
    'Chị ấy gọi {phone|+84 (0) 912 345 678} mỗi tối',
    'viết liền {phone|+84912345678} {phone|0987654321}',
    'không dấu cộng {phone|84 912 345 678}, {phone|84912345678}',
    '{phone|0084912345678}',
    'Her number was {phone|07700 900123} then.',
    'London line {phone|020 7946 0958} and {phone|+44 20 7946 0958}',
    'mobile {phone|+44 (0)7700 900 123}.',
    'Leeds {phone|0113 496 0999}, freephone {phone|0808 157 0192}',
    '{phone|01632 960123}/{phone|01632 960124}',
    '{phone|0912 – 345 – 678}',
    'ở Phnôm Pênh: {phone|012 345 678}, {phone|+855 12 345 678}',
    'WeChat {phone|138 1234 5678}',
    'số 5 {phone|0912345678}',
    'ngày 01-02-2026 {phone|0912345678}',
    '2026-01-02 {phone|0912345678}',
    '30.000.000 {phone|0912345678}',
    '({phone|+84912345678})',
    'gọi + 84: {phone|+ 84 912 345 678}',
    'toàn rộng {phone|０９１２３４５６７８}',
    'giá 0912345 nhưng {phone|0912345000} đồng ý',
  ])('%s', (marked) => {
    expect(scanned(marked)).toEqual(findingsOf(marked));
  });

  it.each([
    'Ngày 12/03/2026, 07:30.',
    'từ 01-02-2026 đến 15.12.2026',
    'on 2026-11-23 and 01 02 2026 09 15',
    'nợ 30,000,000 đồng',
    'nợ 12.000.000 VND, trả 3 000 000',
    'debt of £84.000.000.000 and GBP 44.712.345.678',
    'khoảng 84.912.345.678 đồng; 84912345678 đ',
    'vay 300000000 đồng, lãi 500000000',
    'vay 350000001 đồng',
    '13812345678 yuan',
    'năm 2019-2023, 2024 2025',
    'mã hồ sơ 2026/000117, trang 0012345',
    '+123, +0 12345678',
    'số 012345, 01234567',
    '0,5; 0.25; 1.800.000.000',
    '12345678901234567890 1234567890123456',
    'từ 31.02.26 tới 7-8 giờ',
  ])('none: %s', (text) => {
    expect(scanText(text)).toEqual([]);
  });
});

describe('documents', () => {
  it.each([
    'Hộ chiếu {document_number|B1234567} cấp năm 2019',
    'hộ chiếu số {document_number|C 1234567}.',
    'passport {document_number|P00001234}, {document_number|EA1234567}',
    'passport {document_number|c1234567}',
    'CCCD {document_number|001199012345}',
    'CCCD: {document_number|079 199 012 345}; {document_number|0791-9901-2345}',
    'CMND {document_number|012345678}',
    'British passport {document_number|987650123}',
  ])('%s', (marked) => {
    expect(scanned(marked)).toEqual(findingsOf(marked));
  });

  it.each([
    'ABC1234567, 1B1234567, B1234567x',
    'B123456, B123456789012',
    'a 1234567 người, à 1234567',
    '123456789012 đồng',
    '120000000000',
    'x123456789',
    '123456789y',
    '123 456 789 123',
    '+123 456 789 0123 4567',
  ])('none: %s', (text) => {
    expect(scanText(text).filter(({ kind }) => kind === 'document_number')).toEqual([]);
  });
});

describe('addresses on the net', () => {
  it.each([
    'Thư: {email|hoa.nguyen+1@example.com}.',
    'email:{email|hoa@mail.example.vn}, hết',
    'từ {email|trần@example.org}',
    'See {web_address|https://example.org/a?b=c}).',
    'See {web_address|HTTP://LOCALHOST:3000/x}',
    'xem {web_address|www.vidu.example} và {web_address|vidu.example.vn}',
    'xem {web_address|EXAMPLE.COM/HOA.99}, {web_address|example.com/hoa}!',
    'nhắn {web_address|zalo.me/0912345678} nhé',
    'xong...{web_address|example.com}...',
    'ra {web_address|example.com/example.com/x} về',
    'tài khoản {web_address|@linh_99} trên mạng',
    'Zalo: {web_address|hoa.95}',
    'fb {web_address|linh_nguyen} hay viber={web_address|hoa1999}.',
    '({web_address|https://example.org})',
    '＠ {email|hoa＠example．com}',
  ])('%s', (marked) => {
    expect(scanned(marked)).toEqual(findingsOf(marked));
  });

  it.each([
    'v.v. và TP.HCM, Q.1, U.S.A.',
    'đi về.Tôi ở nhà.Me ở quê; no.Me',
    'tôi đi.la đó, zalo.me',
    'gặp lúc @ 5pm, @1 và @.',
    '@@, a@b, a@b.1, @',
    'Facebook is nice. Zalo Hoà, zalo abc, zalo 1.2.3',
    'http:// và https',
    'a..com.. x.-y',
    'notzalo: abc.def',
  ])('none: %s', (text) => {
    expect(scanText(text).filter(({ kind }) => kind === 'email' || kind === 'web_address')).toEqual([]);
  });

  it('takes no more than 64 characters before an @', () => {
    const marked = `${'a'.repeat(9)}{email|${'b'.repeat(64)}@example.com}`;
    expect(scanned(marked)).toEqual(findingsOf(marked));
  });
});

describe('names of people', () => {
  it.each([
    '{person_name|Nguyễn Văn An} kể lại.',
    '{person_name|NGUYỄN VĂN AN} kể lại.',
    'gặp {person_name|Trần Thị Bích Ngọc} ở chợ',
    'gặp {person_name|Lê Hoa} ở chợ',
    'gặp {person_name|Lê\nHoa} ở chợ',
    'gặp {person_name|nguyễn văn an} ở chợ',
    'gặp {person_name|Nguyễn thị thu Hà} ở chợ',
    'gặp {person_name|tran thi hoa} o cho',
    'người Hmông {person_name|Giàng A Páo}',
    'She met {person_name|Nguyen Van An} and {person_name|Pham Hoa}.',
    'She met {person_name|Do Thi Hoa} and {person_name|To Minh Tuan}',
    'She met {person_name|Linh Nguyen} there',
    'The {person_name|Hoa Linh Tran} case',
    '{person_name|Nguyễn V. An} và {person_name|Võ-Hoàng Anh}',
    '{person_name|Nguyễn Thái Bình} quê Thái Bình',
    '{person_name|Chu Văn An}, {person_name|Hoàng Thị Ơn}',
    'Mr {person_name|Smith}, Mrs. {person_name|Jones} and MS {person_name|BROWN}',
    'Dr. {person_name|Anna O’Brien} saw her; I miss {person_name|Nguyen Hoa}',
    'Miss {person_name|Marple}',
    'bà {person_name|Hoa}, ông {person_name|Dũng} và em {person_name|Na}',
    'Chị {person_name|Huế} và cô {person_name|Lan Anh}',
    'cháu {person_name|Bi}, bé {person_name|Na}',
    'anh {person_name|Tuan}, ong {person_name|Dung} va chi {person_name|Mai}',
    'ông {person_name|Nguyễn Văn An}, Anh {person_name|Nguyễn}',
    'đường {person_name|Trần Phú}',
    'Ngu\u200byễn: {person_name|Ngu\u200byễn Hoa}',
    'ở {person_name|Hồ Chí Minh} và {person_name|Hồ Chí Minh}: City',
    'thành phố, rồi {person_name|Hồ Chí Minh}',
    'phố {person_name|Hồ Chí Minh}',
    '{person_name|Thái Trần}',
    'qua Hà Nội {person_name|Nguyễn Hoa}',
  ])('%s', (marked) => {
    expect(scanned(marked)).toEqual(findingsOf(marked));
  });

  it('is found decomposed too, at the offsets of the text as given', () => {
    const text = 'gặp Nguyễn Thị Hoa ở chợ'.normalize('NFD');
    const [finding] = scanText(text) as [Finding];
    expect(text.slice(finding.start, finding.end).normalize('NFC')).toBe('Nguyễn Thị Hoa');
  });

  it.each([
    'Từ Hà Nội qua Lâm Đồng, Cao Bằng, Sơn La, Hà Giang, Thái Nguyên tới Thái Bình.',
    'From Ha Noi to Thai Nguyen, Cao Bang, Son La and Bà Rịa - Vũng Tàu',
    'ở thành phố Hồ Chí Minh; TP.Hồ Chí Minh; TP. Hồ Chí Minh; tp Ho Chi Minh',
    'in Ho Chi Minh City, Thành phố Hồ Chí Minh'.normalize('NFD'),
    'To London, via Le Havre and La Rochelle; Thai Police; Do The Right Thing',
    'sang Thái Lan, Ba Lan, Hà Lan, vương quốc Anh và Anh Quốc',
    'anh Việt Nam, chị Hà Nội, ông Trung Quốc',
    'anh ấy và em trai tôi; ông bà; Anh đi làm; I miss Hanoi',
    'ANH ĐÃ ĐI LÀM, EM ĐI HỌC',
    'đoàn thi đấu, do thị trường, cái hồ thì sạch',
    'Nguyễn. Sau đó', // A family name alone names nobody.
    'Họ Nguyễn, gia đình Nguyễn, The Nguyen family',
    'công an xã, lê thê, nguyễn thị',
    'Trần: Hoa; Trần, Hoa; Trần   Hoa',
    'Mr, Smith; ông: Hoa; ông. Hoa',
    'Mr 5, Ms',
    'Hà Nội',
    '',
  ])('none: %s', (text) => {
    expect(scanText(text)).toEqual([]);
  });
});

describe('names that are known', () => {
  const names = ['Nguyễn Thị Hoa', 'Linh Anh', 'Smith', 'X', ''];

  it.each([
    '{known_name|Nguyễn Thị Hoa} và {known_name|nguyen thi hoà}',
    '{known_name|NGUYEN THI HOA} và {known_name|Hoa Nguyen Thi}',
    'Sau đó {known_name|Hoa} kể lại, bông hoa nở',
    'Sau đó {known_name|HOA} kể lại, ở Hoa Kỳ',
    'chị {known_name|Hoa} và ông {known_name|Smith}, smith',
    '{known_name|Trần Hoa} là tên khác',
    'Anh ấy, Nguyễn, Thị; {known_name|linh anh}, {known_name|Linh}',
    'X và Nguyễn, Thị',
    'em {known_name|hoa}, bông hoa, em: hoa',
    '{known_name|Nguyễn Thị Hoa}: {email|hoa@example.com}, {web_address|example.com/Hoa}',
  ])('%s', (marked) => {
    expect(scanned(marked, names)).toEqual(findingsOf(marked));
  });

  it.each([
    ['{known_name|Hoà} và {known_name|Hoá}', 'NGUYEN THI HOA'],
    ['{known_name|Hòa}, {known_name|Hoà}, {known_name|Hoa} và Hoá', 'Hòa'],
  ])('are compared without diacritics where one side has none: %s', (marked, name) => {
    expect(scanned(marked, [name])).toEqual(findingsOf(marked));
  });

  it('are all that is told apart when nothing else is known', () => {
    expect(scanText('Hoa kể lại')).toEqual([]);
    expect(scanText('Hoa kể lại', {})).toEqual([]);
    expect(scanText('Hoa kể lại', { names: [] })).toEqual([]);
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    'Nguyễn',
    'Văn',
    'An',
    'Hồ',
    'Chí',
    'Minh',
    'Mr',
    'ông',
    'hoa',
    '@',
    '.',
    ' ',
    '  ',
    '\n',
    '-',
    '+',
    '(',
    ')',
    '0',
    '0912',
    '345',
    '678',
    '000',
    '84',
    'B',
    '1234567',
    'example',
    '.com',
    'https://',
    'zalo',
    ':',
    'đồng',
    '，',
    '\ud800',
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );

  it('has findings that are in order, apart, not empty, and inside it', () => {
    fc.assert(
      fc.property(text, (given) => {
        let done = 0;
        for (const { start, end, kind } of scanText(given, { names: ['Hoa An'] })) {
          expect(start).toBeGreaterThanOrEqual(done);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(given.length);
          expect(FINDING_KINDS).toContain(kind);
          done = end;
        }
      }),
    );
  });

  it('never hides a number, an address or a name that stands on a line of its own', () => {
    const sure = fc.constantFrom('+84 912 345 678', '07700 900123', 'B1234567', 'hoa@example.com', 'Nguyễn Thị Hoa');
    fc.assert(
      fc.property(text, sure, text, (before, secret, after) => {
        const whole = `${before}\n\n${secret}\n\n${after}`;
        const start = before.length + 2;
        const covering = scanText(whole).filter((one) => one.start <= start && one.end >= start + secret.length);
        expect(covering).toHaveLength(1);
      }),
    );
  });

  it.each([
    ['@'],
    ['a@'],
    ['a.'],
    ['a.com/'],
    ['.'],
    ['0 '],
    ['0912 345 '],
    ['84.'],
    ['Nguyễn '],
    ['ông '],
    ['Hồ Chí '],
    ['Hoa '],
    ['zalo '],
    ['http://'],
    ['\u0301'],
    ['A\u200b'],
    ['+'],
    ['('],
  ])('of 100,000 characters is read to the end when it is made of %j', (unit) => {
    const long = unit.repeat(Math.ceil(100_000 / unit.length));
    expect(scanText(`${long}\n\n+84 912 345 678`, { names: ['Hoa An'] }).at(-1)).toEqual({
      start: long.length + 2,
      end: long.length + 17,
      kind: 'phone',
    });
  });

  it('is read with expressions that repeat no group: none can take more than linear time by going back', () => {
    const sources = readdirSync(__dirname).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
    expect(sources).toContain('scan-numbers.ts');
    const repeated = sources.filter((file) => /\)[*+{]/.test(readFileSync(join(__dirname, file), 'utf8')));
    expect(repeated).toEqual([]);
  });
});
