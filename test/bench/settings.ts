import { parseArgs } from 'node:util';
import { TraoError } from '../../libs/errors';

export const PARTS = ['core', 'floor', 'bare', 'load', 'timing', 'pages', 'monitor', 'watched', 'stored'] as const;
export type Part = (typeof PARTS)[number];
/** The timing of refusals and what officers wait for are questions of their own. */
const DEFAULT_PARTS: readonly Part[] = ['core', 'floor', 'bare', 'load'];
/** What the targets of speed need. */
const TARGET_PARTS: readonly Part[] = ['floor', 'bare', 'load', 'stored'];

export const BACKENDS = ['postgres', 'redis'] as const;
export type Backend = (typeof BACKENDS)[number];

export interface Settings {
  readonly json: boolean;
  /** Length of each measurement, without warm-up and drain; of the maximum alone with `sustained` and `targets`. */
  readonly seconds: number;
  /** Sizes of the referral as JSON, in bytes. */
  readonly sizes: readonly number[];
  readonly backends: readonly Backend[];
  readonly only: readonly Part[];
  /** The part `load` measures the maximum alone, for minutes. */
  readonly sustained: boolean;
  /** Messages a second of open loops, in place of a light one and one at 80 %. */
  readonly rates: readonly number[] | undefined;
  /** Everything that a target of speed is set for, and nothing else. */
  readonly targets: boolean;
  /** Append the figures that have targets to the history. */
  readonly record: boolean;
  /** Print the history and measure nothing. */
  readonly history: boolean;
  /** Of each class of refusals, in the part `timing`. */
  readonly samples: number;
  /** Of the unit in the part `pages`. */
  readonly cases: number;
  /** Of the node in the parts `monitor` and `stored`. */
  readonly messages: number;
  /** Where databases, keys and logs go; undefined for a temporary folder that is removed afterwards. */
  readonly data: string | undefined;
  /** Put every batch through the queue, also those that a worker has room for. */
  readonly throughQueue: boolean;
  /** Look into the processes and the server while the maximum of the part `load` is measured, or the rates that were asked for. */
  readonly profile: boolean;
}

/** The size whose floor and bare pipeline stand at the top of the result. */
export const SMALL_BYTES = 2_048;
const LARGE_BYTES = 102_400;
const SECONDS = 6;
const SUSTAINED_SECONDS = 300;

export const USAGE = `Usage: trao bench [options]

Measures what validation and rules cost, what cryptography alone costs, what a bare pipeline reaches, and what two nodes of Trao reach on this machine.

  --json           one JSON document on stdout
  --seconds N      length of each measurement (default ${SECONDS}: the whole run then takes some 6 minutes)
  --sizes A,B      sizes of the referral in bytes (default ${SMALL_BYTES},${LARGE_BYTES})
  --backends A,B   queue back ends of the load test (default ${BACKENDS.join(',')}; redis needs redis-server on the PATH)
  --only A,B       parts of the measurement (default ${DEFAULT_PARTS.join(',')}; also: timing, pages, monitor, watched, stored)
  --sustained      the part load alone, at maximum, of ${SMALL_BYTES} bytes, for ${SUSTAINED_SECONDS} s
  --rates A,B      messages a second of open loops, in place of a light one and one at 80 % of the maximum
  --targets        everything that has a target of speed, some 15 minutes
  --record         append those figures to docs/reference/bench-history.jsonl
  --history        print that file, with the change to the run before, and measure nothing
  --samples N      refusals of each class in the part timing (default 2000; 500 for a quick look)
  --cases N        cases of the unit in the part pages (default 10000)
  --messages N     messages of the node in the parts monitor and stored (default 1000000)
  --through-queue  every batch goes through the queue, also those that a worker has room for
  --profile        look into processes and statements at the maximum, or at the rates asked for; figures beside it are not to be quoted
  --data DIR       keep databases, keys and logs there (default: a temporary folder, removed afterwards)
`;

/** @throws TraoError `config_invalid` naming the option */
export function readSettings(args: readonly string[]): Settings | 'help' {
  const values = parsed(args);
  if (values.help) return 'help';
  const { sustained = false, targets = false } = values;
  const minutes = sustained || targets;
  const parts = targets ? TARGET_PARTS : sustained ? ['load' as const] : DEFAULT_PARTS;
  const sizes = minutes ? `${SMALL_BYTES}` : `${SMALL_BYTES},${LARGE_BYTES}`;
  return {
    json: values.json ?? false,
    seconds: numberOf('--seconds', values.seconds ?? `${minutes ? SUSTAINED_SECONDS : SECONDS}`, 1, 3_600),
    sizes: list(values.sizes ?? sizes).map((size) => numberOf('--sizes', size, 1, 1_000_000)),
    backends: list(values.backends ?? BACKENDS.join(',')).map((name) => oneOf('--backends', name, BACKENDS)),
    only: list(values.only ?? parts.join(',')).map((name) => oneOf('--only', name, PARTS)),
    sustained,
    rates:
      values.rates === undefined ? undefined : list(values.rates).map((rate) => numberOf('--rates', rate, 1, 10_000)),
    targets,
    record: values.record ?? false,
    history: values.history ?? false,
    samples: numberOf('--samples', values.samples ?? '2000', 10, 1_000_000),
    cases: numberOf('--cases', values.cases ?? '10000', 1, 1_000_000),
    messages: numberOf('--messages', values.messages ?? '1000000', 1_000, 10_000_000),
    data: values.data,
    throughQueue: values['through-queue'] ?? false,
    profile: values.profile ?? false,
  };
}

function parsed(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const flags = {
      json: flag,
      help: flag,
      sustained: flag,
      targets: flag,
      record: flag,
      history: flag,
      'through-queue': flag,
      profile: flag,
    };
    const texts = { seconds: text, sizes: text, backends: text, only: text, rates: text, samples: text, cases: text };
    const options = { ...flags, ...texts, messages: text, data: text };
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

const list = (text: string) => text.split(',').map((item) => item.trim());

function numberOf(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text === '' || !Number.isInteger(value) || value < least || value > most) {
    throw invalid(`${option} takes whole numbers from ${least} to ${most}, not "${text}".`);
  }
  return value;
}

function oneOf<T extends string>(option: string, name: string, known: readonly T[]): T {
  const found = known.find((candidate) => candidate === name);
  if (!found) throw invalid(`${option} knows ${known.join(', ')}, not "${name}".`);
  return found;
}

const invalid = (detail: string) => new TraoError('config_invalid', { detail });
