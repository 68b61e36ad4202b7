import { asTraoError, TraoError } from '../errors';
import { runCookbook } from './cookbook';
import { runJsonSchema } from './json-schema';
import { runLimbo } from './limbo';
import { runExamples } from './pq-examples';
import { readFolder } from './read-folder';
import { recognise, type Recognised } from './recognise';
import { Tally, type SuiteResult } from './suite';
import type { DamagedFile, Limits } from './vector-file';
import { runWycheproof } from './wycheproof/run';

export interface Report {
  readonly suites: readonly SuiteResult[];
}

const KNOWN =
  'Known are Wycheproof (testvectors_v1), x509-limbo, the JOSE cookbook, JSON Schema tests of draft 2020-12, and JWEs with ' +
  'their keys; as files, .gz, .tar or .tgz.';

/**
 * Runs all test vectors in a folder through the code that Trao opens, verifies and validates with.
 * @throws TraoError `not_found`, `bad_request` for the folder itself; `vectors_missing` when nothing in it is known. What is wrong
 *   with one file stands in the report: nothing else is left out for it
 */
export async function checkVectors(folder: string, limits?: Limits): Promise<Report> {
  const { files, damaged } = await readFolder(folder, limits);
  const faults = [...damaged];
  const recognised = files.flatMap((file) => {
    try {
      return [recognise(file)];
    } catch (error) {
      const { code, message } = asTraoError(error);
      faults.push({ path: file.path, code, message });
      return [];
    }
  });
  const suites = [...(await run(recognised, faults)), ...leftOver(recognised, faults)];
  if (suites.every(({ name }) => name === NOT_RECOGNISED)) throw new TraoError('vectors_missing', { detail: KNOWN });
  return { suites: named(suites) };
}

/** @param faults gets the files that a runner cannot make sense of */
async function run(files: readonly Recognised[], faults: DamagedFile[]): Promise<SuiteResult[]> {
  const of = <F extends Recognised['format']>(format: F) =>
    files.filter((file): file is Extract<Recognised, { format: F }> => file.format === format);
  const suites: SuiteResult[] = [];
  const add = async (together: readonly Recognised[], runner: () => Promise<readonly SuiteResult[]>) => {
    if (together.length === 0) return;
    try {
      suites.push(...(await runner()));
    } catch (cause) {
      const { code, message } = new TraoError('vectors_unreadable', { detail: `${(cause as Error).message}.`, cause });
      for (const { path } of together) faults.push({ path, code, message });
    }
  };
  for (const file of of('wycheproof')) await add([file], async () => [await runWycheproof(file)]);
  const sealed = of('jwe');
  const keys = of('keys').flatMap((file) => file.keys);
  await add(sealed, () => runExamples(sealed, keys));
  const operations = of('jose-cookbook');
  await add(operations, () => runCookbook(operations));
  const remotes = new Map(of('remote-schema').map(({ address, schema }) => [address, schema]));
  const tests = of('json-schema');
  await add(tests, async () => [runJsonSchema(tests, remotes)]);
  for (const file of of('x509-limbo')) await add([file], () => runLimbo(file));
  return suites;
}

const NOT_RECOGNISED = 'not recognised';

/** What could not be run at all: each file counts as one case, so that none vanishes. */
function leftOver(files: readonly Recognised[], damaged: readonly DamagedFile[]): SuiteResult[] {
  const [unread, unknown] = [new Tally('not readable', ''), new Tally(NOT_RECOGNISED, '')];
  for (const { path, code, message } of damaged) unread.add(path, { count: 'unreadable', why: `${code}: ${message}` });
  for (const { format, path } of files) {
    if (format === 'unknown') unknown.add(path, { count: 'notRun', why: `${path} (vectors_unknown)` });
  }
  return [unread.result(), unknown.result()].filter(({ cases }) => cases > 0);
}

/** Two suites of one name are told apart by where they come from. */
function named(suites: readonly SuiteResult[]): SuiteResult[] {
  const twice = (name: string) => suites.filter((suite) => suite.name === name).length > 1;
  return suites.map((suite) => (twice(suite.name) ? { ...suite, name: `${suite.name} (${suite.source})` } : suite));
}
