import { createPrivateKey, createPublicKey, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Jwk } from '../envelope';
import { TraoError } from '../errors';
import { bits, der, integer, nothing, octets, oid, pemOf, sequence, set, tagged, utf8, yes } from './der';

/** Whom a certificate is for. */
export interface CsrSubject {
  readonly commonName: string;
  readonly organization?: string | undefined;
  /** Two letters. */
  readonly country?: string | undefined;
  /** DNS names and IP addresses. */
  readonly hosts: readonly string[];
}

const OID = {
  commonName: '2.5.4.3',
  country: '2.5.4.6',
  organization: '2.5.4.10',
  extensionRequest: '1.2.840.113549.1.9.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
};

/** How a request is signed, by kind of key: what certification authorities take. */
const SIGNATURES: Readonly<Record<string, Buffer>> = {
  ec: sequence(oid('1.2.840.10045.4.3.2')),
  rsa: sequence(oid('1.2.840.113549.1.1.11'), nothing()),
};

/**
 * A request for a TLS certificate (PKCS#10, RFC 2986) of server and client, as PEM. Written here and signed by OpenSSL inside Node,
 * because node-forge knows RSA keys only.
 * @throws TraoError `bad_request` for hosts that are none, `bad_key`
 */
export function makeCsr(privateJwk: Jwk, subject: CsrSubject): string {
  const key = createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' });
  const algorithm = SIGNATURES[key.asymmetricKeyType ?? ''];
  if (!algorithm) throw new TraoError('bad_key', { detail: 'A TLS certificate takes an EC or RSA key.' });
  const request = sequence(integer(0), nameOf(subject), spkiOf(key), tagged(0, extensionRequest(subject.hosts)));
  const signature = sign('sha256', request, key);
  return pemOf('CERTIFICATE REQUEST', sequence(request, algorithm, bits(signature)));
}

function nameOf({ commonName, organization, country }: CsrSubject): Buffer {
  const PRINTABLE = 0x13;
  const part = (id: string, value: Buffer) => set(sequence(oid(id), value));
  return sequence(
    ...(country ? [part(OID.country, der(PRINTABLE, Buffer.from(country.toUpperCase(), 'ascii')))] : []),
    ...(organization ? [part(OID.organization, utf8(organization))] : []),
    part(OID.commonName, utf8(commonName)),
  );
}

function extensionRequest(hosts: readonly string[]): Buffer {
  if (hosts.length === 0) throw new TraoError('bad_request', { detail: 'At least one --host is needed.' });
  const DIGITAL_SIGNATURE = Buffer.from([0x80]);
  const extensions = sequence(
    sequence(oid(OID.keyUsage), yes(), octets(bits(DIGITAL_SIGNATURE, 7))),
    sequence(oid(OID.extendedKeyUsage), octets(sequence(oid(OID.serverAuth), oid(OID.clientAuth)))),
    sequence(oid(OID.subjectAltName), octets(sequence(...hosts.map(altName)))),
  );
  return sequence(oid(OID.extensionRequest), set(extensions));
}

/** `dNSName [2]` or `iPAddress [7]` (RFC 5280 §4.2.1.6). */
function altName(host: string): Buffer {
  if (isIPv4(host)) return der(0x87, Buffer.from(host.split('.').map(Number)));
  if (isIPv6(host)) return der(0x87, ipv6Bytes(host));
  const name = domainToASCII(host);
  if (!/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(name))
    throw new TraoError('bad_request', { detail: `${host} is no name of a host and no address.` });
  return der(0x82, Buffer.from(name, 'ascii'));
}

function ipv6Bytes(text: string): Buffer {
  // Node writes an address in its shortest form; an IPv4 part at the end becomes two groups.
  const { address } = new SocketAddress({ address: text, family: 'ipv6' });
  const v4 = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex = v4
    ? `${v4[1]}${((Number(v4[2]) << 8) | Number(v4[3])).toString(16)}:${((Number(v4[4]) << 8) | Number(v4[5])).toString(16)}`
    : address;
  const [head = '', tail] = hex.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [front, back] = [groups(head), groups(tail ?? '')];
  const all = [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

const spkiOf = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'der' });
