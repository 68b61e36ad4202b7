import { hasOpenssl, Openssl } from './fixtures/openssl';
import { makeCsr } from './csr';
import { makeKeyPair } from './key-kinds';
import type { StoredKind } from './key-record';

const withOpenssl = hasOpenssl() ? describe : describe.skip;
const subject = { commonName: 'vn.trao.example', organization: 'Bộ Công an', country: 'vn' };

withOpenssl('a request for a TLS certificate', () => {
  const openssl = new Openssl();
  afterAll(() => openssl.remove());

  async function request(kind: StoredKind, hosts: readonly string[]): Promise<string> {
    const { privateJwk } = await makeKeyPair(kind);
    openssl.write('request.pem', makeCsr(privateJwk, { ...subject, hosts }));
    return openssl.run('req', '-in', 'request.pem', '-noout', '-verify', '-text', '-nameopt', 'utf8,sep_comma_plus');
  }

  it.each([
    ['ES256', 'ecdsa-with-SHA256', 'NIST CURVE: P-256'],
    ['PS256', 'sha256WithRSAEncryption', '3072 bit'],
  ] as const)('of a key of kind %s is signed by it, and says what it is for', async (kind, signature, key) => {
    const text = await request(kind, ['gateway.vn.example', '192.0.2.7']);
    for (const part of [
      'verify OK',
      signature,
      key,
      'C=VN,O=Bộ Công an,CN=vn.trao.example',
      'Digital Signature',
      'TLS Web Server Authentication, TLS Web Client Authentication',
      'DNS:gateway.vn.example, IP Address:192.0.2.7',
    ])
      expect(text).toContain(part);
  });

  it.each([
    ['trao.bộ-công-an.example', 'DNS:trao.xn--b-cng-an-63a1467e.example'],
    ['2001:db8::1', 'IP Address:2001:DB8:0:0:0:0:0:1'],
    ['::1', 'IP Address:0:0:0:0:0:0:0:1'],
    ['1:2:3:4:5:6:7:8', 'IP Address:1:2:3:4:5:6:7:8'],
    ['::ffff:192.0.2.1', 'IP Address:0:0:0:0:0:FFFF:C000:201'],
  ])('is for the host %s', async (host, expected) => {
    expect(await request('ES256', [host])).toContain(expected);
  });

  it('can be long', async () => {
    const hosts = Array.from({ length: 60 }, (_, n) => `gateway-${n}.vn.example`);
    expect(await request('ES256', hosts)).toContain('DNS:gateway-59.vn.example');
  });

  it.each([
    [''],
    ['a b'],
    ['-a.example'],
    ['a..example'],
    ['*.example'],
    [`${'a'.repeat(64)}.example`],
    ['https://a.example'],
  ])('is not for %j', async (host) => {
    await expect(request('ES256', [host])).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('is for no key without a host, and for no key of another kind', async () => {
    await expect(request('ES256', [])).rejects.toMatchObject({ code: 'bad_request' });
    await expect(request('Ed25519', ['a.example'])).rejects.toMatchObject({ code: 'bad_key' });
  });
});
