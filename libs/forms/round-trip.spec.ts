import { formOf, mergePart, readForm, valuesOf } from '.';
import { answersOf, targetOf, validExamples } from './fixtures/examples';

describe('document, controls, post, document', () => {
  it.each([...validExamples('referral/v1'), ...validExamples('consent/v1')])(
    '%s comes back as it was',
    (file, document) => {
      const { header, ...body } = answersOf(document);
      for (const timeZone of ['Asia/Ho_Chi_Minh', 'Europe/London']) {
        const fields = formOf(targetOf(file, document), { language: 'vi', purpose: header?.purpose, timeZone });
        const part = readForm(fields, valuesOf(fields, document));
        expect(part).toEqual(body);
        // Also in the order of its members: saving without a change gives the same digest.
        expect(JSON.stringify(mergePart(document, fields, part))).toBe(JSON.stringify(document));
        expect(mergePart(header ? { header } : {}, fields, part)).toEqual(answersOf(document));
      }
    },
  );
});
