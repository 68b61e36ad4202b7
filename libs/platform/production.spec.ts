import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  makeAuthority,
  makeCertificate,
  makePkcs12,
  type Authority,
} from '../../test/integration/certificates-fixture';
import { assertFitForProduction, type ProductionConfig } from './production';
import type { Runtime } from './production-runtime';

const folder = mkdtempSync(join(tmpdir(), 'trao-production-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => process.removeAllListeners('SIGUSR1'));

const put = (name: string, content: string | Uint8Array) => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};
const own = makeAuthority('National CA');
const development = makeAuthority('Trao development CA vn');
const directoryOf = (...authorities: readonly Authority[]) => {
  const nodes = authorities.map((ca, at) => ({ id: ['vn', 'gb'][at], tls: { ca: [own.cert, ca.cert] } }));
  const payload = Buffer.from(JSON.stringify({ nodes })).toString('base64url');
  return JSON.stringify({ payload, signatures: [] });
};
const filesOf = (name: string, issuer: Authority) => {
  const leaf = makeCertificate('gateway.vn', issuer);
  return { cert: put(`${name}-cert.pem`, leaf.cert), key: put(`${name}-key.pem`, leaf.key) };
};

mkdirSync(join(folder, 'keys'));
const GOOD: ProductionConfig = {
  trustAnchor: '{"trustDomain":"production"}',
  directoryFile: put('directory.json', directoryOf(own, own)),
  keys: { folder: join(folder, 'keys'), unlock: { passphraseFile: put('passphrase', 'x') } },
  tls: filesOf('own', own),
  databaseUrl: 'postgres://gateway:x@db.example/trao',
};
const QUIET: Runtime = {
  env: { NODE_OPTIONS: '--max-old-space-size=512' },
  execArgv: ['--enable-source-maps'],
  debugger: undefined,
};

async function faultsOf(change: Partial<ProductionConfig>, runtime: Partial<Runtime> = {}, embedded = false) {
  const judged = assertFitForProduction({ ...GOOD, ...change }, () => Promise.resolve(embedded), {
    ...QUIET,
    ...runtime,
  });
  const error = await judged.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return [];
  expect(error).toMatchObject({ name: 'TraoError', code: 'not_for_production' });
  return (error as { detail: string }).detail.replace(/\.$/, '').split('; ');
}

describe('a node of production', () => {
  it('starts with certificates, keys and a server of its own', async () => {
    expect(await faultsOf({})).toEqual([]);
  });

  it('opens no debugger port for a signal', async () => {
    expect(process.listenerCount('SIGUSR1')).toBe(0);
    await faultsOf({});
    expect(process.listenerCount('SIGUSR1')).toBe(1);
  });

  it('refuses a certificate of the development CA, as PEM and as PKCS#12', async () => {
    const tls = filesOf('dev', development);
    expect(await faultsOf({ tls })).toEqual([
      `TRAO_TLS_CERT: ${tls.cert} is a certificate of the development CA: get one of your own authority for a request made with: trao keys csr`,
    ]);
    const pfx = put('dev.p12', makePkcs12(makeCertificate('gateway.vn', development), 'geheim'));
    const files = { pfx, passphrase: put('secret', 'geheim') };
    expect(await faultsOf({ tls: files })).toEqual([
      expect.stringMatching(/^TRAO_TLS_PFX: .*dev\.p12 is a certificate/),
    ]);
  });

  it('leaves files that hold no certificate to whoever serves with them', async () => {
    expect(await faultsOf({ tls: { cert: join(folder, 'nowhere'), key: join(folder, 'nowhere') } })).toEqual([]);
  });

  it('refuses a directory that pins the development CA of anybody', async () => {
    const directoryFile = put('mixed.json', directoryOf(own, development));
    expect(await faultsOf({ directoryFile })).toEqual([
      `TRAO_DIRECTORY: ${directoryFile} pins a development CA for gb: have a version without it signed, see: trao directory propose`,
    ]);
  });

  it.each(['', '{}', '{"payload":"e30"}', '{"payload":"eyJub2RlcyI6W3t9XX0"}'])(
    'leaves a directory that is none to its keeper: %j',
    async (text) => {
      expect(await faultsOf({ directoryFile: put('none.json', text) })).toEqual([]);
      expect(await faultsOf({ directoryFile: join(folder, 'nowhere.json') })).toEqual([]);
    },
  );

  it.each(['DEVELOPMENT-KEYS.txt', 'directory-source.json'])(
    'refuses keys beside %s, also through a link',
    async (mark) => {
      const home = join(folder, `demo-${mark}`);
      mkdirSync(join(home, 'nodes', 'vn', 'gateway'), { recursive: true });
      writeFileSync(join(home, mark), '');
      const link = join(folder, `link-${mark}`);
      symlinkSync(join(home, 'nodes', 'vn', 'gateway'), link);
      writeFileSync(join(home, 'nodes', 'unlock.key'), '');
      const keys = { folder: link, unlock: { keyFile: join(home, 'nodes', 'unlock.key') } };
      const reason = `lies among the development keys of ${home}: make keys of your own with: trao keys generate`;
      expect(await faultsOf({ keys })).toEqual([
        `TRAO_KEYS: ${link} ${reason}`,
        `TRAO_KEY_FILE: ${keys.unlock.keyFile} ${reason}`,
      ]);
    },
  );

  it('refuses the embedded PostgreSQL', async () => {
    expect(await faultsOf({}, {}, true)).toEqual([
      'DATABASE_URL: the embedded PostgreSQL serves it: set up a server of your own, see docs/how-to/real-servers.md',
    ]);
  });

  it('refuses a sign-in that is not encrypted, and pages that call people invented', async () => {
    const pages = { issuer: 'https://id.example', publicUrl: 'https://office.example', invented: false };
    expect(await faultsOf({ pages })).toEqual([]);
    expect(
      await faultsOf({ pages: { issuer: 'http://127.0.0.1:7103', publicUrl: 'http://a', invented: true } }),
    ).toEqual([
      expect.stringMatching(/^TRAO_OIDC_ISSUER: http:\/\/127\.0\.0\.1:7103 is not encrypted/),
      expect.stringMatching(/^TRAO_PUBLIC_URL: http:\/\/a is not encrypted/),
      'TRAO_INVENTED: pages would call real people invented: unset it',
    ]);
  });

  it('refuses metrics and health at every address of the machine, unless somebody has thought about it', async () => {
    const at = (host: string, exposed = false) => faultsOf({ operations: { host, port: 9101, exposed } });
    for (const host of ['0.0.0.0', '::', '[::]', '*']) {
      expect(await at(host)).toEqual([expect.stringContaining(`TRAO_OPS_HOST: ${host} is every address`)]);
      expect(await at(host, true)).toEqual([]);
    }
    for (const host of ['127.0.0.1', '10.0.0.5', '::1']) expect(await at(host)).toEqual([]);
  });

  it('lists all faults at once', async () => {
    const faults = await faultsOf(
      { tls: filesOf('dev', development), directoryFile: put('mixed.json', directoryOf(development, development)) },
      { env: { SSLKEYLOGFILE: '/tmp/keys' }, execArgv: ['--inspect'] },
      true,
    );
    expect(faults.map((fault) => fault.split(/[ :]/)[0])).toEqual([
      'SSLKEYLOGFILE',
      '--inspect',
      'TRAO_TLS_CERT',
      'TRAO_DIRECTORY',
      'TRAO_DIRECTORY',
      'DATABASE_URL',
    ]);
  });
});

describe('the way in which a process of production is started', () => {
  it.each([
    ['NODE_TLS_REJECT_UNAUTHORIZED', '1'],
    ['SSLKEYLOGFILE', ''],
    ['NODE_DEBUG', 'tls'],
    ['NODE_DEBUG_NATIVE', 'x'],
  ])('is refused with the variable %s, whatever its value', async (name, value) => {
    expect(await faultsOf({}, { env: { [name]: value } })).toEqual([expect.stringMatching(`^${name} is set`)]);
  });

  it.each([
    '--inspect',
    '--inspect=0.0.0.0:9229',
    '--inspect-brk',
    '--inspect_wait',
    '--debug-port=1',
    '--tls-keylog=/tmp/keys',
    '--tls_keylog=/tmp/keys',
    '--trace-tls',
    '--insecure-http-parser',
    '--security-revert=CVE-2023-46809',
    '--openssl-legacy-provider',
    '--heapsnapshot-signal=SIGUSR2',
    '--heap-prof',
    '--report-on-signal',
    '--abort-on-uncaught-exception',
  ])('is refused with %s, on the command line and in NODE_OPTIONS', async (flag) => {
    expect(await faultsOf({}, { execArgv: [flag] })).toEqual([expect.stringContaining('in the command line')]);
    const env = { NODE_OPTIONS: `--enable-source-maps "${flag}"` };
    expect(await faultsOf({}, { env })).toEqual([expect.stringContaining('in NODE_OPTIONS')]);
  });

  it('is refused when a debugger can connect, however that came about', async () => {
    const url = 'ws://127.0.0.1:9229/1';
    expect(await faultsOf({}, { debugger: url })).toEqual(['a debugger can connect: start without one']);
    expect(await faultsOf({}, { debugger: url, execArgv: ['--inspect'] })).toEqual([
      expect.stringContaining('--inspect'),
    ]);
  });
});

it.each(['{"trustDomain":"test"}', '{"trustDomain":"demo"}', '{}', 'null', 'no JSON'])(
  'asks nothing of a node whose anchor is %s',
  async (trustAnchor) => {
    const asked = jest.fn(() => Promise.resolve(true));
    const runtime: Runtime = { env: { NODE_DEBUG: 'tls' }, execArgv: ['--inspect'], debugger: 'ws://' };
    const config = { ...GOOD, trustAnchor, tls: filesOf('dev', development) };
    await expect(assertFitForProduction(config, asked, runtime)).resolves.toBeUndefined();
    expect(asked).not.toHaveBeenCalled();
  },
);
