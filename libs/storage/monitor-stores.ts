/** What belongs to the monitor and its operations, each under one name: the list of what a lib promises stays readable. */
export * as alerts from './alerts';
export * as backups from './backups';
export * as desk from './operator-desk';
export * as manifestWork from './manifest-stores';
export * as partnerWork from './partner-stores';
export * as retention from './retention';
export * as watched from './monitor-messages-stores';
