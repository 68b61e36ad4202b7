import {
  fieldRule,
  fieldRules,
  followed,
  memberPlace,
  schemaPlace,
  type FieldRule,
  type JsonSchema,
  type Purpose,
} from '../schema';

/** Messages that send sections of a referral later have them below this member. */
const DISCLOSED = /^(?:rfiResponse|update|correction)\.disclosed\./;

/**
 * The path of a field in the field matrix: that of the referral, also for sections that are sent later; undefined where the
 * matrix does not decide about the field, because it is of another message or of a record.
 */
export function matrixPath(target: string, path: string): string | undefined {
  if (target === 'referral') return path;
  return DISCLOSED.test(path) ? path.replace(DISCLOSED, '') : undefined;
}

/** The path by which the matrix names and grades a field, in whichever message; undefined in a record, which never travels. */
export function gradedPath(target: string, path: string): string | undefined {
  return target.endsWith('Record') ? undefined : (matrixPath(target, path) ?? path);
}

/** The row that speaks of `path`: its own, or the one of what it is part of. */
export function rowFor(path: string): FieldRule | undefined {
  const steps = path.split('.');
  for (let length = steps.length; length > 0; length--) {
    const rule = fieldRule(steps.slice(0, length).join('.'));
    if (rule) return rule;
  }
  return undefined;
}

/** True when `purpose` never lets the field travel: by its own row, or by the one of what it is part of. */
export function isForbidden(path: string, purpose: Purpose | undefined): boolean {
  return purpose !== undefined && rowFor(path)?.cells[purpose] === 'X';
}

/** The codes that the rules of a purpose leave for a field of a referral; undefined where they leave all. */
export function codesLeft(target: string, path: string, purpose: Purpose | undefined): readonly unknown[] | undefined {
  if (target !== 'referral' || purpose === undefined) return undefined;
  let place: ReturnType<typeof memberPlace> = rulesOf(purpose);
  for (const step of path.split('.')) place = place && memberPlace(place, step);
  return narrowed(place?.schema ?? {});
}

/** The fields that a request for information with this purpose may name. */
export function askablePaths(purpose: Purpose): ReadonlySet<string> {
  return new Set(fieldRules().flatMap(({ path, askable, cells }) => (askable && cells[purpose] !== 'X' ? [path] : [])));
}

function narrowed(schema: JsonSchema): readonly unknown[] | undefined {
  return schema.const === undefined ? schema.enum : [schema.const];
}

function rulesOf(purpose: Purpose) {
  return followed({ ...schemaPlace('referral'), schema: { $ref: `rules.schema.json#/$defs/${purpose}` } });
}
