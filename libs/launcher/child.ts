/**
 * The child's half of the supervisor's protocol, for the `main` of each process.
 * Every function does nothing special when the process was started by hand or by an init system (no IPC channel).
 * This file requires nothing, so that loading it costs nothing.
 */

const SHUTDOWN_LIMIT_MS = 9_000;

/** Tells the supervisor that the process serves; `info` may hold what it learnt, such as the port it got. */
export function announceReady(info: Readonly<Record<string, unknown>> = {}): Promise<void> {
  return tell({ ready: true, ...info });
}

/** Tells the supervisor why the process is about to end. Await it, then exit with a code other than 0. */
export function announceFailure(error: unknown): Promise<void> {
  const { code, detail, message } = (error ?? {}) as { code?: unknown; detail?: unknown; message?: unknown };
  return tell({
    failed: {
      code: typeof code === 'string' ? code : 'internal',
      message: typeof message === 'string' ? message : String(error),
      ...(typeof detail === 'string' && { detail }),
    },
  });
}

/**
 * Runs `shutdown` once, on SIGTERM, on SIGINT or when the supervisor is gone (even by kill -9), then exits: 0 when it went
 * well, 1 when it failed or took longer than 9 s. The supervisor kills after 10 s, so the process can still say why.
 */
export function exitWithParent(shutdown: () => Promise<void> | void): void {
  let ending = false;
  const end = (): void => {
    // A terminal's Ctrl-C and its forwarded copy arrive both: the second must not start a second shutdown.
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
    void Promise.resolve()
      .then(shutdown)
      .then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`shutdown failed: ${error instanceof Error ? error.message : String(error)}\n`);
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', end);
}

/**
 * The whole life of a process: starts, announces itself, serves until it is told to end. When it cannot start it says why, to its
 * supervisor and on stderr, and exits with 1.
 */
export async function runProcess(start: () => Promise<{ close(): Promise<void> }>): Promise<void> {
  try {
    const running = await start();
    exitWithParent(() => running.close());
    await announceReady();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await announceFailure(error);
    process.exit(1);
  }
}

function tell(message: object): Promise<void> {
  return new Promise((resolve) => {
    if (!process.send || !process.connected) return resolve();
    // A supervisor that died in between is no error here: 'disconnect' follows.
    process.send(message, undefined, {}, () => resolve());
  });
}
