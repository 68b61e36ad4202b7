export { openMailer, type Mailer, type MailerOptions } from './mailer';
export { NOTICE_TEXTS, type NoticeText } from './notice-texts';
