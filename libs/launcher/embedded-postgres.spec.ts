import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removePostgres, startPostgres, type RunningPostgres } from './embedded-postgres';
import { readPostmaster } from './postmaster';

const fixtures = join(__dirname, 'fixtures');
const folder = mkdtempSync(join(tmpdir(), 'trao-postgres-spec-'));
const dataDir = join(folder, 'pg');
let running: RunningPostgres | undefined;

async function start(): Promise<RunningPostgres> {
  running = await startPostgres({ dataDir, fsync: false });
  return running;
}

/** A process that starts PostgreSQL and holds it; with the number of its server. */
async function startHolder(): Promise<{ holder: ChildProcess; server: number }> {
  const args = ['-r', join(fixtures, 'from-source.cjs'), join(fixtures, 'hold-postgres.cjs'), dataDir];
  const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(holder.stdout, 'data')) as [Buffer];
  return { holder, server: Number(line.toString()) };
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pid: number, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) if (!runs(pid)) return true;
  return false;
}

/** What the server answers to a TLS request, its first byte: proof that the socket is served. */
async function firstByte({ socketDir, port }: RunningPostgres): Promise<string> {
  const socket = connect(join(socketDir, `.s.PGSQL.${port}`));
  socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString();
}

jest.setTimeout(30_000);
afterEach(async () => {
  await running?.stop();
  running = undefined;
});
afterAll(async () => {
  await removePostgres(dataDir);
  rmSync(folder, { recursive: true });
});

describe('startPostgres', () => {
  it('makes a cluster, serves it on a private socket and stops', async () => {
    const postgres = await start();
    expect(await firstByte(postgres)).toBe('N');
    expect(statSync(postgres.socketDir).mode & 0o777).toBe(0o700);
    expect(statSync(`${dataDir}.password`).mode & 0o777).toBe(0o600);
    expect(postgres.superuser).toEqual({ user: 'postgres', password: readFileSync(`${dataDir}.password`, 'utf8') });
    await postgres.stop();
    await postgres.stop();
    expect(runs(postgres.pid)).toBe(false);
    expect(existsSync(postgres.socketDir)).toBe(false);
  });

  it('starts again on the same cluster within 3 s', async () => {
    const begin = performance.now();
    const postgres = await start();
    expect(performance.now() - begin).toBeLessThan(3_000);
    expect(await firstByte(postgres)).toBe('N');
  });

  it('refuses a cluster whose launcher still runs', async () => {
    await start();
    await expect(startPostgres({ dataDir })).rejects.toMatchObject({
      code: 'start_failed',
      detail: expect.stringContaining(`in use by process ${process.pid}`),
    });
  });

  it('comes back after its server was killed with -9', async () => {
    const { pid } = await start();
    process.kill(pid, 'SIGKILL');
    await untilGone(pid, 2_000);
    expect(await firstByte(await start())).toBe('N');
  });

  it('leaves no server when its process is killed with -9', async () => {
    const { holder, server } = await startHolder();
    expect(runs(server)).toBe(true);
    holder.kill('SIGKILL');
    expect(await untilGone(server, 5_000)).toBe(true);
  });

  it('replaces a left-over server', async () => {
    const { holder, server } = await startHolder();
    // With the server stopped, its watchdog cannot end it before we do.
    process.kill(server, 'SIGSTOP');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    setTimeout(() => process.kill(server, 'SIGCONT'), 200);
    const postgres = await start();
    expect(postgres.pid).not.toBe(server);
    // It has left the cluster; its number goes when the init process has taken note.
    expect(await untilGone(server, 2_000)).toBe(true);
  });

  it('does not signal a process that only has the number of an old server', async () => {
    const stranger = spawn('sleep', ['30']);
    const noted = readFileSync(join(dataDir, 'server.log'));
    expect(noted.length).toBeGreaterThan(0);
    writeFileSync(join(dataDir, 'postmaster.pid'), `${stranger.pid}\n${dataDir}\n1\n5432\n\n\n\nready   \n`);
    const postgres = await start();
    expect(readPostmaster(dataDir)).toEqual({ pid: postgres.pid, ready: true });
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill();
  });

  it('tells the last lines of the log when the server does not start', async () => {
    const failing = startPostgres({ dataDir, settings: { shared_buffers: 'many' } });
    await expect(failing).rejects.toMatchObject({
      code: 'start_failed',
      detail: expect.stringMatching(
        /^PostgreSQL ended with exit code 1\. .*invalid value for parameter "shared_buffers"/,
      ),
    });
  });

  it('refuses a folder that holds something else', async () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'letter.txt'), '');
    await expect(startPostgres({ dataDir: other })).rejects.toMatchObject({ code: 'start_failed' });
    expect(existsSync(join(other, 'letter.txt'))).toBe(true);
    await removePostgres(other);
  });
});

// Only root lends the cluster to another user, who may not be able to pass the folders above it.
(process.getuid?.() === 0 ? describe : describe.skip)('startPostgres as root, in a folder closed to others', () => {
  it('places the cluster in /var/tmp, finds it again, and begins anew when its pointer is gone', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(join(closed, 'data'), { recursive: true });
    chmodSync(closed, 0o700);
    const moved = join(closed, 'data', 'pg');
    const pointer = `${moved}.location`;
    const first = await startPostgres({ dataDir: moved, fsync: false });
    await first.stop();
    const place = readFileSync(pointer, 'utf8').trim();
    expect(place).toMatch(/^\/var\/tmp\/trao-pg-\w{12}\/cluster$/);

    const again = await startPostgres({ dataDir: moved, fsync: false });
    await again.stop();
    expect(again.superuser.password).toBe(first.superuser.password);

    rmSync(pointer);
    const anew = await startPostgres({ dataDir: moved, fsync: false });
    await anew.stop();
    expect(anew.superuser.password).not.toBe(first.superuser.password);

    await removePostgres(moved);
    expect(existsSync(place)).toBe(false);
    expect(existsSync(pointer)).toBe(false);
  });
});
