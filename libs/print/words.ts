/** The fixed words of printed papers, in both languages. */
export const WORDS = {
  documentTitle: { vi: 'Hồ sơ chuyển gửi', en: 'Referral' },
  page: { vi: 'Trang', en: 'Page' },
  printedBy: { vi: 'Người in:', en: 'Printed by' },
  continued: { vi: 'tiếp theo', en: 'continued' },
  field: { vi: 'Mục', en: 'Item' },
  answer: { vi: 'Nội dung', en: 'Content' },
  messages: { vi: 'Các thông điệp', en: 'Messages' },
  when: { vi: 'Thời gian', en: 'When' },
  message: { vi: 'Thông điệp', en: 'Message' },
  from: { vi: 'Bên gửi', en: 'From' },
  digest: { vi: 'Mã kiểm tra', en: 'Digest' },
  qr: { vi: 'Mã QR của mã kiểm tra bên cạnh', en: 'QR code of the digest beside it' },
  numbered: {
    vi: 'Ký tự mà phông chữ của bản in không có được ghi bằng mã số, ví dụ [U+738B]; trên màn hình có đủ các ký tự.',
    en: 'Characters that the font of this paper lacks stand as their numbers, as in [U+738B]; the screen shows them.',
  },
  /** Of an answer that is empty. */
  nothing: '—',
} as const;
