import { createHash } from 'node:crypto';
import { DELIVERY_EVENTS, DELIVERY_STATES, nextDelivery, type DeliveryState } from '../../../libs/lifecycle';
import { NODES, type TwoNodes } from '../../harness/two-nodes';
import { readerOf } from './reading';

/** I6 on what there is: the steps of each message, and the chain of the log of operators. */
export async function inconsistentHistories(nodes: TwoNodes): Promise<string[]> {
  const faults: string[] = [];
  for (const node of NODES) {
    const read = readerOf(nodes, node);
    const messages = await read<{ id: string; state: string; steps: string[] }>(
      `SELECT o.id, o.state, coalesce(array_agg(e.state ORDER BY e.at) FILTER (WHERE e.state IS NOT NULL), '{}') AS steps
       FROM outbox o LEFT JOIN delivery_event e ON e.message_id = o.id GROUP BY o.id`,
    );
    faults.push(
      ...messages.flatMap(({ id, state, steps }) => {
        const fault = faultOfHistory(steps, state);
        return fault ? [`${node}: the steps of ${id} ${fault}`] : [];
      }),
    );
    const strays = await read<{ id: string }>(
      'SELECT DISTINCT message_id AS id FROM delivery_event e WHERE NOT EXISTS (SELECT FROM outbox o WHERE o.id = e.message_id)',
    );
    faults.push(...strays.map(({ id }) => `${node}: steps of ${id}, which it never sent`));
    faults.push(...brokenChain(await read<LogLine>(LOG)).map((fault) => `${node}: ${fault}`));
  }
  return faults;
}

/** What is wrong with a message's steps, or undefined: from `queued` on each follows from the one before, and the last is its state. */
export function faultOfHistory(steps: readonly string[], state: string): string | undefined {
  const path = steps.join(' > ');
  if (steps[0] !== 'queued') return `do not begin with "queued": ${path}`;
  if (steps.at(-1) !== state) return `end otherwise than its state ${state}: ${path}`;
  const jump = steps.findIndex((step, index) => index > 0 && !follows(steps[index - 1]!, step));
  return jump < 0 ? undefined : `are no way of the machine: ${path}`;
}

/** True where some event leads from one state to the other; what was sealed anew begins again. */
const follows = (from: string, to: string) => FOLLOWING.get(from)!.has(to) || (from === 'refused' && to === 'queued');

/** A step `lost_there` stands between a state and the new beginning, so that the history says why. */
const LOST = 'lost_there';
const FOLLOWING = new Map<string, ReadonlySet<string>>([
  ...DELIVERY_STATES.map((state: DeliveryState): [string, ReadonlySet<string>] => [
    state,
    new Set(
      DELIVERY_EVENTS.map((event) =>
        event === LOST && nextDelivery(state, event) !== 'same' ? LOST : nextDelivery(state, event),
      ),
    ),
  ]),
  [LOST, new Set(['queued'])],
]);

interface LogLine {
  readonly seq: string;
  readonly previous: string;
  readonly digest: string;
  readonly line: string;
}

/** The log with each line as it is hashed (`operator_note`, migration 8). */
const LOG = `SELECT seq::text, encode(previous, 'hex') AS previous, encode(digest, 'hex') AS digest,
  jsonb_build_array(seq, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), operator, to_jsonb(roles), act, object, before,
    after, encode(previous, 'hex'))::text AS line FROM operator_log ORDER BY operator_log.seq`;

/** Lines that are missing, or that do not carry the digest of what they say or of the line before. */
export function brokenChain(lines: readonly LogLine[]): string[] {
  return lines.flatMap(({ seq, previous, digest, line }, index) => {
    const before = lines[index - 1];
    if (seq !== String(index + 1)) return [`line ${index + 1} of the log of operators is missing`];
    if (previous !== (before?.digest ?? ''))
      return [`line ${seq} of the log of operators does not follow on the one before`];
    const actual = createHash('sha256').update(line).digest('hex');
    return actual === digest ? [] : [`line ${seq} of the log of operators was changed`];
  });
}
