/** One journey of the demonstration: examples of schemas/referral/v1 in the order in which they are sent. */
export interface Story {
  readonly title: string;
  /** Names of examples; the first is the referral. */
  readonly messages: readonly string[];
}

/** What the demonstration tells. Every person and every event in it is invented. */
export const STORIES: readonly Story[] = [
  {
    title: 'Viet Nam asks the United Kingdom to protect a child; a question back, and a part of it accepted',
    messages: [
      'referral-protect-child-cannabis',
      'ack-protect-child',
      'rfi-protect-child',
      'rfi-response-protect-child',
      'accept-protect-child-in-part',
      'update-protect-child-in-progress',
    ],
  },
  {
    title: 'The United Kingdom and Viet Nam plan a voluntary return and hand the person over',
    messages: [
      'referral-return-adult',
      'ack-return-adult',
      'accept-return-adult',
      'risk-assessment-return-adult-sender',
      'risk-assessment-return-adult-recipient',
      'handover-plan-return-adult',
      'handover-plan-return-adult-counter',
      'handover-accept-return-adult',
      'update-return-adult-documents-requested',
      'update-return-adult-scheduled',
      'delegation-notice-return-adult',
      'departure-notice-return-adult',
      'arrival-confirmation-return-adult',
      'reception-record-return-adult',
      'outcome-return-adult',
    ],
  },
  {
    title: 'The social service in Viet Nam follows up after the return',
    messages: [
      'referral-follow-return-adult',
      'ack-follow-return-adult',
      'accept-follow-return-adult',
      'update-follow-return-adult-in-progress',
      'outcome-follow-return-adult',
      'followup-return-adult',
    ],
  },
  {
    title: 'A person withdraws consent: both sides freeze the case and erase it',
    messages: [
      'referral-protect-adult',
      'ack-protect-adult',
      'accept-protect-adult',
      'consent-withdrawal-protect-adult',
      'erasure-confirm-protect-adult-sender',
      'erasure-confirm-protect-adult-recipient',
    ],
  },
];
