/** What nodes watch of each other, in one place for the index. */
export { judgeClock, type ClockReading, type ClockVerdict } from './judge-clock';
export { PROBE_STEPS, type ProbeStep, type ProbeStepName } from './probe-steps';
export { sayOff, watchPartners, type WatchReport } from './watch-partners';
export { readHealth, type DirectoryInForce, type PartnerAnswer, type PartnerWatch } from './watch-ports';
export type { WatchPorts, WatchStore } from './watch-ports';
