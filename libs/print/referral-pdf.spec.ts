import { buffer } from 'node:stream/consumers';
import { referralPdf, type ReferralPrint } from '.';
import { inventedPrint, longPrint, narrative } from './fixtures/invented-print';
import { readPdf, type ReadPage } from './fixtures/read-pdf';

const print = async (model: ReferralPrint) => buffer(await referralPdf(model));
const read = async (model: ReferralPrint) => readPdf(await print(model));
const WATERMARK = 'Trần Văn Mẫu · 21:05 02/11/2026 (Hà Nội)';
/** What a page says to whoever reads it aloud. */
const said = ({ texts }: ReadPage) =>
  texts
    .filter(({ mark }) => mark !== 'Artifact')
    .map(({ text }) => text)
    .join('\n');
const artifacts = ({ texts }: ReadPage) => texts.filter(({ mark }) => mark === 'Artifact').map(({ text }) => text);

/** Strings of a PDF are UTF-16 where they are not ASCII, with a mark at the beginning. */
const strings = (plain: string) =>
  [...plain.matchAll(/\(\u00FE\u00FF([\s\S]*?)(?<!\\)\)/gu)].map(([, raw]) =>
    new TextDecoder('utf-16be').decode(Buffer.from(raw!.replaceAll(/\\([\s\S])/gu, '$1'), 'latin1')),
  );

describe('a printed referral', () => {
  it('says everything in both languages, with every mark of Vietnamese', async () => {
    const { pages } = await read(inventedPrint());
    const text = pages.map(said).join('\n');
    for (const words of [
      'Chuyển gửi: bảo vệ một người thành niên\nReferral: protect an adult\nVN-2026-00017',
      'Người · Person',
      'Full name\nNguyễn Thị Ví Dụ\nNGUYEN THI VI DU',
      'ẬU ẾCH, Ễ ễnh Ương, Ộ Ữ ỵ ậ',
      'Nữ\nFemale',
      'Số điện thoại\nTelephone\n—',
      'Xác nhận tiếp nhận\nAcknowledgement',
    ])
      expect(text).toContain(words);
    expect(text.replaceAll('\n', '')).toContain('01:30 03/11/2026 (Hà Nội) / 18:30 02/11/2026 (Luân Đôn)');
  });

  it('has on each page how it may be used, who printed it and when, and which page it is', async () => {
    const { pages } = await read(longPrint(4));
    expect(pages.length).toBeGreaterThan(3);
    pages.forEach((page, i) => {
      const marks = artifacts(page);
      expect(marks.join('').replaceAll(/\s+/gu, ' ')).toContain(
        'H2: không chuyển tiếp nếu chưa được phép · Không dùng để cưỡng chế về xuất nhập cảnh · Không liên hệ gia đình' +
          'H2: not passed on without permission · Not for immigration enforcement · Do not contact the family',
      );
      expect(marks).toContain('VN-2026-00017');
      expect(marks).toContain('Người in: Trần Văn Mẫu · 21:05 02/11/2026 (Hà Nội) / 14:05 (Luân Đôn)');
      expect(marks).toContain('Printed by Trần Văn Mẫu · 21:05 02/11/2026 (Hà Nội) / 14:05 (London)');
      expect(marks).toContain(`Trang ${i + 1}/${pages.length}`);
      expect(marks).toContain(`Page ${i + 1} of ${pages.length}`);
    });
  });

  it('has the watermark on each page, light, below everything else and again and again', async () => {
    for (const { texts } of (await read(longPrint(4))).pages) {
      const water = texts.filter(({ text }) => text === WATERMARK);
      expect(water.length).toBeGreaterThan(8);
      expect(texts.slice(0, water.length)).toEqual(water);
      expect(Math.min(...water.map(({ shade }) => shade))).toBeGreaterThan(0.8);
      const words = texts.slice(water.length);
      expect(Math.max(...words.map(({ shade }) => shade))).toBeLessThan(0.3);
    }
  });

  it('says again on each page which section goes on, and not to those who listen', async () => {
    const { pages } = await read(longPrint(4));
    const again = 'Phần 1 (tiếp theo) · Section 1 (continued)';
    expect(artifacts(pages[0]!)).not.toContain(again);
    expect(artifacts(pages[1]!)).toEqual(expect.arrayContaining([again, 'Mục', 'Item']));
    expect(pages.map(said).join('\n')).not.toContain('continued');
  });

  it('loses no word of long values, and prints nothing outside of the page', async () => {
    const long = narrative(2_500);
    const link = `https://example.invalid/${'x'.repeat(400)}`;
    const rows = [{ label: { vi: 'Tóm tắt', en: 'Summary' }, values: [{ text: long }, { text: link }] }];
    const { pages } = await read(inventedPrint({ sections: [{ heading: { vi: 'Phần', en: 'Section' }, rows }] }));
    const values = pages.flatMap(({ texts }) => texts.filter(({ mark, size }) => mark === 'P' && size === 9.5));
    expect(values.map(({ text }) => text).join('')).toBe(long + link);
    for (const { texts } of pages) {
      const upright = texts.filter(({ text }) => text !== WATERMARK);
      expect(Math.min(...upright.map(({ y }) => y))).toBeGreaterThan(30);
      expect(Math.max(...upright.map(({ y }) => y))).toBeLessThan(842 - 30);
      expect(Math.min(...upright.map(({ x }) => x))).toBeGreaterThanOrEqual(45);
      // No two lines of a column on one another: marks need their room.
      const columns = Map.groupBy(
        upright.filter(({ mark }) => mark === 'P'),
        ({ x }) => x,
      );
      for (const lines of columns.values()) {
        const gaps = lines.slice(1).map(({ y }, i) => lines[i]!.y - y);
        expect(Math.min(9, ...gaps)).toBe(9);
      }
    }
  });

  it('names characters that the font lacks by their numbers', async () => {
    const text = (await read(inventedPrint())).pages.map(said).join('\n');
    expect(text).toContain('[U+738B][U+5C0F][U+660E]');
    expect(text).toContain('[U+1788][U+17D2]');
    expect(text).toContain('stand as their numbers');
  });

  it('has the digest in groups and in the QR code', async () => {
    const model = inventedPrint();
    const text = (await read(model)).pages.map(said).join('\n');
    expect(text.replaceAll(' ', '')).toContain(model.digest);
    expect(text).toContain(`${model.digest.slice(0, 4)} ${model.digest.slice(4, 8)} `);
  });

  it('is the same file for the same referral, and another one for another', async () => {
    const first = await print(inventedPrint());
    expect((await print(inventedPrint())).equals(first)).toBe(true);
    const other = inventedPrint({ reference: 'VN-2026-00018' });
    expect((await print(other)).equals(first)).toBe(false);
  });
});

