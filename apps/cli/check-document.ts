import { asTraoError, meaningOf, type Code, type Fault, type RuleCode } from '../../libs/errors';
import { clearanceFaults } from '../../libs/protection';
import { assertMessage, listedUnits, type Lang, type Message } from '../../libs/schema';
import { sentenceOf } from './output';
import { readDocument } from './read-document';

/** What a check says about one file. */
export interface CheckedFile {
  readonly file: string;
  readonly valid: boolean;
  readonly errors: readonly {
    /** Of the rule that is broken; of the failure where the file cannot even be read as JSON. */
    readonly code: RuleCode | Code;
    /** JSON pointer (RFC 6901). */
    readonly path: string;
    readonly message: string;
  }[];
}

/** Checks a file without a node: strict JSON, schema, and the rules of protection that need no case. Never throws. */
export async function checkFile(file: string, language: Lang): Promise<CheckedFile> {
  try {
    const document: unknown = await readDocument(file);
    assertMessage(document);
    return answer(
      file,
      protectionFaults(document).map((fault) => errorOf(fault, language)),
    );
  } catch (error) {
    const { code, detail, faults } = asTraoError(error);
    const errors = faults.map((fault) => errorOf(fault, language));
    return answer(
      file,
      errors.length > 0
        ? errors
        : [{ code, path: '', message: [meaningOf(code, language), detail ?? ''].join(' ').trim() }],
    );
  }
}

const answer = (file: string, errors: CheckedFile['errors']) => ({ file, valid: errors.length === 0, errors });
const errorOf = (fault: Fault, language: Lang) => ({
  code: fault.code,
  path: fault.pointer,
  message: sentenceOf(fault, language),
});

/**
 * The rules for a message that opens something, on the day on which it says it was written. Record of consent and decisions are at the unit that took
 * them, so what the message says of them counts. Later messages depend on their case, which is not here.
 */
function protectionFaults(message: Message): Fault[] {
  const { messageType, senderUnit, recipientUnit, createdAt } = message.header;
  const node = recipientUnit.split('.')[0]!;
  const unitClass = listedUnits(node).find(({ id }) => id === recipientUnit)?.class;
  if ((messageType !== 'referral' && messageType !== 'stats_report') || unitClass === undefined) return [];
  return clearanceFaults({
    message,
    sender: { unit: senderUnit },
    recipient: { unit: recipientUnit, node, unitClass },
    now: new Date(createdAt),
    side: 'sender',
    records: 'not_ours',
    hold: false,
  });
}
