export {
  readGatewayConfig,
  readOfficeConfig,
  readWorkerConfig,
  type CommonConfig,
  type GatewayConfig,
  type OfficeConfig,
  type WorkerConfig,
} from './config';
export { DirectoryKeeper } from './directory-keeper';
export { listen } from './listen';
export { createLogger, nestLogger, type Logger } from './logger';
export { ProblemFilter } from './problem-filter';
export { readRawBody } from './raw-body';
