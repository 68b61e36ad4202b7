export { makeCsr, type CsrSubject } from './csr';
export type { KeyMetadata } from './describe';
export { readForeignKey, type ForeignKey } from './import-key';
export { KeyAdmin, type KeyPurpose } from './key-admin';
export { exceptionOf } from './admission';
export {
  KEY_USES,
  KINDS_OF_USE,
  STORED_KINDS,
  type KeyRecord,
  type StoredKind,
  type StoredUse,
  type TokenPlace,
} from './key-record';
export { Keystore, openKeystore, type KeyPlace, type KeystoreSettings } from './keystore';
export { generateOnToken, publicKeyOnToken } from './pkcs11/token-keys';
export { writePfx, type PfxContent } from './pkcs12/write';
export type { KeyNeeds } from './readiness';
export { nextWeeks, successorWindow, windowOf, type Window } from './rotation';
export { makeDevelopmentCa, makeDevelopmentCertificate, type CertificateFiles } from './tls-files';
export { makeKeyFile, type Unlock } from './unlock';
