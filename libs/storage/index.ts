export { accessStore } from './access-log';
export { acknowledgeStore } from './acknowledgements';
export { listStore } from './case-list';
export { forUnit, holdStore } from './cases';
export { connectionOf } from './connection';
export { Database, type DatabaseOptions, type Query } from './database';
export {
  deliveriesOf,
  latestSent,
  listDeliveries,
  showDelivery,
  type Delivery,
  type DeliveryDetail,
} from './deliveries';
export { draftStore, dropExpiredDrafts } from './drafts';
export { forgetArrived } from './erasure';
export { settleStore } from './evidence';
export {
  acceptPieceStore,
  caseFileStore,
  dropOrphanedFiles,
  fileStore,
  judgeFileStore,
  pushStore,
} from './file-stores';
export { acceptStore, beginIngest, ingestStore, waitingKids } from './inbox';
export { listenForWork } from './listen';
export { alarmStore, directoryStore, outboxAge } from './node-records';
export { noticeSendingStore } from './notice-sending';
export { noticeStore } from './notices';
export { openedStore } from './opened';
export { deliverStore, expireStore } from './outbox';
export { overdueStore } from './overdue';
export { watchStore } from './partner-watch';
export { readStore } from './reading';
export { resealStore } from './resealing';
export { createRoles, grantQueue, PROCESS_ROLES, type ProcessRole, type RoleLogin } from './roles';
export { sendStore } from './sending';
export { isEmbeddedServer } from './server-kind';
export { sessionStore } from './sessions';
export { settingsStore } from './settings';
export { sweepStore } from './sweep';
export { relayStore, renewBatch } from './work';
