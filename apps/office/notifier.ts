import { type Actor } from '../../libs/casework';
import { collectNotices, sendNotices, type NoticePorts, type SendNoticePorts } from '../../libs/notices';
import type { Logger } from '../../libs/platform';
import type { Client } from './clients';

/** How soon officers learn of something, at the latest. */
const LOOK_MS = 10_000;

export interface NotifierParts {
  readonly units: readonly string[];
  readonly clients: readonly Client[];
  readonly collecting: NoticePorts;
  readonly sending: Omit<SendNoticePorts, 'onFailure'>;
  readonly logger: Logger;
}

/**
 * Looks at what is new in each unit and writes to its officers, for as long as the office runs. Several offices of a node may do so: the
 * database says who looks at which unit. What fails is looked at again; nothing is kept here.
 * @returns stops it, once what is at work has ended
 */
export function startNotifier({ units, clients, collecting, sending, logger }: NotifierParts): () => Promise<void> {
  const onFailure = (error: unknown) => logger.log('mail_not_sent', { err: error });
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    for (const unit of units) {
      if (stopped) return;
      const officers = peopleOf(clients, unit);
      try {
        await collectNotices(unit, officers, collecting);
        await sendNotices(unit, officers, { ...sending, onFailure });
      } catch (error) {
        logger.log('officers_not_told', { err: error, unit });
      }
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

/** Those of a unit who sign in. Systems read what is new by themselves. */
function peopleOf(clients: readonly Client[], unit: string): Actor[] {
  return clients.flatMap((client) =>
    client.role === 'unit' && client.unit === unit && client.subject !== undefined ? [client] : [],
  );
}
