export { adoptDirectory, isValidAt, signDirectory, type Governance, type TrustAnchor } from './directory';
export { admitKey, type KeyUse } from './key-admission';
export { Partners, spkiDigest } from './partners';
