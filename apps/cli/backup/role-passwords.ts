import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { TraoError } from '../../../libs/errors';
import { PROCESS_ROLES, type ProcessRole, type RoleLogin } from '../../../libs/storage';
import { writePrivate } from '../keys/private-output';

/**
 * The login roles of a node's processes, named as everywhere: DATABASE_PROCESS.
 * @param file passwords by process, as JSON; made at random where it is not there. Without it roles keep those that they have
 * @throws TraoError `config_invalid` when the file is no such list
 */
export async function roleLogins(database: string, file: string | undefined): Promise<RoleLogin[]> {
  const passwords = file === undefined ? {} : await passwordsOf(file);
  return PROCESS_ROLES.map((process) => ({ process, role: `${database}_${process}`, password: passwords[process] }));
}

type Passwords = Partial<Record<ProcessRole, string>>;

async function passwordsOf(file: string): Promise<Passwords> {
  if (!(await stat(file).catch(() => undefined))) {
    const made = Object.fromEntries(PROCESS_ROLES.map((process) => [process, randomBytes(24).toString('base64url')]));
    await writePrivate(file, Buffer.from(`${JSON.stringify(made, null, 2)}\n`));
    return made;
  }
  try {
    const read = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    const strong = PROCESS_ROLES.every((process) => /^[A-Za-z0-9_-]{16,128}$/.test(String(read[process])));
    if (strong) return read;
  } catch {
    // Told below: what a parser says of a file of secrets may quote it.
  }
  throw new TraoError('config_invalid', {
    detail: `${file} must hold a password of 16 letters, digits, _ or - and more for each of ${PROCESS_ROLES.join(', ')}.`,
  });
}
