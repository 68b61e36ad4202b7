import { setTimeout as pause } from 'node:timers/promises';
import { TraoError } from '../../../../libs/errors';
import type { Records } from '../../hand-in';
import type { OfficeClient, ShownDelivery } from '../../office-client';

const PATIENCE_MS = 60_000;
const LOOK_MS = 20;
const FINAL = ['delivered', 'opened', 'refused', 'expired', 'undeliverable'];

/** One message of a story, with what became of it. */
export interface Step {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly delivery: ShownDelivery;
}

/** Sends a message and waits for its evidence. */
export async function sendAndWait(
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
    const complete =
      !['delivered', 'opened'].includes(delivery.state) || delivery.receipts.some(({ event }) => event === 'received');
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
    return (
      ['delivered', 'opened'].includes(delivery.state) && events.includes('received') && events.includes('delivered')
    );
  });
}
