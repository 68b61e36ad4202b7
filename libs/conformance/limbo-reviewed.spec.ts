import { basicConstraints, subjectAltName } from '../../test/integration/certificates-extensions';
import {
  issuedWith,
  leafExtensions,
  days,
  makeAuthority,
  makeCertificate,
} from '../../test/integration/certificates-fixture';
import { shapeOf } from './certificate-shape';
import { fingerprintOf, reviewOf } from './limbo-reviewed';

/** The same case as often as one likes, each time with other keys. */
function generated(more: object = {}, extra: readonly Uint8Array[] = []) {
  const ca = makeAuthority('ca');
  const leaf = makeCertificate('a', ca, days(30), { extensions: [...leafExtensions(), issuedWith(ca), ...extra] });
  return {
    id: 'webpki::x',
    description: 'A case.',
    validation_kind: 'SERVER',
    expected_result: 'FAILURE',
    expected_peer_name: null,
    features: [],
    peer_certificate: leaf.cert,
    untrusted_intermediates: [],
    trusted_certs: [ca.cert],
    ...more,
  };
}

describe('the fingerprint of a case', () => {
  const fingerprint = fingerprintOf(generated());

  it('is the same when the suite is generated anew', () => {
    expect(fingerprintOf(generated())).toBe(fingerprint);
  });

  it.each<[string, object]>([
    ['id', generated({ id: 'webpki::y' })],
    ['description', generated({ description: 'Another case.' })],
    ['label', generated({ expected_result: 'SUCCESS' })],
    ['kind', generated({ validation_kind: 'CLIENT' })],
    ['name', generated({ expected_peer_name: { kind: 'DNS', value: 'a.example' } })],
    ['chain, by an extension', generated({}, [subjectAltName('a.example')])],
    ['chain, by the value of an extension', generated({}, [subjectAltName('b.example')])],
    ['chain, by a certificate', generated({ untrusted_intermediates: [makeAuthority('x').cert] })],
  ])('is another one with another %s', (_, testcase) => {
    expect(fingerprintOf({ ...testcase })).not.toBe(fingerprint);
  });

  it('is none that anybody has reviewed', () => {
    expect(reviewOf(generated())).toBeUndefined();
  });
});

describe('the shape of a certificate', () => {
  it('names extensions, and whether they are critical', () => {
    const ca = makeAuthority('ca');
    const leaf = makeCertificate('a', ca, days(30), { extensions: [basicConstraints({ ca: false })] });
    expect(shapeOf(leaf.cert)).toMatch(/^551d13!?:[\w-]{43}$/);
    expect(shapeOf(ca.cert).split(' ').length).toBe(3);
  });

  it.each(['', 'no PEM', '-----BEGIN CERTIFICATE-----\nMAUCAQE=\n-----END CERTIFICATE-----'])(
    'is unreadable for what is no certificate: %j',
    (pem) => {
      expect(shapeOf(pem)).toBe('unreadable');
    },
  );
});
