import type { Facts } from '../lifecycle';
import type { Counted, Elapsed, Priority, Term } from './term';

/**
 * Who is responsible. `other_side` and `same_side` are seen from the author of the message that starts the deadline; an
 * authority and the person are no party to the case: such a deadline only informs.
 */
export type Responsible =
  'sender' | 'recipient' | 'other_side' | 'same_side' | 'both_sides' | 'node' | 'authority' | 'person';

/** What starts or ends a deadline: a message, evidence of delivery, a moment of the journey, an act within a node, a decision. */
export type Moment =
  | Facts['kind']
  | 'sealed'
  | 'received'
  | 'delivered'
  | 'opened'
  | 'planned_departure'
  | 'expected_arrival'
  | 'any_answer'
  | 'frozen'
  | 'reviewed'
  | 'place_erased'
  | 'notified'
  | 'decided'
  | 'asked'
  | 'support_ends';

/** How a partner agreement may change a term: up to three times as long, down to one unit; or only one way; or not at all. */
export type Adjustable = 'either' | 'shorter' | 'longer' | 'fixed';

/**
 * Where a term comes from. own: our own choice; public: read in public sources in November 2026; uk: statutory guidance under
 * the Modern Slavery Act 2015; vn: Law 53/2024/QH15; au: Support for Trafficked People Program.
 */
export type Basis = 'own' | 'public' | 'uk' | 'vn' | 'au';

export type ByPriority<T> = Readonly<Record<Priority, T>>;

/** One deadline. */
export interface Deadline {
  readonly by: Responsible;
  readonly starts: readonly Moment[];
  readonly ends: readonly Moment[];
  /** `stated`: the message that starts it names the date. */
  readonly terms: ByPriority<Term> | 'stated';
  /** `before`: counted backwards from what starts it. */
  readonly counts: 'after' | 'before';
  /** `at_least`: the time that must be left, not the time that may pass. */
  readonly limit: 'at_most' | 'at_least';
  /** `machine`: a node acts; `human`: an officer is reminded. */
  readonly kind: 'machine' | 'human';
  readonly basis: Basis;
  readonly adjustable: Adjustable;
  /** It starts from a recorded decision and tells officers what a law or guidance provides; nobody is reminded. */
  readonly informs?: true;
  readonly means: { readonly en: string; readonly vi: string };
}

const minutes = (count: number): Elapsed => ({ count, unit: 'minutes' });
const hours = (count: number): Elapsed => ({ count, unit: 'hours' });
const days = (count: number): Elapsed => ({ count, unit: 'days' });
const workingDays = (count: number): Counted => ({ count, unit: 'workingDays' });
const months = (count: number): Counted => ({ count, unit: 'months' });
const always = <T>(term: T): ByPriority<T> => ({ emergency: term, urgent: term, normal: term });

const MACHINE = { by: 'node', counts: 'after', limit: 'at_most', kind: 'machine', basis: 'own' } as const;
const HUMAN = { counts: 'after', limit: 'at_most', kind: 'human', basis: 'own' } as const;
const FOLLOWUP = { ...HUMAN, by: 'recipient', starts: ['outcome'], ends: ['followup'], adjustable: 'either' } as const;
const INFORMATION = { ...HUMAN, by: 'authority', informs: true, adjustable: 'either' } as const;

