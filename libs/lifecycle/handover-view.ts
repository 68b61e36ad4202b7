import type { MessageType } from '../schema';
import type { HandoverView } from './case-state';
import type { HandoverState } from './states';
import type { Step } from './step';

/** Where a hand-over keeps the newest message of a type. */
const KEPT: { readonly [type in MessageType]?: 'departure' | 'arrival' | 'delegation' | 'reception' } = {
  departure_notice: 'departure',
  arrival_confirmation: 'arrival',
  delegation_notice: 'delegation',
  reception_record: 'reception',
};

/** The hand-over after a step that its machine has taken, `state` being where it led to. */
export function nextHandover(view: HandoverView, step: Step, state: HandoverState | undefined): HandoverView {
  const next = { ...view, state: state ?? view.state, problems: problemsAfter(view, step) };
  if (step.type === 'risk_assessment') return { ...next, assessedBy: [...new Set([...view.assessedBy, step.by])] };
  // What was agreed, who left and who arrived belonged to the plan before.
  if (step.type === 'handover_plan')
    return { ...next, plan: step, agreement: undefined, departure: undefined, arrival: undefined };
  if (step.type === 'handover_accept') return { ...next, agreement: step, agreedPlan: view.plan?.digest };
  const kept = KEPT[step.type];
  return kept ? { ...next, [kept]: step } : next;
}

function problemsAfter({ problems }: HandoverView, { facts }: Step): readonly string[] {
  return 'problems' in facts ? [...new Set([...problems, ...facts.problems])] : problems;
}
