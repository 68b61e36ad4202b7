export { announceFailure, announceReady, exitWithParent, runProcess } from './child';
export { removePostgres, startPostgres, type PostgresOptions, type RunningPostgres } from './embedded-postgres';
export { assertPortsFree, type PortClaim } from './ports';
export type { ProcessExit, ProcessSpec, ReadyInfo } from './launched-process';
export { startProcesses, type Supervisor, type SupervisorOptions } from './supervisor';
