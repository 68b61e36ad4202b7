import { bits, der, implicit, integer, octets, oid, sequence, tagged, TRUE } from './certificates-der';

/** Extensions of certificates (RFC 5280 §4.2), right ones and wrong ones. */
const extension = (id: string, value: Uint8Array, critical = false) =>
  sequence(oid(id), ...(critical ? [TRUE] : []), octets(value));

export interface Constraints {
  readonly ca: boolean;
  readonly pathLength?: number;
}
export const basicConstraints = ({ ca, pathLength }: Constraints) =>
  extension(
    '2.5.29.19',
    sequence(...(ca ? [TRUE] : []), ...(pathLength === undefined ? [] : [integer(pathLength)])),
    true,
  );

/** Bits of a key's usage, from the highest: digitalSignature 0x80, keyEncipherment 0x20, keyCertSign 0x04, cRLSign 0x02. */
export const keyUsage = (mask: number) => extension('2.5.29.15', bits(Buffer.from([mask])), true);
export const DIGITAL_SIGNATURE = 0x80;
export const KEY_ENCIPHERMENT = 0x20;
export const CERT_SIGN = 0x04;

export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
export const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
export const extendedKeyUsage = (...uses: readonly string[]) => extension('2.5.29.37', sequence(...uses.map(oid)));

const dnsName = (name: string) => implicit(2, Buffer.from(name, 'latin1'));
export const subjectAltName = (...names: readonly string[]) => extension('2.5.29.17', sequence(...names.map(dnsName)));

/** Names of hosts that an authority may certify, and no others. */
export const permittedHosts = (host: string) =>
  extension('2.5.29.30', sequence(tagged(0, sequence(dnsName(host)))), true);

const uri = (url: string) => implicit(6, Buffer.from(url));
/** Where revocation could be asked about: a list (CRL), and a responder (OCSP). */
export const crlDistributionPoint = (url: string) =>
  extension('2.5.29.31', sequence(sequence(tagged(0, tagged(0, uri(url))))));
export const ocspResponder = (url: string) =>
  extension('1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), uri(url))));

/** @param policies object identifiers as DER */
export const certificatePolicies = (...policies: readonly Uint8Array[]) =>
  extension('2.5.29.32', sequence(...policies.map((policy) => sequence(policy))));

export const subjectKeyId = (id: Uint8Array) => extension('2.5.29.14', octets(id));
export const authorityKeyId = (id: Uint8Array) => extension('2.5.29.35', sequence(implicit(0, id)));

/** An extension that nobody knows, marked as one that must be understood. */
export const unknownCritical = () => extension('1.3.6.1.4.1.55555.1.1', der(0x05), true);
