import { createHash } from 'node:crypto';
import { send, type SendPorts } from '../../libs/casework';
import { asTraoError, TraoError } from '../../libs/errors';
import type { Logger } from '../../libs/platform';
import { partnerWork, type Database } from '../../libs/storage';

/** How soon a ping that the monitor asks for is on its way, at the latest. */
const LOOK_MS = 2_000;
/** Who pings: no person, and no client of the office's file. */
const ACTOR = 'trao-ping';

export interface PingerParts {
  readonly database: Database;
  /** Units of this node that this office can sign for. */
  readonly units: readonly string[];
  readonly sending: SendPorts;
  readonly logger: Logger;
}

/**
 * Sends the pings that the monitor asks for, for as long as the office runs: only it has the keys to sign and seal a message. They
 * travel like every message, belong to no case, and no officer sees them.
 * @returns stops it, once what is at work has ended
 */
export function startPinger({ database, units, sending, logger }: PingerParts): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const one = (ping: Parameters<partnerWork.SendPing>[0]) => sendPing(ping, units, sending);
  const look = async (): Promise<void> => {
    try {
      while (!stopped && (await partnerWork.sendNextPing(database, one, (error) => asTraoError(error).code)));
    } catch (error) {
      logger.log('pings_not_sent', { err: error });
    }
  };
  let working = Promise.resolve();
  const again = () => {
    working = look().then(() => {
      if (!stopped) timer = setTimeout(again, LOOK_MS);
    });
  };
  again();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await working;
  };
}

/** Seals a ping from a unit of ours to one of the partner and queues it. @returns the id of the message */
async function sendPing(
  { id, partner }: Parameters<partnerWork.SendPing>[0],
  units: readonly string[],
  sending: SendPorts,
): Promise<string> {
  const now = sending.clock.now();
  const theirs = sending.self.partners().node(partner).units;
  const [unit] = units;
  const to = theirs.find(({ status, notAfter }) => status === 'active' && !(notAfter && new Date(notAfter) <= now));
  if (unit === undefined || !to) throw new TraoError('ping_not_sent');
  const header = { schemaVersion: '1.0', messageType: 'ping', priority: 'normal', authorRole: 'operator' };
  // Made from the id: should this office end half-way, the same ping is the same request, and no second message.
  const nonce = createHash('sha256').update(id).digest('base64url');
  const { messageId } = await send(
    {
      unit,
      actor: { id: ACTOR, unit, roles: ['operator'] },
      handIn: { document: { header: { ...header, recipientUnit: to.id }, ping: { nonce } } },
      clientId: ACTOR,
      idempotencyKey: id,
    },
    sending,
  );
  return messageId;
}
