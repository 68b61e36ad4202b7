import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { NodeId } from '../../harness/two-nodes';
import { waitFor } from '../../harness/wait-for';
import type { PointApp } from '../build/points';

/** A point that waits for a process to come by. */
export interface Armed {
  readonly node: NodeId;
  readonly app: PointApp;
  readonly point: string;
  /** The process that stands at the point. @throws Error when none has come by in time */
  untilHit(timeoutMs?: number): Promise<number>;
  /** Lets the process go on that stands there. */
  release(): void;
  /** Takes the wish back; a process that stands there goes on. */
  disarm(): void;
}

const FOLDERS = ['armed', 'taken', 'hit', 'go'] as const;
const HIT_MS = 45_000;

/** Tells processes of a fault build, through a folder, where to stop (`test/fault/build/runtime.cjs`). */
export class FaultControl {
  constructor(readonly folder: string) {
    for (const name of FOLDERS) mkdirSync(path.join(folder, name), { recursive: true });
  }

  /** The next time that a process of this kind comes to the point it stops there, once. */
  arm(node: NodeId, app: PointApp, point: string): Armed {
    const name = `${node}-${app}.${point}`;
    const at = (what: (typeof FOLDERS)[number]) => path.join(this.folder, what, name);
    for (const what of FOLDERS) rmSync(at(what), { force: true });
    writeFileSync(at('armed'), '');
    return {
      node,
      app,
      point,
      async untilHit(timeoutMs = HIT_MS) {
        const look = (): number => (existsSync(at('hit')) ? Number(readFileSync(at('hit'), 'utf8')) : 0);
        return waitFor(`${name} to be reached`, look, { timeoutMs, everyMs: 5 });
      },
      release: () => writeFileSync(at('go'), ''),
      disarm() {
        rmSync(at('armed'), { force: true });
        if (existsSync(at('taken')) || existsSync(at('hit'))) writeFileSync(at('go'), '');
      },
    };
  }
}
