/** What operators see of messages, and how they send them again. */
export * from './monitor-messages';
export * from './monitor-messages-detail';
export * from './monitor-messages-views';
export * from './monitor-overview';
export * from './recoveries';
export * from './recoveries-progress';
