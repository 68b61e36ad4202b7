import type { AlertKind, AlertLevel } from './alert-kinds';
import type { TellEvent } from './alert-state';

/** One line in both languages. */
interface Title {
  readonly en: string;
  readonly vi: string;
}

const title = (en: string, vi: string): Title => ({ en, vi });

/** What each alert says, as one line for people. */
export const ALERT_TITLES: Readonly<Record<AlertKind, Title>> = {
  message_undeliverable: title('A message cannot be delivered', 'Một thông điệp không thể chuyển được'),
  message_refused: title('A partner refused a message', 'Đối tác đã từ chối một thông điệp'),
  message_stuck: title('A message that arrived is not filed', 'Một thông điệp đã đến nhưng chưa được lưu vào hồ sơ'),
  not_received: title('A partner has not received a message in time', 'Đối tác chưa nhận được thông điệp đúng hạn'),
  not_delivered: title('A partner has not filed a message in time', 'Đối tác chưa lưu thông điệp vào hồ sơ đúng hạn'),
  oldest_unsent: title('Messages to a partner wait too long', 'Các thông điệp gửi đối tác chờ quá lâu'),
  emergency_unsent: title('An emergency message waits too long', 'Một thông điệp khẩn cấp chờ quá lâu'),
  file_stuck: title('A file does not get to the partner', 'Một tệp không đến được đối tác'),
  no_acknowledgement: title('A referral is not acknowledged', 'Một hồ sơ chuyển chưa được xác nhận'),
  deadline_passed: title('A deadline has passed', 'Một thời hạn đã qua'),
  id_reused: title('A message id came again with other content', 'Mã thông điệp xuất hiện lại với nội dung khác'),
  receipt_contradictory: title(
    'A partner’s receipts contradict each other',
    'Các biên nhận của đối tác mâu thuẫn nhau',
  ),
  receipt_refused: title('A partner refused a receipt', 'Đối tác đã từ chối một biên nhận'),
  integrity_failure: title(
    'Stored data was changed or does not open',
    'Dữ liệu lưu trữ bị thay đổi hoặc không mở được',
  ),
  manifest_unexplained: title(
    'A partner and this node differ on what was sent',
    'Đối tác và nút này không thống nhất về những gì đã gửi',
  ),
  manifest_differs: title('Data was lost and is sent again', 'Dữ liệu đã mất và đang được gửi lại'),
  file_damaged: title('A file was changed', 'Một tệp đã bị thay đổi'),
  file_infected: title('A file holds malware', 'Một tệp chứa mã độc'),
  entered_in_error: title('A case was sent by mistake', 'Một hồ sơ đã được gửi nhầm'),
  protection_rule_broken: title(
    'A partner’s message breaks a protection rule',
    'Thông điệp của đối tác vi phạm một quy tắc bảo vệ',
  ),
  canary_found: title('A canary word was found outside of cases', 'Từ kiểm tra rò rỉ xuất hiện ngoài hồ sơ'),
  partner_tls: title('A partner has no trusted TLS connection', 'Không có kết nối TLS tin cậy với đối tác'),
  partner_certificate_changed: title(
    'A partner’s certificate changed unexpectedly',
    'Chứng thư của đối tác thay đổi bất ngờ',
  ),
  partner_certificate_expiring: title('A partner’s certificate ends soon', 'Chứng thư của đối tác sắp hết hạn'),
  ping_failed: title('Three pings to a partner failed', 'Ba lần kiểm tra kết nối với đối tác đều thất bại'),
  clock_skew: title('A clock is wrong', 'Một đồng hồ chạy sai'),
  directory_behind: title('A partner serves an older directory', 'Đối tác dùng danh bạ cũ hơn'),
  directory_refused: title('A directory was refused', 'Một danh bạ đã bị từ chối'),
  partner_held: title('A partner is suspended', 'Một đối tác đang bị tạm ngưng'),
  queue_held: title('A queue is on hold', 'Một hàng đợi đang bị tạm dừng'),
  directory_expiring: title('The directory ends soon', 'Danh bạ sắp hết hạn'),
  directory_expired: title('The directory has expired', 'Danh bạ đã hết hạn'),
  key_expiring: title('A key ends soon', 'Một khóa sắp hết hạn'),
  certificate_expiring: title('The certificate of this node ends soon', 'Chứng thư của nút này sắp hết hạn'),
  certificate_refused: title('A new certificate was not taken', 'Chứng thư mới không được chấp nhận'),
  no_workers: title('No worker runs', 'Không có tiến trình worker nào chạy'),
  no_gateway: title('No gateway runs', 'Không có tiến trình gateway nào chạy'),
  no_office: title('No office runs', 'Không có tiến trình office nào chạy'),
  disk_low: title('A disk is nearly full', 'Ổ đĩa gần đầy'),
  backup_old: title('The newest backup is too old', 'Bản sao lưu mới nhất đã quá cũ'),
  sign_in_failures: title('Many sign-ins fail', 'Nhiều lần đăng nhập thất bại'),
};

export const LEVEL_WORDS: Readonly<Record<AlertLevel, Title>> = {
  warn: title('warning', 'cảnh báo'),
  high: title('high', 'cao'),
  critical: title('critical', 'nghiêm trọng'),
};

export const TELL_WORDS: Readonly<Record<TellEvent, Title>> = {
  raised: title('raised', 'mới phát sinh'),
  reminded: title('still open', 'vẫn chưa xử lý'),
  recovered: title('over', 'đã kết thúc'),
};
