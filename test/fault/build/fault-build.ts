import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../harness/paths';
import { marksOf, withCalls } from './marks';
import { patched, type Patch } from './patches';
import { transpile } from './transpile';
import { WIRE_PATCHES } from './wire-patches';

const build = require(path.join(ROOT, 'bin', 'steps', 'build.cjs')) as {
  buildIfNeeded: (root: string) => Promise<void>;
};

/** Brings dist/ up to date. */
export const buildIfNeeded = (): Promise<void> => build.buildIfNeeded(ROOT);

/** A build of the product in which faults can strike, for the tests only. */
export interface FaultBuild {
  /** Its own dist/, with the rest of the repository linked beside it. */
  readonly dist: string;
  /** To be preloaded into its processes. */
  readonly runtime: string;
}

const CACHE = path.join(ROOT, '.cache', 'faults');
const STAMP = path.join(ROOT, 'dist', '.stamp');
const SOURCES = ['apps', 'libs'];
/** Not linked beside dist/: they change, or are big and not the product's. */
const NOT_BESIDE = ['dist', 'coverage'];
const OLD_MS = 6 * 3_600_000;
/** The sources may change while they are read; then it begins anew. */
const TRIES = 10;

/**
 * Makes the fault build of the sources as they stand: marks become calls, the patches of the wire and `patches` are applied, and only
 * files with one of them are compiled anew. A build of the same sources and patches is used again.
 * @param name of the folder, for people
 */
export async function faultBuild(name = 'points', patches: readonly Patch[] = []): Promise<FaultBuild> {
  const all = [...WIRE_PATCHES, ...patches];
  for (let tries = 1; ; tries += 1) {
    await buildIfNeeded();
    const stamp = readFileSync(STAMP, 'utf8');
    const key = createHash('sha256').update(stamp).update(JSON.stringify(all)).update(OWN).digest('hex').slice(0, 12);
    const folder = path.join(CACHE, `${name}-${key}`);
    if (!existsSync(folder)) {
      const draft = `${folder}.${process.pid}`;
      make(draft, all);
      if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== stamp || !isOf(stamp)) {
        rmSync(draft, { recursive: true, force: true });
        if (tries < TRIES) continue;
        throw new Error('The sources change faster than they can be built.');
      }
      putInPlace(draft, folder);
    }
    utimesSync(folder, new Date(), new Date());
    removeOld();
    return { dist: path.join(folder, 'dist'), runtime: path.join(__dirname, 'runtime.cjs') };
  }
}

/** What else decides how a build comes out. */
const OWN = ['marks.ts', 'transpile.ts'].map((file) => readFileSync(path.join(__dirname, file), 'utf8')).join('\0');

/** The sources that a fault build compiles anew, with the text that it compiles. */
export function changedSources(patches: readonly Patch[]): { readonly file: string; readonly source: string }[] {
  const files = sources();
  const strange = patches.find(({ file }) => !files.includes(file));
  if (strange) throw new Error(`A patch names ${strange.file}, which is no source of the product.`);
  return files.flatMap((file) => {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    const marked = marksOf(text, file).length > 0;
    if (!marked && !patches.some((patch) => patch.file === file)) return [];
    // Patches first: they are written against the source as it stands.
    return [{ file, source: withCalls(patched(text, file, patches)) }];
  });
}

/** All sources of the product, from the root. */
export function sources(): string[] {
  return SOURCES.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts'))
      .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name))),
  ).sort();
}

function make(folder: string, patches: readonly Patch[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // A copy, not links: the compiler writes into its own files in place.
  cpSync(path.join(ROOT, 'dist'), path.join(folder, 'dist'), {
    recursive: true,
    filter: (file) => !/\.(d\.ts|map|tsbuildinfo)$/.test(file),
  });
  for (const { file, source } of changedSources(patches))
    writeFileSync(path.join(folder, 'dist', file.replace(/\.ts$/, '.js')), transpile(source, file));
  for (const entry of readdirSync(ROOT).filter((name) => !name.startsWith('.') && !NOT_BESIDE.includes(name)))
    symlinkSync(path.join(ROOT, entry), path.join(folder, entry));
}

/** True when no source has changed since the build that wrote the stamp (`bin/steps/build.cjs`). */
function isOf(stamp: string): boolean {
  const states = JSON.parse(stamp) as Record<string, string>;
  return sources().every((file) => {
    if (file.includes('/fixtures/')) return true;
    const { mtimeMs, size } = statSync(path.join(ROOT, file));
    return states[file] === `${mtimeMs}:${size}`;
  });
}

function putInPlace(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Somebody else was quicker with the same.
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
}

function removeOld(): void {
  for (const entry of readdirSync(CACHE, { withFileTypes: true })) {
    const folder = path.join(CACHE, entry.name);
    if (!entry.isDirectory() || !existsSync(path.join(folder, 'dist'))) continue;
    if (Date.now() - statSync(folder).mtimeMs > OLD_MS) rmSync(folder, { recursive: true, force: true });
  }
}
