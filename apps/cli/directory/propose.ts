import { TraoError } from '../../../libs/errors';
import type { Directory } from '../../../libs/schema';
import {
  checkProposal,
  diffDirectories,
  directoryConcerns,
  proposeDirectory,
  readDirectory,
  type DirectoryDocument,
  type Finding,
} from '../../../libs/trust';
import { wholeNumber } from '../keys/options';
import { readDirectoryFile, readJsonFile } from './directory-files';
import { addKeys, addNode, removeNode, setStatus } from './edits';
import { readExportedKeys } from './exported-keys';

/** How a new version comes about; lists may be left out. */
export interface ProposeOptions {
  /** The signed version that it follows; none for the first. */
  readonly base?: string;
  readonly expiresInDays: string;
  readonly addKeys?: readonly string[];
  readonly retire?: readonly string[];
  readonly revoke?: readonly string[];
  readonly threshold?: string;
  readonly addNode?: readonly string[];
  readonly removeNode?: readonly string[];
}

/** A document with what is to be known of it before it is signed. */
export interface Proposed extends DirectoryDocument {
  readonly base: DirectoryDocument | undefined;
  readonly findings: readonly Finding[];
}

const DAY_MS = 86_400_000;
const MAX_DAYS = 3 * 366;

/**
 * Makes the next version of the directory from an edited document, from changes, or from both.
 * @param file the edited document; without it the base is changed
 * @throws TraoError `bad_request`, `not_found`, and what `checkProposal` throws
 */
export async function propose(file: string | undefined, options: ProposeOptions, now: Date): Promise<Proposed> {
  if (file === undefined && options.base === undefined)
    throw new TraoError('bad_request', {
      detail: 'Give a document, or the signed version that is to be changed with --base.',
    });
  const base = options.base === undefined ? undefined : await readDirectoryFile(options.base);
  const source = file === undefined ? structuredClone(base!.directory) : await readJsonFile(file);
  if (typeof source !== 'object' || source === null || 'payload' in source)
    throw new TraoError('bad_request', {
      detail: `${file} is no directory document. Take one out with: trao directory show SIGNED --document`,
    });
  const edited = await edit(source as unknown as Directory, options, now);
  const directory = await checkProposal(dated(edited, base?.directory.version ?? 0, options, now), base?.directory);
  // What is shown is what was written: the proposal is read again from its bytes.
  const read = await readDirectory(Buffer.from(await proposeDirectory(directory)));
  return { ...read, base, findings: await findingsOf(read.directory, base?.directory, now) };
}

/** What changes, and what it would bring about; what is dangerous comes first. */
export async function findingsOf(directory: Directory, base: Directory | undefined, now: Date): Promise<Finding[]> {
  return byWeight([...(base ? await diffDirectories(base, directory) : []), ...directoryConcerns(directory, now)]);
}

const ORDER = ['danger', 'warning', 'note'] as const;

export const byWeight = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted((a, b) => ORDER.indexOf(a.weight) - ORDER.indexOf(b.weight));

async function edit(directory: Directory, options: ProposeOptions, now: Date): Promise<Directory> {
  const { governance, nodes } = directory as Partial<Directory>;
  const changes = [options.addKeys, options.retire, options.revoke, options.addNode, options.removeNode].flat();
  const needsForm = options.threshold !== undefined || changes.some((change) => change !== undefined);
  // The schema names what is missing; a change cannot be made to what has no such place.
  if (needsForm && (!governance || !nodes)) return directory;
  for (const entry of options.addNode ?? []) addNode(directory, await readJsonFile(entry));
  for (const id of options.removeNode ?? []) removeNode(directory, id);
  for (const exported of options.addKeys ?? [])
    addKeys(directory, readExportedKeys(await readJsonFile(exported), exported), now);
  for (const kid of options.retire ?? []) setStatus(directory, kid, 'retired');
  for (const kid of options.revoke ?? []) setStatus(directory, kid, 'revoked');
  if (options.threshold !== undefined)
    directory.governance.threshold = wholeNumber(options.threshold, '--threshold', 50);
  return directory;
}

function dated(directory: Directory, before: number, { expiresInDays }: ProposeOptions, now: Date): Directory {
  const days = wholeNumber(expiresInDays, '--expires-in-days', MAX_DAYS);
  return {
    ...directory,
    version: before + 1,
    issuedAt: instant(now),
    expiresAt: instant(new Date(now.getTime() + days * DAY_MS)),
  };
}

/** Whole seconds: what was issued must not lie ahead of the clock that issued it. */
const instant = (time: Date) => time.toISOString().replace(/\.\d+Z$/, 'Z');
