import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../harness/paths';
import { patched, type Patch } from '../build/patches';

/** Not copied: made by tools, or big. */
const LEFT_OUT = ['node_modules', 'dist', 'coverage'];

/** Where the copy is. One run at a time: jest keeps what it has compiled there for the next one. */
const TREE = path.join(ROOT, '.cache', 'faults', 'planted', 'tree');

/** A copy of the sources and their tests, in which bugs are planted. The sources themselves are never touched. */
export interface PlantedTree {
  readonly folder: string;
  /** Puts a bug in. @throws Error when a patch does not fit exactly once, or makes no TypeScript */
  plant(patches: readonly Patch[]): void;
  /** Takes everything out that was planted. */
  restore(): void;
}

/** Copies the sources as they stand. */
export function makeTree(): PlantedTree {
  rmSync(TREE, { recursive: true, force: true });
  for (const entry of readdirSync(ROOT).filter((name) => !name.startsWith('.') && !LEFT_OUT.includes(name)))
    cpSync(path.join(ROOT, entry), path.join(TREE, entry), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(TREE, 'node_modules'));
  const sound = new Map<string, string>();
  return {
    folder: TREE,
    plant(patches) {
      for (const { file, source } of withBug(patches, TREE)) {
        sound.set(file, readFileSync(path.join(TREE, file), 'utf8'));
        writeFileSync(path.join(TREE, file), source);
      }
    },
    restore() {
      for (const [file, source] of sound) writeFileSync(path.join(TREE, file), source);
      sound.clear();
    },
  };
}

/** The sources that a bug changes, as it leaves them. @throws Error when a patch does not fit exactly once, or makes no TypeScript */
export function withBug(patches: readonly Patch[], root = ROOT): { readonly file: string; readonly source: string }[] {
  return [...new Set(patches.map(({ file }) => file))].map((file) => {
    const source = patched(readFileSync(path.join(root, file), 'utf8'), file, patches);
    const { diagnostics = [] } = ts.transpileModule(source, { fileName: file, reportDiagnostics: true });
    const [fault] = diagnostics;
    if (fault)
      throw new Error(`${file} is no TypeScript any more: ${ts.flattenDiagnosticMessageText(fault.messageText, ' ')}`);
    return { file, source };
  });
}
