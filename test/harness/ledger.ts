import { createHash } from 'node:crypto';
import { type ShownDelivery } from '../../apps/cli/office-client';
import { type TwoNodes, type NodeId } from './two-nodes';
import { waitFor, type Patience } from './wait-for';

/** A message whose sender was told "sent", and where it must end. */
export interface Promised {
  readonly id: string;
  readonly from: NodeId;
  readonly to: NodeId;
  /** The addressed unit. */
  readonly unit: string;
}

const FINAL = ['delivered', 'opened', 'refused', 'expired', 'undeliverable'];

/** Waits until a message has come to an end, and answers how. */
export async function untilFinal(nodes: TwoNodes, id: string, patience: Patience = {}): Promise<ShownDelivery> {
  return waitFor(
    `${id} to come to an end`,
    async () => {
      const delivery = await nodes.office.delivery(id);
      if (!FINAL.includes(delivery.state)) throw new Error(`${delivery.state}, ${delivery.attempts} attempts`);
      return delivery;
    },
    patience,
  );
}

/** Waits until all messages of a node that are promised have come to an end. */
export async function untilAllFinal(
  nodes: TwoNodes,
  from: NodeId,
  ids: readonly string[],
  patience: Patience = {},
): Promise<void> {
  const database = await nodes.database(from);
  await waitFor(
    `${ids.length} messages of ${from} to come to an end`,
    async () => {
      const rows = await database.query<{ state: string; count: number }>(
        'SELECT state, count(*)::int AS count FROM outbox WHERE id = ANY ($1::uuid[]) GROUP BY state',
        [ids],
      );
      const open = rows.filter(({ state }) => !FINAL.includes(state));
      if (open.length > 0 || rows.length === 0)
        throw new Error(rows.map(({ state, count }) => `${count} ${state}`).join(', '));
      return true;
    },
    { everyMs: 200, ...patience },
  );
}

interface Stored {
  readonly id: string;
  readonly unit: string;
  readonly copies: number;
}

/**
 * What is wrong with the promises I1 to I5 for these messages, one line each; an empty list when they hold. It looks into the tables
 * themselves and computes digests anew, so that a fault of the code that writes them does not hide itself.
 */
export async function brokenPromises(nodes: TwoNodes, promised: readonly Promised[]): Promise<string[]> {
  const faults: string[] = [];
  for (const from of ['vn', 'gb'] as const) {
    const mine = promised.filter((message) => message.from === from);
    if (mine.length > 0) faults.push(...(await storedOnce(nodes, mine)), ...(await provenOnce(nodes, mine)));
  }
  faults.push(...(await storedByNobody(nodes, 'vn', 'gb')), ...(await storedByNobody(nodes, 'gb', 'vn')));
  return faults;
}

/** I1: exactly one copy at the addressed unit and none elsewhere. I5: equal bytes on both sides. */
async function storedOnce(nodes: TwoNodes, messages: readonly Promised[]): Promise<string[]> {
  const { from, to } = messages[0]!;
  const ids = messages.map(({ id }) => id);
  const [sender, recipient] = await Promise.all([nodes.database(from), nodes.database(to)]);
  const cases = await recipient.query<Stored>(
    `SELECT message_id AS id, unit, count(*)::int AS copies FROM case_event WHERE direction = 'filed' AND message_id = ANY ($1::uuid[])
     GROUP BY message_id, unit`,
    [ids],
  );
  const strays = await sender.query<Stored>(
    `SELECT message_id AS id, unit, 1 AS copies FROM case_event WHERE direction = 'filed' AND message_id = ANY ($1::uuid[])`,
    [ids],
  );
  const inbox = new Map((await recipient.query<Sealed>(SEALED('inbox'), [ids])).map((row) => [row.id, row]));
  const outbox = new Map((await sender.query<Sealed>(SEALED('outbox'), [ids])).map((row) => [row.id, row]));
  return [
    ...strays.map(({ id, unit }) => `I1 ${id} is also stored at ${unit} of its own sender`),
    ...messages.flatMap(({ id, unit }) => {
      const copies = cases.filter((row) => row.id === id);
      const faults =
        copies.length === 1 && copies[0]!.unit === unit && copies[0]!.copies === 1
          ? []
          : [`I1 ${id} is stored at ${where(copies)}, not once at ${unit}`];
      const [sent, got] = [outbox.get(id), inbox.get(id)];
      if (got?.state !== 'filed') faults.push(`I1 ${id} is ${got?.state ?? 'unknown'} in the inbox`);
      if (sent?.state !== 'delivered' && sent?.state !== 'opened')
        faults.push(`I2 ${id} is ${sent?.state ?? 'unknown'} at its sender`);
      if (sent?.sealed !== got?.sealed) faults.push(`I5 ${id} has other bytes on the two sides`);
      if (sent && sent.digest !== sha256(sent.sealed)) faults.push(`I5 the digest of ${id} is not that of its bytes`);
      return faults;
    }),
  ];
}

/** I2: exactly one verified final receipt at the sender, about the digest of the bytes that were sent. */
async function provenOnce(nodes: TwoNodes, messages: readonly Promised[]): Promise<string[]> {
  const faults: string[] = [];
  for (const { id, to } of messages) {
    const { receipts: all, digest, states } = await nodes.office.delivery(id);
    // What a partner had lost was delivered there again, with new receipts beside those of the first time.
    const times = 1 + states.filter(({ state }) => state === 'lost_there').length;
    // What was refused for a retired key was sealed anew: other bytes, with evidence of their own.
    const receipts = all.filter(({ superseded }) => !superseded);
    const verified = (event: string) =>
      receipts.filter((receipt) => receipt.event === event && receipt.issuer === to && receipt.verified).length;
    if (verified('delivered') < 1 || verified('delivered') > times)
      faults.push(`I2 ${id} has ${verified('delivered')} verified final receipts`);
    // `received` travels in the answer alone: when that answer is lost, `delivered` proves more and comes instead.
    // `opened` comes when somebody reads it.
    const told = verified('delivered') + verified('received') + verified('opened');
    if (receipts.length !== told || verified('received') > times || verified('opened') > times) {
      faults.push(`I2 ${id} has the receipts ${receipts.map(({ event }) => event).join(', ')}`);
    }
    const [row] = await (
      await nodes.database(to)
    ).query<{ digest: string }>('SELECT digest FROM inbox WHERE id = $1', [id]);
    if (row?.digest !== digest) faults.push(`I2 the two sides name other digests of ${id}`);
  }
  return faults;
}

/** I3: nothing is stored at `to` that `from` did not send. */
async function storedByNobody(nodes: TwoNodes, from: NodeId, to: NodeId): Promise<string[]> {
  const [sender, recipient] = await Promise.all([nodes.database(from), nodes.database(to)]);
  const sent = new Set((await sender.query<{ id: string }>('SELECT id FROM outbox')).map(({ id }) => id));
  const stored = await recipient.query<{ id: string }>(
    `SELECT id FROM inbox WHERE sender_node = $1 UNION SELECT message_id FROM case_event WHERE direction = 'filed'`,
    [from],
  );
  return stored.filter(({ id }) => !sent.has(id)).map(({ id }) => `I3 ${to} has ${id}, which ${from} never sent`);
}

interface Sealed {
  readonly id: string;
  readonly state: string;
  readonly sealed: string;
  readonly digest: string;
}

const SEALED = (table: string) => `SELECT id, state, sealed, digest FROM ${table} WHERE id = ANY ($1::uuid[])`;
const where = (copies: readonly Stored[]) =>
  copies.map(({ unit, copies: count }) => `${unit} (${count})`).join(', ') || 'no unit';
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');
