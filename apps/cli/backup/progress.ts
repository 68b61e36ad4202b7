import { SingleBar } from 'cli-progress';

const MEGABYTE = 1024 * 1024;

/** Says how far a long piece of work is: a bar where a person looks on, one line for each step elsewhere. */
export interface Progress {
  /** @param bytes of the step so far */
  readonly on: (step: string, bytes: number) => void;
  readonly end: () => void;
}

/** @param expected bytes in all, as far as one can know */
export function showProgress(expected: number, quiet: boolean, out: NodeJS.WriteStream = process.stderr): Progress {
  if (quiet) return { on: () => undefined, end: () => undefined };
  return out.isTTY ? bar(expected, out) : lines(out);
}

function bar(expected: number, out: NodeJS.WriteStream): Progress {
  const shown = new SingleBar({
    format: '{bar} {value}/{total} MB {step}',
    stream: out,
    clearOnComplete: true,
    hideCursor: true,
  });
  const sizes = new Map<string, number>();
  shown.start(inMegabytes(expected), 0, { step: '' });
  return {
    on(step, bytes) {
      sizes.set(step, bytes);
      const done = inMegabytes([...sizes.values()].reduce((sum, size) => sum + size, 0));
      // What is expected is a guess: the bar must not claim to be past its end.
      if (done > shown.getTotal()) shown.setTotal(done);
      shown.update(done, { step: nameOf(step) });
    },
    end: () => shown.stop(),
  };
}

function lines(out: NodeJS.WriteStream): Progress {
  const said = new Set<string>();
  return {
    on(step) {
      const name = nameOf(step);
      if (!said.has(name)) out.write(`${name} …\n`);
      said.add(name);
    },
    end: () => undefined,
  };
}

/** `keys/worker/signing/k.key` is of the step `keys`. */
const nameOf = (step: string) => step.split('/', 1)[0]!;
const inMegabytes = (bytes: number) => Math.ceil(bytes / MEGABYTE);
