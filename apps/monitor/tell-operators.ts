import { openMailer, type Mailer } from '../../libs/mail';
import type { MonitorConfig } from '../../libs/platform';
import { openWebhooks, readRanges, readWebhookKey, type Webhooks } from '../../libs/webhooks';

/** The ways in which operators are told of alerts; undefined where one is not set up. */
export interface TellWays {
  readonly mailer: Mailer | undefined;
  readonly webhooks: Webhooks | undefined;
}

/** @throws TraoError `config_invalid` */
export function openTellWays({ mail, webhooks }: Pick<MonitorConfig, 'mail' | 'webhooks'>): TellWays {
  const { key, privateTargets, ca } = webhooks;
  const rules = readRanges(privateTargets);
  return {
    mailer: mail && openMailer(mail),
    webhooks: key === undefined ? undefined : openWebhooks({ key: readWebhookKey(key), rules, ca }),
  };
}
