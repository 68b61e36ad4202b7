import pino, { type LogFn, type Logger } from 'pino';
import { asTraoError } from '../errors';

export type { Logger } from 'pino';

/** What of an error may be logged: names and codes. Messages of libraries may quote values, so they stay out; ours hold none. */
function serializeError(error: unknown) {
  const { code, detail, cause, stack } = asTraoError(error);
  const { name, code: causeCode } = (cause ?? {}) as { name?: string; code?: string };
  return {
    code,
    ...(detail && { detail }),
    ...(name && { cause: name }),
    ...(causeCode && { causeCode }),
    ...(code === 'internal' && { stack: framesOf(cause instanceof Error ? cause.stack : stack) }),
  };
}

/** The places of a stack, without its first line, which repeats the message. */
const framesOf = (stack: string | undefined) => stack?.split('\n').filter((line) => /^\s+at /.test(line));

/** A line about an error always has a text of ours: left to itself, pino takes the error's, which may quote values. */
function withOwnText(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [first, text] = args as [unknown, unknown];
  const aboutError = first instanceof Error || (typeof first === 'object' && first !== null && 'err' in first);
  if (aboutError && text === undefined) method.call(this, first, 'error');
  else method.apply(this, args);
}

/** The one logger of a process. Log ids and codes, never bodies. */
export function createLogger(app: string, node: string, level: string): Logger {
  return pino({
    level,
    base: { app, node },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: serializeError },
    hooks: { logMethod: withOwnText },
    redact: {
      paths: ['authorization', '*.authorization', 'token', '*.token', 'sealed', '*.sealed', 'body', '*.body'],
      censor: '[redacted]',
    },
  });
}
