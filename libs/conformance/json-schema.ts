import path from 'node:path';
import { digestOf } from '../envelope';
import { parseStrictJson, validatorOfForeign, vocabularyOf, vocabularyOfOurs, type Vocabulary } from '../schema';
import { textOf } from './members';
import { isMembers, type Members, type Recognised } from './recognise';
import { Tally, type SuiteResult } from './suite';
import { ACCEPT, decline, judge, passOver, refuse, UnreadableCase, type Outcome, type Verdict } from './verdict';

const NAME = 'json-schema';
const METASCHEMA = 'https://json-schema.org/draft/2020-12/schema';

/** What the schemas of a suite are held against. */
interface Surroundings {
  readonly ours: Vocabulary;
  /** The schemas that lie beside the tests, by their address. */
  readonly remotes: ReadonlyMap<string, Members>;
}

type Validate = (value: unknown) => Outcome;

/**
 * Tests for JSON Schema. Run are those whose schemas have only what ours have; a value goes through the strict parser before it
 * is validated, as a message does.
 */
export function runJsonSchema(
  files: readonly (Recognised & { format: 'json-schema' })[],
  remotes: ReadonlyMap<string, Members>,
): SuiteResult {
  const surroundings = { ours: vocabularyOfOurs(), remotes };
  const tally = new Tally(NAME, path.posix.dirname(files[0]?.path ?? ''));
  for (const { path: file, groups } of files) {
    for (const group of groups) runGroup(path.posix.basename(file, '.json'), group, surroundings, tally);
  }
  return tally.result();
}

function runGroup(file: string, group: unknown, surroundings: Surroundings, tally: Tally): void {
  try {
    if (!isMembers(group) || !Array.isArray(group['tests'])) throw new UnreadableCase('no group of tests');
    const validate = validatorFor(group['schema'], surroundings);
    for (const test of group['tests'] as unknown[]) {
      if (!isMembers(test)) throw new UnreadableCase('no test');
      tally.add(
        `${file}: ${textOf(group, 'description')}: ${textOf(test, 'description')}`,
        verdictOf(group, test, validate),
      );
    }
  } catch (error) {
    // A file from outside may be nested more deeply than a walk through it can go.
    if (!(error instanceof UnreadableCase) && !(error instanceof RangeError)) throw error;
    tally.add(file, { count: 'unreadable', why: error.message });
  }
}

function validatorFor(schema: unknown, { ours, remotes }: Surroundings): Validate {
  if (!isMembers(schema) && typeof schema !== 'boolean') throw new UnreadableCase('no schema');
  const others = new Map<string, Members>();
  for (;;) {
    const foreign = foreignPart([schema, ...others.values()], ours);
    if (foreign !== undefined) return () => passOver(foreign);
    try {
      const validate = validatorOfForeign(schema, others);
      return (value) => (validate(value) ? ACCEPT : refuse('schema_invalid'));
    } catch (error) {
      const { message, missingSchema } = error as Error & { missingSchema?: string };
      if (missingSchema === undefined) return () => ({ did: 'differ', why: `does not compile: ${message}` });
      const remote = remotes.get(missingSchema);
      if (!remote || others.has(missingSchema)) return () => passOver('a schema elsewhere: nothing is fetched');
      others.set(missingSchema, remote);
    }
  }
}

/** What in these schemas none of ours has. */
function foreignPart(schemas: readonly unknown[], ours: Vocabulary): string | undefined {
  const { keywords, formats } = vocabularyOf(schemas);
  const keyword = [...keywords].find((name) => !ours.keywords.has(name));
  if (keyword !== undefined) return `keyword ${keyword}`;
  const format = [...formats].find((name) => !ours.formats.has(name));
  if (format !== undefined) return `format ${JSON.stringify(format)}`;
  const all = schemas.filter(isMembers);
  if (all.some(({ $schema }) => $schema !== undefined && $schema !== METASCHEMA)) return 'another metaschema';
  // The compiler refuses it; the specification only advises against it.
  if (all.some((schema) => Array.isArray(schema['enum']) && schema['enum'].length === 0)) return 'enum without values';
  return undefined;
}

function verdictOf(group: Members, test: Members, validate: Validate): Verdict {
  const { valid, data } = test;
  if (typeof valid !== 'boolean') throw new UnreadableCase('neither valid nor invalid');
  const dispute = DISPUTES.get(digestOf(JSON.stringify([group['schema'], data, valid])));
  if (dispute !== undefined) return { count: 'disputed', why: dispute };
  return judge(valid ? 'valid' : 'invalid', outcomeFor(data, validate));
}

function outcomeFor(data: unknown, validate: Validate): Outcome {
  let parsed: unknown;
  try {
    parsed = parseStrictJson(Buffer.from(JSON.stringify(data)));
  } catch (error) {
    return decline((error as { code: string }).code);
  }
  return validate(parsed);
}

const ASSERTED = 'the default of the standard is that a format is a remark; ours are checked';
/** Tests of what the standard leaves to the implementer, by SHA-256 of schema, value and label. */
const DISPUTES: ReadonlyMap<string, string> = new Map([
  ['6Qcake5bf_jBuW5qx4lxi3N8FSevHQVGS-APFG4auH0', ASSERTED],
  ['2oyXsVNENYRFPHiEJTmPDYypnNL39tIUhpinpQRXQCE', ASSERTED],
]);
