export { checkTarget, readRanges, type TargetRules } from './target-rules';
export { openWebhooks, type Webhooks } from './webhooks';
export { readWebhookKey, type WebhookKey } from './webhook-key';
