import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyFolder } from '../../../apps/cli/local/layout';
import { readReceipt } from '../../../libs/envelope';
import type { Database } from '../../../libs/storage';
import { adoptDirectory, Partners, type TrustAnchor } from '../../../libs/trust';
import { RECIPIENT_UNIT } from '../../bench/document';
import type { TwoNodes } from '../../harness/two-nodes';

/** What was written, and where each must end. */
export interface Expected {
  readonly delivered: ReadonlySet<string>;
  readonly expired: ReadonlySet<string>;
}

interface Sent {
  readonly id: string;
  readonly state: string;
  readonly digest: string;
  /** Whether it is the digest of the bytes that are there. */
  readonly sound: boolean;
}

interface Proof {
  readonly id: string;
  readonly digest: string;
  readonly token: string;
}

/** Of the messages of a backlog these many are also looked up by REST, as an officer would. */
const LOOKED_UP = 100;
const MOST_TOLD = 20;
const DIGEST = `rtrim(translate(encode(sha256(convert_to(sealed, 'UTF8')), 'base64'), '+/', '-_'), '=')`;

/**
 * What is wrong with the promises I1 to I5 for a backlog, one line each; none when they hold. Sets of rows of both nodes are compared,
 * each digest is computed anew and each receipt verified, so that a fault of the code that writes them does not hide itself.
 */
export async function faultsOf(nodes: TwoNodes, { delivered, expired }: Expected): Promise<string[]> {
  const [sender, recipient] = await Promise.all([nodes.database('vn'), nodes.database('gb')]);
  const outbox = await sender.query<Sent>(`SELECT id, state, digest, digest = ${DIGEST} AS sound FROM outbox`);
  const inbox = await recipient.query<Sent>(
    `SELECT id, state, digest, digest = ${DIGEST} AS sound FROM inbox WHERE sender_node = 'vn'`,
  );
  const filed = await recipient.query<{ id: string; unit: string }>(
    `SELECT message_id AS id, unit FROM case_event WHERE direction = 'filed'`,
  );
  const got = new Map(inbox.map((row) => [row.id, row]));
  const sent = new Set(outbox.map(({ id }) => id));
  const copies = new Map<string, string[]>();
  for (const { id, unit } of filed) copies.set(id, [...(copies.get(id) ?? []), unit]);
  const faults = outbox.flatMap((row) =>
    expired.has(row.id) ? whyNotExpired(row, got, copies) : whyNotDelivered(row, got.get(row.id), copies.get(row.id)),
  );
  const missing = [...delivered, ...expired].filter((id) => !sent.has(id));
  faults.push(...missing.map((id) => `I1 ${id} is gone from the outbox`));
  faults.push(...[...got.keys(), ...copies.keys()].filter((id) => !sent.has(id)).map((id) => `I3 nobody sent ${id}`));
  faults.push(...(await evidenceFaults(nodes, sender, outbox)));
  faults.push(...(await shownFaults(nodes, [...delivered])));
  return faults.length > MOST_TOLD ? [...faults.slice(0, MOST_TOLD), `and ${faults.length - MOST_TOLD} more`] : faults;
}

function whyNotDelivered(sent: Sent, got: Sent | undefined, units: readonly string[] = []): string[] {
  const { id, state, digest, sound } = sent;
  return [
    ...(state === 'delivered' || state === 'opened' ? [] : [`I2 ${id} is ${state} at its sender`]),
    ...(got?.state === 'filed' ? [] : [`I1 ${id} is ${got?.state ?? 'unknown'} in the inbox`]),
    ...(units.length === 1 && units[0] === RECIPIENT_UNIT ? [] : [`I1 ${id} is stored ${units.length} times`]),
    ...(sound && got?.sound && got.digest === digest ? [] : [`I5 ${id} has other bytes on the two sides`]),
  ];
}

function whyNotExpired({ id, state }: Sent, got: ReadonlyMap<string, unknown>, copies: ReadonlyMap<string, unknown>) {
  return [
    ...(state === 'expired' ? [] : [`I2 ${id} is ${state}, and its time was over`]),
    ...(got.has(id) || copies.has(id) ? [`I4 ${id} expired and arrived`] : []),
  ];
}

/** I2: one verified `delivered` of the partner about these very bytes, or this node's own signed evidence that it expired. */
async function evidenceFaults(nodes: TwoNodes, sender: Database, outbox: readonly Sent[]): Promise<string[]> {
  const partners = await partnersOf(nodes);
  const keyOf = (node: string, kid: string, at: Date) => partners.receiptKey(node, kid, at);
  const verified = async (rows: readonly Proof[], event: string) => {
    const proven = new Map<string, number>();
    for (const { id, digest, token } of rows) {
      const receipt = await readReceipt(token, keyOf).catch(() => undefined);
      if (receipt?.messageId === id && receipt.digest === digest && receipt.event === event)
        proven.set(id, (proven.get(id) ?? 0) + 1);
    }
    return proven;
  };
  const read = (event: string, issuer: string) =>
    sender.query<Proof>(
      `SELECT r.message_id AS id, o.digest, r.token FROM receipt r JOIN outbox o ON o.id = r.message_id
       WHERE r.event = $1 AND r.issuer = $2 AND r.digest = o.digest`,
      [event, issuer],
    );
  const delivered = await verified(await read('delivered', 'gb'), 'delivered');
  const expired = await verified(await read('not_received', 'vn'), 'not_received');
  return outbox.flatMap(({ id, state }) => {
    const proofs = (state === 'expired' ? expired : delivered).get(id) ?? 0;
    const enough = state === 'expired' ? proofs >= 1 : proofs === 1;
    return enough ? [] : [`I2 ${id}, ${state}, has ${proofs} verified proofs`];
  });
}

/** What the sender's office tells of some of them must be the same. */
async function shownFaults({ office }: TwoNodes, delivered: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const id of delivered.filter((_, index) => index % Math.ceil(delivered.length / LOOKED_UP) === 0)) {
    const { state, receipts } = await office.delivery(id);
    const proofs = receipts.filter(
      ({ event, issuer, verified }) => event === 'delivered' && issuer === 'gb' && verified,
    );
    if (state !== 'delivered' || proofs.length !== 1)
      faults.push(`I2 ${id} is shown as ${state}, ${proofs.length} proofs`);
  }
  return faults;
}

async function partnersOf({ layout }: TwoNodes): Promise<Partners> {
  const folder = keyFolder(layout);
  const anchor = JSON.parse(await readFile(join(folder, 'trust-anchor.json'), 'utf8')) as TrustAnchor;
  return new Partners(await adoptDirectory(await readFile(join(folder, 'directory.json')), anchor, new Date()));
}
