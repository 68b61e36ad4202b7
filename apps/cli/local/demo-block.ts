import type { Told } from './journeys/replay';
import { isProven } from './journeys/send-and-wait';
import { HOST, mailPort, monitorUrl, officeUrl, type Layout, type NodeLayout } from './layout';
import { operatorsOf } from './operator-people';
import { peopleOf } from './people';

const RULE = '─'.repeat(100);

/** The one block that a newcomer reads: what happened, how each side sees it, whether the evidence holds, where to look next. */
export function demoBlock(
  told: readonly Told[],
  timingsMs: { ready: number; total: number },
  layout: Layout,
  once: boolean,
): string {
  const lines = [
    RULE,
    'Trao: a case handed from one country to another, with signed evidence back.',
    'ALL DATA IS INVENTED. No person in it exists. Development keys: never use them for real cases.',
    RULE,
    ...told.flatMap(timelines),
    ...verdict(told),
    `Ready after ${seconds(timingsMs.ready)}, all done after ${seconds(timingsMs.total)}.`,
    ...(once ? [] : [...whereToSignIn(layout), ...whereNext(told, layout)]),
    RULE,
    '',
  ];
  return `${lines.join('\n')}\n`;
}

/** A story as two timelines: each message, and the state it left the case in at either side. */
function timelines({ title, steps, views }: Told): string[] {
  const rows = steps.map(({ what, from, delivery, states }) => [
    delivery.createdAt.slice(11, 19),
    from === views[0]!.unit ? `${what} →` : `← ${what}`,
    ...states,
  ]);
  return [title, ...columns([['', '', ...views.map(({ unit }) => unit)], ...rows]), ''];
}

const WIDTHS = [8, 24, 28, 28];
const columns = (rows: readonly (readonly string[])[]) =>
  rows.map((row) => `  ${row.map((cell, index) => cell.padEnd(WIDTHS[index]!)).join('  ')}`.trimEnd());

function verdict(told: readonly Told[]): string[] {
  const steps = told.flatMap((story) => story.steps);
  const failed = steps.filter((step) => !isProven([step]));
  const apart = told.filter(({ agree }) => !agree);
  return [
    failed.length === 0
      ? `All ${steps.length} messages were delivered; every receipt is signed and verified.`
      : `NOT delivered or not verified: ${failed.map(({ what, delivery }) => `${what} ${delivery.id} (${delivery.state})`).join(', ')}`,
    apart.length === 0
      ? 'Both sides of every story came to the same end by the same steps.'
      : `The sides DISAGREE about: ${apart.map(({ title }) => title).join('; ')}`,
  ];
}

/** In whose name a newcomer writes, approves and answers: the first unit of each node, as in the tutorial. */
const CAST: Readonly<Record<string, string>> = { vn: 'vn.mps-criminal', gb: 'gb.ho-sca' };

/** The offices in a browser, and as whom to sign in there. */
function whereToSignIn(layout: Layout): string[] {
  return [
    '',
    'In a browser (docs/tutorials/first-referral.md). There are no passwords: pick an invented officer on the sign-in page.',
    ...layout.nodes.flatMap((node) => [
      `  ${node.name.en}: ${officeUrl(node)}`,
      `    sign in as ${nameIn(node, '')} (writes, receives, answers), ${nameIn(node, '/liaison')} (approves and sends)`,
    ]),
    ...layout.nodes.map(
      (node) =>
        `  Monitor of ${node.name.en}, for operators, who see no person: ${monitorUrl(node)} (sign in as ${operatorsOf(node)[0]!.name})`,
    ),
    `  Mail that officers and operators would get: http://${HOST}:${mailPort(layout)}`,
    '  The scanner of uploaded files knows the EICAR test only: it is NOT a virus scanner.',
  ];
}

function nameIn(node: NodeLayout, ending: string): string {
  const sub = `${CAST[node.id]}${ending}`;
  return peopleOf(node).find((person) => person.sub === sub)!.name;
}

function whereNext(told: readonly Told[], layout: Layout): string[] {
  const [{ views }] = told as readonly [Told];
  const [{ unit, shown }] = views as readonly [Told['views'][number]];
  return [
    '',
    'It stays up until Ctrl-C. In another terminal:',
    `  npm run -s trao -- case timeline ${shown.referralId} --as ${unit}`,
    '  npm run -s trao -- inbox --as gb.ho-sca',
    '  npm run -s trao -- message list',
    '  npm run -s trao -- message check schemas/referral/v1/examples/valid/*.json',
    '  npm run -s trao -- status',
    '  npm run -s trao -- doctor',
    ...layout.nodes.map(
      (node) =>
        `REST of ${node.name.en}: ${officeUrl(node)} (tokens in ${layout.folder}/nodes/${node.id}/credentials.json)`,
    ),
    `Logs: ${layout.folder}/logs`,
  ];
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
