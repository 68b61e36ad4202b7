import { formOf, sectionsOf } from '../forms';
import { labelOf, type Message, type MessageType, type Purpose } from '../schema';
import { both, fieldRows, moment, type Fields, type Zones } from './field-rows';
import type { TextPair } from './paper';
import type { PrintedRow, PrintedSection } from './referral-paper';
import { WORDS } from './words';

interface Part {
  readonly heading: TextPair;
  readonly fields: Fields;
}

/** Forms are large and always the same: a part for each type of message, and for each purpose of a referral. */
const partsByForm = new Map<string, readonly Part[]>();

/**
 * Everything that a message says, in both languages: its head, its answers in the order of their questions, and last the places of
 * what no question asks for, such as members of a later version of the schema.
 */
export function messageSections(message: Message, zones: Zones): PrintedSection[] {
  const { messageType } = message.header;
  const printed = new Set(['/header']);
  const sections = partsOf(message).map(({ heading, fields }) => {
    const { rows, pointers } = fieldRows(fields, message, zones);
    for (const pointer of pointers) printed.add(pointer);
    return { heading, rows };
  });
  return [
    { heading: labelled('messageType', messageType), rows: headRows(message, zones) },
    ...sections,
    { heading: WORDS.others, rows: leftOver(message, '', printed) },
  ].filter(({ rows }) => rows.length > 0);
}

function partsOf({ header }: Message): readonly Part[] {
  const { messageType: type } = header;
  const purpose = type === 'referral' ? header.purpose : undefined;
  const key = `${type} ${purpose ?? ''}`;
  let parts = partsByForm.get(key);
  if (!parts) partsByForm.set(key, (parts = purpose === undefined ? [whole(type)] : referralParts(purpose)));
  return parts;
}

const whole = (type: MessageType): Part => ({
  heading: WORDS.content,
  fields: { vi: formOf(type, { language: 'vi' }), en: formOf(type, { language: 'en' }) },
});

function referralParts(purpose: Purpose): Part[] {
  const [vi, en] = [sectionsOf(purpose, 'vi'), sectionsOf(purpose, 'en')];
  return vi.map(({ title, pages }, i) => {
    const paths = pages.flatMap((page) => page.paths);
    const form = (language: 'vi' | 'en') => formOf('referral', { language, purpose, paths });
    return { heading: { vi: title, en: en[i]!.title }, fields: { vi: form('vi'), en: form('en') } };
  });
}

function headRows({ header }: Message, zones: Zones): PrintedRow[] {
  const { senderUnit, recipientUnit, purpose, priority, createdAt, authorRole, approverRole, messageId } = header;
  const coded = (label: TextPair, list: string, code: string | undefined): PrintedRow[] =>
    code === undefined ? [] : [{ label, values: both(labelled(list, code)) }];
  return [
    ...coded(WORDS.from, 'units', senderUnit),
    ...coded(WORDS.to, 'units', recipientUnit),
    ...coded(WORDS.purpose, 'purpose', purpose),
    ...coded(WORDS.priority, 'priority', priority),
    { label: WORDS.writtenAt, values: moment(createdAt, zones) },
    ...coded(WORDS.author, 'role', authorRole),
    ...coded(WORDS.approver, 'role', approverRole),
    { label: WORDS.messageId, values: [{ text: messageId }] },
  ];
}

/** The words of a code in both languages; the code itself where the list does not know it. */
export function labelled(list: string, code: string): TextPair {
  return { vi: labelOf(list, code, 'vi') ?? code, en: labelOf(list, code, 'en') ?? code };
}

/** How a file travels, with the key that opens it. No question asks for it, and it is on no paper. */
const SECRET = /\/attachments\/\d+\/transfer$/u;

/**
 * A row for each part at or below `pointer` of which nothing is printed yet: its place, and that it is left out. What a later
 * version says there nobody knows here; it may be what no paper should have.
 */
function leftOver(value: unknown, pointer: string, printed: ReadonlySet<string>): PrintedRow[] {
  if (printed.has(pointer) || SECRET.test(pointer)) return [];
  const inside = [...printed].some((one) => one.startsWith(`${pointer}/`));
  if (inside && typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([step, member]) => leftOver(member, `${pointer}/${step}`, printed));
  }
  return [{ label: { vi: pointer, en: pointer }, values: both(WORDS.unknown) }];
}
