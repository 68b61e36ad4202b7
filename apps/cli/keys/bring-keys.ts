import { createPrivateKey, X509Certificate, type JsonWebKey } from 'node:crypto';
import { TraoError } from '../../../libs/errors';
import {
  makeCsr,
  readForeignKey,
  windowOf,
  writePfx,
  type KeyMetadata,
  type StoredKind,
  type StoredUse,
  type Unlock,
} from '../../../libs/keystore';
import { readBytes, writeNew } from '../directory/directory-files';
import { openKeys, timeOf, type KeyOptions } from './options';
import { readPassphrase, writePrivate } from './private-output';

export interface ImportOptions extends KeyOptions {
  readonly use?: StoredUse;
  readonly unit?: string;
  readonly kid?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** What opens the file, where it is encrypted. */
  readonly fromPassphraseFile?: string;
  readonly fromKeyFile?: string;
  /** Where the certificates of a PKCS#12 file go. */
  readonly certificatesOut?: string;
}

export interface CsrOptions extends KeyOptions {
  readonly host: readonly string[];
  readonly commonName?: string;
  readonly organization?: string;
  readonly country?: string;
  readonly kind?: StoredKind;
  /** A key that is there already. */
  readonly kid?: string;
  readonly out?: string;
}

export interface PfxOptions extends KeyOptions {
  readonly certificate?: readonly string[];
  readonly toPassphraseFile: string;
  readonly out: string;
}

/** What PKCS#12 may hold. Decryption keys stay: a copy would outlive their destruction, and forward secrecy with it. */
const PFX_USES: readonly StoredUse[] = ['tls', 'signing', 'receipt', 'governance'];
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** Takes in a key that is in a file. @throws TraoError `bad_request`, `bad_key`, `key_*` */
export async function importKey(file: string, options: ImportOptions, now: Date): Promise<KeyMetadata> {
  const { admin } = await openKeys(options, true);
  const bytes = await readBytes(file);
  if (isOurs(bytes)) return admin.takeFile(bytes, file, fromUnlock(options));
  const passphrase =
    options.fromPassphraseFile === undefined ? undefined : await readPassphrase(options.fromPassphraseFile);
  const foreign = await readForeignKey(bytes, passphrase);
  const { use, notBefore, notAfter } = options;
  if (use === undefined) throw new TraoError('bad_request', { detail: 'Say what the key is for: --use USE.' });
  const start = notBefore === undefined ? now : timeOf(notBefore, '--not-before');
  const end = notAfter === undefined ? windowOf(use, start).notAfter : timeOf(notAfter, '--not-after');
  const ofUnit = ['signing', 'encryption', 'storage'].includes(use);
  const taken = await admin.take(
    {
      use,
      unit: ofUnit ? (options.unit ?? foreign.unit) : options.unit,
      kid: options.kid ?? foreign.kid,
      notBefore: start,
      notAfter: end,
    },
    foreign.privateJwk,
  );
  if (options.certificatesOut !== undefined) await writeNew(options.certificatesOut, foreign.certificates.join(''));
  return taken;
}

const isOurs = (bytes: Buffer) => /^\{\s*"format"\s*:/.test(bytes.toString('latin1', 0, 64));

function fromUnlock(options: ImportOptions): Unlock {
  const keyFile = options.fromKeyFile ?? (options.fromPassphraseFile === undefined ? options.keyFile : undefined);
  const passphraseFile = options.fromPassphraseFile ?? options.passphraseFile;
  if (keyFile !== undefined) return { keyFile };
  if (passphraseFile !== undefined) return { passphraseFile };
  throw new TraoError('bad_request', { detail: 'Say what opens the file: --from-key-file or --from-passphrase-file.' });
}

/** A TLS key with a request for its certificate. @throws TraoError `bad_request`, `bad_key`, `key_*` */
export async function requestCertificate(options: CsrOptions, now: Date): Promise<{ key: KeyMetadata; csr: string }> {
  const { admin } = await openKeys(options, true);
  const { host: hosts, kid, kind = 'ES256', organization, country } = options;
  if (country !== undefined && !/^[A-Za-z]{2}$/.test(country))
    throw new TraoError('bad_request', { detail: '--country is two letters.' });
  const subject = { commonName: options.commonName ?? hosts[0] ?? '', organization, country, hosts };
  const known = kid === undefined ? undefined : (await admin.list()).find((key) => key.kid === kid);
  if (kid !== undefined && known?.use !== 'tls') throw new TraoError('key_missing', { detail: `TLS key ${kid}` });
  const key = known ?? (await admin.generate({ use: 'tls', ...windowOf('tls', now) }, kind));
  const csr = makeCsr((await admin.reveal(key.kid)).privateJwk, subject);
  if (options.out !== undefined) await writeNew(options.out, csr);
  return { key, csr };
}

/** Writes a key, and its certificates, as PKCS#12. @throws TraoError `bad_request`, `bad_key`, `key_*` */
export async function exportPfx(kid: string, options: PfxOptions): Promise<{ certificates: number }> {
  const { admin } = await openKeys(options);
  const { record, privateJwk } = await admin.reveal(kid);
  if (!PFX_USES.includes(record.use))
    throw new TraoError('bad_key', { detail: `A ${record.use} key is not given out.` });
  const privateKey = createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' });
  const files = await Promise.all((options.certificate ?? []).map(readBytes));
  const certificates = files.flatMap((bytes) => bytes.toString('utf8').match(CERTIFICATE) ?? []);
  if (certificates.length < files.length)
    throw new TraoError('bad_request', { detail: 'A --certificate file holds none.' });
  if (certificates[0] && !new X509Certificate(certificates[0]).checkPrivateKey(privateKey))
    throw new TraoError('bad_request', { detail: 'The first certificate is not that of the key.' });
  const passphrase = await readPassphrase(options.toPassphraseFile);
  await writePrivate(options.out, writePfx({ privateKey, certificates, name: kid }, passphrase));
  return { certificates: certificates.length };
}
