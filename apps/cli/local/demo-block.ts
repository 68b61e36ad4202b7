import { officeUrl, type Layout } from './layout';
import { isProven, SENDER, type Step } from './scenario';

const WHAT: Readonly<Record<string, string>> = {
  referral: 'Viet Nam refers a person to the United Kingdom',
  ack: 'The United Kingdom acknowledges',
  accept: 'The United Kingdom accepts',
};
const RULE = '─'.repeat(78);

/** The one block that a newcomer reads: what happened, when, whether the evidence holds, where to look next. */
export function demoBlock(
  steps: readonly Step[],
  timingsMs: { ready: number; total: number },
  layout: Layout,
  once: boolean,
): string {
  const proven = isProven(steps);
  const lines = [
    RULE,
    'Trao: a case handed from one country to another, with signed evidence back.',
    'ALL DATA IS INVENTED. No person in it exists. Development keys: never use them for real cases.',
    RULE,
    ...steps.flatMap(describe),
    proven
      ? `All ${steps.length} messages were delivered; every receipt is signed and verified.`
      : 'NOT everything was delivered and verified: see below what failed.',
    `Ready after ${seconds(timingsMs.ready)}, all done after ${seconds(timingsMs.total)}.`,
    ...(once ? [] : whereNext(layout)),
    RULE,
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function describe({ what, from, to, delivery }: Step): string[] {
  const times = delivery.states.map(({ state, at }) => `${state} ${clock(at)}`).join('  ');
  const evidence = delivery.receipts
    .map(({ event, verified }) => `${event} ${verified ? '✓' : '✗ NOT VERIFIED'}`)
    .join(', ');
  return [
    `${WHAT[what] ?? what}`,
    `  ${from} → ${to}   message ${delivery.id}`,
    `  ${times}`,
    `  evidence: ${evidence || 'none'}`,
    '',
  ];
}

function whereNext(layout: Layout): string[] {
  return [
    '',
    'It stays up until Ctrl-C. In another terminal:',
    `  npm run -s trao -- send schemas/referral/v1/examples/valid/referral-protect-adult.json --as ${SENDER}`,
    '  npm run -s trao -- inbox --as gb.ho-sca',
    '  npm run -s trao -- message list',
    '  npm run -s trao -- doctor',
    ...layout.nodes.map(
      (node) =>
        `REST of ${node.name.en}: ${officeUrl(node)} (tokens in ${layout.folder}/nodes/${node.id}/credentials.json)`,
    ),
    `Logs: ${layout.folder}/logs`,
  ];
}

const clock = (at: string) => at.slice(11, 23);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
