import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A new folder that others may pass through: run as root, PostgreSQL runs as another user and must reach its cluster inside. */
export function makeTempFolder(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `trao-${name}-`));
  chmodSync(folder, 0o711);
  return folder;
}

/** TRAO_KEEP=1 keeps it, to look into its logs. */
export function removeTempFolder(folder: string): void {
  if (process.env['TRAO_KEEP'] === '1') process.stderr.write(`kept: ${folder}\n`);
  else rmSync(folder, { recursive: true, force: true });
}
