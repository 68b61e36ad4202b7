import { faultAt, type Bilingual, type Fault } from '../errors';
import { factsOf } from '../lifecycle';
import type { AttachmentType, IdentityMode } from '../schema';
import { contentOf } from './content';
import type { Disclosure } from './disclosure';
import { valuesAt } from './paths';

interface Withheld {
  readonly label: Bilingual;
  readonly fields: readonly string[];
}

const NAMING = ['person.name', 'person.documents', 'person.photo'];
/** What each mode never lets travel, in the referral or later. */
const WITHHELD: { readonly [mode in 'pseudonymous' | 'anonymous']: Withheld } = {
  pseudonymous: { label: { en: 'pseudonymous', vi: 'dùng bí danh' }, fields: NAMING },
  anonymous: {
    label: { en: 'anonymous', vi: 'ẩn danh' },
    fields: [...NAMING, 'person.aliases', 'person.birthplace', 'safeContact'],
  },
};
/** Files that show who somebody is. */
const NAMING_FILES: readonly unknown[] = [
  'photo',
  'identity_document',
  'travel_document',
] satisfies readonly AttachmentType[];

/** Faults of a message that tells more of who the person is than the identity mode of the referral allows (domain §1.4). */
export function identityFaults(disclosure: Disclosure): Fault[] {
  const content = contentOf(disclosure.message);
  const mode = modeOf(disclosure);
  if (!content || mode === 'identified') return [];
  const { label, fields } = WITHHELD[mode];
  const { sections, at } = content;
  const named = fields.flatMap((field) => valuesAt(sections, field, at));
  const files = valuesAt(sections, 'attachments.*.type', at).filter(({ value }) => NAMING_FILES.includes(value));
  return [...named, ...files].map(({ pointer }) => faultAt(pointer, 'identifies_person', label));
}

/** The mode of the referral; the strictest where no case says it. */
function modeOf({ message, state }: Disclosure): IdentityMode {
  if ('handling' in message) return message.identityMode;
  return factsOf('referral', state?.opening)?.identityMode ?? 'anonymous';
}
