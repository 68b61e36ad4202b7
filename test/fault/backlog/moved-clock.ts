import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Where Debian's package `libfaketime` lays the library. */
const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((machine) =>
  path.join('/usr/lib', machine, 'faketime', 'libfaketimeMT.so.1'),
);
/** The library reads the file again after a second; another is for slow machines. */
const NOTICED_MS = 2_000;

export const DAY_MS = 86_400_000;

const library = () => LIBRARIES.find((file) => existsSync(file));

/** Whether clocks can be moved on this machine. */
export const canMoveClocks = (): boolean => library() !== undefined;

/** The clock of a set of processes, some days behind the true one. It runs; timers, which count from the start, are not moved. */
export class MovedClock {
  private readonly file: string;
  private days = 0;

  constructor(folder: string) {
    this.file = path.join(folder, 'clock');
  }

  /** @param days before today */
  async set(days: number): Promise<void> {
    this.days = days;
    writeFileSync(this.file, `-${days}d\n`, { mode: 0o644 });
    await pause(NOTICED_MS);
  }

  now = (): Date => new Date(Date.now() - this.days * DAY_MS);

  /** What the host of the processes is started with. */
  environment(): Readonly<Record<string, string>> {
    return {
      NODE_OPTIONS: `--require=${path.join(__dirname, 'moved-clock.cjs')}`,
      LD_PRELOAD: library()!,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }
}
