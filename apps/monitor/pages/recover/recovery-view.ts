import { recovering } from '../../../../libs/monitoring';
import type { Translate } from '../../../../libs/pages';
import type { watched } from '../../../../libs/storage';

/** A recovery as a row: which messages it took. One that sent a single message again names the state that it had. */
export function recoveryLine(recovery: watched.Recovery, t: Translate) {
  const single = recovery.since.getTime() === recovery.until.getTime();
  const states = single
    ? recovery.states.map((state) => t('recover:single', { state: t(`messages:state.${state}`) }))
    : recovery.states.map((state) => t(`recover:state.${state}`));
  return { ...recovery, single, statesText: states.join(', ') };
}

/** How many messages of a recovery have which outcome. */
export function outcomesOf(counts: readonly watched.RecoveryCount[]): Record<recovering.Outcome, number> {
  const outcomes = { arrived: 0, waiting: 0, failed: 0, stopped: 0 };
  for (const { state, formerState, tried, count } of counts)
    outcomes[recovering.outcomeOf(state, formerState, tried)] += count;
  return outcomes;
}
