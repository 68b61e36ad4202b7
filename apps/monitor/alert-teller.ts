import { asTraoError, TraoError } from '../../libs/errors';
import type { Mailer } from '../../libs/mail';
import { alertWebhook, retryTellAt, targetsOf, type TellChannel } from '../../libs/monitoring';
import type { Logger } from '../../libs/platform';
import { alerts, type Database } from '../../libs/storage';
import type { Webhooks } from '../../libs/webhooks';

/** Longer than the longest try: then another monitor takes over what this one has not ended. */
const CLAIM_MS = 120_000;
const MAILS_AT_ONCE = 200;
/** One target may take ten seconds for each. */
const WEBHOOKS_AT_ONCE = 10;
/** What happens within a minute of a mail comes in the next one: a storm of alerts is not a storm of mails. */
const MAIL_PAUSE_MS = 60_000;

export interface TellerParts {
  readonly node: string;
  readonly database: Database;
  /** Undefined where no mail server is configured: tells by mail then say so. */
  readonly mailer: Pick<Mailer, 'tellAlerts'> | undefined;
  /** Undefined where there is no key to sign with. */
  readonly webhooks: Pick<Webhooks, 'post'> | undefined;
  readonly logger: Pick<Logger, 'log'>;
  readonly now?: () => Date;
}

type Claimed = Awaited<ReturnType<ReturnType<typeof alerts.tellStore>['claim']>>[number];

/** Tells what is due, by mail and by webhook. Each tell goes at least once; its id is the same each time. */
export function alertTeller(parts: TellerParts) {
  const { node, database, mailer, webhooks, logger, now = () => new Date() } = parts;
  const store = alerts.tellStore(database);
  const { settings } = alerts.alertStore(database, node);
  let mailedAt = 0;

  const claim = (channel: TellChannel, limit: number) =>
    store.claim(channel, now(), new Date(now().getTime() + CLAIM_MS), limit);

  /** Notes how trying has ended for tells that went together, or did not. */
  async function attempt(tells: readonly Claimed[], send: () => Promise<void>): Promise<boolean> {
    try {
      await send();
    } catch (error) {
      const fault = asTraoError(error);
      for (const { id, channel, attempts, told } of tells) {
        logger.log('alert_not_told', { err: fault, alertId: told.alertId, channel });
        await store.end([id], { code: fault.code, againAt: retryTellAt(fault, attempts, told.at, now()) });
      }
      return false;
    }
    const ids = tells.map(({ id }) => id);
    await store.end(ids, { sentAt: now() });
    return true;
  }

  return {
    /** One mail for each recipient, whatever there is to tell. */
    mail: async (): Promise<void> => {
      if (now().getTime() - mailedAt < MAIL_PAUSE_MS) return;
      const claimed = await claim('mail', MAILS_AT_ONCE);
      if (claimed.length === 0) return;
      const { mail: targets, language } = targetsOf(await settings());
      const all = [...new Set(claimed.map((tell) => tell.target))].map(async (target) => {
        const tells = claimed.filter((tell) => tell.target === target);
        const sent = await attempt(tells, async () => {
          if (!targets.includes(target)) throw new TraoError('target_removed');
          if (!mailer) throw new TraoError('mail_unavailable', { detail: 'TRAO_SMTP_URL is not set.' });
          await mailer.tellAlerts(
            target,
            language,
            node,
            tells.map(({ told }) => told),
          );
        });
        if (sent) mailedAt = now().getTime();
      });
      await Promise.all(all);
    },

    webhooks: async (): Promise<void> => {
      const claimed = await claim('webhook', WEBHOOKS_AT_ONCE);
      if (claimed.length === 0) return;
      const { webhook: targets } = targetsOf(await settings());
      // To one target one after the other, in the order in which things happened; targets do not wait for each other.
      const all = [...new Set(claimed.map((tell) => tell.target))].map(async (target) => {
        for (const tell of claimed.filter((one) => one.target === target))
          await attempt([tell], async () => {
            if (!targets.includes(target)) throw new TraoError('target_removed');
            if (!webhooks) throw new TraoError('key_missing', { detail: 'TRAO_WEBHOOK_KEY_FILE is not set.' });
            await webhooks.post(target, tell.id, alertWebhook(node, tell.told));
          });
      });
      await Promise.all(all);
    },
  };
}
