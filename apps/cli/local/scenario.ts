import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TraoError } from '../../../libs/errors';
import type { Records } from '../hand-in';
import type { OfficeClient, ShownDelivery } from '../office-client';
import { EXAMPLES, RECORDS } from './layout';

const PATIENCE_MS = 60_000;
const LOOK_MS = 20;
const FINAL = ['delivered', 'opened', 'refused', 'expired', 'undeliverable'];

/** The units of the example messages. */
export const SENDER = 'vn.mps-criminal';
const RECIPIENT = 'gb.ho-sca';

/** One message of the scenario, with what became of it. */
export interface Step {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly delivery: ShownDelivery;
}

/** A fictional referral goes to the United Kingdom; acknowledgement and acceptance come back. Each waits for the evidence of the one before. */
export async function runScenario(office: OfficeClient): Promise<Step[]> {
  const { document, consent } = await firstMessage();
  const referral = await sendAndWait(office, 'referral', SENDER, RECIPIENT, document, { consent });
  const inReplyTo = referral.delivery.id;
  const ack = await sendAndWait(office, 'ack', RECIPIENT, SENDER, answering(await example('ack'), inReplyTo));
  const accept = await sendAndWait(office, 'accept', RECIPIENT, SENDER, answering(await example('accept'), inReplyTo));
  return [referral, ack, accept];
}

interface Document {
  readonly header: object;
}

const example = (type: string) => read<Document>(join(EXAMPLES, `${type}-protect-adult.json`));

async function read<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

const DAY_MS = 86_400_000;

/** The referral and the record of consent that stays at its sender, as if the invented person had agreed a few days ago. */
async function firstMessage() {
  const referral = await read<Document & { readonly consent: object }>(join(EXAMPLES, 'referral-protect-adult.json'));
  const record = await read<object>(join(RECORDS, 'consent-referral-protect-adult.json'));
  const day = (inDays: number) => new Date(Date.now() + inDays * DAY_MS).toISOString().slice(0, 10);
  const term = { takenAt: day(-3), expiresAt: day(362) };
  return { document: { ...referral, consent: { ...referral.consent, ...term } }, consent: { ...record, ...term } };
}

const answering = (document: Document, inReplyTo: string) => ({
  ...document,
  header: { ...document.header, inReplyTo },
});

async function sendAndWait(
  office: OfficeClient,
  what: string,
  from: string,
  to: string,
  document: unknown,
  records: Records = {},
): Promise<Step> {
  const { messageId } = await office.send(from, document, undefined, records);
  return { what, from, to, delivery: await waitForEnd(office, messageId) };
}

/** Waits until a message has reached an end, with all its evidence: receipts may settle in any order. @throws TraoError `partner_timeout` after a minute */
async function waitForEnd(office: OfficeClient, messageId: string): Promise<ShownDelivery> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const delivery = await office.delivery(messageId);
    const complete = delivery.state !== 'delivered' || delivery.receipts.some(({ event }) => event === 'received');
    if (FINAL.includes(delivery.state) && complete) return delivery;
    if (Date.now() > deadline)
      throw new TraoError('partner_timeout', { detail: `${messageId} is still ${delivery.state}.` });
    await pause(LOOK_MS);
  }
}

/** True when every message was delivered and every piece of evidence verifies. */
export function isProven(steps: readonly Step[]): boolean {
  return steps.every(({ delivery }) => {
    const events = delivery.receipts.filter((receipt) => receipt.verified).map((receipt) => receipt.event);
    return delivery.state === 'delivered' && events.includes('received') && events.includes('delivered');
  });
}
