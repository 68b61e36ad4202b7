import { randomUUID } from 'node:crypto';
import { asTraoError, TraoError } from '../../libs/errors';
import { judgeAlerts, ripen, targetsOf, testWebhook, thresholdsOf, type Pending } from '../../libs/monitoring';
import type { Logger } from '../../libs/platform';
import { alerts } from '../../libs/storage';
import { alertTeller, type TellerParts } from './alert-teller';

export interface AlertKeeperParts extends TellerParts {
  /** Words of made-up cases that no alert may hold. */
  readonly canaries: readonly string[];
  readonly everyMs?: number;
}

export interface AlertKeeper {
  /** Judges once and tells what is due; for tests, and for whoever does not want to wait. */
  readonly look: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** How soon a condition is seen, at the latest. */
const LOOK_MS = 10_000;

/**
 * Watches a node for as long as the monitor runs: what happened and what holds becomes alerts, and people are told. Several monitors of a
 * node may do so. Judging and each way of telling go on by themselves: a target that is down holds up nothing but itself.
 */
export function startAlertKeeper(parts: AlertKeeperParts): AlertKeeper {
  const { everyMs = LOOK_MS } = parts;
  const judge = judging(parts);
  const teller = alertTeller(parts);
  const loops = [judge, teller.mail, teller.webhooks].map((work) => repeat(work, everyMs, parts.logger));
  return {
    async look() {
      await judge();
      await Promise.all([teller.mail(), teller.webhooks()]);
    },
    async stop() {
      await Promise.all(loops.map((stop) => stop()));
    },
  };
}

/** One look: facts, judgement, states, tells, and once a minute a sample of what waits. */
function judging({ node, database, canaries, logger, now = () => new Date() }: AlertKeeperParts): () => Promise<void> {
  const store = alerts.alertStore(database, node);
  let pending: Pending = new Map();
  let sampled = '';
  return async () => {
    const open = await store.open();
    const [facts, settings] = [await store.facts(open), await store.settings()];
    const at = now();
    const found = ripen(judgeAlerts(facts, thresholdsOf(settings), at), open, pending, at);
    pending = found.pending;
    const targets = targetsOf(settings);
    const result = await store.round({ now: at, facts, holding: found.ripe, targets, canaries, newId: randomUUID });
    for (const { alert, event } of result?.tells ?? [])
      logger.log(event === 'recovered' ? 'alert_recovered' : 'alert_raised', {
        alertId: alert.id,
        kind: alert.kind,
        grave: alert.level,
        tell: event,
      });
    const minute = at.toISOString().slice(0, 16);
    if (minute === sampled) return;
    await store.sampleDepth(facts, at);
    sampled = minute;
  };
}

/** Does work again and again, one at a time. What fails is done again; nothing is kept here. */
function repeat(work: () => Promise<void>, everyMs: number, logger: Pick<Logger, 'log'>): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let working = Promise.resolve();
  const again = () => {
    working = work()
      .catch((error: unknown) => logger.log('alerts_not_judged', { err: error }))
      .then(() => {
        if (!stopped) timer = setTimeout(again, everyMs);
      });
  };
  again();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await working;
  };
}

/** Tries whether a target hears: for the button at the monitor. @throws TraoError with why it does not */
export async function tryTarget(
  { node, mailer, webhooks, now = () => new Date() }: Pick<AlertKeeperParts, 'node' | 'mailer' | 'webhooks' | 'now'>,
  channel: 'mail' | 'webhook',
  target: string,
  language: 'en' | 'vi',
): Promise<void> {
  try {
    if (channel === 'mail') {
      if (!mailer) throw new TraoError('mail_unavailable', { detail: 'TRAO_SMTP_URL is not set.' });
      return await mailer.tellAlerts(target, language, node, []);
    }
    if (!webhooks) throw new TraoError('key_missing', { detail: 'TRAO_WEBHOOK_KEY_FILE is not set.' });
    return await webhooks.post(target, randomUUID(), testWebhook(node, now()));
  } catch (error) {
    throw asTraoError(error);
  }
}
