import { createPrivateKey, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TraoError } from '../libs/errors';
import { makeDevelopmentCa, makeDevelopmentCertificate, type CertificateFiles } from '../libs/keystore';
import { save } from './save';

const hostsOf = (node: string, endpoint?: string) => [
  ...new Set(['127.0.0.1', 'localhost', `${node}.trao.example`, ...(endpoint ? [new URL(endpoint).hostname] : [])]),
];
const tlsFolder = (folder: string, node: string) => join(folder, 'nodes', node, 'tls');

/** The file with the passphrase of a node's TLS key. */
export const tlsPassphraseFile = (folder: string, node: string) =>
  join(folder, 'nodes', node, 'unlock', 'tls.passphrase');

/** Makes the authority of a node and its certificate, which also names the host of its endpoint. Keys are kept encrypted. */
export async function makeTls(
  folder: string,
  node: string,
  endpoint?: string,
): Promise<{ readonly ca: CertificateFiles; readonly leaf: CertificateFiles }> {
  const home = tlsFolder(folder, node);
  const ca = await makeDevelopmentCa(node);
  const leaf = await makeDevelopmentCertificate(node, ca, hostsOf(node, endpoint));
  save(join(home, 'ca.pem'), ca.cert);
  save(join(home, 'cert.pem'), leaf.cert);
  const passphrase = randomBytes(24).toString('base64url');
  save(tlsPassphraseFile(folder, node), passphrase);
  const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase } as const;
  save(join(home, 'key.pem'), createPrivateKey(leaf.key).export(cipher));
  save(join(home, 'ca-key.pem'), createPrivateKey(ca.key).export(cipher));
  return { ca, leaf };
}

/**
 * Gives a node another certificate for the key that it has, valid for some days from now: gateway and worker take it by themselves.
 * @throws TraoError `config_invalid` for a folder of an earlier version, which has thrown the key of its authority away
 */
export async function renewTls(folder: string, node: string, days?: number): Promise<void> {
  const home = tlsFolder(folder, node);
  if (!existsSync(join(home, 'ca-key.pem')))
    throw new TraoError('config_invalid', {
      detail: `${home} has no key to sign certificates with. Make a new demonstration with: npm run demo -- --reset`,
    });
  const passphrase = readFileSync(tlsPassphraseFile(folder, node), 'utf8');
  const open = (name: string) =>
    createPrivateKey({ key: readFileSync(join(home, name)), passphrase })
      .export({ type: 'pkcs8', format: 'pem' })
      .toString();
  const ca = { key: open('ca-key.pem') };
  const wish = { key: open('key.pem'), ...(days !== undefined && { days }) };
  save(join(home, 'cert.pem'), (await makeDevelopmentCertificate(node, ca, hostsOf(node), wish)).cert);
}
