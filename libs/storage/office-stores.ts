// What the office's process works with, in one place.
export { accessStore } from './access-log';
export { listStore } from './case-list';
export { noticeSendingStore } from './notice-sending';
export { noticeStore } from './notices';
export { sessionStore } from './sessions';
export { settingsStore } from './settings';
export { readStore } from './reading';
export { draftStore, dropExpiredDrafts } from './drafts';
export { sendStore } from './sending';
