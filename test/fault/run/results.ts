import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../harness/paths';
import type { CellResult } from './play-cell';

const RESULTS = path.join(ROOT, '.cache', 'faults', 'results.jsonl');

/** Results as a file of JSON lines, to which several runs may add. */
export class Results {
  constructor(private readonly file = RESULTS) {
    mkdirSync(path.dirname(file), { recursive: true });
  }

  add(result: CellResult): void {
    appendFileSync(this.file, `${JSON.stringify(result)}\n`);
  }

  /** All results, oldest first. A line that a killed run left half-written counts for nothing. */
  all(): CellResult[] {
    if (!existsSync(this.file)) return [];
    return readFileSync(this.file, 'utf8')
      .split('\n')
      .flatMap((line) => {
        try {
          return [JSON.parse(line) as CellResult];
        } catch {
          return [];
        }
      });
  }

  /** The last result of each cell. */
  latest(): CellResult[] {
    return [...new Map(this.all().map((result) => [result.cell, result])).values()];
  }
}
