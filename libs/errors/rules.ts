/**
 * The one catalogue of rules that a document can break. Each has a stable code for programs and a sentence in English and
 * Vietnamese for people; `{0}`, `{1}` stand for bounds and names of ours, never for content.
 * Codes may be added, never renamed.
 */
interface Sentence {
  readonly en: string;
  readonly vi: string;
}

const rule = (en: string, vi: string): Sentence => ({ en, vi });

/** Rules of form: what the JSON text and its schema ask for. */
const FORM = {
  required: rule('is required', 'là bắt buộc'),
  required_for_purpose: rule('is required for this purpose', 'là bắt buộc đối với mục đích này'),
  required_in_case: rule('is required in this case', 'là bắt buộc trong trường hợp này'),
  not_allowed: rule('is not allowed', 'không được phép'),
  not_allowed_for_purpose: rule('is not allowed for this purpose', 'không được phép đối với mục đích này'),
  not_allowed_in_case: rule('is not allowed in this case', 'không được phép trong trường hợp này'),
  unknown_field: rule('is not a known field', 'không phải là trường đã biết'),
  has_unknown_field: rule('has an unknown field', 'có một trường không xác định'),
  wrong_type: rule('must be {0}', 'phải là {0}'),
  code_not_listed: rule('must be one of the listed codes', 'phải là một trong các mã trong danh mục'),
  code_not_listed_for_purpose: rule(
    'must be one of the listed codes for this purpose',
    'phải là một trong các mã trong danh mục đối với mục đích này',
  ),
  code_not_listed_in_case: rule(
    'must be one of the listed codes in this case',
    'phải là một trong các mã trong danh mục trong trường hợp này',
  ),
  not_the_value: rule('must have the one allowed value', 'phải có đúng giá trị được phép'),
  not_the_value_for_purpose: rule(
    'must have the one allowed value for this purpose',
    'phải có đúng giá trị được phép đối với mục đích này',
  ),
  not_the_value_in_case: rule(
    'must have the one allowed value in this case',
    'phải có đúng giá trị được phép trong trường hợp này',
  ),
  wrong_form: rule('does not have the required form', 'không đúng định dạng yêu cầu'),
  wrong_format: rule('must be a valid {0}', 'phải là {0} hợp lệ'),
  target_not_allowed: rule('lies in a network that is not allowed here', 'nằm trong một mạng không được phép ở đây'),
  too_short: rule('must have at least {0} characters', 'phải có ít nhất {0} ký tự'),
  too_long: rule('must have at most {0} characters', 'chỉ được có tối đa {0} ký tự'),
  too_small: rule('must be at least {0}', 'phải từ {0} trở lên'),
  too_big: rule('must be at most {0}', 'không được lớn hơn {0}'),
  too_few_entries: rule('must have at least {0} entries', 'phải có ít nhất {0} mục'),
  too_many_entries: rule('must have at most {0} entries', 'chỉ được có tối đa {0} mục'),
  too_few_fields: rule('must have at least {0} field', 'phải có ít nhất {0} trường'),
  too_many_fields: rule('must have at most {0} field', 'chỉ được có tối đa {0} trường'),
  entry_twice: rule('must not have the same entry twice', 'không được có hai mục giống nhau'),
  against_schema: rule('does not follow the schema', 'không tuân theo lược đồ'),
  not_supported: rule('is not supported here', 'chưa được hỗ trợ ở đây'),
  not_nfc: rule('is not in Unicode normal form C', 'không ở dạng chuẩn Unicode NFC'),
  key_not_nfc: rule('has a key that is not in Unicode normal form C', 'có tên trường không ở dạng chuẩn Unicode NFC'),
  nested_too_deeply: rule('is nested deeper than {0} levels', 'lồng sâu hơn {0} cấp'),
  byte_order_mark: rule('must not start with a byte order mark', 'không được bắt đầu bằng dấu thứ tự byte'),
  not_utf8: rule('has bytes that are not UTF-8', 'có byte không phải UTF-8'),
  unexpected_character: rule('has an unexpected character at offset {0}', 'có ký tự không hợp lệ tại vị trí {0}'),
  ends_too_early: rule('ends too early at offset {0}', 'kết thúc quá sớm tại vị trí {0}'),
  too_many_keys: rule('has more than {0} fields', 'có nhiều hơn {0} trường'),
  key_never_allowed: rule('is never allowed as a key', 'không bao giờ được phép dùng làm tên trường'),
  key_twice: rule('is there twice', 'xuất hiện hai lần'),
  half_surrogate: rule('has half of a surrogate pair', 'có một nửa của cặp ký tự thay thế (surrogate)'),
  nul_character: rule('has the character U+0000', 'có ký tự U+0000'),
  number_changed: rule('is a number that would be changed', 'là số không giữ nguyên được giá trị khi đọc'),
} as const satisfies Record<string, Sentence>;

