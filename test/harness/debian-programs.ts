import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * PostgreSQL of the operating system: Debian's package `postgresql`, with the tools that make and restore dumps. The embedded server has
 * none, and it is newer than Debian's tools: so what needs dumps runs against Debian's server.
 */
const ROOT = '/usr/lib/postgresql';
/** The oldest version that Trao supports. */
const OLDEST = 15;
const PROGRAMS = ['initdb', 'postgres', 'pg_dump', 'pg_restore'];

/** The folder with its programs; undefined where it is not installed. */
export const debianPrograms: string | undefined = (existsSync(ROOT) ? readdirSync(ROOT) : [])
  .filter((version) => Number(version) >= OLDEST)
  .toSorted((a, b) => Number(b) - Number(a))
  .map((version) => path.join(ROOT, version, 'bin'))
  .find((folder) => PROGRAMS.every((program) => existsSync(path.join(folder, program))));
