import { createLogger, type Logger } from '../../libs/platform';

/** A logger of a process whose lines are caught, as text and as records. */
export interface CaughtLog {
  readonly logger: Logger;
  text(): string;
  records(): Record<string, unknown>[];
}

export function caughtLog(level = 'debug'): CaughtLog {
  const lines: string[] = [];
  const logger = createLogger('test', 'vn', level);
  // pino writes to the descriptor itself, past anything that replaces process.stdout.
  const stream = Object.getOwnPropertySymbols(logger).find(({ description }) => description === 'pino.stream')!;
  Object.assign(logger, { [stream]: { write: (line: string) => lines.push(line) } });
  return {
    logger,
    text: () => lines.join(''),
    records: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
