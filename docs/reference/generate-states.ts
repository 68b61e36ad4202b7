/**
 * Fills the tables of states.md from the machines in libs/lifecycle; the text around them is written by hand. Run by Node 24
 * directly:
 *   node docs/reference/generate-states.ts           write
 *   node docs/reference/generate-states.ts --check   exit 1 when the committed page is stale
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Transition } from '../../libs/lifecycle/transition.ts';
import { CONSENT_MEANS, DELIVERY_MEANS, HANDOVER_MEANS, REFERRAL_MEANS } from './state-meanings.ts';

// The sources name their neighbours without an ending, as the compiler reads them; Node asks for one.
registerHooks({
  resolve: (name, context, next) =>
    next(/^\.\.?\//.test(name) && !/\.[a-z]+$/.test(name) ? `${name}.ts` : name, context),
});
const { REFERRAL_TRANSITIONS, FINAL_STATES } = await import('../../libs/lifecycle/referral.ts');
const { HANDOVER_TRANSITIONS, FINAL_HANDOVER_STATES } = await import('../../libs/lifecycle/handover.ts');
const { CONSENT_TRANSITIONS } = await import('../../libs/lifecycle/consent.ts');
const { CROSSWALK } = await import('../../libs/lifecycle/crosswalk.ts');
const { DELIVERY_EVENTS, nextDelivery } = await import('../../libs/lifecycle/delivery.ts');
const { GUARDS } = await import('../../libs/lifecycle/guards.ts');
const states = await import('../../libs/lifecycle/states.ts');

const PAGE = join(dirname(resolve(process.argv[1] ?? '')), 'states.md');

type Row = Transition<string>;
const REFERRAL: readonly Row[] = REFERRAL_TRANSITIONS;
const HANDOVER: readonly Row[] = HANDOVER_TRANSITIONS;

const code = (name: string) => `\`${name}\``;
const codes = (names: readonly string[]) => names.map(code).join(', ');

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The states of a machine with what each means. Whoever adds a state says what it means. */
function meanings(names: readonly string[], means: Readonly<Record<string, string>>, last: readonly string[]): string {
  const without = names.filter((name) => means[name] === undefined);
  const beyond = Object.keys(means).filter((name) => !names.includes(name));
  const apart = [...without, ...beyond].join(', ');
  if (apart !== '') throw new Error(`state-meanings.ts and the machine differ: ${apart}`);
  const rows = names.map((name) => [code(name), means[name] ?? '', last.includes(name) ? 'yes' : '']);
  return last.length > 0
    ? table(['state', 'means', 'final'], rows)
    : table(
        ['state', 'means'],
        rows.map((row) => row.slice(0, 2)),
      );
}

/** The states from which the message with that type may be written. */
const startsOf = (row: number, on: string) => REFERRAL.find((each) => each.row === row && each.on === on)!.from;
const OPEN = startsOf(23, 'alert');
const ENDED = FINAL_STATES.filter((state) => state !== 'erased' && state !== 'entered_in_error');

/** A set of states, the two large ones by their names. */
function fromText(from: readonly string[]): string {
  if (from[0] === 'none') return ['nothing', ...from.slice(1).map(code)].join(', ');
  const missing = OPEN.filter((state) => !from.includes(state));
  const wide = missing.length <= OPEN.length / 2;
  const open = missing.length === 0 ? ['_open_'] : [`_open_ but ${codes(missing)}`];
  const ended = ENDED.every((state) => from.includes(state));
  const rest = from.filter(
    (state) => !(wide && OPEN.includes(state)) && !(ended && (ENDED as readonly string[]).includes(state)),
  );
  return [...(wide ? open : []), ...(ended ? ['_ended_'] : []), ...rest.map(code)].join(', ');
}

const LOCAL: Readonly<Record<string, string>> = {
  drafted: 'a draft is saved',
  approved: 'all approvals are there',
  delivery_proven: 'receipt `delivered`',
  expiry: 'evidence `not_received` at the expiry',
};
const TO: Readonly<Record<string, string>> = { same: '· noted', before: 'back to where it was' };

