import type { Transition } from './transitions';

/** Why a row of a table is never taken by the product. The machines have these rows so that they answer every question. */
export const UNREACHABLE = {
  claims: 'a claim takes only what is queued or being sent',
  timer: 'the timer looks only at what is queued or being sent',
  finish: 'an attempt ends only what it has in hand, and that is being sent',
  recovery: 'a recovery takes only what was given up or waits',
  manifest: 'the simulator compares no manifests; that is tested on real nodes',
  assessed:
    'a plan needs assessments of both sides, the first of which has moved the referral to its hand-over, and none is made when that has ended',
  unsent: 'erasure is judged by the messages alone, and by them a referral that expired still counts as sent',
} as const;
type Reason = keyof typeof UNREACHABLE;

const WAITING: readonly string[] = ['queued', 'sending'];

/** The reason why a transition can never be taken; undefined for one that can. */
export function whyNever({ machine, from, on }: Transition): Reason | undefined {
  if (machine === 'referral' && from === 'expired' && on === 'erasure_confirm') return 'unsent';
  if (machine === 'referral' && on === 'handover_plan' && from !== 'handover') return 'assessed';
  if (machine !== 'delivery') return undefined;
  if (on === 'lost_there') return 'manifest';
  if (on === 'attempted' && !WAITING.includes(from)) return 'claims';
  if (on === 'expired' && !WAITING.includes(from)) return 'timer';
  if (on === 'gave_up' && from !== 'sending') return 'finish';
  if (on === 'resent' && !['undeliverable', ...WAITING].includes(from)) return 'recovery';
  return undefined;
}
