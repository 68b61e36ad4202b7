/** What single pages of the monitor are made of, each under one name. */
export * as diagnostics from './diagnostics';
export * as errorLog from './error-log';
export * as recovering from './recover-plan';
export * as settingChange from './setting-change';
