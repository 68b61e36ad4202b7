import type { LoggerService } from '@nestjs/common';
import type { Logger } from '../platform';

/** Nest's own lines through our logger, warnings and worse only. Its texts may quote what it was given, so they stay out. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: () => undefined,
    error: (message: unknown, ...more: unknown[]) => {
      const err = more.find((value) => value instanceof Error) ?? message;
      logger.log('framework_failed', { err, source: sourceOf(more) });
    },
    warn: (_message: unknown, ...more: unknown[]) => logger.log('framework_warned', { source: sourceOf(more) }),
  };
}

/** The class that speaks: Nest names it last. */
function sourceOf(more: readonly unknown[]): string | undefined {
  const last = more.at(-1);
  return typeof last === 'string' && /^\w+$/.test(last) ? last : undefined;
}
