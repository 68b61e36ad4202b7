import { faultAt, TraoError } from '../../libs/errors';
import { openMailer, type Mailer } from '../../libs/mail';
import type { MonitorConfig } from '../../libs/platform';
import { checkTarget, openWebhooks, readRanges, readWebhookKey, type Webhooks } from '../../libs/webhooks';

/** The ways in which operators are told of alerts; undefined where one is not set up. */
export interface TellWays {
  readonly mailer: Mailer | undefined;
  readonly webhooks: Webhooks | undefined;
  /**
   * Refuses a setting that sends webhooks to an address where none may go. What a name stands for is looked at when it is spoken to.
   * @throws TraoError `bad_request` with the fault
   */
  readonly assertTargets: (setting: string, value: unknown) => void;
}

/** @throws TraoError `config_invalid` */
export function openTellWays({ mail, webhooks }: Pick<MonitorConfig, 'mail' | 'webhooks'>): TellWays {
  const { key, privateTargets, ca } = webhooks;
  const rules = readRanges(privateTargets);
  return {
    mailer: mail && openMailer(mail),
    webhooks: key === undefined ? undefined : openWebhooks({ key: readWebhookKey(key), rules, ca }),
    assertTargets(setting, value) {
      if (setting !== 'alert_webhooks') return;
      for (const [index, target] of (value as string[]).entries()) {
        try {
          checkTarget(target, rules);
        } catch (cause) {
          throw new TraoError('bad_request', { faults: [faultAt(`/${index}`, 'target_not_allowed')], cause });
        }
      }
    },
  };
}
