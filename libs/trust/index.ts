export {
  adoptDirectory,
  assertInTime,
  isValidAt,
  signDirectory,
  type Governance,
  type InForce,
  type TrustAnchor,
} from './directory';
export { admitKey, type KeyUse } from './key-admission';
export { Partners, spkiDigest } from './partners';
