import type { LoggerService } from '@nestjs/common';
import type { Logger } from '../platform';

/** Nest's own lines through our logger, warnings and worse only. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: () => undefined,
    error: (message: unknown) => logger.error({ err: message }, 'nest'),
    warn: (message: unknown) => logger.warn({ notice: typeof message === 'string' ? message : 'warning' }, 'nest'),
  };
}
