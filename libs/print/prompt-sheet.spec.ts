import { buffer } from 'node:stream/consumers';
import { promptSheetPdf, type PromptSheet } from '.';
import { formOf, type Field } from '../forms';
import { readPdf } from './fixtures/read-pdf';

const AT = new Date('2026-11-02T14:05:00Z');
const file = async (sheet: Omit<PromptSheet, 'at'>) => buffer(await promptSheetPdf({ ...sheet, at: AT }));
const read = async (sheet: Omit<PromptSheet, 'at'>) => readPdf(await file(sheet)).pages;
/** The words that are read aloud, as one text: lines that were broken come together again. */
const said = async (sheet: Omit<PromptSheet, 'at'>) =>
  (await read(sheet))
    .flatMap(({ texts }) => texts.filter(({ mark }) => mark !== 'Artifact').map(({ text }) => text))
    .join('');

/** The labels of the questions of fields. */
function labels(fields: readonly Field[]): string[] {
  return fields.flatMap((field) => {
    if (field.kind === 'group') return labels(field.members);
    // No person can tell a digest.
    return field.kind === 'digest' ? [] : [field.label];
  });
}

describe('the prompt sheet', () => {
  it('asks what the form asks, in both languages', async () => {
    const text = await said({ purpose: 'PROTECT', language: 'both' });
    for (const language of ['vi', 'en'] as const) {
      for (const path of ['person', 'risk', 'safeContact', 'exploitation', 'needs', 'health', 'familyContact']) {
        for (const label of labels(formOf('referral', { language, purpose: 'PROTECT', paths: [path] })))
          expect([label, text.includes(label)]).toEqual([label, true]);
      }
    }
    expect(text).toContain('☐ Nữ · Female');
    expect(text).toContain('Bảo vệ tại nước tiếp nhận');
  });

  it('asks nothing that the purpose forbids', async () => {
    const [types] = labels(formOf('referral', { language: 'en', paths: ['exploitation.types'] }));
    const [protect, verify] = [
      await said({ purpose: 'PROTECT', language: 'en' }),
      await said({ purpose: 'VERIFY', language: 'en' }),
    ];
    expect(protect).toContain(types);
    expect(protect).toContain('What happened');
    expect(verify).not.toContain(types);
    expect(verify).not.toContain('What happened');
  });

  it('asks nobody for what only systems know, and has no heading without a question', async () => {
    const text = await said({ purpose: 'VERIFY', language: 'en' });
    expect(text).not.toMatch(/[Dd]igest|Your details|Support needs/u);
  });

  it('asks everything while no purpose is chosen, each question once', async () => {
    const text = await said({ language: 'en' });
    expect(text).toContain('All purposes of a referral');
    for (const path of ['exploitation', 'trace', 'return', 'person', 'health']) {
      for (const label of labels(formOf('referral', { language: 'en', paths: [path] })))
        expect([label, text.includes(label)]).toEqual([label, true]);
    }
    const [mode] = labels(formOf('referral', { language: 'en', paths: ['identityMode'] }));
    expect(text.split(mode!)).toHaveLength(2);
  });

  it('reminds of what keeps the person safe before the first question', async () => {
    const text = await said({ purpose: 'PROTECT', language: 'both' });
    for (const words of [
      'Speak in private',
      'Nói chuyện riêng',
      'none of those who came along',
      'help never hangs on an answer',
      'take the person for a child',
      'Not the number of the exploiter',
    ])
      expect(text.indexOf(words)).toBeGreaterThan(0);
    const [first] = labels(formOf('referral', { language: 'vi', paths: ['identityMode'] }));
    expect(text.indexOf('“Không biết”')).toBeLessThan(text.indexOf(first!));
  });

  it('is in one language when one is asked for', async () => {
    const english = await said({ purpose: 'PROTECT', language: 'en' });
    expect(english).toContain('Interview prompt sheet');
    expect(english).not.toContain('Phiếu gợi ý');
    const pages = await read({ purpose: 'PROTECT', language: 'vi' });
    const texts = pages.flatMap((page) => page.texts.map(({ text }) => text));
    expect(texts).toContain('Trang 1/' + pages.length);
    expect(texts.join('\n')).not.toMatch(/Page|Speak in private/u);
  });

  it('warns on each page of what it becomes, and has no watermark: it is nobody’s copy', async () => {
    for (const { texts } of await read({ purpose: 'RETURN', language: 'both' })) {
      const marks = texts.filter(({ mark }) => mark === 'Artifact').map(({ text }) => text);
      expect(marks.join('')).toContain('Once it is filled in, this paper can endanger a life');
      expect(Math.max(...texts.map(({ shade }) => shade))).toBeLessThan(0.3);
    }
  });

  it('is the same file each time', async () => {
    const sheet = { purpose: 'ALERT', language: 'both' } as const;
    expect((await file(sheet)).equals(await file(sheet))).toBe(true);
  });
});
