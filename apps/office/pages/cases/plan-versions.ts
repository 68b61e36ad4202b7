import type { Request } from 'express';
import { readMessage, type Actor, type ReadPorts, type ShownCase } from '../../../../libs/casework';
import { formOf, rowInWords, shownAnswers, type ShownAnswer } from '../../../../libs/forms';
import { unitName, type Shell } from '../shell/shell';

interface Version {
  readonly messageId: string;
  readonly version: number;
  readonly by: string;
  readonly digest: string;
  readonly answers: ReadonlyMap<string, string>;
}

/** The versions of the hand-over plan side by side: a row for each answer, a column for each version. */
export async function planVersions(actor: Actor, shown: ShownCase, reading: ReadPorts, shell: Shell, request: Request) {
  const language = shell.language(request);
  const fields = formOf('handover_plan', { language, timeZone: shell.timeZone, paths: ['handoverPlan'] });
  const versions: Version[] = [];
  for (const { messageId, type, by, digest } of shown.timeline) {
    if (type !== 'handover_plan') continue;
    const message = await readMessage(actor, messageId, reading);
    if (!message || !('handoverPlan' in message)) continue;
    const [body] = shownAnswers(fields, message, { language, unit: (id) => unitName(id, language) });
    const answers = flat(body?.parts ?? [], '');
    versions.push({
      messageId,
      version: message.handoverPlan.version,
      by: unitName(by === shown.side ? actor.unit : shown.partnerUnit, language),
      digest,
      answers,
    });
  }
  const keys = [...new Set(versions.flatMap(({ answers }) => [...answers.keys()]))];
  const rows = keys.map((label) => {
    const cells = versions.map(({ answers }) => answers.get(label) ?? '');
    return { label, cells: cells.map((text, at) => ({ text, changed: at > 0 && text !== cells[at - 1] })) };
  });
  return { versions: versions.map(({ answers: _answers, ...version }) => version), rows };
}

/** Answers by their label with those of the groups around it. */
function flat(answers: readonly ShownAnswer[], before: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const answer of answers) {
    const { label, parts, rows } = answer;
    const name = before === '' ? label : `${before} – ${label}`;
    if (rows) found.set(name, (parts ?? []).map(rowInWords).join('\n'));
    else if (!parts) found.set(name, rowInWords(answer));
    else for (const [key, value] of flat(parts, name)) found.set(key, value);
  }
  return found;
}
