export { ACCESS_REASONS, assignCase, enterCase, readAccesses } from './access';
export type { AccessAction, AccessPorts, AccessReason, AccessStore, Reason, ShownAccess } from './access';
export type { LoggedAccess, StoredAccess } from './access';
export {
  CaseList,
  SORTS,
  type ListedNow,
  type ListPorts,
  type ListQuery,
  type ListStore,
  type Sort,
} from './case-list';
export { asReference, referenceOf } from './reference';
export { unitStatistics, type Counts, type Times, type UnitStatistics } from './statistics';
export { WORK_TABS, type WorkTab } from './work-tab';
