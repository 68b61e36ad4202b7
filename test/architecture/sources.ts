import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Tree } from './tree';

/** Folder and file names of .gitignore that are plain names or paths; patterns with `*` name single files only. */
function ignored(root: string): readonly string[] {
  const file = path.join(root, '.gitignore');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return lines.map((line) => line.trim().replace(/^\/|\/$/g, '')).filter((line) => line !== '' && !/[#*!]/.test(line));
}

/**
 * Every text file that belongs to the project, by its path with `/`. A walk that leaves out what .gitignore names,
 * rather than `git ls-files`: it also works in a source archive, and sees a new file before it is added.
 */
export function projectFiles(root: string): Tree {
  const skip = ['.git', ...ignored(root)];
  const files: Record<string, string> = {};
  const walk = (folder: string): void => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (skip.includes(entry.name) || skip.includes(file)) continue;
      if (entry.isDirectory()) walk(file);
      else if (entry.isFile()) {
        const bytes = readFileSync(path.join(root, file));
        files[file] = bytes.includes(0) ? '' : bytes.toString('utf8');
      }
    }
  };
  walk('');
  return files;
}
