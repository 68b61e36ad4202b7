/**
 * How certificates of development are told from real ones: their private keys lie in a folder for everybody, so a node of the trust
 * domain `production` must not take them. Both marks are written by libs/keystore, and either is enough.
 */

/** A certificate policy of our own, as DER: an object identifier under the arc of UUIDs (X.667), so it is nobody else's. */
export const DEVELOPMENT_POLICY = Buffer.from('061469829ae89aada19eaa9aa59ad1df828ca684a240', 'hex');

/** How the name of a development CA begins. */
export const DEVELOPMENT_CA_NAME = 'Trao development CA';

/** True for a development CA and for a certificate that it has issued. @param certificate DER */
export function isDevelopmentCertificate(certificate: Uint8Array): boolean {
  const bytes = Buffer.from(certificate);
  return bytes.includes(DEVELOPMENT_POLICY) || bytes.includes(DEVELOPMENT_CA_NAME, 'latin1');
}
