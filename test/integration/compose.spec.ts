import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { ROOT } from '../harness/paths';
import { readYaml, type Yaml } from '../harness/read-yaml';
import { runFile } from '../harness/run-file';
import { freePort } from '../harness/free-ports';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';

const inRoot = (name: string) => path.join(ROOT, name);
const textOf = (name: string) => readFileSync(inRoot(name), 'utf8');
const COMPOSE = 'deploy/compose.yml';

interface Service {
  readonly [member: string]: unknown;
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks: readonly string[] | Readonly<Record<string, Yaml>>;
}

const compose = readYaml(textOf(COMPOSE)) as unknown as {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: object;
};
const services = Object.entries(compose.services);
const networksOf = ({ networks }: Service) => (Array.isArray(networks) ? networks : Object.keys(networks)) as string[];
const named = (ending: string) => services.filter(([name]) => name.endsWith(`-${ending}`));

describe('the compose file of two nodes', () => {
  it('has for each node a database, a queue and all its processes', () => {
    const parts = ['postgres', 'valkey', 'migrate', 'backup', 'gateway', 'worker', 'office', 'monitor'];
    expect(services.map(([name]) => name)).toEqual(
      ['vn', 'gb'].flatMap((node) => parts.map((part) => `${node}-${part}`)),
    );
    for (const [, { image }] of named('postgres')) expect(image).toContain('postgres:18');
  });

  it.each(services)('%s is confined: nobody special, nothing to write, no capability', (_name, service) => {
    expect(service['user']).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(service['read_only']).toBe(true);
    expect(service['cap_drop']).toEqual(['ALL']);
    expect(service['security_opt']).toEqual(['no-new-privileges:true']);
    for (const tmpfs of service['tmpfs'] as string[]) expect(tmpfs).toMatch(/size=\d+m,.*noexec,nosuid,nodev/);
    expect(service['mem_limit']).toBeDefined();
    expect(service['pids_limit']).toBeDefined();
    for (const risk of ['privileged', 'cap_add', 'devices', 'network_mode', 'pid', 'ipc', 'userns_mode', 'env_file'])
      expect(service[risk]).toBeUndefined();
    expect(service.volumes?.filter((volume) => /docker\.sock|^\/(?:[:/]|etc|root|var)/.test(volume)) ?? []).toEqual([]);
  });

  it.each(services)('%s names its image with a version', (_name, { image }) => {
    expect(image).not.toMatch(/latest/);
    expect(image).toMatch(/^\$\{TRAO_\w+:(?:\?.+|-[\w./-]+:\d[\w.-]*)\}$/);
  });

  it.each(services)('%s has no secret in its environment or command', (_name, { environment = {}, ...service }) => {
    const entries = Object.entries(environment);
    const allowed = /^(?:TRAO_KEYS|TRAO_TLS_KEY|TRAO_PUBLIC_URL|.*_FILE)$/;
    const suspicious = entries.filter(([name]) => /PASS|SECRET|KEY|TOKEN|URL/.test(name) && !allowed.test(name));
    expect(suspicious).toEqual([]);
    const elsewhere = entries.filter(([name, value]) => name.endsWith('_FILE') && !/^\/run\/secrets\/\w+$/.test(value));
    expect(elsewhere).toEqual([]);
    for (const [, value] of entries) expect(value).not.toMatch(/:\/\/[^/]*:[^/]*@/);
    expect(JSON.stringify(service['command'] ?? [])).not.toMatch(/pass(?:word)?=|requirepass|:\/\//i);
  });

  it('gives each service the secrets that it reads and no other, all as files that make-secrets makes', () => {
    for (const [, { environment = {}, secrets = [], ...service }] of services) {
      const read = [...Object.values(environment), ...((service['command'] as string[] | undefined) ?? [])].flatMap(
        (value) => /^\/run\/secrets\/(\w+)$/.exec(value)?.[1] ?? [],
      );
      expect([...secrets].sort()).toEqual([...new Set(read)].sort());
    }
    const used = new Set(services.flatMap(([, { secrets = [] }]) => secrets));
    expect([...used].sort()).toEqual(Object.keys(compose.secrets).sort());
    const folder = makeTempFolder('secrets');
    try {
      const make = () => spawnSync(process.execPath, [inRoot('deploy/make-secrets.mjs'), folder], { encoding: 'utf8' });
      expect(make()).toMatchObject({ status: 0 });
      expect(readdirSync(folder).sort()).toEqual([...used].sort());
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      for (const name of readdirSync(folder)) {
        expect(compose.secrets[name]!.file).toBe(`\${TRAO_SECRETS:-./secrets}/${name}`);
        // Trao starts with no file that opens keys and that others may read.
        expect(statSync(path.join(folder, name)).mode & 0o777).toBe(name.endsWith('_key_file') ? 0o400 : 0o444);
      }
      const before = readFileSync(path.join(folder, 'vn_role_passwords'), 'utf8');
      const passwords = JSON.parse(before) as Record<string, string>;
      for (const [role, password] of Object.entries(passwords))
        expect(readFileSync(path.join(folder, `vn_${role}_database_url`), 'utf8')).toBe(
          `postgres://trao_vn_${role}:${password}@vn-postgres:5432/trao_vn\n`,
        );
      expect(make().stdout).toContain('all secrets were there');
      expect(readFileSync(path.join(folder, 'vn_role_passwords'), 'utf8')).toBe(before);
    } finally {
      removeTempFolder(folder);
    }
  });

  it('lets partners reach gateways only, and people offices and monitors only, by way of this machine', () => {
    const open = services.filter(([, { ports = [] }]) => ports.length > 0).map(([name]) => name);
    expect(open).toEqual(
      ['vn', 'gb'].flatMap((node) => ['gateway', 'office', 'monitor'].map((part) => `${node}-${part}`)),
    );
    for (const [, { ports = [] }] of [...named('office'), ...named('monitor')])
      expect(ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+:8080$/)]);
    for (const [, { ports = [] }] of named('gateway'))
      expect(ports).toEqual([expect.stringMatching(/^\$\{\w+_GATEWAY_BIND:-127\.0\.0\.1:\d+\}:8443$/)]);
    expect(services.filter(([, service]) => networksOf(service).includes('partners')).map(([name]) => name)).toEqual(
      ['vn', 'gb'].flatMap((node) => [`${node}-gateway`, `${node}-worker`]),
    );
    for (const node of ['vn', 'gb']) {
      expect(compose.networks[`${node}_data`]).toEqual({ internal: true });
      for (const [name, service] of services) {
        const own = name.startsWith(`${node}-`);
        expect(networksOf(service).includes(`${node}_data`)).toBe(own);
        const forPeople = own && /-(?:office|monitor)$/.test(name);
        expect(networksOf(service).includes(`${node}_people`)).toBe(forPeople);
      }
    }
    // The operations port stays inside of each container.
    for (const [, { environment = {} }] of services) expect(environment['TRAO_OPS_HOST']).toBeUndefined();
  });

  it('asks every process that goes on whether it is well, and starts them after the tables', () => {
    const isOnce = (name: string) => /-(?:migrate|backup)$/.test(name);
    for (const [name, service] of services)
      expect((service['healthcheck'] as Record<string, Yaml>)['disable'] === true).toBe(isOnce(name));
    const processes = services.filter(([name]) => /-(?:gateway|worker|office|monitor)$/.test(name));
    for (const [name, service] of processes)
      expect(service['depends_on']).toMatchObject({
        [`${name.split('-')[0]}-migrate`]: { condition: 'service_completed_successfully' },
      });
  });
});

