import { referenceOf } from '../../../../libs/caseload';
import { type exportCase, type ShownCase } from '../../../../libs/casework';
import { labelled, messageSections, type Printing, type ReferralPrint, type TextPair } from '../../../../libs/print';
import type { Handling } from '../../../../libs/schema';

type Exported = Awaited<ReturnType<typeof exportCase>>;

/** How somebody with the paper in the hand finds out whether both sides mean the same referral. */
const VERIFICATION: TextPair = {
  vi: 'SHA-256 của hồ sơ chuyển gửi đã ký. Bản in ở bên kia có cùng mã này: đọc cho nhau nghe để so sánh. Mã không chứng minh rằng tờ giấy không bị sửa; chỉ hồ sơ trong hệ thống mới có giá trị.',
  en: 'SHA-256 of the signed referral. A print of the other side has the same one: read it out to compare. It does not prove that nobody changed this paper; what counts is the case in the system.',
};

/**
 * The print of a case: what its messages say, in the order that both sides agree on, and how it may be used.
 * @param unit the officer's own unit
 */
export function casePrint(
  { handling, messages }: Exported,
  shown: ShownCase,
  unit: string,
  printed: Printing,
): ReferralPrint {
  const referral = messages.find(({ header }) => header.messageId === shown.openedBy);
  const purpose = labelled('purpose', referral?.header.purpose ?? '');
  const type = labelled('messageType', 'referral');
  const opened = shown.timeline.find(({ messageId }) => messageId === shown.openedBy);
  return {
    title: { vi: `${type.vi}: ${purpose.vi}`, en: `${type.en}: ${purpose.en}` },
    reference: referenceOf(shown.referralId),
    handling: handlingWords(handling),
    sections: messages.flatMap((message) => messageSections(message, printed)),
    messages: shown.timeline.map(({ type: name, by, at, digest }) => ({
      at: new Date(at),
      name: labelled('messageType', name),
      from: labelled('units', by === shown.side ? unit : shown.partnerUnit),
      digest,
    })),
    digest: opened?.digest ?? '',
    verification: VERIFICATION,
    printed,
  };
}

/** Code, caveats and onward sharing, in words. */
function handlingWords({ code, caveats, onward }: Handling): TextPair[] {
  return [
    labelled('handlingCode', code),
    ...caveats.map((caveat) => labelled('caveat', caveat)),
    labelled('onwardSharing', onward),
  ];
}
