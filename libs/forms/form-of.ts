import { schemaPlace, type Lang, type MessageType, type Purpose } from '../schema';
import { membersOf, type FormSettings } from './build-fields';
import type { Field, Option } from './field';

/** A message without its head, or one of the records that stay here. */
export type FormTarget = MessageType | 'consentRecord' | 'overrideRecord';

export interface FormChoice {
  readonly language: Lang;
  /** What the purpose forbids is left out, and what it needs is marked. */
  readonly purpose?: Purpose | undefined;
  /** IANA time zone in which points in time are shown and typed; UTC when absent. */
  readonly timeZone?: string | undefined;
  /** Units that can be picked; without them the id of a unit is typed. */
  readonly units?: readonly Option[] | undefined;
  /** Answers for other fields by their key, such as the files of a draft for `referral/person.photo`. */
  readonly answers?: { readonly [key: string]: readonly Option[] } | undefined;
  /** Only the fields at or below these paths (`person.name`), in this order. */
  readonly paths?: readonly string[] | undefined;
}

/**
 * The questions of a document in the order of its schema: everything that an officer can answer, nothing that the purpose
 * forbids, never the head of a message.
 */
export function formOf(
  target: FormTarget,
  { language, purpose, timeZone = 'UTC', units, answers, paths }: FormChoice,
): Field[] {
  const settings: FormSettings = { target, language, purpose, timeZone, units, answers, paths };
  // What is not in the matrix of a referral hangs on its purpose; every other document is there because it is wanted.
  const at = { path: '', pointer: '', name: '', obligation: 'mandatory' as const };
  const whole = membersOf(schemaPlace(target), at, settings, ['header']);
  return paths ? paths.flatMap((path) => fieldsAt(whole, path, true)) : whole;
}

/** The field at `path`; a member of an optional group is asked for only when there is a group. */
function fieldsAt(fields: readonly Field[], path: string, needed: boolean): Field[] {
  return fields.flatMap((field): Field[] => {
    if (field.path === path) return [{ ...field, needed: field.needed && needed }];
    const inside = field.kind === 'group' && path.startsWith(`${field.path}.`);
    return inside ? fieldsAt(field.members, path, needed && field.needed) : [];
  });
}
