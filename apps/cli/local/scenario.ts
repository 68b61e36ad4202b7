import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TraoError } from '../../../libs/errors';
import type { OfficeClient, ShownDelivery } from '../office-client';
import { EXAMPLES } from './layout';

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
  const referral = await sendAndWait(office, 'referral', SENDER, RECIPIENT, await example('referral'));
  const inReplyTo = referral.delivery.id;
  const ack = await sendAndWait(office, 'ack', RECIPIENT, SENDER, answering(await example('ack'), inReplyTo));
  const accept = await sendAndWait(office, 'accept', RECIPIENT, SENDER, answering(await example('accept'), inReplyTo));
  return [referral, ack, accept];
}

interface Document {
  readonly header: object;
}

async function example(type: string): Promise<Document> {
  return JSON.parse(await readFile(join(EXAMPLES, `${type}-protect-adult.json`), 'utf8')) as Document;
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
): Promise<Step> {
  const { messageId } = await office.send(from, document);
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
