import pino, { type Logger } from 'pino';
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

/** The one logger of a process. Log ids and codes, never bodies. */
export function createLogger(app: string, node: string, level: string): Logger {
  return pino({
    level,
    base: { app, node },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: serializeError },
    redact: {
      paths: ['authorization', '*.authorization', 'token', '*.token', 'sealed', '*.sealed', 'body', '*.body'],
      censor: '[redacted]',
    },
  });
}
