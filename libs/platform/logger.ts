import pino, { type DestinationStream } from 'pino';
import { asTraoError } from '../errors';
import { contextOfLine } from './log-context';
import { KINDS, LOG_EVENTS, type FieldsOf, type Kind, type LogEventId } from './log-events';

/** The one logger of a process. It writes events of the catalogue, with the fields of the catalogue. */
export interface Logger {
  log<E extends LogEventId>(event: E, fields?: FieldsOf<E>): void;
}

/** What of an error may be logged: names and codes. Messages of libraries may quote values, so they stay out; ours hold none. */
function serializeError(error: unknown) {
  const { code, detail, cause, stack } = asTraoError(error);
  const { name, code: causeCode } = (cause ?? {}) as { name?: string; code?: string };
  return {
    code,
    ...(detail && { detail }),
    ...(isName(name) && { cause: name }),
    ...(isName(causeCode) && { causeCode }),
    ...(code === 'internal' && { stack: framesOf(cause instanceof Error ? cause.stack : stack) }),
  };
}

/** Names and codes are words: whatever else a library puts in their place may quote something. */
const isName = (value: unknown) => typeof value === 'string' && KINDS.code.shape.test(value);

/** The places of a stack, without its first line, which repeats the message. */
const framesOf = (stack: string | undefined) => stack?.split('\n').filter((line) => /^\s+at /.test(line));

/** A value in the shape of its kind; undefined for any other, which is left out of the line. */
function fit(kind: Kind, value: unknown): unknown {
  if (kind === 'error') return serializeError(value);
  const { shape } = KINDS[kind];
  if (shape) return typeof value === 'string' && shape.test(value) ? value : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The fields of a line. What its event does not list, or has another shape, is left out; `leftOut` says how many. */
function fieldsOf(event: LogEventId, given: object): Readonly<Record<string, unknown>> {
  const kinds: Readonly<Record<string, Kind>> = LOG_EVENTS[event].fields;
  let leftOut = 0;
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind !== 'error' && value === undefined) continue;
    const fitting = kind && fit(kind, value);
    if (fitting === undefined) leftOut += 1;
    else kept[name] = fitting;
  }
  return { ...kept, ...(leftOut > 0 && { leftOut }) };
}

/** Lines wait for each other for so long, or until there are so many bytes: writing them one by one costs more than making them. */
const TOGETHER_MS = 100;
const TOGETHER_BYTES = 4096;

/** Standard output. What waits is written when the process ends, however it does, but for SIGKILL. */
function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, minLength: TOGETHER_BYTES, periodicFlush: TOGETHER_MS, sync: true });
  process.on('exit', () => output.flushSync());
  return output;
}

/**
 * @param level `debug`, `info`, `warn`, `error` or another of pino
 * @param destination where lines go; default: standard output, where those of a tenth of a second are written together
 */
export function createLogger(app: string, node: string, level: string, destination?: DestinationStream): Logger {
  const settings = { level, base: { app, node }, timestamp: pino.stdTimeFunctions.isoTime };
  const lines = pino(settings, destination ?? standardOutput());
  return {
    log(event, fields = {}) {
      const { level: grave, meaning } = LOG_EVENTS[event];
      if (!lines.isLevelEnabled(grave)) return;
      const said = fieldsOf(event, fields);
      lines[grave]({ event, ...contextOfLine(event, said), ...said }, meaning);
    },
  };
}