/** Rules of addressing and of requests. */
const ADDRESS = {
  not_the_sender: rule('must be the unit that sends', 'phải là đơn vị gửi'),
  not_a_partner: rule(
    'must be a unit of a partner, not of this node',
    'phải là đơn vị của nước đối tác, không phải của nút này',
  ),
  not_our_referral: rule(
    'must name a message of a referral of this unit',
    'phải chỉ đến một thông điệp thuộc hồ sơ chuyển gửi của đơn vị này',
  ),
  role_not_for_message: rule(
    'is a role that does not write this message',
    'là vai trò không được soạn loại thông điệp này',
  ),
  handling_changed: rule(
    'must be as the unit asked for that the content came from',
    'phải đúng như đơn vị cung cấp nội dung đã yêu cầu',
  ),
  not_possible_now: rule('is not possible now: {0}', 'hiện chưa thể thực hiện: {0}'),
  other_recipient: rule('names another unit than {0}', 'chỉ đến đơn vị khác với {0}'),
  assigned_by_node: rule('is set by the node, never by an author', 'do nút đặt, không bao giờ do người soạn đặt'),
  file_not_complete: rule(
    'is a file that is not complete here, or was found infected',
    'là tệp chưa đầy đủ tại đây, hoặc bị phát hiện có mã độc',
  ),
  bad_parameter: rule('is not allowed or wrong', 'không được phép hoặc sai'),
  bad_cursor: rule('must be the `next` of an earlier page', 'phải là giá trị `next` của trang trước'),
  window_ends_first: rule(
    'must be later than the beginning of the window',
    'phải sau thời điểm bắt đầu của khoảng thời gian',
  ),
  window_too_wide: rule(
    'must be at most {0} days after the beginning of the window',
    'phải cách thời điểm bắt đầu không quá {0} ngày',
  ),
  window_in_future: rule('must not lie in the future', 'không được nằm trong tương lai'),
  too_many_to_resend: rule(
    'holds {0} messages or more; at most {1} are sent again at once: choose a shorter window',
    'có từ {0} thông điệp trở lên; mỗi lần chỉ gửi lại tối đa {1}: hãy chọn khoảng thời gian ngắn hơn',
  ),
  none_to_resend: rule('holds no message that could be sent again', 'không có thông điệp nào có thể gửi lại'),
} as const satisfies Record<string, Sentence>;

/** Rules of the partner directory: what its schema cannot say, and what a new version may not do to the one before. */
const DIRECTORY = {
  key_not_admitted: rule(
    'is a key of a kind that is not admitted for this use',
    'là khóa thuộc loại không được chấp nhận cho mục đích sử dụng này',
  ),
  key_in_two_places: rule('is the same public key as {0}', 'là cùng một khóa công khai với {0}'),
  id_in_two_places: rule('is an id that {0} has too', 'là mã mà {0} cũng dùng'),
  not_of_this_node: rule('must begin with the id of its node, {0}', 'phải bắt đầu bằng mã nút của nó, {0}'),
  authority_not_admitted: rule(
    'must be the certificate of an authority with a strong key, self-signed or beside its issuer',
    'phải là chứng thư của cơ quan chứng thực với khóa đủ mạnh, tự ký hoặc đi cùng bên cấp nó',
  ),
  authority_name_in_two_places: rule(
    'is an authority with the name of another, at {0}',
    'là cơ quan chứng thực trùng tên với một cơ quan khác tại {0}',
  ),
  development_authority: rule(
    'is an authority of development, which has no place in production',
    'là cơ quan chứng thực dùng cho phát triển, không được dùng trong môi trường chính thức',
  ),
  suite_of_another_key: rule('must be the suite of its key', 'phải là bộ thuật toán của khóa đó'),
  key_id_of_another_key: rule(
    'names another public key than it did before',
    'chỉ đến khóa công khai khác với trước đây',
  ),
  key_was_revoked: rule('was revoked and can never come back', 'đã bị thu hồi và không bao giờ được dùng lại'),
} as const satisfies Record<string, Sentence>;

