import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { contentDigest } from '../../libs/exchange';
import { spkiDigest } from '../../libs/trust';
import { ROOT } from '../harness/paths';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { derOf } from '../integration/certificates-fixture';
import { authorities, honest, startTestGateway } from '../integration/gateway-fixture';
import { describeWithTools, filesIn, run } from './tools';

/** Certificates, pins, digests and a connection, as the openssl of the system sees them. */
describeWithTools('openssl', () => {
  const folder = makeTempFolder('interop-tls');
  const put = filesIn(folder);
  afterAll(() => removeTempFolder(folder));

  const pinThere = (certificate: string): string => {
    const publicKey = run('openssl', ['x509', '-in', certificate, '-noout', '-pubkey'])!;
    const spki = run('openssl', ['pkey', '-pubin', '-outform', 'DER'], publicKey)!;
    return run('openssl', ['dgst', '-sha256', '-binary'], spki)!.toString('base64url');
  };
  /** Whether a certificate holds for a use, under nothing but this authority. */
  const holds = (certificate: string, authority: string, use: 'sslclient' | 'sslserver') =>
    run('openssl', ['verify', '-no-CApath', '-no-CAstore', '-CAfile', authority, '-purpose', use, certificate]) !==
    undefined;

  it('comes to the pins that the directory lists', () => {
    for (const { cert, spki } of Object.values(honest)) {
      const file = put('leaf.pem', cert);
      expect(pinThere(file)).toBe(spki);
      expect(pinThere(file)).toBe(spkiDigest(derOf(cert)));
    }
  });

  it('comes to the digest of a request', () => {
    const body = 'one message, and another';
    const digest = run('openssl', ['dgst', '-sha256', '-binary'], body)!.toString('base64');
    expect(contentDigest(body)).toBe(`sha-256=:${digest}:`);
  });

  it('takes the certificates that we make for development, for both uses, and for one node only', () => {
    // Made in a process of its own: node-forge takes many times as long inside jest.
    const made = execFileSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '-r', './libs/launcher/fixtures/from-source.cjs', '-e', MAKE],
      { cwd: ROOT, encoding: 'utf8' },
    );
    const { vn, gb } = JSON.parse(made) as Record<'vn' | 'gb', { readonly ca: string; readonly leaf: string }>;
    const files = Object.entries({ vn, gb }).map(([id, { ca, leaf }]) => ({
      ca: put(`${id}-ca.pem`, ca),
      leaf: put(`${id}-leaf.pem`, leaf),
    }));
    const [one, two] = files as [(typeof files)[0], (typeof files)[0]];
    expect([holds(one.leaf, one.ca, 'sslserver'), holds(one.leaf, one.ca, 'sslclient')]).toEqual([true, true]);
    expect([holds(one.leaf, two.ca, 'sslserver'), holds(two.leaf, one.ca, 'sslclient')]).toEqual([false, false]);
    const policies = run('openssl', ['x509', '-in', one.leaf, '-noout', '-ext', 'certificatePolicies'])!;
    expect(policies.toString('utf8')).toContain('Policy: 2.25.187962215307620107492616294457086644544');
  });

  it('speaks to our gateway with a partner’s certificate, and without one not at all', async () => {
    const gateway = await startTestGateway();
    const ca = put('ca.pem', authorities.gb.cert);
    const identity = ['-cert', put('vn.pem', honest.vn.cert), '-key', put('vn-key.pem', honest.vn.key)];
    const call = async (...more: readonly string[]) => {
      const args = [
        's_client',
        '-connect',
        `127.0.0.1:${gateway.port}`,
        '-CAfile',
        ca,
        '-verify_return_error',
        '-quiet',
      ];
      const client = spawn('openssl', [...args, ...more], { stdio: ['pipe', 'pipe', 'ignore'] });
      let text = '';
      client.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
      client.stdin.on('error', () => undefined);
      client.stdin.write('GET /v1/health HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n');
      await once(client, 'close');
      return text.split('\r\n')[0];
    };
    try {
      expect(await call('-tls1_3', ...identity)).toBe('HTTP/1.1 200 OK');
      expect(await call('-tls1_3')).toBe('');
      expect(await call('-tls1_2', ...identity)).toBe('');
    } finally {
      await gateway.close();
    }
  });
});

const MAKE = `
  const { makeDevelopmentCa, makeDevelopmentCertificate } = require('${path.join(ROOT, 'libs/keystore/index.ts')}');
  const make = async (id) => {
    const ca = await makeDevelopmentCa(id);
    return { ca: ca.cert, leaf: (await makeDevelopmentCertificate(id, ca, ['127.0.0.1'])).cert };
  };
  Promise.all(['vn', 'gb'].map(make)).then(([vn, gb]) => process.stdout.write(JSON.stringify({ vn, gb })));
`;
