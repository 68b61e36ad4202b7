import { oid, sequence } from '../../test/integration/certificates-der';
import { certificatePolicies } from '../../test/integration/certificates-extensions';
import {
  authorityExtensions,
  derOf,
  issue,
  makeAuthority,
  makeIntermediate,
  makeKey,
} from '../../test/integration/certificates-fixture';
import { DEVELOPMENT_POLICY, isDevelopmentCertificate } from '.';
import type { Directory } from '../schema';
import { authorityFaults } from './authorities';

type Domain = Directory['trustDomain'];
const directoryOf = (authorities: readonly (readonly string[])[], trustDomain: Domain = 'test') =>
  ({ trustDomain, nodes: authorities.map((ca) => ({ tls: { ca } })) }) as unknown as Directory;
const faultsOf = (authorities: readonly (readonly string[])[], trustDomain?: Domain) =>
  authorityFaults(directoryOf(authorities, trustDomain)).map(({ pointer, code }) => `${pointer} ${code}`);

const [vn, gb] = [makeAuthority('ca.vn'), makeAuthority('ca.gb')];
const twin = () => makeAuthority('ca.vn').cert;
const marked = () => {
  const privateKey = makeKey();
  return issue({
    name: 'an authority',
    privateKey,
    extensions: [...authorityExtensions(privateKey), certificatePolicies(DEVELOPMENT_POLICY)],
  }).cert;
};

describe('authorities in a directory', () => {
  it('may be several of a node, and one of several nodes', () => {
    expect(faultsOf([[vn.cert, gb.cert], [gb.cert]])).toEqual([]);
    expect(faultsOf([[makeIntermediate('i', vn).cert, vn.cert], [gb.cert]])).toEqual([]);
  });

  it('are refused where they are none, all at once', () => {
    const below = makeIntermediate('i', vn).cert;
    expect(faultsOf([[below], [gb.key]])).toEqual([
      '/nodes/0/tls/ca/0 authority_not_admitted',
      '/nodes/1/tls/ca/0 authority_not_admitted',
    ]);
  });

  it('have no name of another node, or OpenSSL might look for the wrong one', () => {
    const faults = authorityFaults(directoryOf([[gb.cert, vn.cert], [twin()]]));
    expect(faults).toEqual([
      expect.objectContaining({
        pointer: '/nodes/1/tls/ca/0',
        code: 'authority_name_in_two_places',
        rule: 'is an authority with the name of another, at /nodes/0/tls/ca/1',
      }),
    ]);
  });

  it('keep their name when a node changes the key of its own', () => {
    expect(faultsOf([[vn.cert, twin()], [gb.cert]])).toEqual([]);
  });

  it('are not those of development in production, by their policy or by their name', () => {
    const named = makeAuthority('Trao development CA vn').cert;
    expect(faultsOf([[vn.cert, marked()], [named]], 'production')).toEqual([
      '/nodes/0/tls/ca/1 development_authority',
      '/nodes/1/tls/ca/0 development_authority',
    ]);
    expect(faultsOf([[marked()], [named]], 'demo')).toEqual([]);
  });
});

describe('a certificate of development', () => {
  it('is known by the policy in it or by the name of its issuer', () => {
    const ca = makeAuthority('Trao development CA gb');
    expect(isDevelopmentCertificate(derOf(marked()))).toBe(true);
    expect(isDevelopmentCertificate(derOf(ca.cert))).toBe(true);
    expect(isDevelopmentCertificate(derOf(makeIntermediate('gateway.gb', ca).cert))).toBe(true);
    expect(isDevelopmentCertificate(derOf(vn.cert))).toBe(false);
  });

  it('has a policy under the arc of UUIDs', () => {
    expect(DEVELOPMENT_POLICY).toEqual(oid('2.25.187962215307620107492616294457086644544'));
    expect(sequence(DEVELOPMENT_POLICY)).toHaveLength(24);
  });
});
