import { parseArgs } from 'node:util';
import { TraoError } from '../../libs/errors';

export const PARTS = ['core', 'floor', 'bare', 'load', 'timing', 'pages', 'monitor', 'watched'] as const;
export type Part = (typeof PARTS)[number];
/** The timing of refusals and what officers wait for are questions of their own. */
const DEFAULT_PARTS: readonly Part[] = ['core', 'floor', 'bare', 'load'];

export const BACKENDS = ['postgres', 'redis'] as const;
export type Backend = (typeof BACKENDS)[number];

export interface Settings {
  readonly json: boolean;
  /** Length of each measurement, without warm-up and drain. */
  readonly seconds: number;
  /** Sizes of the referral as JSON, in bytes. */
  readonly sizes: readonly number[];
  readonly backends: readonly Backend[];
  readonly only: readonly Part[];
  /** Of each class of refusals, in the part `timing`. */
  readonly samples: number;
  /** Of the unit in the part `pages`. */
  readonly cases: number;
  /** Of the node in the part `monitor`. */
  readonly messages: number;
  /** Where databases, keys and logs go; undefined for a temporary folder that is removed afterwards. */
  readonly data: string | undefined;
  /** Look into the processes and the server while the maximum of the part `load` is measured. */
  readonly profile: boolean;
}

/** The size whose floor and bare pipeline stand at the top of the result. */
export const SMALL_BYTES = 2_048;
const LARGE_BYTES = 102_400;

export const USAGE = `Usage: trao bench [options]

Measures what validation and rules cost, what cryptography alone costs, what a bare pipeline reaches, and what two nodes of Trao reach on this machine.

  --json           one JSON document on stdout
  --seconds N      length of each measurement (default 6: the whole run then takes some 6 minutes)
  --sizes A,B      sizes of the referral in bytes (default ${SMALL_BYTES},${LARGE_BYTES})
  --backends A,B   queue back ends of the load test (default ${BACKENDS.join(',')}; redis needs redis-server on the PATH)
  --only A,B       parts of the measurement (default ${DEFAULT_PARTS.join(',')}; also: timing, pages, monitor, watched)
  --samples N      refusals of each class in the part timing (default 2000; 500 for a quick look)
  --cases N        cases of the unit in the part pages (default 10000)
  --messages N     messages of the node in the part monitor (default 1000000)
  --profile        look into processes and statements while the maximum is measured; figures beside it are not to be quoted
  --data DIR       keep databases, keys and logs there (default: a temporary folder, removed afterwards)
`;

/** @throws TraoError `config_invalid` naming the option */
export function readSettings(args: readonly string[]): Settings | 'help' {
  const values = parsed(args);
  if (values.help) return 'help';
  return {
    json: values.json ?? false,
    seconds: numberOf('--seconds', values.seconds ?? '6', 1, 600),
    sizes: list(values.sizes ?? `${SMALL_BYTES},${LARGE_BYTES}`).map((size) => numberOf('--sizes', size, 1, 1_000_000)),
    backends: list(values.backends ?? BACKENDS.join(',')).map((name) => oneOf('--backends', name, BACKENDS)),
    only: list(values.only ?? DEFAULT_PARTS.join(',')).map((name) => oneOf('--only', name, PARTS)),
    samples: numberOf('--samples', values.samples ?? '2000', 10, 1_000_000),
    cases: numberOf('--cases', values.cases ?? '10000', 1, 1_000_000),
    messages: numberOf('--messages', values.messages ?? '1000000', 1_000, 10_000_000),
    data: values.data,
    profile: values.profile ?? false,
  };
}

function parsed(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const options = {
      json: flag,
      help: flag,
      profile: flag,
      seconds: text,
      sizes: text,
      backends: text,
      only: text,
      samples: text,
      cases: text,
      messages: text,
      data: text,
    };
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