const client = [['docker', 'compose'], ['docker-compose']].find(
  ([program, ...args]) => spawnSync(program!, [...args, 'version'], { stdio: 'ignore' }).status === 0,
);
if (!client) process.stderr.write('compose files are not read by docker here: no client (Debian: docker-compose)\n');
const describeWithClient = client ? describe : describe.skip;

describeWithClient('the compose file', () => {
  it('is read by docker, with every variable that it asks for', () => {
    const asked = [...textOf(COMPOSE).matchAll(/\$\{(\w+):\?/g)].map(([, name]) => [
      name!,
      'https://invented.example:1',
    ]);
    expect(asked.length).toBeGreaterThan(4);
    const run = (env: Record<string, string>) =>
      spawnSync(client![0]!, [...client!.slice(1), '--file', inRoot(COMPOSE), 'config', '--quiet'], {
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'] ?? '/', ...env },
        encoding: 'utf8',
      });
    expect(run(Object.fromEntries(asked) as Record<string, string>)).toMatchObject({ status: 0, stderr: '' });
    expect(run({}).status).not.toBe(0);
  });
});

describe('the images', () => {
  const dockerfile = textOf('Dockerfile').replaceAll('\\\n', ' ');
  const stages = dockerfile.split(/^FROM /m).slice(1);

  it('are built from images with versions, in stages, as nobody special', () => {
    expect(stages.map((stage) => stage.split('\n', 1)[0])).toEqual([
      '${NODE_IMAGE} AS build',
      '${NODE_IMAGE} AS runtime',
      '${POSTGRES_IMAGE} AS operations',
    ]);
    for (const [, image] of dockerfile.matchAll(/^ARG \w+_IMAGE=(.*)$/gm)) expect(image).toMatch(/:\d+-[\w.-]+$/);
    expect(dockerfile).not.toMatch(/latest|^ADD |curl|wget/m);
    for (const stage of stages.slice(1)) {
      expect(stage.match(/^USER .*/gm)).toEqual(['USER 10001:10001']);
      // Nothing comes from the folder of whoever builds, but what was built.
      for (const [line] of stage.matchAll(/^COPY .*/gm)) expect(line).toMatch(/^COPY --from=(?:build|runtime) /);
      expect(stage).not.toMatch(/^RUN /m);
      expect(stage).toMatch(/^HEALTHCHECK /m);
    }
    expect(stages[0]).toContain('npm prune --omit=dev');
  });

  it('take in what is named and nothing else', () => {
    const lines = textOf('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    const taken = lines.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    for (const risk of ['.git', '.data', 'deploy/secrets', 'deploy/nodes', 'node_modules', 'certs-dev/generated'])
      expect(taken.filter((name) => risk.startsWith(name) || name.startsWith(`${risk}/`))).toEqual([]);
  });
});

describe('the health check', () => {
  const servers: Server[] = [];
  afterAll(() => servers.forEach((server) => server.close()));

  async function answering(status: number): Promise<number> {
    const port = await freePort();
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/health/ready' ? status : 404;
      response.end();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return port;
  }

  it.each([
    [200, 0],
    [503, 1],
    [500, 1],
  ])('of a process that answers %d ends with %d', async (status, code) => {
    expect(await runFile('deploy/healthcheck.mjs', { TRAO_OPS_PORT: String(await answering(status)) })).toBe(code);
  });

  it('fails where nothing listens and where no port is set', async () => {
    expect(await runFile('deploy/healthcheck.mjs', { TRAO_OPS_PORT: String(await freePort()) })).toBe(1);
    expect(await runFile('deploy/healthcheck.mjs', {})).toBe(1);
  });
});
