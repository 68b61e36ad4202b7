import type { HandoverView } from './case-state';
import type { HandoverState } from './states';
import type { Step } from './step';

/** The hand-over after a step that its machine has taken, `state` being where it led to. */
export function nextHandover(view: HandoverView, step: Step, state: HandoverState | undefined): HandoverView {
  const next = { ...view, state: state ?? view.state, problems: problemsAfter(view, step) };
  switch (step.type) {
    case 'risk_assessment':
      return { ...next, assessedBy: [...new Set([...view.assessedBy, step.by])] };
    case 'handover_plan':
      // What was agreed, who left and who arrived belonged to the plan before.
      return { ...next, plan: step, agreement: undefined, departure: undefined, arrival: undefined };
    case 'handover_accept':
      return { ...next, agreement: step };
    case 'departure_notice':
      return { ...next, departure: step };
    case 'arrival_confirmation':
      return { ...next, arrival: step };
    case 'delegation_notice':
      return { ...next, delegation: step };
    case 'reception_record':
      return { ...next, reception: step };
    default:
      return next;
  }
}

function problemsAfter({ problems }: HandoverView, { facts }: Step): readonly string[] {
  return 'problems' in facts ? [...new Set([...problems, ...facts.problems])] : problems;
}