/** Rules of protection: consent, identity, children, handling, dates, approvals. The values are codes and bounds of ours. */
const PROTECTION = {
  protection_hold: rule('is held back for the protection of the person', 'đang được giữ lại để bảo vệ người này'),
  other_purpose: rule('must be the purpose of the referral', 'phải là mục đích của hồ sơ chuyển gửi'),
  scope_missing: rule('needs the consent scope {0}', 'cần có phạm vi đồng ý {0}'),
  scope_not_granted: rule(
    'is not granted for {0}, units of class {1}, purpose {2}',
    'chưa được đồng ý đối với {0}, đơn vị loại {1}, mục đích {2}',
  ),
  consent_record_missing: rule(
    'needs a record of the consent at this unit',
    'cần có biên bản đồng ý lưu tại đơn vị này',
  ),
  consent_record_differs: rule('must be the same as in the consent record', 'phải giống như trong biên bản đồng ý'),
  consent_withdrawn: rule('rests on a consent that was withdrawn', 'dựa trên sự đồng ý đã được rút lại'),
  consent_not_yet_given: rule(
    'rests on a consent that is dated in the future',
    'dựa trên sự đồng ý có ngày trong tương lai',
  ),
  consent_expired: rule('rests on a consent that has expired', 'dựa trên sự đồng ý đã hết hạn'),
  consent_lapsed: rule(
    'rests on a consent from before the 18th birthday',
    'dựa trên sự đồng ý có trước ngày đủ 18 tuổi',
  ),
  override_missing: rule(
    'needs a decision to share without consent on this legal basis',
    'cần có quyết định chia sẻ khi không có sự đồng ý theo căn cứ pháp lý này',
  ),
  override_not_permitted: rule(
    'may rest on no consent only for an alert, in the best interests of a child, or against a threat to life',
    'chỉ được chia sẻ khi không có sự đồng ý để cảnh báo khẩn cấp, vì lợi ích tốt nhất của trẻ em hoặc khi có đe dọa tính mạng',
  ),
  override_expired: rule(
    'rests on a decision to share without consent that is not in force now',
    'dựa trên quyết định chia sẻ khi không có sự đồng ý hiện không có hiệu lực',
  ),
  not_anonymous: rule('must be anonymous without consent', 'phải ẩn danh khi không có sự đồng ý'),
  identifies_person: rule('must not travel while the person is {0}', 'không được gửi đi khi người này {0}'),
  guardian_missing: rule(
    'is required for a child or an uncertain age',
    'là bắt buộc đối với trẻ em hoặc khi chưa rõ tuổi',
  ),
  guardian_not_safe: rule('must be checked and safe', 'phải được kiểm tra và an toàn'),
  guardian_cannot_consent: rule('cannot consent for a child', 'không thể đồng ý thay cho trẻ em'),
  guardian_suspected: rule(
    'needs a guardian who is not suspected of taking part in the exploitation',
    'cần người giám hộ không bị nghi ngờ tham gia bóc lột',
  ),
  guardian_consent_missing: rule('needs the consent of the guardian', 'cần có sự đồng ý của người giám hộ'),
  assent_missing: rule('needs the assent of the child', 'cần có sự ưng thuận của trẻ em'),
  best_interests_missing: rule(
    'needs a finished best-interests procedure',
    'cần hoàn thành thủ tục xác định lợi ích tốt nhất của trẻ em',
  ),
  caveat_contradicted: rule('must be forbidden under the caveat {0}', 'phải bị cấm theo lưu ý {0}'),
  caveat_bars_unit: rule('keeps out units of class {0}', 'không cho phép đơn vị loại {0}'),
  in_future: rule('must not be in the future', 'không được ở trong tương lai'),
  before_start: rule('must not be before {0}', 'không được trước {0}'),
  precise_place_too_long: rule(
    'must be at most {0} days after the message was written',
    'chỉ được tối đa {0} ngày sau khi thông điệp được viết',
  ),
  flight_too_early: rule(
    'must not be named more than {0} hours before departure',
    'không được nêu sớm hơn {0} giờ trước khi khởi hành',
  ),
  check_too_old: rule('must be at most {0} hours before departure', 'chỉ được tối đa {0} giờ trước khi khởi hành'),
  question_twice: rule('must name each question once', 'chỉ được nêu mỗi câu hỏi một lần'),
  question_not_asked: rule('must name a question that was asked', 'phải nêu câu hỏi đã được đặt ra'),
  count_too_small: rule('must be suppressed below {0}', 'phải được ẩn nếu nhỏ hơn {0}'),
  count_not_rounded: rule('must be a multiple of {0}', 'phải là bội số của {0}'),
  narrative_undecided: rule(
    'may tell who somebody is; an officer must change or keep it: {0}',
    'có thể cho biết danh tính; cán bộ phải sửa hoặc quyết định giữ lại: {0}',
  ),
  approval_missing: rule(
    'needs the approval of an officer in the role {0}',
    'cần có phê duyệt của cán bộ có vai trò {0}',
  ),
  cosigner_missing: rule(
    'needs the signature of a second officer in the role {0}',
    'cần có chữ ký của cán bộ thứ hai có vai trò {0}',
  ),
  approver_is_drafter: rule(
    'must be approved by another officer than the one who drafted it',
    'phải được phê duyệt bởi cán bộ khác với người soạn thảo',
  ),
  approval_of_other_version: rule(
    'was approved in another version: this one needs a new approval',
    'đã được phê duyệt ở phiên bản khác: phiên bản này cần phê duyệt mới',
  ),
  wrong_approver_role: rule('must be a role that can approve this', 'phải là vai trò được phê duyệt việc này'),
  onward_forbidden: rule('forbids passing the content on', 'cấm chuyển tiếp nội dung'),
  onward_needs_permission: rule(
    'needs the permission of the sender for this unit',
    'cần được bên gửi cho phép đối với đơn vị này',
  ),
  onward_unit_not_listed: rule('does not list this unit', 'không có đơn vị này trong danh sách'),
  use_forbidden: rule('forbids the use {0}', 'cấm sử dụng {0}'),
  use_needs_permission: rule('needs the permission of the sender', 'cần được bên gửi cho phép'),
  use_by_parties_only: rule(
    'allows the two units of the referral only',
    'chỉ cho phép hai đơn vị của hồ sơ chuyển gửi',
  ),
} as const satisfies Record<string, Sentence>;

export const RULES = { ...FORM, ...ADDRESS, ...DIRECTORY, ...PROTECTION } as const;
export type RuleCode = keyof typeof RULES;

/** One fault in a document: where (JSON pointer, RFC 6901), which rule, and the sentence in both languages, without the value. */
export interface Fault {
  readonly pointer: string;
  readonly code: RuleCode;
  readonly rule: string;
  readonly ruleVi: string;
}

/** A word that the languages say differently, such as the name of a type. */
export type Bilingual = string | number | Sentence;

/** The fault of breaking rule `code` at `pointer`; `values` fill the sentence's places: bounds, names of ours, never content. */
export function faultAt(pointer: string, code: RuleCode, ...values: readonly Bilingual[]): Fault {
  const { en, vi } = RULES[code];
  return { pointer, code, rule: filled(en, 'en', values), ruleVi: filled(vi, 'vi', values) };
}

function filled(sentence: string, language: keyof Sentence, values: readonly Bilingual[]): string {
  return sentence.replaceAll(/\{(\d)\}/g, (_place, index: string) => {
    const value = values[Number(index)];
    return typeof value === 'object' ? value[language] : String(value);
  });
}
