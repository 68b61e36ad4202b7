import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unlockFile } from '../../certs-dev/development-keys';
import { KeyAdmin, openKeystore } from '../../libs/keystore';
import type { Directory, DirectoryKey } from '../../libs/schema';
import { signDirectory } from '../../libs/trust';
import { nodeOf } from './examples';
import type { TwoNodes } from './two-nodes';

const keysOf = (nodes: TwoNodes) => path.join(nodes.folder, 'keys');
const directoryFile = (nodes: TwoNodes) => path.join(keysOf(nodes), 'directory.json');

/** The directory that the file of both nodes holds. */
function currentDirectory(nodes: TwoNodes): Directory {
  const { payload } = JSON.parse(readFileSync(directoryFile(nodes), 'utf8')) as { payload: string };
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Directory;
}

/** Puts the next version of the directory in force, signed by both countries. */
export async function publish(nodes: TwoNodes, change: (directory: Directory) => void): Promise<Directory> {
  const directory = structuredClone(currentDirectory(nodes));
  change(directory);
  directory.version += 1;
  directory.issuedAt = new Date().toISOString();
  const signers = await Promise.all(
    directory.governance.keys.map(async ({ node }) => {
      const folder = path.join(keysOf(nodes), 'governance', node);
      return (await openKeystore({ folder, unlock: { keyFile: `${folder}.key` } })).governanceKey();
    }),
  );
  writeFileSync(directoryFile(nodes), await signDirectory(directory, signers), { mode: 0o600 });
  return directory;
}

const folderOf = (nodes: TwoNodes, unit: string) => path.join(keysOf(nodes), 'nodes', nodeOf(unit), 'worker');
const unlockOf = (nodes: TwoNodes, unit: string) => ({ keyFile: unlockFile(keysOf(nodes), nodeOf(unit), 'worker') });

/** Gives a unit a new hybrid key in the folder of its worker, and lists it; the earlier ones are retired. */
export async function rotateEncryptionKey(nodes: TwoNodes, unit: string): Promise<string> {
  const admin = await KeyAdmin.open(folderOf(nodes, unit), unlockOf(nodes, unit));
  const times = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 7 * 86_400_000) };
  const { kid, public: jwk } = await admin.generate({ use: 'encryption', unit, ...times }, 'hybrid');
  await publish(nodes, ({ nodes: entries }) => {
    const entry = entries.flatMap((node) => node.units).find(({ id }) => id === unit)!;
    for (const key of entry.encryptionKeys) if (key.suite === 'hybrid') key.status = 'retired';
    entry.encryptionKeys.push({
      kid,
      jwk: jwk as DirectoryKey['jwk'],
      notBefore: times.notBefore.toISOString(),
      notAfter: times.notAfter.toISOString(),
      status: 'active',
      suite: 'hybrid',
    });
  });
  return kid;
}

/** Destroys all decryption keys of a unit but one, as its worker does after their grace. */
export async function destroyOthers(nodes: TwoNodes, unit: string, kept: string): Promise<string[]> {
  const keys = await openKeystore({ folder: folderOf(nodes, unit), unlock: unlockOf(nodes, unit) });
  const others = (await keys.list()).filter(
    (key) => key.use === 'encryption' && key.unit === unit && key.kind === 'hybrid' && key.kid !== kept,
  );
  for (const { kid } of others) await keys.destroy(kid);
  return others.map(({ kid }) => kid);
}
