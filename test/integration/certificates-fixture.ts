import { createPublicKey, generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { spkiDigest } from '../../libs/trust';

/**
 * X.509 certificates with elliptic keys, written as DER by hand: node-forge knows RSA only and takes ten seconds for one under jest.
 * Just what a TLS peer needs (RFC 5280 §4.1).
 */
export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** The pin of its public key. */
  readonly spki: string;
}

export interface Authority extends Certificate {
  readonly name: string;
  readonly privateKey: KeyObject;
}

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const oid = (...bytes: readonly number[]) => der(0x06, Buffer.from(bytes));
const bits = (bytes: Uint8Array) => der(0x03, Buffer.from([0]), bytes);
const TRUE = der(0x01, Buffer.from([0xff]));

const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const COMMON_NAME = oid(0x55, 0x04, 0x03);
const BASIC_CONSTRAINTS = oid(0x55, 0x1d, 0x13);
const EXTENDED_KEY_USAGE = oid(0x55, 0x1d, 0x25);
const SERVER_AND_CLIENT = sequence(...[1, 2].map((use) => oid(0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, use)));

const nameOf = (text: string) => sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(text)))));
const timeOf = (time: Date) => der(0x17, Buffer.from(`${time.toISOString().replace(/\D/g, '').slice(2, 14)}Z`));
const days = (number: number) => new Date(Date.now() + number * 86_400_000);

/** A certificate authority of its own. */
export function makeAuthority(name: string): Authority {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const constraints = sequence(BASIC_CONSTRAINTS, TRUE, der(0x04, sequence(TRUE)));
  return { ...issue(name, privateKey, { name, privateKey }, [constraints], days(30)), name, privateKey };
}

/** A certificate for TLS servers and clients. @param expires default in 30 days */
export function makeCertificate(name: string, authority: Authority, expires = days(30)): Certificate {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const use = sequence(EXTENDED_KEY_USAGE, der(0x04, SERVER_AND_CLIENT));
  return issue(name, privateKey, authority, [use], expires);
}

function issue(
  name: string,
  key: KeyObject,
  issuer: Pick<Authority, 'name' | 'privateKey'>,
  extensions: readonly Uint8Array[],
  expires: Date,
): Certificate {
  const toSign = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.from([1]), randomBytes(8)),
    ECDSA_SHA256,
    nameOf(issuer.name),
    sequence(timeOf(days(-60)), timeOf(expires)),
    nameOf(name),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const { raw } = new X509Certificate(sequence(toSign, ECDSA_SHA256, bits(sign('sha256', toSign, issuer.privateKey))));
  const lines = raw.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    spki: spkiDigest(raw),
  };
}
