import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { TraoError } from '../../../libs/errors';
import type { ShownFinding, ShownManifests, ShownPartner, ShownRound } from '../monitor-answers';
import { monitorsOf, withMonitor, type MonitorClient, type MonitorOptions } from '../monitor-client';
import { printJson, printTable } from '../output';

interface ManifestOptions extends MonitorOptions {
  readonly partner?: string;
  readonly since?: string;
  readonly day?: string;
  readonly wait?: string;
}

/** A partner as one node has it. */
interface Pair {
  readonly monitor: MonitorClient;
  readonly partner: string;
}

const LOOK_MS = 500;

/** `manifest compare|show`: what two nodes hold of each other's messages, held against each other. */
export function addManifestCommands(program: Command): void {
  const command = program
    .command('manifest')
    .description('Compares with partners which messages both sides hold, and sends again what a partner has lost.');
  withMonitor(
    command
      .command('compare')
      .description('Compares days now. Exit code 1 when something is left that only people can explain.')
      .option('--partner <node>', 'with this partner; with each otherwise')
      .option('--day <day>', 'this day (UTC), as 2026-11-29')
      .option('--since <day>', 'from this day to today; 31 days back otherwise')
      .option('--wait <seconds>', 'how long to wait for it', '300'),
  ).action(compare);
  withMonitor(
    command
      .command('show')
      .description('Shows the last comparisons with partners, and what they found.')
      .option('--partner <node>', 'of this partner; of each otherwise'),
  ).action(show);
}

async function compare({ day, since, wait, ...options }: ManifestOptions): Promise<void> {
  if (day !== undefined && since !== undefined)
    throw new TraoError('config_invalid', { detail: 'Name either --day or --since.' });
  const days = day !== undefined ? { since: day, until: day } : since !== undefined ? { since } : {};
  const until = Date.now() + Number(wait) * 1000;
  const pairs = await pairsOf(options);
  const begun = await Promise.all(
    pairs.map(async (pair) => {
      const { round } = await pair.monitor.post<{ round: string }>(pathOf(pair), days);
      return { ...pair, round };
    }),
  );
  const ended = await Promise.all(begun.map(async (one) => ({ ...one, found: await untilEnded(one, until) })));
  const results = await Promise.all(
    ended.map(async ({ monitor, partner, found }) => {
      const { findings } = await monitor.get<ShownManifests>(pathOf({ monitor, partner }));
      const days = new Set(found.days.map((one) => one.day));
      const open = findings.filter(({ healedAt, day: of }) => healedAt === null && days.has(of));
      return { node: monitor.node, partner, ...found, findings: open };
    }),
  );
  if (options.json) printJson({ ok: results.every(({ ok }) => ok === true), comparisons: results });
  else for (const result of results) print(result);
  if (results.some(({ ok }) => ok !== true)) process.exitCode = 1;
}

async function show(options: ManifestOptions): Promise<void> {
  const pairs = await pairsOf(options);
  const shown = await Promise.all(
    pairs.map(async (pair) => {
      const { rounds, findings } = await pair.monitor.get<ShownManifests>(pathOf(pair));
      return { node: pair.monitor.node, partner: pair.partner, rounds, findings };
    }),
  );
  if (options.json) return printJson({ partners: shown });
  for (const { node, partner, rounds, findings } of shown) {
    const [last] = rounds;
    if (!last) process.stdout.write(`${node} with ${partner}: never compared\n`);
    else print({ node, partner, ...last, findings });
  }
}

/** The partners that a command is about, at each node that it speaks to. */
async function pairsOf(options: ManifestOptions): Promise<readonly Pair[]> {
  const lists = await Promise.all(
    monitorsOf(options).map(async (monitor) => {
      const { partners } = await monitor.get<{ partners: ShownPartner[] }>('/v1/partners');
      return partners.map(({ id }) => ({ monitor, partner: id }));
    }),
  );
  const pairs = lists.flat().filter(({ partner }) => options.partner === undefined || partner === options.partner);
  if (pairs.length > 0) return pairs;
  throw new TraoError('not_found', { detail: `No node here has a partner ${options.partner ?? 'at all'}.` });
}

async function untilEnded(
  { monitor, partner, round }: Pair & { readonly round: string },
  until: number,
): Promise<ShownRound> {
  for (;;) {
    const found = await monitor.get<ShownRound>(`${pathOf({ monitor, partner })}/${round}`);
    if (found.finishedAt !== null || Date.now() >= until) return found;
    await sleep(LOOK_MS);
  }
}

const pathOf = ({ partner }: Pick<Pair, 'partner'> & Partial<Pair>) =>
  `/v1/partners/${encodeURIComponent(partner)}/manifests`;

/** What becomes of each kind of finding. */
const SAYS: Readonly<Record<string, string>> = {
  lost_there: 'lost at the partner: sent again',
  not_resendable: 'lost at the partner, and it cannot be sent again',
  unknown_here: 'the partner holds it, and this node does not know it',
  missing_here: 'lost here: the partner sends it again',
  unknown_there: 'held here, and the partner says that it never sent it',
  digest_differs: 'other bytes on the two sides',
};

type Printed = ShownRound & {
  readonly node: string;
  readonly partner: string;
  readonly findings: readonly ShownFinding[];
};

function print({ node, partner, since, until, finishedAt, ok, code, days, findings }: Printed): void {
  const state =
    finishedAt === null ? `waits${code ? `, ${code}` : ''}` : (code ?? (ok ? 'done' : 'for people to look at'));
  const agree = days.filter(({ sent, received }) => sent.agrees && received.agrees).length;
  process.stdout.write(
    `${ok ? '✓' : '✗'} ${node} with ${partner}, ${since} to ${until}: ${state}; ${agree} of ${days.length} days agree\n`,
  );
  const differing = days.filter(({ sent, received }) => !sent.agrees || !received.agrees);
  if (differing.length > 0)
    printTable(
      ['day', 'sent here/there', 'received here/there', 'receipts brought'],
      differing.map(({ day, sent, received }) => [
        day,
        `${sent.mine}/${sent.theirs}`,
        `${received.mine}/${received.theirs}`,
        String(sent.receipts ?? 0),
      ]),
    );
  if (findings.length > 0)
    printTable(
      ['message', 'day', 'what', 'code', 'healed'],
      findings.map((one) => [one.messageId, one.day, SAYS[one.kind] ?? one.kind, one.code ?? '', one.healedAt ?? '']),
    );
}
