export { collectNotices } from './collect-notices';
export type { FiledMessage, Notice, NoticePorts, NoticeStore, Reader } from './collect-notices';
export { NOTICE_EVENTS, type NoticeEvent, type OfficerSettings } from './notice-rules';
export { readSettings, rememberOfficer, saveSettings } from './notice-settings';
export type { KnownOfficer, SettingsPorts, SettingsStore, WishedSettings } from './notice-settings';
export { sendNotices } from './send-notices';
export type { ClaimedNotice, NoticeEnd, SendNoticePorts, SendNoticeStore } from './send-notices';
