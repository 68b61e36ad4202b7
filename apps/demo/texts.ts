import type { Language } from './demo-config';

/** What the demonstration's own pages say. */
interface Texts {
  readonly ownName: string;
  readonly language: string;
  readonly brand: string;
  readonly invented: string;
  readonly signIn: string;
  readonly choose: string;
  readonly again: string;
  readonly signInAs: string;
  readonly roles: Readonly<Record<string, string>>;
  readonly lost: string;
  readonly lostNext: string;
  readonly signOut: string;
  readonly signOutSure: string;
  readonly signedOut: string;
  readonly signedOutText: string;
  readonly refused: string;
  readonly refusedText: string;
  readonly mail: string;
  readonly mailText: string;
  readonly noMail: string;
  readonly to: string;
  readonly time: string;
  readonly subject: string;
  readonly text: string;
  readonly unknown: string;
  readonly unknownText: string;
}

export const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    ownName: 'English',
    language: 'Language',
    brand: 'Trao demonstration',
    invented: 'All people here are invented, and so are their posts. Never enter anything about a real person.',
    signIn: 'Who are you today?',
    choose: 'Choose somebody. There is no password: this page is for the demonstration only.',
    again: 'The office asks you to confirm that it is you',
    signInAs: 'Sign in as',
    roles: {
      case_officer: 'case officer (drafts)',
      liaison_officer: 'liaison officer (approves and sends)',
      receiving_desk: 'receiving desk',
      caseworker: 'caseworker',
      child_protection_officer: 'child protection officer',
      dpo: 'data protection officer',
      delegation_chair: 'chair of a delegation',
      operator: 'operator (reads no content)',
      auditor: 'auditor (reads no content)',
      statistics_officer: 'statistics officer (reads no content)',
      operator_read: 'operator (watches)',
      operator_act: 'operator (acts)',
      key_officer: 'key officer (confirms security settings)',
      registration_officer: 'registration officer (suspends and tests partners)',
    },
    lost: 'This sign-in has ended',
    lostNext: 'It was used already or took too long. Go back to the office and sign in again.',
    signOut: 'Sign out',
    signOutSure: 'Do you want to sign out of the identity provider of the demonstration too?',
    signedOut: 'You have signed out',
    signedOutText: 'You can close this page.',
    refused: 'The identity provider refuses this request',
    refusedText: 'Go back to the office and sign in again. Code:',
    mail: 'Caught mail',
    mailText: 'The demonstration sends no mail anywhere. Whatever an office sends is shown here, newest first.',
    noMail: 'No mail yet.',
    to: 'To',
    time: 'Time (UTC)',
    subject: 'Subject',
    text: 'Text',
    unknown: 'Nothing here',
    unknownText: 'This page does not exist.',
  },
  vi: {
    ownName: 'Tiếng Việt',
    language: 'Ngôn ngữ',
    brand: 'Bản trình diễn Trao',
    invented: 'Mọi người ở đây đều là hư cấu, chức vụ của họ cũng vậy. Không nhập bất cứ điều gì về người có thật.',
    signIn: 'Hôm nay bạn là ai?',
    choose: 'Hãy chọn một người. Không có mật khẩu: trang này chỉ dành cho bản trình diễn.',
    again: 'Văn phòng yêu cầu bạn xác nhận lại danh tính',
    signInAs: 'Đăng nhập với tên',
    roles: {
      case_officer: 'cán bộ hồ sơ (soạn thảo)',
      liaison_officer: 'cán bộ liên lạc (phê duyệt và gửi)',
      receiving_desk: 'bộ phận tiếp nhận',
      caseworker: 'cán bộ phụ trách vụ việc',
      child_protection_officer: 'cán bộ bảo vệ trẻ em',
      dpo: 'cán bộ bảo vệ dữ liệu',
      delegation_chair: 'trưởng đoàn',
      operator: 'người vận hành (không đọc nội dung)',
      auditor: 'kiểm toán viên (không đọc nội dung)',
      statistics_officer: 'cán bộ thống kê (không đọc nội dung)',
      operator_read: 'người vận hành (theo dõi)',
      operator_act: 'người vận hành (thao tác)',
      key_officer: 'cán bộ quản lý khóa (xác nhận cài đặt bảo mật)',
      registration_officer: 'cán bộ đăng ký đối tác (tạm dừng và kiểm tra đối tác)',
    },
    lost: 'Lần đăng nhập này đã kết thúc',
    lostNext: 'Nó đã được dùng hoặc kéo dài quá lâu. Hãy quay lại văn phòng và đăng nhập lại.',
    signOut: 'Đăng xuất',
    signOutSure: 'Bạn có muốn đăng xuất khỏi dịch vụ định danh của bản trình diễn nữa không?',
    signedOut: 'Bạn đã đăng xuất',
    signedOutText: 'Bạn có thể đóng trang này.',
    refused: 'Dịch vụ định danh từ chối yêu cầu này',
    refusedText: 'Hãy quay lại văn phòng và đăng nhập lại. Mã:',
    mail: 'Thư đã bắt được',
    mailText: 'Bản trình diễn không gửi thư đi đâu cả. Mọi thư văn phòng gửi đều hiển thị ở đây, mới nhất trước.',
    noMail: 'Chưa có thư.',
    to: 'Người nhận',
    time: 'Thời gian (UTC)',
    subject: 'Tiêu đề',
    text: 'Nội dung',
    unknown: 'Không có gì ở đây',
    unknownText: 'Trang này không tồn tại.',
  },
};
