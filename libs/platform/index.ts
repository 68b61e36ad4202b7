export { agreedDeadlines } from './agreed-deadlines';
export {
  readGatewayConfig,
  readOfficeConfig,
  readWorkerConfig,
  type CommonConfig,
  type GatewayConfig,
  type OfficeConfig,
  type PagesConfig,
  type WorkerConfig,
} from './config';
export { DirectoryKeeper, directoryTag } from './directory-keeper';
export { followTrace, inLogContext, logContext, type LogContext, type TraceContext } from './log-context';
export { LOG_EVENTS, type LogEventId } from './log-events';
export { createLogger, type Logger } from './logger';
export { assertFitForProduction } from './production';
export type { TlsFiles } from './tls-files';
export { TlsKeeper } from './tls-keeper';
