export { agreedDeadlines } from './agreed-deadlines';
export {
  readGatewayConfig,
  readMonitorConfig,
  readOfficeConfig,
  readWorkerConfig,
  type CommonConfig,
  type GatewayConfig,
  type MonitorConfig,
  type OfficeConfig,
  type OperationsConfig,
  type PagesConfig,
  type WorkerConfig,
} from './config';
export { DirectoryKeeper, directoryTag } from './directory-keeper';
export { followList, type FollowedList } from './follow-list';
export { followTrace, inLogContext, logContext, type LogContext, type TraceFollower } from './log-context';
export { LOG_EVENTS, type LogEventId } from './log-events';
export { createLogger, type Logger } from './logger';
export { assertFitForProduction } from './production';
export { routeOf, templateOf } from './route-template';
export type { TlsFiles } from './tls-files';
export { TlsKeeper } from './tls-keeper';
