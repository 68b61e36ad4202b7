import { codeList, type Lang, type Purpose, type SchemaPlace } from '../schema';
import { countryOptions } from './countries';
import type { LeafKind, Option } from './field';
import { languageOptions } from './languages';
import { askablePaths, codesLeft } from './matrix';

/** Numbers that people pick by what they stand for, each with its code list. */
const LISTS_OF_NUMBERS: { readonly [key: string]: string } = { 'referral/evaluation.information': 'informationGrade' };

/** What is known of a question before its answers are. */
export interface OptionsFor {
  readonly key: string;
  readonly target: string;
  readonly path: string;
  readonly purpose: Purpose | undefined;
  readonly language: Lang;
  /** Units that can be picked. */
  readonly units: readonly Option[] | undefined;
  /** Answers for other fields by their key, such as the files of a draft for `referral/person.photo`. */
  readonly answers: { readonly [key: string]: readonly Option[] } | undefined;
}

/** The answers that can be picked for a value of this schema; undefined where an answer is typed. */
export function optionsOf(
  kind: LeafKind,
  { schema, definition }: SchemaPlace,
  of: OptionsFor,
): readonly Option[] | undefined {
  const own = of.answers?.[of.key];
  if (own) return own;
  if (kind === 'country') return countryOptions(of.language);
  if (kind === 'language') return languageOptions(of.language);
  if (kind === 'unit') return of.units;
  const numbers = LISTS_OF_NUMBERS[of.key];
  if (numbers !== undefined) return codeOptions(numbers, undefined, of.language);
  if (schema.enum === undefined) return undefined;
  if (schema.type === 'integer') return schema.enum.map((value) => ({ value: String(value), label: String(value) }));
  const left =
    definition === 'fieldPath' && of.purpose !== undefined
      ? [...askablePaths(of.purpose)]
      : codesLeft(of.target, of.path, of.purpose);
  return codeOptions(definition, left, of.language);
}

/** The codes of a list, with their labels and notes. */
function codeOptions(list: string, left: readonly unknown[] | undefined, language: Lang): readonly Option[] {
  return codeList(list)!
    .entries.filter(({ code }) => left === undefined || left.includes(code))
    .map(({ code, label, note }) => ({
      value: code,
      label: label[language],
      ...(note && { hint: note[language] }),
      ...(language === 'vi' && label.vi === label.en && { lang: 'en' as const }),
    }));
}
