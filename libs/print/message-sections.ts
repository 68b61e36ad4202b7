import { formOf, sectionsOf } from '../forms';
import { labelOf, type Message, type MessageType, type Purpose } from '../schema';
import { addRows, both, instant, pairs, valueAt, type FieldPair, type Found, type Zones } from './field-rows';
import type { TextPair } from './paper';
import type { PrintedRow, PrintedSection } from './referral-paper';
import { WORDS } from './words';

interface Part {
  readonly heading: TextPair;
  readonly fields: readonly FieldPair[];
}

/** Forms are large and always the same: a part for each type of message, and for each purpose of a referral. */
const partsByForm = new Map<string, readonly Part[]>();

/**
 * Everything that a message says, in both languages: its head, its answers in the order of their questions, and last what no
 * question asks for, such as members of a later version of the schema, by their place in the message.
 */
export function messageSections(message: Message, zones: Zones): PrintedSection[] {
  const { header } = message;
  const heading = labelled('messageType', header.messageType);
  const found: Found = { rows: headRows(message, zones), pointers: new Set(['/header']) };
  const head = { heading: { vi: heading.vi, en: heading.en }, rows: found.rows };
  const sections = partsOf(message).map((part) => {
    const { pointers } = found;
    const rows: PrintedRow[] = [];
    for (const field of part.fields) addRows(field, message, zones, { rows, pointers });
    return { heading: part.heading, rows };
  });
  const rest = leftOver(message, '', found.pointers);
  return [head, ...sections, { heading: WORDS.others, rows: rest }].filter(({ rows }) => rows.length > 0);
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
  fields: pairs(formOf(type, { language: 'vi' }), formOf(type, { language: 'en' })),
});

function referralParts(purpose: Purpose): Part[] {
  const [vi, en] = [sectionsOf(purpose, 'vi'), sectionsOf(purpose, 'en')];
  return vi.map(({ title, pages }, i) => {
    const paths = pages.flatMap((page) => page.paths);
    const form = (language: 'vi' | 'en') => formOf('referral', { language, purpose, paths });
    return { heading: { vi: title, en: en[i]!.title }, fields: pairs(form('vi'), form('en')) };
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
    { label: WORDS.writtenAt, values: instant(createdAt, zones) },
    ...coded(WORDS.author, 'role', authorRole),
    ...coded(WORDS.approver, 'role', approverRole),
    { label: WORDS.messageId, values: [{ text: messageId }] },
  ];
}

/** The words of a code in both languages; the code itself where the list does not know it. */
export function labelled(list: string, code: string): TextPair {
  return { vi: labelOf(list, code, 'vi') ?? code, en: labelOf(list, code, 'en') ?? code };
}

/** A row for each value at or below `pointer` that is not printed yet. */
function leftOver(message: Message, pointer: string, printed: ReadonlySet<string>): PrintedRow[] {
  if (printed.has(pointer)) return [];
  const value = valueAt(message, pointer);
  if (typeof value === 'object' && value !== null) {
    return Object.keys(value).flatMap((step) => leftOver(message, `${pointer}/${step}`, printed));
  }
  return [{ label: { vi: pointer, en: pointer }, values: [{ text: String(value) }] }];
}
