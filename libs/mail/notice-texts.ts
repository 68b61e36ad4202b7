/** The one mail that Trao sends, in each language. */
export interface NoticeText {
  readonly subject: string;
  readonly text: string;
}

/**
 * The same for every event, case, unit and officer: whoever reads mail on its way, on a lock screen or over a shoulder learns that
 * somebody uses Trao, and nothing else. No link either: officers know where they sign in, and a mail with a link can be imitated.
 */
export const NOTICE_TEXTS: Readonly<Record<'en' | 'vi', NoticeText>> = {
  en: { subject: 'Trao', text: 'You have a new item in Trao. Sign in.\n' },
  vi: { subject: 'Trao', text: 'Bạn có mục mới trong Trao. Hãy đăng nhập.\n' },
};
