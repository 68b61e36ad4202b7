import { rmSync } from 'node:fs';
import { removePostgres } from '../../libs/launcher';

type Step = () => unknown;

/** What must be undone, whatever way the benchmark ends: the last thing first. */
export class Cleanup {
  private readonly steps = new Map<string, Step>();
  private readonly clusters = new Set<string>();
  private finishing: Promise<void> | undefined;

  constructor(
    /** Removed at the end; undefined to keep everything. */
    private readonly folder: string | undefined,
  ) {}

  add(name: string, step: Step): void {
    this.steps.set(name, step);
  }

  /** A PostgreSQL cluster, which may lie outside the folder (see `libs/launcher`). */
  addCluster(dataDir: string): void {
    this.clusters.add(dataDir);
  }

  /** Does one step now. */
  async run(name: string): Promise<void> {
    const step = this.steps.get(name);
    this.steps.delete(name);
    await step?.();
  }

  /** Does all steps that are left. A step that fails does not keep the others from being done. */
  finish(): Promise<void> {
    this.finishing ??= this.undoAll();
    return this.finishing;
  }

  private async undoAll(): Promise<void> {
    for (const name of [...this.steps.keys()].reverse()) {
      await this.run(name).catch((error: unknown) => console.error(`${name}:`, error));
    }
    if (this.folder === undefined) return;
    for (const cluster of this.clusters) await removePostgres(cluster);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
