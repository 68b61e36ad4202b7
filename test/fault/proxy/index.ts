export { CommitWatcher, type CommitCut } from './commits';
export { draw } from './draw';
export { FaultProxy } from './fault-proxy';
export type { Mode } from './modes';
