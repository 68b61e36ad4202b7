import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TrustAnchor } from '../../libs/trust';
import { ROOT } from '../harness/paths';
import { startTwoNodes, type App, type TwoNodes } from '../harness/two-nodes';

/** The processes of a demonstration, told that they are those of production: each says all that is wrong, and does not start. */
describe('a process of production with everything of a demonstration', () => {
  let nodes: TwoNodes;
  let pids: Readonly<Record<string, number>>;
  let trustAnchor: string;
  beforeAll(async () => {
    nodes = await startTwoNodes();
    pids = await nodes.pids();
    const file = path.join(nodes.folder, 'keys', 'trust-anchor.json');
    const anchor = JSON.parse(readFileSync(file, 'utf8')) as TrustAnchor;
    trustAnchor = path.join(nodes.folder, 'anchor-of-production.json');
    writeFileSync(trustAnchor, JSON.stringify({ ...anchor, trustDomain: 'production' }));
  });
  afterAll(() => nodes?.stop());

  /** Starts another one like a process of Viet Nam that runs: under its settings, as the system knows them. */
  function start(app: App, change: Readonly<Record<string, string>>, flags: readonly string[] = []) {
    const environment = readFileSync(`/proc/${pids[`vn-${app}`]}/environ`, 'utf8')
      .split('\0')
      .filter(Boolean);
    const own = Object.fromEntries(environment.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    const program = path.join(ROOT, 'dist', 'apps', app, 'main.js');
    const env = { ...own, ...change } as Record<string, string>;
    delete env['NODE_CHANNEL_FD']; // that of the one that runs
    const { status, stderr } = spawnSync(process.execPath, [...flags, program], {
      env,
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, said: stderr };
  }

  it.each<[App, readonly string[]]>([
    ['gateway', ['TRAO_TLS_CERT', 'TRAO_KEYS', 'TRAO_KEY_FILE', 'TRAO_DIRECTORY', 'DATABASE_URL']],
    ['worker', ['TRAO_TLS_CERT', 'TRAO_KEYS', 'TRAO_KEY_FILE', 'TRAO_DIRECTORY', 'DATABASE_URL']],
    [
      'office',
      [
        'TRAO_KEYS',
        'TRAO_KEY_FILE',
        'TRAO_DIRECTORY',
        'DATABASE_URL',
        'TRAO_OIDC_ISSUER',
        'TRAO_PUBLIC_URL',
        'TRAO_INVENTED',
      ],
    ],
  ])('the %s does not start, and lists it all with what to do', (app, settings) => {
    const { status, said } = start(app, { TRAO_TRUST_ANCHOR: trustAnchor });
    expect(status).toBe(1);
    expect(said).toContain('The node is of production, and something of it is not.');
    for (const setting of settings) expect(said).toContain(`${setting}: `);
    expect(said).toContain('pins a development CA for gb');
    expect(said).toContain('trao keys generate');
    expect(said).toContain('docs/how-to/real-servers.md');
  });

  it('says what tells its secrets, too', () => {
    const env = {
      TRAO_TRUST_ANCHOR: trustAnchor,
      SSLKEYLOGFILE: path.join(nodes.folder, 'keys.log'),
      NODE_OPTIONS: '--trace-tls',
    };
    const { status, said } = start('gateway', env, ['--inspect=127.0.0.1:0']);
    expect(status).toBe(1);
    expect(said).toContain('SSLKEYLOGFILE is set');
    expect(said).toContain('--trace-tls in NODE_OPTIONS');
    expect(said).toContain('--inspect in the command line');
  });

  it('refuses to switch TLS checks off in every domain', () => {
    const { status, said } = start('gateway', { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(status).toBe(1);
    expect(said).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0 switches TLS checks off');
  });
});
