export { agreedDeadlines } from './agreed-deadlines';
export { startBeats, type BeatParts } from './beats';
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
export { DirectoryKeeper, directoryTag, type DirectoryStore } from './directory-keeper';
export { followList, type FollowedList } from './follow-list';
export { followTrace, inLogContext, logContext, type LogContext, type TraceFollower } from './log-context';
export { LOG_EVENTS, type LogEventId } from './log-events';
export { createLogger, type Logger } from './logger';
export { processFacts, type HeldThings } from './process-facts';
export { assertFitForProduction } from './production';
export { countRefusedSignIns } from './refused-sign-ins';
export { routeOf, templateOf } from './route-template';
export type { TlsFiles } from './tls-files';
export { certificateOf, TlsKeeper } from './tls-keeper';
