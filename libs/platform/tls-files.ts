import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { TraoError } from '../errors';
import { TLS_SETTINGS, type TlsIdentity } from '../trust';

/** Where a process finds its TLS certificate: a PEM file with the certificate and its chain and one with the key, or both as PKCS#12. */
export type TlsFiles = ({ readonly cert: string; readonly key: string } | { readonly pfx: string }) & {
  /** A file with the passphrase of the key, or of the PKCS#12 file. */
  readonly passphrase?: string;
};

const filesOf = ({ passphrase, ...files }: TlsFiles): string[] => [
  ...Object.values(files),
  ...(passphrase === undefined ? [] : [passphrase]),
];

/** Changes when one of the files does. @throws Error of the file system */
export async function stampOf(files: TlsFiles): Promise<string> {
  const stats = await Promise.all(filesOf(files).map((file) => stat(file)));
  return stats.map(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`).join();
}

/**
 * Reads certificate and key, and sees that they belong together and are strong enough for TLS.
 * @throws TraoError `tls_unusable`
 */
export async function readTlsFiles(files: TlsFiles): Promise<TlsIdentity> {
  try {
    const secret = files.passphrase === undefined ? undefined : await readFile(files.passphrase, 'utf8');
    const passphrase = secret === undefined ? {} : { passphrase: secret.replace(/\r?\n$/, '') };
    const identity: TlsIdentity =
      'pfx' in files
        ? { pfx: await readFile(files.pfx), ...passphrase }
        : { cert: await readFile(files.cert, 'utf8'), key: await readFile(files.key, 'utf8'), ...passphrase };
    // An empty PEM is none for OpenSSL, and no fault.
    if ('cert' in identity && !(identity.cert && identity.key))
      throw new TraoError('tls_unusable', { detail: 'a file is empty' });
    createSecureContext({ ...TLS_SETTINGS, ...identity });
    // OpenSSL sees a key of another certificate, but not one of another kind than the certificate's.
    if ('cert' in identity && !isPair(identity)) throw new TraoError('tls_unusable', { detail: MISMATCH });
    return identity;
  } catch (cause) {
    throw new TraoError('tls_unusable', { detail: `${filesOf(files).join(', ')}: ${reasonOf(cause)}.`, cause });
  }
}

function isPair({ cert, key, passphrase }: Extract<TlsIdentity, { cert: string }>): boolean {
  const options = { key, ...(passphrase !== undefined && { passphrase }) };
  return new X509Certificate(cert).checkPrivateKey(createPrivateKey(options));
}

const MISMATCH = 'the key is not that of the certificate';
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'a file is missing',
  EACCES: 'a file must not be read by this user',
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: MISMATCH,
  ERR_OSSL_PEM_NO_START_LINE: 'not PEM, or cut short',
  ERR_OSSL_PEM_BAD_END_LINE: 'not PEM, or cut short',
  ERR_OSSL_UNSUPPORTED: 'not PEM, or cut short',
  ERR_OSSL_BAD_DECRYPT: 'wrong passphrase, or none',
  ERR_SSL_EE_KEY_TOO_SMALL: 'the key is too weak',
};

/** A reason without the text of the library, which could quote what it read. */
function reasonOf(error: unknown): string {
  if (error instanceof TraoError) return error.detail ?? error.code;
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (message === 'mac verify failure') return 'wrong passphrase, or none';
  if (message === 'not enough data') return 'not PKCS#12, or cut short';
  return REASONS[code] ?? (code || 'not understood');
}
