/** What the pages of operators read and do besides messages, partners and alerts. */
export { lastTells, openAlertCounts, type LastTell } from './alert-pages';
export { actNames, actsAfter, lastActs, listActs, verifyLog } from './operator-acts';
export type { ActFilter, ListedAct, LogCheck } from './operator-acts';
export { diagnosticsFacts } from './diagnostics-facts';
export { countErrors } from './error-log';
export {
  confirmChange,
  keptSettings,
  openChanges,
  proposeSetting,
  setSetting,
  settingValues,
  withdrawChange,
  type KeptSetting,
  type OpenChange,
} from './settings-changes';