describe('the file of a printed referral', () => {
  /** Title and properties in plain bytes, UTF-16 or XML: whatever is not a page. */
  const properties = async () => {
    const file = await print(inventedPrint());
    const { plain, streams } = readPdf(file);
    const xml = streams.filter((stream) => stream.includes('<x:xmpmeta')).join('');
    return { file, plain, xml: Buffer.from(xml, 'latin1').toString('utf8') };
  };

  it('says nothing of the person, the officer or the case in its properties', async () => {
    const { plain, xml } = await properties();
    const decoded = [plain, xml, ...strings(plain)].join('\n');
    expect(strings(plain)).toContain('Hồ sơ chuyển gửi / Referral');
    for (const word of ['Nguy', 'NGUYEN', 'Trần', 'Tran', 'Mẫu', 'VN-2026', 'London', '2003'])
      expect(decoded).not.toContain(word);
    expect(xml).toContain('Trao');
  });

  it('has no script, no link, no attachment and nothing that runs', async () => {
    const { plain } = await properties();
    expect(plain).not.toMatch(/\/(?:JavaScript|JS|OpenAction|AA|Launch|URI|EmbeddedFiles|AcroForm|Annots)\b/u);
  });

  it('has its fonts in it, cut down to what is used', async () => {
    const { plain, file } = await properties();
    const fonts = plain.match(/\/BaseFont \/\S+/gu);
    expect(new Set(fonts)).toEqual(
      new Set([
        '/BaseFont /BZZZZZ+DejaVuSans',
        '/BaseFont /CZZZZZ+DejaVuSans-Bold',
        '/BaseFont /DZZZZZ+DejaVuSansMono',
      ]),
    );
    expect(plain.match(/\/FontFile2/gu)).toHaveLength(3);
    expect(file.length).toBeLessThan(120_000);
  });

  it('is tagged for screen readers: language, headings, tables with their scopes, a text for the picture', async () => {
    const { plain } = await properties();
    expect(plain).toMatch(/\/Lang \(vi\)/u);
    expect(plain).toMatch(/\/Marked true/u);
    for (const tag of ['Document', 'H1', 'H2', 'Table', 'TR', 'TH', 'TD', 'Figure'])
      expect(plain).toContain(`/S /${tag}\n`);
    expect(plain).toContain('/Scope /Column');
    expect(plain).toContain('/Scope /Row');
    expect(plain).toMatch(/\/Lang \(en\)/u);
    // One element a row, however many pages there are.
    expect(plain.match(/\/S \/Figure\n/gu)).toHaveLength(1);
  });

  it('is refused before the first byte when a time zone is not known', async () => {
    const printed = { ...inventedPrint().printed, ownZone: 'Asia/Nowhere' };
    await expect(referralPdf(inventedPrint({ printed }))).rejects.toThrow(RangeError);
  });
});
