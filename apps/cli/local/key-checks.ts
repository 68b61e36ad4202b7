import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unlockFile } from '../../../certs-dev/development-keys';
import { asTraoError } from '../../../libs/errors';
import { openKeystore, type KeyMetadata } from '../../../libs/keystore';
import type { Directory } from '../../../libs/schema';
import { expiries, type Expiry } from '../../../libs/trust';
import { endOf } from '../keys/print-keys';
import type { Check } from './check-line';

const PROCESSES = ['gateway', 'worker', 'office'] as const;
const RENEW = 'npm run demo -- --reset (makes new keys and forgets all messages)';

/** The private keys of a node of the demonstration: readable by their owner only, whole, and what of them ends soon. */
export async function checkKeys(home: string, node: string, directory: Directory | undefined): Promise<Check[]> {
  const faults: string[] = [];
  const held: KeyMetadata[] = [];
  for (const process of PROCESSES) {
    try {
      const unlock = { keyFile: unlockFile(home, node, process) };
      const keystore = await openKeystore({ folder: join(home, 'nodes', node, process), unlock });
      held.push(...(await keystore.list()));
      faults.push(...(await keystore.faults()).map(({ message }) => message));
    } catch (error) {
      faults.push(asTraoError(error).message);
    }
  }
  const tls = ['tls/key.pem', 'unlock/tls.passphrase'].map((name) => join(home, 'nodes', node, name));
  faults.push(...tls.filter(isOpen).map((file) => `Others can reach ${file}. Run: chmod 600 ${file}`));
  const name = `private keys of ${node}`;
  const state: Check =
    faults.length === 0
      ? { name, result: 'ok', cause: `${held.length} keys, encrypted, readable by their owner only` }
      : { name, result: 'fault', cause: faults.join(' '), next: `chmod -R go= ${home}, or ${RENEW}` };
  return [state, ...ends(home, node, held, directory).map(shown)];
}

const isOpen = (file: string) =>
  process.platform !== 'win32' && existsSync(file) && (statSync(file).mode & 0o077) !== 0;

function ends(home: string, node: string, keys: readonly KeyMetadata[], directory: Directory | undefined): Expiry[] {
  const certificate = join(home, 'nodes', node, 'tls', 'cert.pem');
  const certificates = existsSync(certificate) ? { [`${node} TLS`]: readFileSync(certificate, 'utf8') } : {};
  // The directory's own end is a line of its own.
  return expiries({ keys, certificates, node, ...(directory && { directory }) }, new Date()).filter(
    ({ use }) => use !== 'directory',
  );
}

const shown = (expiry: Expiry): Check => ({
  name: `end of ${expiry.use}`,
  result: expiry.level <= 1 ? 'fault' : 'warning',
  cause: endOf(expiry),
  next: expiry.use === 'rotation' ? 'trao keys rotate, trao keys export-public, trao directory propose' : RENEW,
});
