import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { formOf, mergePart, readForm, valuesOf, type FormTarget } from '.';
import type { Purpose } from '../schema';

const SCHEMAS = join(__dirname, '..', '..', 'schemas');
type Document = { readonly header?: { readonly messageType: FormTarget; readonly purpose?: Purpose } };

function examplesIn(folder: string): [string, Document][] {
  const path = join(SCHEMAS, folder, 'examples', 'valid');
  return readdirSync(path).map((file) => [file, JSON.parse(readFileSync(join(path, file), 'utf8')) as Document]);
}

const messages = examplesIn('referral/v1');
const records = examplesIn('consent/v1');
const targetOf = (file: string, { header }: Document): FormTarget =>
  header?.messageType ?? (file.startsWith('consent-') ? 'consentRecord' : 'overrideRecord');

describe('document, controls, post, document', () => {
  it.each([...messages, ...records])('%s comes back as it was', (file, document) => {
    for (const timeZone of ['Asia/Ho_Chi_Minh', 'Europe/London']) {
      const fields = formOf(targetOf(file, document), { language: 'vi', purpose: document.header?.purpose, timeZone });
      const { header, ...body } = document;
      const part = readForm(fields, valuesOf(fields, document));
      expect(part).toEqual(body);
      expect(mergePart(document, fields, part)).toEqual(document);
      expect(JSON.stringify(mergePart(document, fields, part))).toBe(JSON.stringify(document));
      // And from nothing but the head.
      expect(mergePart(header ? { header } : {}, fields, part)).toEqual(document);
    }
  });
});
