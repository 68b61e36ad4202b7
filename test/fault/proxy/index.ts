export { CommitWatcher, type CommitCut } from './commits';
export { draw } from './draw';
export { FaultProxy, type Deed, type FaultProxyOptions } from './fault-proxy';
export { PASS, type Direction, type Mode, type Range } from './modes';
