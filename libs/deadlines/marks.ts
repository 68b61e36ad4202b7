import type { Duty, Mark } from './duty';

/** A mark that has been reached, with its stable id and the duty it belongs to. */
export interface PassedMark extends Mark {
  readonly id: string;
  readonly duty: Duty;
}

/**
 * The id of a mark. It depends on the messages only, so that a mark is raised once, however often and from wherever the case is
 * looked at. A duty that both sides have from one message names the side.
 */
function markId({ id, stepId, by }: Duty, { kind, day }: Mark): string {
  return `${id}:${stepId}:${kind}${day ?? ''}${id === 'erasure' ? `:${by}` : ''}`;
}

function marksOf(duties: readonly Duty[], raised: ReadonlySet<string>): PassedMark[] {
  return duties
    .flatMap((duty) => duty.marks.map((mark) => ({ ...mark, id: markId(duty, mark), duty })))
    .filter(({ id }) => !raised.has(id))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** When the next mark that was not raised comes or came; undefined when none is left. */
export function nextMark(duties: readonly Duty[], raised: ReadonlySet<string>): Date | undefined {
  return marksOf(duties, raised)[0]?.at;
}

/**
 * The marks that have come and were not raised, oldest first. Who raises them keeps their ids with the case in the same
 * commit: then a sweep may be missed, repeated or run twice at once, and each mark is still raised exactly once.
 */
export function passedMarks(duties: readonly Duty[], now: Date, raised: ReadonlySet<string>): PassedMark[] {
  return marksOf(duties, raised).filter(({ at }) => at <= now);
}
