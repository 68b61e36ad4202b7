export type { KeyMetadata } from './describe';
export { KeyAdmin, type KeyPurpose } from './key-admin';
export { KEY_USES, KINDS_OF_USE, type KeyRecord, type StoredKind, type StoredUse, type TokenPlace } from './key-record';
export { Keystore, openKeystore, type KeyNeeds, type KeyPlace, type KeystoreSettings } from './keystore';
export { makeDevelopmentCa, makeDevelopmentCertificate, type CertificateFiles } from './tls-files';
export { makeKeyFile, type Unlock } from './unlock';