/** Every deadline of domain §8, and those of §3.2, §5 and §6 that run out in the same way. */
export const DEADLINES = {
  machine_received: {
    ...MACHINE,
    starts: ['sealed'],
    ends: ['received'],
    terms: { emergency: minutes(10), urgent: minutes(15), normal: minutes(15) },
    adjustable: 'either',
    means: {
      en: 'The gateway of the partner has signed that it stored the message.',
      vi: 'Cổng của đối tác đã ký xác nhận đã lưu thông điệp.',
    },
  },
  operator_alarm: {
    ...MACHINE,
    starts: ['sealed'],
    ends: ['received'],
    terms: { emergency: minutes(10), urgent: hours(1), normal: hours(1) },
    adjustable: 'either',
    means: {
      en: 'Operators are alarmed about a message that was not received.',
      vi: 'Người vận hành được cảnh báo về thông điệp chưa được nhận.',
    },
  },
  machine_delivered: {
    ...MACHINE,
    starts: ['received'],
    ends: ['delivered'],
    terms: always(hours(1)),
    adjustable: 'either',
    means: {
      en: 'The partner has opened the seal, checked the message and filed it in the unit’s case.',
      vi: 'Đối tác đã mở niêm phong, kiểm tra và lưu thông điệp vào hồ sơ của đơn vị.',
    },
  },
  human_ack: {
    ...HUMAN,
    basis: 'public',
    by: 'recipient',
    starts: ['delivered'],
    ends: ['opened', 'ack'],
    terms: { emergency: hours(24), urgent: hours(72), normal: days(14) },
    adjustable: 'either',
    means: { en: 'An officer has seen the referral.', vi: 'Cán bộ đã xem hồ sơ chuyển gửi.' },
  },
  ack: {
    ...HUMAN,
    basis: 'public',
    by: 'recipient',
    starts: ['delivered'],
    ends: ['ack'],
    terms: always(workingDays(5)),
    adjustable: 'either',
    means: {
      en: 'The referral is acknowledged, with a local reference and a date for the decision.',
      vi: 'Xác nhận tiếp nhận hồ sơ chuyển gửi, kèm số hồ sơ của đơn vị và ngày quyết định.',
    },
  },
  decision: {
    ...HUMAN,
    by: 'recipient',
    starts: ['ack'],
    ends: ['accept', 'decline', 'redirect'],
    terms: 'stated',
    adjustable: 'fixed',
    means: {
      en: 'The decision, by the date that the acknowledgement names. The time in which a question is open is added.',
      vi: 'Quyết định, trước ngày nêu trong xác nhận tiếp nhận. Thời gian chờ trả lời câu hỏi được cộng thêm.',
    },
  },
  alert_ack: {
    ...HUMAN,
    by: 'other_side',
    starts: ['alert', 'delivered'],
    ends: ['any_answer'],
    terms: always(hours(1)),
    adjustable: 'either',
    means: {
      en: 'An officer has answered an urgent alert, or a referral for the purpose ALERT.',
      vi: 'Cán bộ đã trả lời cảnh báo khẩn, hoặc hồ sơ chuyển gửi với mục đích ALERT.',
    },
  },
  rfi_answer: {
    ...HUMAN,
    by: 'sender',
    starts: ['rfi'],
    ends: ['rfi_response'],
    terms: { emergency: hours(24), urgent: hours(24), normal: workingDays(5) },
    adjustable: 'either',
    means: { en: 'A request for information is answered.', vi: 'Trả lời yêu cầu bổ sung thông tin.' },
  },
  plan_agreed: {
    ...HUMAN,
    by: 'other_side',
    starts: ['planned_departure'],
    ends: ['handover_accept', 'handover_plan'],
    terms: always(workingDays(10)),
    counts: 'before',
    limit: 'at_least',
    adjustable: 'longer',
    means: {
      en: 'A plan of hand-over is agreed or countered this long before travel.',
      vi: 'Kế hoạch bàn giao được đồng ý hoặc có đề xuất khác trước khi đi từng này ngày.',
    },
  },
  consent_recheck: {
    ...HUMAN,
    by: 'sender',
    starts: ['planned_departure'],
    ends: ['departure_notice'],
    terms: always(hours(72)),
    counts: 'before',
    adjustable: 'shorter',
    means: {
      en: 'The person is asked again whether they want to travel, not earlier than this before departure.',
      vi: 'Hỏi lại người đó có muốn đi hay không, không sớm hơn từng này trước giờ khởi hành.',
    },
  },
  departure_notice: {
    ...HUMAN,
    by: 'sender',
    starts: ['planned_departure'],
    ends: ['departure_notice'],
    terms: always(hours(1)),
    adjustable: 'either',
    means: { en: 'Departure is reported.', vi: 'Thông báo khởi hành.' },
  },
  arrival_confirmation: {
    ...HUMAN,
    by: 'recipient',
    starts: ['expected_arrival'],
    ends: ['arrival_confirmation'],
    terms: always(hours(2)),
    adjustable: 'either',
    means: {
      en: 'Arrival is confirmed, or that the person did not come or is somewhere else.',
      vi: 'Xác nhận đã đến, hoặc người đó không đến hay đang ở nơi khác.',
    },
  },
  reception_record: {
    ...HUMAN,
    by: 'recipient',
    starts: ['arrival_confirmation'],
    ends: ['reception_record'],
    terms: always(hours(24)),
    adjustable: 'either',
    means: { en: 'The reception is recorded.', vi: 'Lập biên bản tiếp nhận.' },
  },
  followup_1: {
    ...FOLLOWUP,
    terms: always(months(1)),
    means: { en: 'First follow-up of the person.', vi: 'Theo dõi lần một.' },
  },
  followup_3: {
    ...FOLLOWUP,
    terms: always(months(3)),
    means: { en: 'Second follow-up of the person.', vi: 'Theo dõi lần hai.' },
  },
  followup_6: {
    ...FOLLOWUP,
    terms: always(months(6)),
    means: { en: 'Third follow-up of the person.', vi: 'Theo dõi lần ba.' },
  },
  followup_12: {
    ...FOLLOWUP,
    terms: always(months(12)),
    means: { en: 'Fourth follow-up of the person.', vi: 'Theo dõi lần bốn.' },
  },
  consent_freeze: {
    ...HUMAN,
    by: 'other_side',
    starts: ['consent_withdrawal'],
    ends: ['frozen'],
    terms: always(hours(24)),
    adjustable: 'shorter',
    means: {
      en: 'The other side has frozen the case after the person withdrew consent.',
      vi: 'Bên kia đã đóng băng hồ sơ sau khi người đó rút lại sự đồng ý.',
    },
  },
  erasure: {
    ...HUMAN,
    by: 'both_sides',
    starts: ['consent_withdrawal', 'correction'],
    ends: ['erasure_confirm'],
    terms: always(days(30)),
    adjustable: 'shorter',
    means: {
      en: 'The content is erased and the erasure confirmed: consent was withdrawn, or it was the wrong person or recipient.',
      vi: 'Xóa nội dung và xác nhận đã xóa: sự đồng ý đã được rút lại, hoặc nhầm người, nhầm nơi nhận.',
    },
  },
  on_hold_review: {
    ...HUMAN,
    by: 'same_side',
    starts: ['update'],
    ends: ['update'],
    terms: always(days(30)),
    adjustable: 'shorter',
    means: {
      en: 'A case on hold is looked at again, at the latest on the day that the update names.',
      vi: 'Xem lại hồ sơ đang tạm dừng, chậm nhất vào ngày nêu trong cập nhật.',
    },
  },
  closure_silence: {
    ...HUMAN,
    by: 'other_side',
    starts: ['closure'],
    ends: ['closure'],
    terms: always(days(30)),
    // Both sides must come to the same end without a message.
    adjustable: 'fixed',
    means: {
      en: 'A proposal to close is confirmed or objected to. After this silence the referral counts as closed.',
      vi: 'Xác nhận hoặc phản đối đề nghị kết thúc. Quá hạn mà im lặng thì hồ sơ coi như kết thúc.',
    },
  },
  override_review: {
    ...HUMAN,
    by: 'sender',
    starts: ['referral'],
    ends: ['reviewed'],
    terms: always(hours(72)),
    adjustable: 'shorter',
    means: {
      en: 'A decision to share without consent is reviewed.',
      vi: 'Xem xét lại quyết định chia sẻ khi chưa có sự đồng ý.',
    },
  },
  precise_location: {
    ...MACHINE,
    starts: ['referral', 'rfi_response', 'update', 'correction'],
    ends: ['place_erased'],
    terms: always(days(7)),
    adjustable: 'shorter',
    means: { en: 'A precise place is erased.', vi: 'Xóa địa điểm chính xác.' },
  },
  uk_reasonable_grounds: {
    ...INFORMATION,
    basis: 'uk',
    starts: ['notified'],
    ends: ['decided'],
    terms: always(workingDays(5)),
    means: { en: 'Reasonable grounds decision (an aim).', vi: 'Quyết định reasonable grounds (mục tiêu).' },
  },
  uk_recovery: {
    ...INFORMATION,
    basis: 'uk',
    limit: 'at_least',
    starts: ['decided'],
    ends: ['support_ends'],
    terms: always(days(30)),
    means: {
      en: 'Recovery period after a positive reasonable grounds decision.',
      vi: 'Thời gian phục hồi sau quyết định reasonable grounds tích cực.',
    },
  },
  uk_reconsideration: {
    ...INFORMATION,
    basis: 'uk',
    by: 'person',
    starts: ['decided'],
    ends: ['asked'],
    terms: always(days(30)),
    means: {
      en: 'Reconsideration of a negative decision is asked for.',
      vi: 'Đề nghị xem xét lại quyết định không công nhận.',
    },
  },
  uk_move_on: {
    ...INFORMATION,
    basis: 'uk',
    limit: 'at_least',
    starts: ['decided'],
    ends: ['support_ends'],
    terms: always(days(45)),
    means: {
      en: 'Support after a positive conclusive grounds decision.',
      vi: 'Hỗ trợ sau quyết định conclusive grounds tích cực.',
    },
  },
  vn_initial_verification: {
    ...INFORMATION,
    basis: 'vn',
    starts: ['notified'],
    ends: ['decided'],
    terms: always(days(3)),
    means: { en: 'Initial verification.', vi: 'Xác minh ban đầu.' },
  },
  vn_essential_support: {
    ...INFORMATION,
    basis: 'vn',
    starts: ['decided'],
    ends: ['support_ends'],
    terms: always(days(120)),
    means: { en: 'Essential support.', vi: 'Hỗ trợ nhu cầu thiết yếu.' },
  },
  au_intensive_support: {
    ...INFORMATION,
    basis: 'au',
    starts: ['decided'],
    ends: ['support_ends'],
    terms: always(days(90)),
    means: { en: 'Intensive support.', vi: 'Hỗ trợ chuyên sâu.' },
  },
} as const satisfies Record<string, Deadline>;

export type DeadlineId = keyof typeof DEADLINES;

/** The table as it holds with one partner: a term keeps its unit, so that what a node times by itself never needs a calendar. */
export type Deadlines = {
  readonly [Id in DeadlineId]: Deadline & Pick<(typeof DEADLINES)[Id], 'terms'>;
};
