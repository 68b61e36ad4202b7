import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { pki } from 'node-forge';
import { DEVELOPMENT_CA_NAME, DEVELOPMENT_POLICY } from '../trust';

/**
 * Makes TLS certificates for development. node-forge knows RSA only and has a record of parser faults: it writes certificates here
 * and never reads anything that came over a network. The keys come from OpenSSL inside Node.
 */
const RSA_BITS = 3072;
const CA_DAYS = 3650;
const LEAF_DAYS = 397;
/** Certificate policies (RFC 5280 §4.2.1.4) with the one of development: a node of production refuses what has it. */
const MARK = {
  id: '2.5.29.32',
  value: Buffer.concat([
    sequenceOf(DEVELOPMENT_POLICY.length + 2),
    sequenceOf(DEVELOPMENT_POLICY.length),
    DEVELOPMENT_POLICY,
  ]).toString('latin1'),
};

/** The head of a short DER sequence. */
function sequenceOf(length: number): Buffer {
  return Buffer.from([0x30, length]);
}

export interface CertificateFiles {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export async function makeDevelopmentCa(node: string): Promise<CertificateFiles> {
  const { publicPem, key } = newKey();
  const name = subject(`${DEVELOPMENT_CA_NAME} ${node}`, node);
  const extensions = [
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
    MARK,
  ];
  return { cert: await makeCertificate(publicPem, name, name, CA_DAYS, extensions, key), key };
}

/** A certificate for a key that is there already. */
export interface RenewedCertificate {
  /** How long it is valid from now on. */
  readonly days?: number;
  /** PEM; without it a new key is made. */
  readonly key?: string;
}

/** A certificate for the gateway and the worker of a node: TLS server and client. */
export async function makeDevelopmentCertificate(
  node: string,
  ca: Pick<CertificateFiles, 'key'>,
  hosts: readonly string[],
  { days = LEAF_DAYS, key: held }: RenewedCertificate = {},
): Promise<CertificateFiles> {
  const { publicPem, key } = held === undefined ? newKey() : pairOf(held);
  const altNames = hosts.map((host) => (/^[\d.:]+$/.test(host) ? { type: 7, ip: host } : { type: 2, value: host }));
  const extensions = [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
    { name: 'subjectAltName', altNames },
    { name: 'subjectKeyIdentifier' },
    MARK,
  ];
  const issuer = subject(`${DEVELOPMENT_CA_NAME} ${node}`, node);
  return {
    cert: await makeCertificate(publicPem, subject(`${node}.trao.example`, node), issuer, days, extensions, ca.key),
    key,
  };
}

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  return pairOf(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

const pairOf = (key: string) => ({
  publicPem: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
  key,
});

const subject = (commonName: string, node: string) => [
  { name: 'commonName', value: commonName },
  { name: 'organizationName', value: `Trao demonstration node ${node}` },
];

async function makeCertificate(
  publicPem: string,
  name: pki.CertificateField[],
  issuer: pki.CertificateField[],
  days: number,
  extensions: object[],
  signingKey: string,
): Promise<string> {
  // Loaded only when a certificate is made: no serving process ever has it in memory.
  const { default: forge } = await import('node-forge');
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicPem);
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() - 3_600_000);
  certificate.validity.notAfter = new Date(Date.now() + days * 86_400_000);
  certificate.setSubject(name);
  certificate.setIssuer(issuer);
  certificate.setExtensions(extensions);
  const pkcs1 = createPrivateKey(signingKey).export({ type: 'pkcs1', format: 'pem' }).toString();
  certificate.sign(forge.pki.privateKeyFromPem(pkcs1), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
}
