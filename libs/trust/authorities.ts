import { X509Certificate } from 'node:crypto';
import { faultAt, type Fault } from '../errors';
import type { Directory } from '../schema';
import { faultOfAuthority } from './certificate-admission';
import { isDevelopmentCertificate } from './development-mark';

interface Named {
  readonly node: number;
  readonly pointer: string;
  readonly certificate: X509Certificate;
}

/**
 * What may stand as the authority of a node. A gateway trusts those of all partners at once, and OpenSSL looks an issuer up by its name:
 * an authority with the name of another node's could keep that node's certificates from being verified.
 */
export function authorityFaults({ nodes, trustDomain }: Directory): Fault[] {
  const listed = nodes.flatMap(({ tls }, node) =>
    tls.ca.map((pem, at) => ({
      node,
      pem,
      pointer: `/nodes/${node}/tls/ca/${at}`,
      fault: faultOfAuthority(pem, tls.ca),
    })),
  );
  const refused = listed.filter(({ fault }) => fault).map(({ pointer }) => faultAt(pointer, 'authority_not_admitted'));
  const sound = listed
    .filter(({ fault }) => !fault)
    .map(({ pem, ...place }): Named => ({ ...place, certificate: new X509Certificate(pem) }));
  return [
    ...refused,
    ...sound.flatMap((one, at) => sameName(one, sound.slice(0, at))),
    ...(trustDomain === 'production' ? sound.flatMap(ofDevelopment) : []),
  ];
}

function sameName({ node, pointer, certificate }: Named, before: readonly Named[]): Fault[] {
  const twin = before.find(
    (other) =>
      other.node !== node &&
      other.certificate.subject === certificate.subject &&
      !other.certificate.raw.equals(certificate.raw),
  );
  return twin ? [faultAt(pointer, 'authority_name_in_two_places', twin.pointer)] : [];
}

const ofDevelopment = ({ pointer, certificate }: Named): Fault[] =>
  isDevelopmentCertificate(certificate.raw) ? [faultAt(pointer, 'development_authority')] : [];
