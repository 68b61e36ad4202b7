import { spawn, type ChildProcess } from 'node:child_process';
import { extname, join } from 'node:path';

/** Starts the process that stops `server` when this one ends without doing so; it ends with the server. See `watchdog.ts`. */
export function startWatchdog(server: ChildProcess, cluster: string): void {
  // Beside us as .js in the build, as .ts in tests that run from the source.
  const script = join(__dirname, `watchdog${extname(__filename)}`);
  const watchdog = spawn(process.execPath, [script, String(server.pid), cluster], {
    cwd: '/',
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a watchdog the server still runs and stops; only kill -9 of this process would leave it to the next start.
  watchdog.once('error', () => undefined);
  server.once('exit', () => watchdog.kill('SIGKILL'));
  watchdog.unref();
  (watchdog.stdin as unknown as { unref?(): void } | null)?.unref?.();
}
