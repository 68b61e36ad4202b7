import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import nunjucks from 'nunjucks';
import { faultAt, TraoError, type Fault } from '../errors';
import { drawForm, formOf, questionsOf, sectionsOf, valuesOf, type Field, type FormTarget } from '../forms';
import { assertConsentRecord, assertMessage, codeList, type Lang, type Purpose } from '../schema';

const VIEWS = [join(__dirname, 'views'), join(__dirname, '..', '..', 'node_modules', 'govuk-frontend', 'dist')];
const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(VIEWS), {
  autoescape: true,
  trimBlocks: true,
  lstripBlocks: true,
  throwOnUndefined: false,
});
const TEMPLATE =
  '{% from "forms/form.njk" import traoForm, traoErrorSummary %}{{ traoErrorSummary(form) }}<form>{{ traoForm(form) }}</form>';

function html(fields: readonly Field[], document: unknown, faults: readonly Fault[], language: Lang): string {
  return environment.renderString(TEMPLATE, { form: drawForm(fields, valuesOf(fields, document), faults, language) });
}

const attributes = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map(([, value]) => value!);
const TARGETS = [
  ...codeList('messageType')!.entries.map(({ code }) => code),
  'consentRecord',
  'overrideRecord',
] as FormTarget[];
const PURPOSES = codeList('purpose')!.entries.map(({ code }) => code as Purpose);
const EXAMPLES = join(__dirname, '..', '..', 'schemas', 'referral', 'v1', 'examples', 'valid');
const example = (file: string) => JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as Record<string, object>;

/** What a browser would post of a drawn form: names and values of what is filled, picked and ticked. */
function controls(text: string): [string, string][] {
  const found: [string, string][] = [];
  for (const [tag] of text.matchAll(/<input[^>]*>/g)) {
    const [type, name = '', value = ''] = ['type', 'name', 'value'].map((attribute) => attributes(tag, attribute)[0]);
    if ((type !== 'radio' && type !== 'checkbox') || /\schecked/.test(tag)) found.push([name, value]);
  }
  for (const [tag, inside] of text.matchAll(/<textarea[^>]*>([^<]*)/g))
    found.push([attributes(tag, 'name')[0]!, inside!]);
  for (const [tag, inside] of text.matchAll(/<select[^>]*>([\s\S]*?)<\/select>/g)) {
    const chosen = /<option value="([^"]*)"[^>]*\sselected/.exec(inside!)?.[1] ?? '';
    found.push([attributes(tag.split('>')[0]!, 'name')[0]!, chosen]);
  }
  return found;
}
const unescaped = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

describe.each(TARGETS)('the widgets of %s', (target) => {
  it.each(['en', 'vi'] as const)(
    'have ids once, labels for all, and no style or script of their own (%s)',
    (language) => {
      const text = html(formOf(target, { language, timeZone: 'Asia/Ho_Chi_Minh' }), {}, [], language);
      const ids = attributes(text, 'id');
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of attributes(text, 'for')) expect(ids).toContain(id);
      for (const described of attributes(text, 'aria-describedby')) {
        for (const id of described.split(' ')) expect(ids).toContain(id);
      }
      const labelled = new Set(attributes(text, 'for'));
      const inputs = [...text.matchAll(/<(?:input|select|textarea)[^>]*>/g)]
        .map(([tag]) => tag)
        .filter((tag) => !tag.includes('type="hidden"'));
      for (const tag of inputs) expect(labelled).toContain(attributes(tag, 'id')[0]);
      expect(text).not.toMatch(/\sstyle=|<script|<style|\son[a-z]+=|undefined|\[object/);
      for (const name of attributes(text, 'class')
        .flatMap((names) => names.split(/\s+/))
        .filter(Boolean)) {
        expect(name).toMatch(/^(?:govuk|trao)-/);
      }
    },
  );
});

