import { faultAt, type Fault } from '../errors';
import { momentOf } from './message-times';

/** What a recovery sends again. `failed`: given up by this node; `never_tried`: handed in and not yet tried; `waiting`: tried, and due later. */
export const RECOVERABLE = ['failed', 'never_tried', 'waiting'] as const;
export type Recoverable = (typeof RECOVERABLE)[number];

/** A longer window asks for several recoveries, each looked at. */
export const MAX_WINDOW_DAYS = 31;
/** Messages of one recovery. */
export const MAX_RECOVERED = 10_000;
/** Fewer than any partner refuses, and enough for the biggest recovery within three hours. */
export const RATES = { least: 1, most: 600, usual: 60 } as const;

/** Which messages are sent again, and how fast. */
export interface RecoverPlan {
  readonly partner: string;
  readonly since: Date;
  readonly until: Date;
  readonly states: readonly Recoverable[];
  readonly perMinute: number;
}

/** What an operator typed. */
export type RecoverForm = Readonly<Record<'partner' | 'since' | 'until' | 'perMinute', string>> & {
  readonly states: readonly string[];
};

const DAY_MS = 86_400_000;

/** What a form asks for, whatever a web framework made of it. */
export function recoverForm(body: Readonly<Record<string, unknown>>): RecoverForm {
  const text = (name: string) => (typeof body[name] === 'string' ? body[name].trim().slice(0, 64) : '');
  const states: unknown[] = Array.isArray(body['states']) ? body['states'] : [body['states']];
  return {
    partner: text('partner'),
    since: text('since'),
    until: text('until'),
    perMinute: text('perMinute'),
    states: RECOVERABLE.filter((state) => states.includes(state)),
  };
}

/**
 * Reads what an operator wants to send again.
 * @param partners the nodes that messages go to
 * @param zone in which times without `Z` are read
 * @returns the plan, or all faults of the form; pointers are the names of its fields
 */
export function readRecoverPlan(
  form: RecoverForm,
  { partners, zone, now }: { readonly partners: readonly string[]; readonly zone: string; readonly now: Date },
): { readonly plan: RecoverPlan } | { readonly faults: readonly Fault[] } {
  const since = momentOf(form.since, zone);
  const until = form.until === '' ? now : momentOf(form.until, zone);
  const perMinute = /^\d{1,4}$/.test(form.perMinute) ? Number(form.perMinute) : 0;
  const faults = [
    ...(partners.includes(form.partner)
      ? []
      : [faultAt('/partner', form.partner === '' ? 'required' : 'bad_parameter')]),
    ...windowFaults(form, since, until, now),
    ...(form.states.length === 0 ? [faultAt('/states', 'required')] : []),
    ...rateFaults(perMinute),
  ];
  if (faults.length > 0 || !since || !until) return { faults };
  const states = RECOVERABLE.filter((state) => form.states.includes(state));
  return { plan: { partner: form.partner, since, until, states, perMinute } };
}

function windowFaults(form: RecoverForm, since: Date | undefined, until: Date | undefined, now: Date): Fault[] {
  if (!since) return [faultAt('/since', form.since === '' ? 'required' : 'bad_parameter')];
  if (since > now) return [faultAt('/since', 'window_in_future')];
  if (!until) return [faultAt('/until', 'bad_parameter')];
  if (until <= since) return [faultAt('/until', 'window_ends_first')];
  const wide = until.getTime() - since.getTime() > MAX_WINDOW_DAYS * DAY_MS;
  return wide ? [faultAt('/until', 'window_too_wide', MAX_WINDOW_DAYS)] : [];
}

function rateFaults(perMinute: number): Fault[] {
  if (perMinute < RATES.least) return [faultAt('/perMinute', 'too_small', RATES.least)];
  return perMinute > RATES.most ? [faultAt('/perMinute', 'too_big', RATES.most)] : [];
}

/** The fault of a plan by how many messages it finds; undefined where they can be sent again. Pointers as above. */
export function countFault(found: number): Fault | undefined {
  if (found === 0) return faultAt('/since', 'none_to_resend');
  return found > MAX_RECOVERED ? faultAt('/until', 'too_many_to_resend', MAX_RECOVERED + 1, MAX_RECOVERED) : undefined;
}

/** How a message of a recovery has fared since. */
export const OUTCOMES = ['arrived', 'waiting', 'failed', 'stopped'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * @param state its state now
 * @param formerState its state before
 * @param tried whether it was tried since the recovery began
 */
export function outcomeOf(state: string, formerState: string, tried: boolean): Outcome {
  if (['received', 'delivered', 'opened'].includes(state)) return 'arrived';
  if (['queued', 'sending'].includes(state)) return 'waiting';
  return state === 'undeliverable' && formerState === 'undeliverable' && !tried ? 'stopped' : 'failed';
}
