import { create } from 'qrcode';

/** Dark runs of a QR code, in modules from its upper left corner. */
export interface Run {
  readonly x: number;
  readonly y: number;
  readonly length: number;
}

/** The dark modules of a QR code that holds `text`, as runs, and how many modules wide it is. The quiet zone is not in it. */
export function qrRuns(text: string): { readonly size: number; readonly runs: readonly Run[] } {
  // M: 15 % may be smudged or folded. Paper is.
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const runs: Run[] = [];
  for (let y = 0; y < modules.size; y += 1) {
    let x = 0;
    while (x < modules.size) {
      const start = x;
      while (x < modules.size && modules.get(y, x)) x += 1;
      if (x > start) runs.push({ x: start, y, length: x - start });
      else x += 1;
    }
  }
  return { size: modules.size, runs };
}
