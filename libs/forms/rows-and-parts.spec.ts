import { afterRowAction, formOf, mergePart, readForm, valuesOf } from '.';
import { THEN } from './row-action';

const fields = formOf('referral', { language: 'en', paths: ['person.documents', 'person.aliases', 'person.name'] });
/** What the controls show after a button was pressed. */
const after = (pressed: string | undefined, posted: object = {}, form = fields) =>
  afterRowAction(form, { ...posted, [THEN]: pressed });
const documents = (posted: object | undefined) =>
  (readForm(fields, (posted ?? {}) as Record<string, unknown>).person as { documents?: unknown } | undefined)
    ?.documents;
const three = {
  'person.documents-rows': '3',
  'person.documents[0].type': 'passport',
  'person.documents[1].type': 'other',
  'person.documents[1].expiry-year': '2030',
  'person.documents[2].type': 'national_id',
  'person.documents[x].type': 'left alone',
  'person.name.full': 'A',
  _csrf: 'kept',
};

describe('one row more or less', () => {
  it('adds an empty row that the controls show', () => {
    expect(after('add:person.documents', three)).toMatchObject({
      ...three,
      'person.documents-rows': '4',
    });
    // The first row is always shown, so the second one is the one that was asked for.
    expect(after('add:person.aliases')).toMatchObject({ 'person.aliases-rows': '2' });
    expect(after('add:person.aliases', { 'person.aliases-rows': '10' })).toMatchObject({
      'person.aliases-rows': '10',
    });
  });

  it('takes one away, and those after it move up', () => {
    const changed = after('remove:person.documents[1]', three);
    expect(changed).toMatchObject({
      'person.documents-rows': '2',
      'person.documents[1].type': 'national_id',
      _csrf: 'kept',
      'person.documents[x].type': 'left alone',
    });
    expect(changed).not.toHaveProperty(['person.documents[1].expiry-year']);
    expect(documents(changed)).toEqual([{ type: 'passport' }, { type: 'national_id' }]);
    expect(after('remove:person.documents[9]', three)).toMatchObject({
      'person.documents-rows': '3',
    });
    expect(after('remove:person.aliases[0]', { 'person.aliases[0]': 'A', 'person.aliases[1]': 'B' })).toMatchObject({
      'person.aliases[0]': 'B',
    });
  });

  it('is nothing for a post that asks for nothing of the kind', () => {
    for (const then of [
      undefined,
      'continue',
      'add:person.name',
      'add:gone',
      'remove:person.documents',
      'remove:gone[0]',
      'add:',
    ]) {
      expect(after(then, three)).toBeUndefined();
    }
    const whole = formOf('accept', { language: 'en' });
    expect(after('add:accept.conditions', {}, whole)).toMatchObject({ 'accept.conditions-rows': '2' });
  });
});

describe('merging a part', () => {
  const document = {
    header: { purpose: 'VERIFY' },
    person: { name: { full: 'A', latin: 'A', given: 'A' }, gender: 'female', aliases: ['B'] },
    needs: [],
  };

  it('replaces exactly what the fields ask for', () => {
    const posted = { 'person.name.full': 'C' };
    expect(mergePart(document, fields, readForm(fields, posted))).toEqual({
      header: { purpose: 'VERIFY' },
      person: { name: { full: 'C' }, gender: 'female' },
      needs: [],
    });
  });

  it('leaves out a group that has lost its last member, and makes one that was not there', () => {
    const only = formOf('referral', { language: 'en', paths: ['person.gender'] });
    expect(mergePart({ person: { gender: 'male' } }, only, {})).toEqual({});
    expect(mergePart({}, only, { person: { gender: 'male' } })).toEqual({ person: { gender: 'male' } });
    for (const broken of ['text', ['list'], null, 7]) {
      expect(mergePart({ person: broken }, only, { person: { gender: 'male' } })).toEqual({
        person: { gender: 'male' },
      });
      expect(mergePart(broken, only, { person: { gender: 'male' } })).toEqual({ person: { gender: 'male' } });
    }
  });

  it('keeps what a purpose does not ask for', () => {
    const types = formOf('referral', { language: 'en', purpose: 'RETURN', paths: ['exploitation'] });
    const before = { exploitation: { types: ['other'], narrative: 'older' } };
    expect(mergePart(before, types, { exploitation: { types: ['unknown'] } })).toEqual({
      exploitation: { types: ['unknown'], narrative: 'older' },
    });
    expect(mergePart(before, types, {})).toEqual({ exploitation: { narrative: 'older' } });
  });

  it('keeps what the node wrote of a file, by the digest of the file', () => {
    const files = formOf('referral', { language: 'en', paths: ['attachments'] });
    const [one, two] = ['A', 'B'].map((letter) => letter.repeat(43));
    const before = {
      attachments: [
        { type: 'other', sha256: one, mime: 'image/png', transfer: { fileId: 'first' } },
        { type: 'other', sha256: two, mime: 'image/png', transfer: { fileId: 'second' } },
        { type: 'other' },
      ],
    };
    const posted = {
      ...valuesOf(files, before),
      'attachments[0].sha256': '',
      'attachments[0].type': '',
      'attachments[0].mime': '',
      'attachments[1].language': 'vi',
    };
    expect(mergePart(before, files, readForm(files, posted))).toEqual({
      attachments: [
        { type: 'other', sha256: two, mime: 'image/png', transfer: { fileId: 'second' }, language: 'vi' },
        { type: 'other' },
      ],
    });
    expect(mergePart({}, files, readForm(files, valuesOf(files, before)))).toMatchObject({
      attachments: [{ sha256: one }, { sha256: two }, {}],
    });
  });
});
