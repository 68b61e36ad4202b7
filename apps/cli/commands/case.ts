import type { Command } from 'commander';
import { dataOption, jsonOption, officeClient } from '../local/running';
import type { ShownCase, ShownLine } from '../office-client';
import { printJson, printTable } from '../output';

interface CaseOptions {
  readonly as: string;
  readonly data: string;
  readonly json?: boolean;
}

type LivingCase = Extract<ShownCase, { readonly timeline: readonly unknown[] }>;

/** `case show|timeline|search`: the cases of a unit, without the content of their messages. */
export function addCaseCommands(program: Command): void {
  const command = program
    .command('case')
    .description('Shows the cases of a unit, without the content of their messages.');
  const withUnit = (name: string, argument: string, what: string) =>
    command
      .command(name)
      .description(what)
      .argument(argument)
      .requiredOption('--as <unit>', 'the unit that reads')
      .addOption(dataOption())
      .addOption(jsonOption());

  withUnit('show', '<referral>', 'Shows state, consent, what is due and when.').action(
    async (referral: string, { as: unit, data, json }: CaseOptions) => {
      const shown = await officeClient(data).caseOf(unit, referral);
      if (json) return printJson(shown);
      printCase(shown);
    },
  );
  withUnit('timeline', '<referral>', 'Lists the messages of a case in the order that both sides agree on.').action(
    async (referral: string, { as: unit, data, json }: CaseOptions) => {
      const shown = await officeClient(data).caseOf(unit, referral);
      const { referralId, state, timeline = [] } = shown;
      if (json) return printJson({ referralId, state, timeline });
      if (shown.timeline) printTimeline(shown);
      else printCase(shown);
    },
  );
  withUnit('search', '<words...>', 'Finds cases by words in them, with or without diacritics.')
    .option('--limit <n>', 'how many', '20')
    .action(async (words: readonly string[], { as: unit, data, json, limit }: CaseOptions & { limit: string }) => {
      const referrals = await officeClient(data).searchCases(unit, words.join(' '), Number(limit));
      if (json) return printJson({ referrals });
      if (referrals.length === 0) return void process.stdout.write(`${unit} has no such case.\n`);
      printLines(referrals);
    });
}

/** Lines of an inbox or of a search. A case that was erased or cannot be read says so, and nothing else. */
export function printLines(lines: readonly ShownLine[]): void {
  printTable(
    ['referral', 'state', 'partner', 'last message', 'direction', 'id of last message', 'changed'],
    lines.map((line) => {
      const { referralId, state, changedAt } = line;
      if (!('lastMessage' in line)) {
        return [referralId, state, 'partnerUnit' in line ? line.partnerUnit : '', '', '', '', changedAt];
      }
      const { type, direction, id } = line.lastMessage;
      return [referralId, state, line.partnerUnit, type, direction, id, changedAt];
    }),
  );
}

function printCase(shown: ShownCase): void {
  const lines = shown.timeline ? livingCase(shown) : erasedCase(shown);
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (!shown.timeline || shown.duties.length === 0) return;
  process.stdout.write('\n');
  printTable(
    ['due', 'by', 'what'],
    shown.duties.map(({ due, by, id }) => [due, by, id]),
  );
}

function livingCase(shown: LivingCase): string[] {
  const { referralId, state, side, partnerUnit, handover, problems, consent, hold, unknownFields, timeline } = shown;
  const until = consent.expiresAt === undefined ? '' : ` until ${consent.expiresAt}`;
  return [
    `${referralId}  ${side}, with ${partnerUnit}`,
    `state ${state}, hand-over ${handover}${problems.length > 0 ? `, problems: ${problems.join(', ')}` : ''}`,
    `consent ${consent.state}${until}${consent.scopes.length > 0 ? `: ${consent.scopes.join(', ')}` : ''}`,
    ...(hold ? [`HELD BACK since ${hold.at}`] : []),
    ...unknownFields.map(
      ({ messageId, fields }) => `${messageId} has fields of a newer version, not read here: ${fields.join(', ')}`,
    ),
    `${timeline.length} messages: npm run -s trao -- case timeline ${referralId} --as UNIT`,
  ];
}

function erasedCase(shown: Exclude<ShownCase, LivingCase>): string[] {
  const { referralId, side, partnerUnit, digests, erasedAt, partnerErasedAt } = shown;
  return [
    `${referralId}  ${side}, with ${partnerUnit}`,
    `erased at ${erasedAt}: ${digests.length} messages; at the partner: ${partnerErasedAt ?? 'not confirmed yet'}`,
  ];
}

function printTimeline({ timeline, side }: LivingCase): void {
  printTable(
    ['time', 'direction', 'type', 'state', 'hand-over', 'effect', 'message'],
    timeline.map(({ at, by, type, state, handover, effect, messageId }) => [
      at,
      by === side ? 'sent' : 'received',
      type,
      state,
      handover,
      effect,
      messageId,
    ]),
  );
}
