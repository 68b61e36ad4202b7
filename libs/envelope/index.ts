export { SIGNATURE_ALGORITHMS, signatureAlgorithmOf, type Jwk, type SignatureAlgorithm } from './algorithms';
export { decodeBase64url, encodeBase64url } from './base64url';
export { decryptAtRest, encryptAtRest, newCaseKey, type RowIdentity } from './case-cipher';
export { countersign, isCountersignedBy, readCountersigned, type Countersigned } from './countersigned';
export { digestOf } from './digest';
export { generateKeyPair, keyThumbprint } from './generate';
export { importEncryptionKey, importSigningKey, importVerificationKey } from './keys';
export type { EncryptionKey, SigningKey, VerificationKey } from './keys';
export { manifests } from './namespaces';
export { PRIORITIES, readOriginal, type InnerHeader, type OuterHeader, type Priority } from './message-header';
export { maxTokenLength, open, readEnvelope, type OpenContext, type Opened } from './open';
export { issueReceipt, readReceipt, type Receipt, type ReceiptEvent } from './receipts';
export { reseal, seal, type ResealInput, type Sealed, type SealInput } from './seal';
export { SUITE_NAMES, SUITES, suiteOf, type Suite } from './suites';
// The steps of seal and open, for vectors that test them one by one; the apps use seal and open.
export {
  admitHeader,
  exactly,
  parseHeader,
  splitCompact,
  type Header,
  type HeaderMember,
  type Segment,
} from './compact';
export { decryptCompact } from './decrypt';
export { encryptCompact } from './encrypt';
export { publicPoint } from './message-header';
export { pad, padmeLength, unpad } from './padding';
export { verifySegments } from './sign';