function transitions(rows: readonly Row[], fromOf: (from: readonly string[]) => string): string {
  const lines = [...rows]
    .sort((a, b) => a.row - b.row)
    .map(({ row, from, on, by, actors, guard, to, timers = [] }) => [
      String(row),
      fromOf(from),
      LOCAL[on] ?? code(on),
      by,
      actors.length > 0 ? codes(actors) : 'node',
      guard ? GUARDS[guard].says : '',
      TO[to] ?? code(to),
      codes(timers),
    ]);
  return table(['row', 'from', 'on', 'by', 'written by', 'only', 'to', 'starts'], lines);
}

/** The usual way of a referral: what leads on, without ends that may come at any time. */
function diagram(): string {
  const edges = REFERRAL.filter(({ row, to }) => (row <= 16 || row === 24) && to !== 'same' && to !== 'before').flatMap(
    ({ from, on, to }) => from.map((state) => `  ${state === 'none' ? '[*]' : state} --> ${to}: ${on}`),
  );
  return ['```mermaid', 'stateDiagram-v2', ...new Set(edges), '```'].join('\n');
}

function delivery(): string {
  const rows = states.DELIVERY_STATES.map((state) => [
    code(state),
    ...DELIVERY_EVENTS.map((event) => {
      const next = nextDelivery(state, event);
      return next === 'same' ? '·' : next === 'contradiction' ? '!' : code(next);
    }),
  ]);
  return table(['state', ...DELIVERY_EVENTS], rows);
}

const consent = () =>
  table(
    ['from', 'on', 'leaves', 'to'],
    CONSENT_TRANSITIONS.map(({ from, on, leaves, to }) => [
      codes(from),
      code(on),
      { stated: 'what the referral states', some: 'some scopes', none: 'none' }[leaves],
      to === 'stated' ? 'what the referral states' : code(to),
    ]),
  );

const crosswalk = () =>
  table(
    ['state', 'FHIR Task', 'Primero', 'HTCDS `cas_Status`'],
    states.REFERRAL_STATES.map((state) => {
      const { fhirTask, primero, htcds } = CROSSWALK[state];
      return [state, fhirTask, primero, htcds].map((name) => (name === undefined ? '' : code(name)));
    }),
  );

const TABLES: Readonly<Record<string, () => string>> = {
  'delivery-states': () => meanings(states.DELIVERY_STATES, DELIVERY_MEANS, []),
  'delivery-table': delivery,
  'referral-states': () => meanings(states.REFERRAL_STATES, REFERRAL_MEANS, FINAL_STATES),
  'referral-diagram': diagram,
  'referral-table': () => transitions(REFERRAL, fromText),
  'open-states': () => `- _open_: ${codes(OPEN)}.\n- _ended_: ${codes(ENDED)}.`,
  'handover-states': () => meanings(states.HANDOVER_STATES, HANDOVER_MEANS, FINAL_HANDOVER_STATES),
  'handover-table': () => transitions(HANDOVER, codes),
  'consent-states': () => meanings(states.CONSENT_STATES, CONSENT_MEANS, []),
  'consent-table': consent,
  crosswalk,
};

/** The page with every marked place filled anew. @throws Error when a place or a table is missing */
function filled(page: string): string {
  return Object.entries(TABLES).reduce((text, [name, make]) => {
    const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from === -1 || to < from) throw new Error(`states.md has no place for ${name}`);
    return `${text.slice(0, from + begin.length)}\n\n${make()}\n\n${text.slice(to)}`;
  }, page);
}

const now = readFileSync(PAGE, 'utf8');
const text = await format(filled(now), { ...(await resolveConfig(PAGE)), parser: 'markdown' });
if (!process.argv.includes('--check')) writeFileSync(PAGE, text);
else if (text !== now) {
  process.stderr.write('docs/reference/states.md is stale. Run: node docs/reference/generate-states.ts\n');
  process.exitCode = 1;
}
