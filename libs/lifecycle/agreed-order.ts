import type { Step } from './step';

/**
 * Steps of both sides in the one order that both compute from the same messages, whatever order they arrived in.
 * A step comes after every step its author had seen; where two crossed each other, the recipient's comes first: a decision
 * that was taken stands before a request that did not yet know of it. Times play no part, because clocks differ.
 * @param steps of one referral, without gaps in the numbers of either side, in any order
 */
export function inAgreedOrder(steps: readonly Step[]): Step[] {
  const bySeq = (a: Step, b: Step) => a.seq - b.seq;
  const sent = steps.filter(({ by }) => by === 'sender').sort(bySeq);
  const answers = steps.filter(({ by }) => by === 'recipient').sort(bySeq);
  const order: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < sent.length || j < answers.length) {
    const answer = answers[j];
    // Nobody can have seen what was not yet written; the bound keeps the order total even so.
    if (answer && (answer.seen <= i || i === sent.length)) {
      order.push(answer);
      j += 1;
    } else {
      order.push(sent[i]!);
      i += 1;
    }
  }
  return order;
}

/** The steps that the author of `step` knew: its own earlier ones and those of the other side it had filed. */
export function knownToAuthor(steps: readonly Step[], step: Pick<Step, 'by' | 'seq' | 'seen'>): Step[] {
  return steps.filter((other) => (other.by === step.by ? other.seq < step.seq : other.seq <= step.seen));
}
