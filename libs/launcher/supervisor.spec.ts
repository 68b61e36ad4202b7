import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TraoError } from '../errors';
import type { ProcessExit, ProcessSpec } from './launched-process';
import { startProcesses, type Supervisor, type SupervisorOptions } from './supervisor';

const fixtures = join(__dirname, 'fixtures');
const folder = mkdtempSync(join(tmpdir(), 'trao-supervisor-'));
const logOf = (name: string): string => join(folder, 'log', `${name}.log`);
let supervisor: Supervisor | undefined;

function spec(name: string, behaviour: string): ProcessSpec {
  return {
    name,
    script: join(fixtures, 'child.cjs'),
    env: { BEHAVIOUR: behaviour },
    logFile: logOf(name),
    execArgv: ['-r', join(fixtures, 'from-source.cjs')],
  };
}

async function start(specs: ProcessSpec[], options?: SupervisorOptions): Promise<Supervisor> {
  supervisor = await startProcesses(specs, options);
  return supervisor;
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 8_000; !condition(); await sleep(20)) {
    if (Date.now() > end) throw new Error(`not within 8 s: ${condition.toString()}`);
  }
}

jest.setTimeout(20_000);
afterEach(async () => {
  await supervisor?.stop();
  supervisor = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('startProcesses', () => {
  it('waits until all are ready, keeps what they announce, and stops them in order', async () => {
    const exits: ProcessExit[] = [];
    const { stop, pids, info } = bound(
      await start([spec('office', 'serve'), spec('worker', 'serve')], { onExit: (e) => exits.push(e) }),
    );
    expect(Object.keys(pids())).toEqual(['office', 'worker']);
    expect(info('office')).toMatchObject({ port: 4711 });
    await stop('office');
    expect(Object.keys(pids())).toEqual(['worker']);
    await stop();
    expect(exits.map(({ name, code, expected }) => [name, code, expected])).toEqual([
      ['office', 0, true],
      ['worker', 0, true],
    ]);
    expect(readFileSync(logOf('office'), 'utf8')).toContain('stopped in order');
  });

  it('does not hand its own environment on', async () => {
    process.env['SECRET_OF_THE_PARENT'] = 'parent';
    const { info } = bound(await start([spec('office', 'serve')]));
    delete process.env['SECRET_OF_THE_PARENT'];
    expect(info('office')).toMatchObject({ secret: 'none' });
  });

  it('names the process that ended, its exit code and its last lines, and stops the others', async () => {
    const exits: ProcessExit[] = [];
    const specs = [spec('good', 'serve'), spec('bad', 'crash')];
    const error = await startProcesses(specs, { onExit: (e) => exits.push(e) }).catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: 'start_failed',
      detail: `bad ended with exit code 3 before it was ready. Last lines of ${logOf('bad')}: line one | line two`,
    });
    expect(exits.map(({ name }) => name).sort()).toEqual(['bad', 'good']);
    expect(exits.some(({ pid }) => runs(pid))).toBe(false);
  });

  it('keeps the error that the process announced as the cause', async () => {
    const error = (await startProcesses([spec('gateway', 'refuse')]).catch((e: unknown) => e)) as TraoError;
    expect(error).toMatchObject({ code: 'start_failed', detail: 'gateway: whole text' });
    expect(error.cause).toMatchObject({ code: 'port_taken', detail: '127.0.0.1:7001' });
  });

  it('gives up on a process that stays silent', async () => {
    const error = await startProcesses([spec('silent', 'silent')], { readyTimeoutMs: 400 }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'start_failed', detail: expect.stringContaining('not ready after 400 ms') });
  });

  it('brings a killed process back when told to, and not when it was stopped', async () => {
    const { kill, stop, pids } = bound(await start([spec('worker', 'serve')], { respawn: true, respawnDelayMs: 100 }));
    const before = pids()['worker'] ?? 0;
    await kill('worker');
    expect(runs(before)).toBe(false);
    await until(() => pids()['worker'] !== undefined);
    expect(pids()['worker']).not.toBe(before);
    await stop('worker');
    await sleep(400);
    expect(pids()).toEqual({});
  });

  it('leaves a killed process down when not told to bring it back, until it is restarted', async () => {
    const { kill, restart, pids } = bound(await start([spec('worker', 'serve')]));
    await kill('worker');
    await sleep(200);
    expect(pids()).toEqual({});
    expect(await restart('worker')).toMatchObject({ port: 4711 });
    expect(Object.keys(pids())).toEqual(['worker']);
  });
});

function bound(s: Supervisor): Supervisor {
  return {
    stop: (name) => s.stop(name),
    kill: (name) => s.kill(name),
    restart: (name) => s.restart(name),
    pids: () => s.pids(),
    info: (name) => s.info(name),
  };
}
