import { faultAt, type Bilingual, type Fault } from '../errors';
import type { Message } from '../schema';
import { scanText, type Finding } from '../text';
import { contentOf } from './content';
import { valuesAt, type Found } from './paths';

/** Texts that officers write, in the person's content and in the bodies of later messages. Names, places, references and codes are none. */
const TEXTS_OF_CONTENT = [
  'person.documents.*.issuer',
  'bestInterests.authority',
  'identification.*.authority',
  'exploitation.narrative',
  'location.precise.address',
  'safeContact.*.times',
  'safeContact.*.codePhrase',
  'questions.*.text',
];
const TEXTS_OF_BODIES = [
  'rfi.questions.*.text',
  'rfiResponse.answers.*.text',
  'update.note',
  'accept.conditions.*',
  'redirect.note',
  'handoverPlan.crossingPoint',
  'outcome.note',
];
/** All of them, for the test that holds them against the schemas. */
export const TEXT_PATHS: readonly string[] = [...TEXTS_OF_CONTENT, ...TEXTS_OF_BODIES];
/** Names that a message gives itself: a text must not repeat them. */
const NAMES = ['person.name.*', 'person.aliases.*', 'guardian.contact.name', 'trace.persons.*.name.*'];

/** What one free text may give away. */
export interface TextFindings {
  readonly pointer: string;
  readonly findings: readonly Finding[];
}

/** The free texts of a message that may tell who somebody is. @param known names that the case knows beside the message's own */
export function narrativeFindings(message: Message, known: readonly string[] = []): TextFindings[] {
  const names = [...known, ...contentValues(message, NAMES).map(({ value }) => value as string)];
  return textsOf(message)
    .map(({ pointer, value }) => ({ pointer, findings: scanText(value as string, { names }) }))
    .filter(({ findings }) => findings.length > 0);
}

function textsOf(message: Message): Found[] {
  return [...contentValues(message, TEXTS_OF_CONTENT), ...TEXTS_OF_BODIES.flatMap((path) => valuesAt(message, path))];
}

function contentValues(message: Message, paths: readonly string[]): Found[] {
  const content = contentOf(message);
  return paths.flatMap((path) => valuesAt(content?.sections ?? {}, path, content?.at));
}

/** Why an officer keeps a text as it is. */
export const KEEP_REASONS = ['names_nobody', 'public_name', 'needed_for_safety'] as const;

/** An officer's decision on one text. It holds for exactly that text. */
export interface Decision {
  readonly pointer: string;
  readonly textDigest: string;
  readonly decision: 'keep';
  readonly by: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly reason: (typeof KEEP_REASONS)[number];
}

/** A fault for every text with findings that nobody has decided on. It names kinds and positions, never the text. */
export function undecided(
  message: Message,
  decisions: readonly Decision[],
  digestOfText: (text: string) => string,
  known: readonly string[] = [],
): Fault[] {
  const texts = new Map(textsOf(message).map(({ pointer, value }) => [pointer, value as string]));
  return narrativeFindings(message, known)
    .filter(({ pointer }) => {
      const digest = digestOfText(texts.get(pointer)!);
      return !decisions.some((decision) => decision.pointer === pointer && decision.textDigest === digest);
    })
    .map(({ pointer, findings }) => faultAt(pointer, 'narrative_undecided', listed(findings)));
}

const KIND_NAMES: { readonly [kind in Finding['kind']]: { readonly en: string; readonly vi: string } } = {
  email: { en: 'e-mail address', vi: 'địa chỉ thư điện tử' },
  web_address: { en: 'web address', vi: 'địa chỉ trang mạng' },
  phone: { en: 'telephone number', vi: 'số điện thoại' },
  document_number: { en: 'document number', vi: 'số giấy tờ' },
  known_name: { en: 'name of the case', vi: 'tên trong hồ sơ' },
  person_name: { en: 'name of a person', vi: 'tên người' },
};

/** Characters are counted from 1, as people do. */
function listed(findings: readonly Finding[]): Bilingual {
  const inLanguage = (language: 'en' | 'vi') =>
    findings.map(({ kind, start, end }) => `${KIND_NAMES[kind][language]} (${start + 1}–${end})`).join(', ');
  return { en: inLanguage('en'), vi: inLanguage('vi') };
}
