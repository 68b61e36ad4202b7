import type { AlertKind } from './alert-kinds';

/** What an operator does about a cause. */
export interface Fix {
  readonly en: string;
  readonly vi: string;
  /** The runbook that goes on from here. */
  readonly runbook: AlertKind;
}

const fix = (runbook: AlertKind, en: string, vi: string): Fix => ({ en, vi, runbook });

/** The closed list of fixes. Each says first whether sending the same again can help. */
export const FIXES = {
  wait: fix(
    'oldest_unsent',
    'It is tried again by itself. If it lasts longer than 15 minutes, test the connection on the page of the partner and call its contact.',
    'Hệ thống tự thử lại. Nếu kéo dài quá 15 phút, hãy kiểm tra kết nối ở trang đối tác và gọi cho đầu mối của họ.',
  ),
  tls: fix(
    'partner_tls',
    'It is tried again by itself, and nothing is sent without trust. Compare the certificates of both sides with the directory; never switch the check off.',
    'Hệ thống tự thử lại và không gửi gì khi chưa tin cậy. Hãy đối chiếu chứng thư của hai bên với danh bạ; không bao giờ tắt bước kiểm tra.',
  ),
  answer: fix(
    'not_received',
    'It is tried again by itself. A proxy between the nodes may change answers: ask the partner what its gateway logged under this id.',
    'Hệ thống tự thử lại. Có thể một máy trung gian đã làm thay đổi câu trả lời: hãy hỏi đối tác xem cổng của họ ghi gì với mã này.',
  ),
  form: fix(
    'message_refused',
    'Sending the same again changes nothing. Compare the versions of both nodes; the officer then writes the message anew.',
    'Gửi lại y nguyên không thay đổi được gì. Hãy so sánh phiên bản của hai nút; sau đó cán bộ soạn lại thông điệp.',
  ),
  sealing: fix(
    'message_refused',
    'Sending the same again changes nothing. Compare directory version and key ids with the partner by telephone: a key may have been changed on one side only, or somebody altered the message.',
    'Gửi lại y nguyên không thay đổi được gì. Hãy gọi điện đối chiếu phiên bản danh bạ và mã khóa với đối tác: có thể chỉ một bên đã đổi khóa, hoặc thông điệp đã bị can thiệp.',
  ),
  clock: fix(
    'clock_skew',
    'Set the clock of the machine that is wrong (overview, own services and partners), then send again.',
    'Hãy chỉnh đồng hồ của máy chạy sai (trang tổng quan, mục dịch vụ và đối tác), rồi gửi lại.',
  ),
  expired: fix(
    'not_received',
    'It cannot be sent again. Tell the unit that sent it, so that an officer reaches the partner in another way and sends anew.',
    'Không thể gửi lại. Hãy báo đơn vị đã gửi để cán bộ liên hệ đối tác bằng cách khác và gửi mới.',
  ),
  reseal: fix(
    'directory_behind',
    'The office seals it anew by itself within minutes. If it stays so, compare the directory versions of both sides.',
    'Hệ thống tự niêm phong lại trong vài phút. Nếu không thay đổi, hãy so sánh phiên bản danh bạ của hai bên.',
  ),
  addressee: fix(
    'directory_behind',
    'Compare the directory versions of both sides: one may not know the unit yet, or any more. Send again once both have the same.',
    'Hãy so sánh phiên bản danh bạ của hai bên: có thể một bên chưa biết hoặc không còn biết đơn vị này. Gửi lại khi hai bên giống nhau.',
  ),
  officers: fix(
    'message_refused',
    'Sending the same again changes nothing: it is for the officers of the case to decide. Tell the unit the id of the message.',
    'Gửi lại y nguyên không thay đổi được gì: việc này do cán bộ phụ trách hồ sơ quyết định. Hãy báo mã thông điệp cho đơn vị.',
  ),
  order: fix(
    'message_stuck',
    'An earlier message of the referral is missing. Look for one to the same partner that was given up or still waits, and send that one first.',
    'Thiếu một thông điệp trước đó của hồ sơ chuyển gửi. Hãy tìm thông điệp tới cùng đối tác đã bị dừng hoặc còn chờ và gửi nó trước.',
  ),
  id: fix(
    'id_reused',
    'Do not send again. Two different contents came under one id: a restored backup, or an attack. Keep both and call the partner.',
    'Không gửi lại. Hai nội dung khác nhau có chung một mã: có thể do khôi phục bản sao lưu, hoặc bị tấn công. Hãy giữ cả hai và gọi cho đối tác.',
  ),
  file: fix(
    'file_stuck',
    'Files travel beside messages and are tried again by themselves. If one stays, test the connection and look at the scanner of the receiving node.',
    'Tệp được chuyển song song với thông điệp và tự được thử lại. Nếu một tệp không đi được, hãy kiểm tra kết nối và bộ quét của nút nhận.',
  ),
  damaged: fix(
    'file_damaged',
    'Do not send again. The bytes are not those that were announced: keep them and ask the sender to send the file anew.',
    'Không gửi lại. Dữ liệu không đúng với nội dung đã báo trước: hãy giữ lại và đề nghị bên gửi gửi tệp mới.',
  ),
  infected: fix(
    'file_infected',
    'The file stays locked. Tell the sender; nobody opens it here.',
    'Tệp vẫn bị khóa. Hãy báo cho bên gửi; không ai được mở tệp tại đây.',
  ),
  directory: fix(
    'directory_refused',
    'The directory in force stays. Compare versions and fingerprints with the partners by telephone before anything is adopted.',
    'Danh bạ hiện hành vẫn giữ nguyên. Hãy gọi điện đối chiếu phiên bản và dấu vân tay với các đối tác trước khi tiếp nhận.',
  ),
  directoryEnded: fix(
    'directory_expired',
    'Nothing is sent until a new directory is signed and adopted: call the people who sign it.',
    'Không gửi được gì cho đến khi danh bạ mới được ký và tiếp nhận: hãy gọi cho những người ký danh bạ.',
  ),
  receipt: fix(
    'receipt_contradictory',
    'Keep everything: download the evidence of the message, then ask the partner what became of it. Do not send again before.',
    'Hãy giữ lại tất cả: tải bằng chứng của thông điệp, rồi hỏi đối tác về tình trạng thông điệp. Chưa gửi lại trước đó.',
  ),
  request: fix(
    'message_undeliverable',
    'The partner’s gateway did not take the request. Compare versions; then send again.',
    'Cổng của đối tác không nhận yêu cầu. Hãy so sánh phiên bản, rồi gửi lại.',
  ),
  service: fix(
    'message_undeliverable',
    'It concerns a service beside delivery. Look at the log of the process under this code.',
    'Việc này liên quan đến một dịch vụ bên cạnh việc chuyển thông điệp. Hãy xem nhật ký của tiến trình với mã này.',
  ),
  capacity: fix(
    'no_workers',
    'It passes when database, queue and processes run again: see own services on the overview. Nothing is lost.',
    'Sẽ hết khi cơ sở dữ liệu, hàng đợi và các tiến trình chạy lại: xem mục dịch vụ ở trang tổng quan. Không mất gì.',
  ),
  keys: fix(
    'key_expiring',
    'Look at the page of keys: a private key is missing or cannot be used. Then send again.',
    'Hãy xem trang khóa: một khóa bí mật bị thiếu hoặc không dùng được. Sau đó gửi lại.',
  ),
  certificate: fix(
    'certificate_refused',
    'Look at the page of keys: the certificate of this node cannot be used. Install the one that the directory expects.',
    'Hãy xem trang khóa: chứng thư của nút này không dùng được. Hãy cài chứng thư mà danh bạ yêu cầu.',
  ),
  stored: fix(
    'integrity_failure',
    'Somebody or something changed what is stored here. Change nothing, and call the people who answer for the node.',
    'Dữ liệu lưu trữ tại đây đã bị thay đổi. Không sửa gì thêm và gọi cho người chịu trách nhiệm về nút.',
  ),
  fault: fix(
    'message_undeliverable',
    'It is a fault of the program. Download a diagnostics bundle and report it; then send again.',
    'Đây là lỗi chương trình. Hãy tải gói chẩn đoán và báo lỗi; sau đó gửi lại.',
  ),
  unknown: fix(
    'message_undeliverable',
    'This version does not know the code: the partner runs another one. Compare the versions.',
    'Phiên bản này không biết mã lỗi: đối tác chạy phiên bản khác. Hãy so sánh các phiên bản.',
  ),
} as const satisfies Readonly<Record<string, Fix>>;
export type FixName = keyof typeof FIXES;