describe('the widgets', () => {
  it.each(readdirSync(EXAMPLES))('of %s would post what the document says', (file) => {
    const document = example(file);
    const { messageType, purpose } = document.header as { messageType: FormTarget; purpose?: Purpose };
    const fields = formOf(messageType, { language: 'vi', purpose, timeZone: 'Europe/London' });
    const posted = new Map<string, string[]>();
    for (const [name, value] of controls(html(fields, document, [], 'vi'))) {
      if (value !== '') posted.set(name, [...(posted.get(name) ?? []), unescaped(value)]);
    }
    const values = Object.entries(valuesOf(fields, document)).filter(
      // A list without rows still shows one to write in; a confirmation that is not given is not posted.
      ([name, value]) => value.length > 0 && !(name.endsWith('-rows') && value === '0'),
    );
    for (const [name, value] of values) {
      const shown = posted.get(name);
      expect([name, shown?.toSorted()]).toEqual([name, [value].flat().toSorted()]);
    }
  });

  it('draw the pages of every purpose', () => {
    for (const purpose of PURPOSES) {
      for (const { pages } of sectionsOf(purpose, 'vi')) {
        for (const page of pages) {
          const text = html(questionsOf(page, {}, { purpose, language: 'vi' }), {}, [], 'vi');
          expect(text).toMatch(/<(?:input|select|textarea)[^>]* name="/);
        }
      }
    }
  });

  it('link the error summary to controls that are there, and name each fault at its field', () => {
    for (const target of TARGETS) {
      const fields = formOf(target, { language: 'en', purpose: 'PROTECT' });
      const wrong = { header: { schemaVersion: '1.0', messageType: target, purpose: 'PROTECT' } };
      const faults = faultsOf(() => (target.endsWith('Record') ? assertConsentRecord({}) : assertMessage(wrong)));
      const text = html(fields, wrong, faults, 'en');
      expect(text).toContain('There is a problem');
      const ids = attributes(text, 'id');
      for (const href of attributes(text, 'href')) expect(ids).toContain(href.slice(1));
    }
  });

  it('say what is wrong beside a field, in the language of the page', () => {
    const fields = formOf('referral', { language: 'vi', paths: ['person.name'] });
    const text = html(fields, {}, [faultAt('/person/name/full', 'required')], 'vi');
    expect(text).toContain('Hãy nhập họ và tên');
    expect(text).toMatch(/id="person-name-full-error"[^>]*>\s*<span class="govuk-visually-hidden">Lỗi:/);
    expect(text).toContain('href="#person-name-full"');
    expect(text).toMatch(/<input[^>]*id="person-name-full"[^>]*spellcheck="false"/);
  });

  it('escape what was typed', () => {
    const fields = formOf('referral', {
      language: 'en',
      paths: ['person.name', 'exploitation.narrative', 'identityMode'],
    });
    const typed = '"><script>alert(1)</script>';
    const document = { person: { name: { full: typed } }, exploitation: { narrative: typed }, identityMode: typed };
    expect(html(fields, document, [], 'en')).not.toContain('<script');
  });

  it('add and take away rows without JavaScript, and never by the enter key', () => {
    const fields = formOf('referral', { language: 'en', paths: ['person.documents'] });
    const text = html(fields, { person: { documents: [{ type: 'passport' }, { type: 'other' }] } }, [], 'en');
    expect(attributes(text, 'value')).toEqual(
      expect.arrayContaining(['remove:person.documents[1]', 'add:person.documents']),
    );
    expect(text).toMatch(/name="person\.documents-rows" value="2"/);
    const [first] = text.matchAll(/<button[^>]*>/g);
    expect(first![0]).not.toContain('name=');
    expect(text).toContain('<span class="govuk-visually-hidden">: Document 2</span>');
  });

  it('count the characters of long texts, and mark terms that stay in English', () => {
    const narrative = html(formOf('referral', { language: 'vi', paths: ['exploitation.narrative'] }), {}, [], 'vi');
    expect(narrative).toContain('Bạn có thể nhập tối đa 3000 ký tự');
    expect(narrative).toContain('data-maxlength="3000"');
    const decisions = html(formOf('referral', { language: 'vi', paths: ['identification'] }), {}, [], 'vi');
    expect(decisions).toMatch(/<option value="uk_rg_positive"[^>]* lang="en"/);
  });
});

function faultsOf(act: () => void): readonly Fault[] {
  try {
    act();
  } catch (error) {
    if (error instanceof TraoError) return error.faults;
  }
  throw new Error('No fault was found.');
}
