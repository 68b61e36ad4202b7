import type { ErrorObject } from 'ajv/dist/2020';
import codes from '../../schemas/referral/v1/codes.schema.json';
import { isPlainKey, memberPointer } from './pointer';

/** The lists that a minor version may add to; a closed list decides what a node does, so it grows in a major version only. */
const OPEN_LISTS: ReadonlySet<string> = new Set(
  Object.entries(codes.$defs).flatMap(([name, list]) => ('$comment' in list ? [] : [name])),
);
/** A code as its list refuses it. A rule that allows only some of the listed codes has another path. */
const CODE_NOT_LISTED = /(?:^|\/)codes\.schema\.json#\/\$defs\/(\w+)\/enum$/;

/** What a newer minor version may have added to a document, apart from what is wrong with it. */
export interface Additions {
  /** JSON pointers (RFC 6901) of unknown fields and of fields with an unknown code. */
  readonly pointers: readonly string[];
  /** The errors that no minor version explains. */
  readonly errors: readonly ErrorObject[];
}

/** Parts `errors` of a validator into additions and faults. */
export function additionsOf(errors: readonly ErrorObject[]): Additions {
  const pointers = new Set<string>();
  const faults: ErrorObject[] = [];
  for (const error of errors) {
    const pointer = additionAt(error);
    if (pointer === undefined) faults.push(error);
    else pointers.add(pointer);
  }
  return { pointers: [...pointers], errors: faults };
}

function additionAt(error: ErrorObject): string | undefined {
  const { additionalProperty } = error.params as { additionalProperty?: string };
  if (additionalProperty !== undefined) {
    // No schema has a field of another name: it may be content that slipped into a key.
    return isPlainKey(additionalProperty) ? memberPointer(error.instancePath, additionalProperty) : undefined;
  }
  const list = CODE_NOT_LISTED.exec(error.schemaPath)?.[1];
  return list !== undefined && OPEN_LISTS.has(list) ? error.instancePath : undefined;
}
