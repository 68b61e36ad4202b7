import { createLogger, type Logger } from '../../libs/platform';

/** A logger of a process whose lines are caught, as text and as records. */
export interface CaughtLog {
  readonly logger: Logger;
  text(): string;
  records(): Record<string, unknown>[];
}

export function caughtLog(level = 'debug'): CaughtLog {
  const lines: string[] = [];
  return {
    logger: createLogger('test', 'vn', level, { write: (line) => void lines.push(line) }),
    text: () => lines.join(''),
    records: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
