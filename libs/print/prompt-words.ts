import type { TextPair } from './paper';

/**
 * What an officer is reminded of before the first question. Sources: good practice of the UK form for potential victims and the
 * OSCE/ODIHR handbook of 2022 (in private, interpreter, no condition), the Council of Europe Convention articles 10(3) and 12
 * (presumption of age, help not against co-operation), the rules of consent of the Trafficking Case Data Standard.
 */
export const REMINDERS: readonly TextPair[] = [
  {
    vi: 'Nói chuyện riêng, ở nơi không ai nghe hoặc nhìn thấy. Người đi cùng chờ ở ngoài.',
    en: 'Speak in private, where nobody hears or sees you. Whoever came along waits outside.',
  },
  {
    vi: 'Người phiên dịch không phải là người đi cùng, người thân hay người cùng địa phương. Hỏi muốn phiên dịch nam hay nữ.',
    en: 'The interpreter is none of those who came along, no relative and nobody from the same place. Ask whether a woman or a man is wanted.',
  },
  {
    vi: 'Nói trước: được giúp đỡ dù có trả lời hay không, dù có hợp tác với cơ quan công an hay không.',
    en: 'Say first: help never hangs on an answer, or on working with the police.',
  },
  {
    vi: 'Nói rõ thông tin được gửi cho ai, để làm gì, giữ bao lâu; người đó có thể không trả lời câu nào, và rút lại sự đồng ý bất cứ lúc nào.',
    en: 'Say who will get what is told, for what and how long it is kept; any question may be left, and consent withdrawn at any time.',
  },
  {
    vi: 'Chưa chắc đã đủ 18 tuổi: coi là người dưới 18 tuổi. Có người giám hộ; không gặp một mình.',
    en: 'Not sure that the person is 18: take the person for a child. A guardian is there; never an interview alone.',
  },
  {
    vi: 'Kiểm tra cách liên lạc an toàn: số nào, lúc nào, ai có thể nghe máy. Không ghi số của kẻ bóc lột. Không gọi cho gia đình khi chưa chắc là an toàn.',
    en: 'Check how to reach the person safely: which number, when, who may pick up. Not the number of the exploiter. Do not call the family unless it is safe.',
  },
  {
    vi: 'Trong lời kể không ghi tên của người đó và của nạn nhân khác. Không ghi tình trạng HIV hay thai nghén nếu không cần cho việc chăm sóc.',
    en: 'No names of the person or of other victims in the account. Nothing about HIV or pregnancy unless care needs it.',
  },
  {
    vi: '“Không biết” là một câu trả lời. Không ép, không hỏi lại điều đã kể; dừng lại khi người đó mệt hoặc sợ.',
    en: '“Not known” is an answer. Do not press, do not ask again what was told; stop when the person is tired or afraid.',
  },
];

/** On top of every page. */
export const PAPER_WARNING: TextPair = {
  vi: 'Khi đã ghi, tờ giấy này có thể gây nguy hiểm đến tính mạng. Giữ trong tủ khóa, nhập vào hệ thống, rồi hủy.',
  en: 'Once it is filled in, this paper can endanger a life. Keep it locked up, enter it, then destroy it.',
};

export const PROMPT_WORDS = {
  title: { vi: 'Phiếu gợi ý phỏng vấn', en: 'Interview prompt sheet' },
  before: { vi: 'Trước khi hỏi', en: 'Before you ask' },
  blank: { vi: 'Phiếu trống, không có thông tin của ai.', en: 'An empty sheet: nothing about anybody is on it.' },
  repeated: { vi: 'ghi mỗi mục một lần', en: 'once for each' },
  every: { vi: 'Mọi mục đích chuyển gửi', en: 'All purposes of a referral' },
  notKnown: { vi: 'Không biết', en: 'Not known' },
} as const;
